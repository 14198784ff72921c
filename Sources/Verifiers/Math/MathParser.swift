/// Reads tokens as an answer: one value, several, a relation, a set, or words.
struct MathParser {
  var tokens: [MathToken]
  let source: [UInt8]
  let budget: MathBudget
  var index = 0
  var depth = 0
  /// Open absolute-value bars, inside which a bar closes instead of opening.
  var openBars = 0
  /// Double bars that were read as two single ones.
  var splitBars = 0
  /// Whether a letter such as m after a spaced number is a unit.
  let readsUnitLetters: Bool
  /// Whether `]a, b[` is being read, so that an opening bracket closes it.
  var isInReversedBrackets = false
  /// Whether a colon or bar ends the element of a set-builder.
  var isInBuilder = false

  private init(tokens: [MathToken], source: [UInt8], budget: MathBudget, readsUnitLetters: Bool) {
    self.tokens = tokens
    self.source = source
    self.budget = budget
    self.readsUnitLetters = readsUnitLetters
  }

  /// Reads an answer.
  /// - Parameter readsUnitLetters: whether the `m` of `15 m` is a unit rather than a variable.
  /// - Throws: `MathSyntaxError` when the text is neither mathematics within the budgets nor plain words.
  static func parse(
    _ text: [UInt8], budget: MathBudget = .standard, readsUnitLetters: Bool = false
  ) throws(MathSyntaxError) -> MathExpression {
    if text.count > budget.answerBytes { throw MathSyntaxError("longer than \(budget.answerBytes) bytes") }
    var lexer = MathLexer(text, budget: budget)
    lexer.readsUnitLetters = readsUnitLetters
    do throws(MathSyntaxError) {
      let tokens = try lexer.tokenize()
      if tokens.isEmpty { throw MathSyntaxError("empty") }
      var parser = MathParser(
        tokens: tokens, source: lexer.bytes, budget: budget, readsUnitLetters: readsUnitLetters)
      return try parser.answer()
    } catch {
      if let words = PlainWords.read(lexer.bytes) { return .text(words) }
      throw error
    }
  }

  // MARK: Tokens

  var current: MathToken.Kind? { index < tokens.count ? tokens[index].kind : nil }
  var currentIsSpaced: Bool { index < tokens.count && tokens[index].isSpaced }

  func kind(_ offset: Int) -> MathToken.Kind? {
    let position = index + offset
    return position >= 0 && position < tokens.count ? tokens[position].kind : nil
  }

  mutating func advance() { index += 1 }

  mutating func accept(_ kind: MathToken.Kind) -> Bool {
    if current == kind {
      index += 1
      return true
    }
    return false
  }

  mutating func expect(_ kind: MathToken.Kind, _ what: String) throws(MathSyntaxError) {
    if !accept(kind) { throw MathSyntaxError("\(what) is missing") }
  }

  mutating func descend() throws(MathSyntaxError) {
    depth += 1
    if depth > budget.depth { throw MathSyntaxError("nested deeper than \(budget.depth)") }
  }

  // MARK: Answers

  private mutating func answer() throws(MathSyntaxError) -> MathExpression {
    if let letter = choiceLetter() { return letter }
    let elements = try sequence()
    if index < tokens.count { throw MathSyntaxError("cannot be read after byte \(tokens[index].start)") }
    if elements.count == 1 { return elements[0] }
    return .list(elements)
  }

  /// `C)`, `C.` or `(C) 5`: the letter of a choice with what follows it.
  private mutating func choiceLetter() -> MathExpression? {
    if tokens.count == 2, case .variable(let name) = tokens[0].kind, tokens[1].kind == .close(.round) {
      return .variable(name)
    }
    return nil
  }

  static func isSeparator(_ kind: MathToken.Kind?) -> Bool {
    kind == .comma || kind == .semicolon || kind == .conjunction || kind == .disjunction
  }

  /// Elements up to something that cannot continue one.
  mutating func sequence() throws(MathSyntaxError) -> [MathExpression] {
    var elements = [try element()]
    while MathParser.isSeparator(current) {
      var isAlternative = false
      while MathParser.isSeparator(current) {
        isAlternative = isAlternative || current == .disjunction
        advance()
      }
      if current == nil { break }
      if case .close = current { break }
      if elements.count >= budget.elements { throw MathSyntaxError("more than \(budget.elements) elements") }
      let next = try element()
      if isAlternative, let last = elements.last, next.isOrder ? last.isCondition : last.isOrder && next.isCondition {
        // "x < 1 or x > 3" is a union, which a list of conditions would not say.
        elements[elements.count - 1] = .setOperation(.union, last, next)
      } else {
        elements.append(next)
      }
    }
    return elements
  }

  /// A value or a chain of relations.
  mutating func element() throws(MathSyntaxError) -> MathExpression {
    try descend()
    defer { depth -= 1 }
    // "= 5", "\in [1, 2]": a relation without its left side adds nothing.
    if case .relation(let relation) = current, relation == .equal || relation == .approximate || relation == .element {
      advance()
    }
    let first = try setExpression()
    var steps: [MathExpression.RelationStep] = []
    while case .relation(let relation) = current {
      advance()
      steps.append(.init(relation: relation, right: try setExpression()))
      if steps.count > 64 { throw MathSyntaxError("more than 64 relations in a chain") }
    }
    if steps.isEmpty || steps.contains(where: { $0.relation == .congruent }), let modulus = try congruenceModulus() {
      steps.append(.init(relation: .congruent, right: modulus))
    }
    return steps.isEmpty ? first : MathParser.conditions(first, steps)
  }

  /// `x < 1 \cup x > 4` reads as a chain over `1 \cup x`; it joins two conditions.
  private static func conditions(
    _ first: MathExpression, _ steps: [MathExpression.RelationStep]
  ) -> MathExpression {
    for (index, step) in steps.enumerated() where index + 1 < steps.count {
      guard case .setOperation(let operation, let left, let right) = step.right, left.isScalar, right.isScalar else {
        continue
      }
      let before = MathExpression.relation(
        first, steps[..<index] + [.init(relation: step.relation, right: left)])
      return .setOperation(operation, before, conditions(right, Array(steps[(index + 1)...])))
    }
    return .relation(first, steps)
  }

  /// `(mod 7)`, `\pmod{7}`, `mod 7` at the end of a congruence.
  private mutating func congruenceModulus() throws(MathSyntaxError) -> MathExpression? {
    if current == .open(.round), kind(1) == .modulo {
      index += 2
      let modulus = try additive()
      try expect(.close(.round), "a closing bracket")
      return modulus
    }
    if accept(.modulo) { return try additive() }
    return nil
  }

  private mutating func setExpression() throws(MathSyntaxError) -> MathExpression {
    var left = try setOperand()
    while true {
      if case .setOperation(let operation) = current {
        advance()
        left = .setOperation(operation, left, try setOperand())
      } else if accept(.over) {
        left = .quotient(left, try ratio())
      } else if accept(.choose) {
        left = .function(.binomial, [left, try ratio()])
      } else {
        return left
      }
    }
  }

  /// An operand of a union; `{3}` in plain braces is a set there.
  private mutating func setOperand() throws(MathSyntaxError) -> MathExpression {
    let isGroup = current == .open(.group)
    let start = index
    let value = try ratio()
    guard isGroup, value.isScalar, kind(-1) == .close(.group) else { return value }
    let touchesSet =
      if case .setOperation = current { true } else if start > 0, case .setOperation = tokens[start - 1].kind {
        true
      } else { false }
    return touchesSet ? .set([value]) : value
  }

  private mutating func ratio() throws(MathSyntaxError) -> MathExpression {
    let start = index
    let first = try additive()
    var parts = [first]
    if !isInBuilder { while accept(.colon) { parts.append(try additive()) } }
    if let half = dayHalf(from: start) {
      // A time of day is words, not a ratio or a number with a unit.
      var fields = parts.compactMap { if case .number(let value, _) = $0 { value.description } else { nil } }
      if fields.count == 1 { fields.append("0") }
      if fields.count == max(parts.count, 2) { return .text(MathParser.clock(fields) + " " + half) }
    }
    return parts.count == 1 ? first : .ratio(parts)
  }

  private static func clock(_ fields: [String]) -> String {
    fields[0] + fields.dropFirst().map { ":" + ($0.utf8.count < 2 ? "0" + $0 : $0) }.joined()
  }

  /// `am` or `pm` among the units that were skipped since a token.
  private func dayHalf(from start: Int) -> String? {
    for token in tokens[min(start, index)..<index] {
      let name: String
      switch token.kind {
      case .word(let text), .text(let text): name = text
      default: continue
      }
      guard name.utf8.count <= 6 else { continue }
      let word = name.lowercased().filter { $0 != "." && $0 != " " }
      if word == "am" || word == "pm" { return word }
    }
    return nil
  }

  mutating func additive() throws(MathSyntaxError) -> MathExpression {
    try descend()
    defer { depth -= 1 }
    var terms: [MathExpression] = []
    switch current {
    case .plusMinus, .minusPlus:
      let isMinusFirst = current == .minusPlus
      advance()
      terms.append(.plusMinus(nil, try term(), isMinusFirst: isMinusFirst))
    case .minus:
      advance()
      terms.append(.negation(try term()))
    case .plus:
      advance()
      terms.append(try term())
    default: terms.append(try term())
    }
    while true {
      switch current {
      case .plus:
        advance()
        terms.append(try term())
      case .minus:
        advance()
        let next = try term()
        if terms.count == 1, terms[0] == .constant(.reals), case .set = next {
          terms = [.setOperation(.difference, terms[0], next)]
        } else {
          terms.append(.negation(next))
        }
      case .plusMinus, .minusPlus:
        let isMinusFirst = current == .minusPlus
        advance()
        let left = terms.count == 1 ? terms[0] : .sum(terms)
        terms = [.plusMinus(left, try term(), isMinusFirst: isMinusFirst)]
      default: return terms.count == 1 ? terms[0] : .sum(terms)
      }
    }
  }

  mutating func term() throws(MathSyntaxError) -> MathExpression {
    try descend()
    defer { depth -= 1 }
    // Factors are gathered in place: appending to a growing product would copy it every time.
    var factors = [try signedFactor()]
    func product() -> MathExpression { factors.count == 1 ? factors[0] : .product(factors) }
    while true {
      if accept(.times) {
        factors.append(try signedFactor())
      } else if accept(.slash) {
        let bottom = try signedFactor()
        if factors.count == 1, case .number(_, 0) = factors[0],
          case .quotient(.number(let value, 0), .integer(100)) = bottom, kind(-1) == .percent
        {
          // 1/3 % is a third of a per cent.
          factors = [.quotient(.quotient(factors[0], .number(value, decimals: 0)), .integer(100))]
        } else {
          factors = [.quotient(product(), bottom)]
        }
      } else if current == .modulo, kind(1) != nil {
        advance()
        factors = [.function(.modulo, [product(), try signedFactor()])]
      } else if current == .open(.round), kind(1) == .modulo {
        return product()
      } else if startsOperand() {
        factors.append(try factor())
      } else {
        return product()
      }
    }
  }

  static func times(_ left: MathExpression, _ right: MathExpression) -> MathExpression {
    if case .product(let factors) = left { return .product(factors + [right]) }
    return .product([left, right])
  }

  private mutating func signedFactor() throws(MathSyntaxError) -> MathExpression {
    var isNegative = false
    var count = 0
    while current == .minus || current == .plus {
      if current == .minus { isNegative.toggle() }
      advance()
      count += 1
      if count > budget.depth { throw MathSyntaxError("too many signs") }
    }
    let value = try factor()
    return isNegative ? .negation(value) : value
  }

  /// Whether the next token starts a factor that is multiplied without a sign.
  func startsOperand() -> Bool {
    switch current {
    case .number, .vulgarFraction:
      // Two numerals side by side are no product.
      switch kind(-1) {
      case .number, .vulgarFraction, .based: false
      // Nor is a numeral after a unit, as in 10 feet 6 inches.
      case .word, .text, .degree, .percent: false
      default: true
      }
    case .variable, .constant, .function, .squareRoot, .cubeRoot, .fraction, .binomial, .series, .overline,
      .vectorMark, .based:
      true
    case .open(.square) where isInReversedBrackets: false
    case .open(let delimiter): delimiter != .brace
    case .begin: true
    case .bar: openBars == 0 && !isInBuilder
    case .doubleBar: openBars == 0
    case .text(let name): MathParser.isVariableText(name)
    default: false
    }
  }

  static let unitLetters: Set<String> = [
    "Omega", "m", "s", "g", "h", "L", "l", "V", "W", "J", "N", "A", "K", "C", "F", "T",
  ]

  static func isVariableText(_ name: String) -> Bool {
    name.utf8.count == 1 && name.utf8.allSatisfy(MathLexer.isLetter) && !unitLetters.contains(name)
  }
}
