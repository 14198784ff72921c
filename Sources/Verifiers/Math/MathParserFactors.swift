extension MathParser {
  /// A primary with what follows it: powers, factorials, percent, degrees, units.
  mutating func factor() throws(MathSyntaxError) -> MathExpression {
    try descend()
    defer { depth -= 1 }
    var base = try primary()
    var marks = 0
    while true {
      marks += 1
      if marks > 64 { throw MathSyntaxError("too many marks after a factor") }
      switch current {
      case .caret:
        advance()
        if let marked = try mark(on: base) {
          base = marked
        } else {
          base = .power(base, try exponent())
        }
      case .bang:
        advance()
        if accept(.bang) {
          base = .function(.doubleFactorial, [base])
        } else {
          base = .function(.factorial, [base])
        }
      case .percent:
        advance()
        base = .quotient(base, .integer(100))
      case .degree:
        advance()
        if case .variable(let name) = current, name == "C" || name == "F" || name == "K" { advance() }
        base = .degrees(base)
      case .scale(let factor):
        advance()
        base = MathParser.times(base, .integer(factor))
      case .underscore where kind(1) == .open(.group) && kind(2) == .close(.group): index += 3
      case .underscore:
        base = try subscripted(base)
      case .word, .text:
        if base.isLetter {
          if case .text(let name) = current, MathParser.isVariableText(name) { return base }
          throw MathSyntaxError("a word after a letter")
        }
        guard try unit() else { return base }
      case .open(.group) where kind(1) == .close(.group): index += 2
      case .open(.round) where kind(2) == .close(.round):
        guard case .word = kind(1), case .number = base else { return base }
        index += 3
      case .variable(let name) where readsUnitLetters && (currentIsSpaced || name.utf8.count > 1) && !base.isLetter:
        guard name == "mu" || MathParser.unitLetters.contains(name), skipsUnitLetter() else { return base }
      case .fraction where !base.isLetter:
        guard skipsUnitFraction() else { return base }
      default: return base
      }
    }
  }

  /// Consumes the `m` or `m^2` of `15 m^2` where nothing follows it.
  private mutating func skipsUnitLetter() -> Bool {
    var end = index + 1
    if current == .variable("mu") {
      switch kind(1) {
      case .text: end += 1
      case .variable(let name) where MathParser.unitLetters.contains(name): end += 1
      default: return false
      }
    }
    if end < tokens.count, tokens[end].kind == .caret {
      end += 1
      let isGroup = end < tokens.count && tokens[end].kind == .open(.group)
      end += isGroup ? 3 : 1
    }
    guard end <= tokens.count, end == tokens.count || MathParser.isSeparator(tokens[end].kind) else { return false }
    index = end
    return true
  }

  /// Consumes a unit written as a fraction of words, such as `\frac{\text{km}}{\text{h}}`.
  private mutating func skipsUnitFraction() -> Bool {
    var end = index + 1
    for _ in 0..<2 {
      guard end + 1 < tokens.count, tokens[end].kind == .open(.group) else { return false }
      switch tokens[end + 1].kind {
      case .text, .word: end += 2
      case .variable(let name) where MathParser.unitLetters.contains(name): end += 2
      default: return false
      }
      while end < tokens.count, tokens[end].kind != .close(.group) {
        switch tokens[end].kind {
        case .text, .word, .caret, .number, .times, .open(.group): end += 1
        default: return false
        }
        if tokens[end - 1].kind == .open(.group) { end += 2 }
      }
      end += 1
    }
    guard end <= tokens.count, tokens[index + 2].kind.isWords || tokens[end - 2].kind.isWords else { return false }
    index = end
    return true
  }

  /// `^\circ`, `^{\circ}`, `^\prime`, `^{}`: marks that are no power. The caret is consumed.
  private mutating func mark(on base: MathExpression) throws(MathSyntaxError) -> MathExpression? {
    if accept(.degree) { return MathParser.withoutTemperature(&self, base) }
    if case .number = base {
      // 60^o and 60^{\text{o}} mean the ring.
      func isRing(_ kind: MathToken.Kind?) -> Bool { kind == .variable("o") || kind == .text("o") }
      if isRing(current) {
        advance()
        return .degrees(base)
      }
      if current == .open(.group), isRing(kind(1)), kind(2) == .close(.group) {
        index += 3
        return .degrees(base)
      }
    }
    if current == .open(.group) {
      if kind(1) == .degree, kind(2) == .close(.group) {
        index += 3
        return MathParser.withoutTemperature(&self, base)
      }
      if kind(1) == .close(.group) {
        index += 2
        return base
      }
      if kind(1) == .prime, kind(2) == .close(.group), case .variable(let name) = base {
        index += 3
        return .variable(name + "'")
      }
    }
    if current == .prime, case .variable(let name) = base {
      advance()
      return .variable(name + "'")
    }
    return nil
  }

  private static func withoutTemperature(_ parser: inout MathParser, _ base: MathExpression) -> MathExpression {
    if case .variable(let name) = parser.current, name == "C" || name == "F" { parser.advance() }
    return .degrees(base)
  }

  /// What stands after a caret.
  private mutating func exponent() throws(MathSyntaxError) -> MathExpression {
    try descend()
    defer { depth -= 1 }
    switch current {
    case .minus:
      advance()
      return .negation(try exponent())
    case .plus:
      advance()
      return try exponent()
    default: break
    }
    let base = try primary()
    if accept(.caret) { return .power(base, try exponent()) }
    if current == .bang, !currentIsSpaced {
      advance()
      return .function(.factorial, [base])
    }
    return base
  }

  /// `(204)_5`; any other subscript belongs to a variable and is read there.
  private mutating func subscripted(_ base: MathExpression) throws(MathSyntaxError) -> MathExpression {
    guard case .number(let value, 0) = base, value.isInteger, kind(-1) == .close(.round) || kind(-1) == .close(.group)
    else {
      throw MathSyntaxError("a subscript on an expression")
    }
    advance()
    let mark = try texArgument()
    guard case .number(let number, 0) = mark, let radix = number.int, (2...36).contains(radix) else {
      throw MathSyntaxError("a subscript that is no base")
    }
    let digits = value.numerator.description
    var total = BigInteger.zero
    for byte in digits.utf8 {
      let digit = Int(byte) - 48
      guard digit >= 0, digit < radix else { throw MathSyntaxError("a digit too large for base \(radix)") }
      total = total * .small(radix) + .small(digit)
    }
    if radix == 10 { return base }
    return .based(digits: digits, base: radix, value: Rational(total))
  }

  /// Consumes a unit or noun after a value, with its own exponent and divisor. False when the words are no unit.
  private mutating func unit() throws(MathSyntaxError) -> Bool {
    var consumed = false
    while true {
      switch current {
      case .word(let name):
        let isUnit =
          MathVocabulary.units.contains(name) || MathVocabulary.shortNouns.contains(name.lowercased())
          || (currentIsSpaced && !MathParser.clauseWords.contains(name.lowercased())) || consumed
        if !isUnit { throw MathSyntaxError("the word \"\(name.prefix(24))\" after a value") }
        advance()
      case .text(let name):
        if MathParser.isVariableText(name) { return consumed }
        let first = name.split(separator: " ").first.map { $0.lowercased() } ?? ""
        if name.utf8.contains(where: MathLexer.isDigit) || MathParser.clauseWords.contains(first) {
          throw MathSyntaxError("the words \"\(name.prefix(24))\" after a value")
        }
        advance()
      default: return consumed
      }
      consumed = true
      // The exponent of the unit, as in cm^2, is no power of the number.
      if current == .caret {
        advance()
        _ = try exponent()
      }
      while current == .slash {
        switch kind(1) {
        case .word, .text: advance()
        case .variable:
          index += 2
          if accept(.caret) { _ = try exponent() }
        default: return consumed
        }
      }
    }
  }

  /// Words that make what follows a condition, not a unit.
  static let clauseWords: Set<String> = [
    "if", "for", "when", "where", "with", "is", "are", "not", "but", "maybe", "to", "because", "since", "unless",
    "then", "so", "plus", "minus", "times", "divided", "over", "equals", "and", "or", "mod",
  ]

  /// One argument of `\frac` and its kin: a group, or a single digit, letter or command.
  mutating func texArgument(wholeNumber: Bool = false) throws(MathSyntaxError) -> MathExpression {
    try descend()
    defer { depth -= 1 }
    guard index < tokens.count else { throw MathSyntaxError("an argument is missing") }
    let token = tokens[index]
    switch token.kind {
    case .open(.group): return try primary()
    case .number(_, _, let isPlain):
      let length = token.end - token.start
      if wholeNumber || !isPlain || length <= 1 || token.end > source.count { return try primary() }
      let digits = source[token.start..<token.end]
      guard let first = digits.first, MathLexer.isDigit(first) else { return try primary() }
      tokens[index].kind = .number(
        Rational(BigInteger(decimalDigits: digits.dropFirst())), decimals: 0, isPlain: true)
      tokens[index].start += 1
      return .integer(Int(first) - 48)
    case .minus:
      advance()
      return .negation(try texArgument(wholeNumber: true))
    case .variable, .constant:
      // One letter, without the subscript or bracket after it.
      if kind(1) == .underscore { return try primary() }
      advance()
      if case .variable(let name) = token.kind { return .variable(name) }
      if case .constant(let constant) = token.kind { return .constant(constant) }
      throw MathSyntaxError("an argument is missing")
    default: return try primary()
    }
  }

  mutating func fraction() throws(MathSyntaxError) -> MathExpression {
    advance()
    let isBraced = current == .open(.group)
    let top = try texArgument()
    let bottom = try texArgument(wholeNumber: isBraced)
    return .quotient(top, bottom)
  }
}

extension MathExpression {
  /// A lone letter, after which a word is no unit.
  fileprivate var isLetter: Bool {
    switch self {
    case .variable, .constant(.euler), .constant(.imaginary): true
    default: false
    }
  }
}

extension MathToken.Kind {
  /// Whether it is words rather than mathematics.
  fileprivate var isWords: Bool {
    switch self {
    case .word, .text: true
    default: false
    }
  }
}
