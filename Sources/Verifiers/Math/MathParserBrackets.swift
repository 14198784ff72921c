extension MathParser {
  mutating func bracketed(_ delimiter: MathToken.Delimiter) throws(MathSyntaxError) -> MathExpression {
    let bars = openBars
    let builder = isInBuilder
    let reversed = isInReversedBrackets
    openBars = 0
    isInBuilder = false
    isInReversedBrackets = false
    defer {
      openBars = bars
      isInBuilder = builder
      isInReversedBrackets = reversed
    }
    advance()
    switch delimiter {
    case .floor: return try rounding(.floor, .close(.floor))
    case .ceiling: return try rounding(.ceil, .close(.ceiling))
    case .brace: return try set()
    case .group: return try group()
    case .angle:
      let elements = try sequence()
      if elements.count == 2, accept(.close(.square)) {
        return .interval(elements[0], elements[1], closedLeft: false, closedRight: true)
      }
      try expect(.close(.angle), "a closing angle bracket")
      return .tuple(elements, .angle)
    case .round, .square:
      let elements = try sequence()
      let isSquare = delimiter == .square
      let closesSquare: Bool
      if accept(.close(.round)) || (isSquare && elements.count == 2 && accept(.close(.angle))) {
        closesSquare = false
      } else if accept(.close(.square)) {
        closesSquare = true
      } else {
        throw MathSyntaxError("a closing bracket is missing")
      }
      return try MathParser.assemble(elements, isSquare, closesSquare)
    }
  }

  /// What a bracketed sequence means.
  private static func assemble(
    _ elements: [MathExpression], _ opensSquare: Bool, _ closesSquare: Bool
  ) throws(MathSyntaxError) -> MathExpression {
    if elements.count == 1, opensSquare == closesSquare {
      return opensSquare ? rows(elements) ?? elements[0] : elements[0]
    }
    if !opensSquare, !closesSquare { return .tuple(elements, .round) }
    if opensSquare, closesSquare, let matrix = rows(elements) { return matrix }
    if elements.count == 2 {
      return .interval(elements[0], elements[1], closedLeft: opensSquare, closedRight: closesSquare)
    }
    guard opensSquare, closesSquare else { throw MathSyntaxError("brackets that do not match") }
    return .tuple(elements, .square)
  }

  /// `[[1, 2], [3, 4]]` as a matrix.
  private static func rows(_ elements: [MathExpression]) -> MathExpression? {
    var rows: [[MathExpression]] = []
    for element in elements {
      switch element {
      case .interval(let left, let right, true, true): rows.append([left, right])
      case .tuple(let cells, .square): rows.append(cells)
      default: return nil
      }
    }
    guard let width = rows.first?.count, rows.allSatisfy({ $0.count == width }) else { return nil }
    return .matrix(rows)
  }

  private mutating func rounding(
    _ function: MathFunction, _ close: MathToken.Kind
  ) throws(MathSyntaxError) -> MathExpression {
    let inner = try additive()
    try expect(close, "the end of a floor or ceiling")
    return .function(function, [inner])
  }

  /// Plain braces: LaTeX grouping, or a set when they hold several elements.
  private mutating func group() throws(MathSyntaxError) -> MathExpression {
    // {}5 is 5: an empty group holds nothing.
    if accept(.close(.group)) { return try primary() }
    let elements = try sequence()
    try expect(.close(.group), "a closing brace")
    return elements.count == 1 ? elements[0] : .set(elements)
  }

  private mutating func set() throws(MathSyntaxError) -> MathExpression {
    if accept(.close(.brace)) { return .constant(.emptySet) }
    if case .begin = current {
      // A brace before a system of equations, mostly without its partner.
      let system = try primary()
      if accept(.close(.brace)) || current == nil { return system }
      throw MathSyntaxError("a system of equations that does not end")
    }
    isInBuilder = true
    let elements = try sequence()
    isInBuilder = false
    if elements.count == 1, accept(.colon) || accept(.bar) {
      let conditions = try sequence()
      try expect(.close(.brace), "a closing brace")
      return try MathParser.builder(elements[0], conditions)
    }
    try expect(.close(.brace), "a closing brace")
    return .set(elements)
  }

  /// `{x | x > 3}` is its condition; anything more general is not read.
  private static func builder(
    _ element: MathExpression, _ conditions: [MathExpression]
  ) throws(MathSyntaxError) -> MathExpression {
    var element = element
    if case .relation(let left, let steps) = element, steps.count == 1, steps[0].relation == .element,
      steps[0].right == .constant(.reals)
    {
      element = left
    }
    if conditions.allSatisfy(\.isIndexRange), !element.variables.isEmpty { return element }
    guard case .variable = element else { throw MathSyntaxError("a set given by a formula") }
    return conditions.count == 1 ? conditions[0] : .list(conditions)
  }

  /// `]a, b[` and `]a, b]`: an open end shown by a bracket turned away.
  mutating func reversedInterval() throws(MathSyntaxError) -> MathExpression {
    advance()
    isInReversedBrackets = true
    let elements = try sequence()
    isInReversedBrackets = false
    guard elements.count == 2 else { throw MathSyntaxError("reversed brackets around other than two ends") }
    if accept(.open(.square)) {
      return .interval(elements[0], elements[1], closedLeft: false, closedRight: false)
    }
    try expect(.close(.square), "a closing bracket")
    return .interval(elements[0], elements[1], closedLeft: false, closedRight: true)
  }

  mutating func absoluteValue(_ bar: MathToken.Kind) throws(MathSyntaxError) -> MathExpression {
    advance()
    openBars += 1
    let inner = try additive()
    openBars -= 1
    if bar == .bar, current == .doubleBar {
      // Two bars side by side: one closes here.
      tokens[index].kind = .bar
    } else {
      try expect(bar, "a closing bar")
    }
    return .function(.abs, [inner])
  }

  /// `‖v‖`; where that cannot be read, the two bars are two absolute values, as in `||x| - 1|`.
  mutating func norm() throws(MathSyntaxError) -> MathExpression {
    let saved = self
    do throws(MathSyntaxError) {
      return try absoluteValue(.doubleBar)
    } catch {
      splitBars += 1
      if splitBars > 6 { throw error }
      let count = splitBars
      self = saved
      splitBars = count
      tokens[index].kind = .bar
      tokens.insert(tokens[index], at: index)
      return try absoluteValue(.bar)
    }
  }

  /// `<1, 2, 3>` in plain text.
  mutating func angleTuple() throws(MathSyntaxError) -> MathExpression {
    advance()
    var elements = [try additive()]
    while accept(.comma) {
      if elements.count >= budget.elements { throw MathSyntaxError("more than \(budget.elements) elements") }
      elements.append(try additive())
    }
    try expect(.relation(.greater), "a closing angle bracket")
    return .tuple(elements, .angle)
  }

  /// Environments that only lay out lines.
  private static let layouts = ["cases", "align", "gather", "equation", "split", "multline", "eqnarray"]

  mutating func matrix(_ environment: String) throws(MathSyntaxError) -> MathExpression {
    let bars = openBars
    openBars = 0
    defer { openBars = bars }
    advance()
    var rows: [[MathExpression]] = []
    var row: [MathExpression] = []
    var count = 0
    while true {
      if case .end = current {
        advance()
        break
      }
      if accept(.rowEnd) {
        if !row.isEmpty { rows.append(row) }
        row = []
        continue
      }
      row.append(try element())
      count += 1
      if count > budget.elements { throw MathSyntaxError("more than \(budget.elements) cells") }
      if accept(.ampersand) || accept(.comma) { continue }
      if case .end = current { continue }
      if current != .rowEnd { throw MathSyntaxError("a cell that does not end") }
    }
    if !row.isEmpty { rows.append(row) }
    guard let width = rows.first?.count else { throw MathSyntaxError("an empty matrix") }
    let cells = rows.flatMap { $0 }
    let isLayout = MathParser.layouts.contains { environment.hasPrefix($0) }
    let isSystem = environment == "array" && cells.allSatisfy { if case .relation = $0 { true } else { false } }
    if isLayout || isSystem { return cells.count == 1 ? cells[0] : .list(cells) }
    if environment == "array", cells.count == 1 { return cells[0] }
    guard rows.allSatisfy({ $0.count == width }) else { throw MathSyntaxError("rows of different lengths") }
    let matrix = MathExpression.matrix(rows)
    return environment == "vmatrix" ? .function(.determinant, [matrix]) : matrix
  }

  /// `Rational(1, 2)`, `Interval(0, 1)`, `FiniteSet(1, 2)`, `Matrix([[1, 2]])` as sympy writes them.
  private mutating func constructor(_ name: String) throws(MathSyntaxError) -> MathExpression? {
    guard ["Rational", "Fraction", "Interval", "FiniteSet", "Matrix"].contains(name) else { return nil }
    advance()
    switch (name, try primary()) {
    case ("Rational", .tuple(let parts, .round)) where parts.count == 2: return .quotient(parts[0], parts[1])
    case ("Fraction", .tuple(let parts, .round)) where parts.count == 2: return .quotient(parts[0], parts[1])
    case ("Interval", .tuple(let parts, .round)) where parts.count == 2:
      return .interval(parts[0], parts[1], closedLeft: true, closedRight: true)
    case ("FiniteSet", .tuple(let parts, .round)): return .set(parts)
    case ("FiniteSet", let element): return .set([element])
    case ("Matrix", let matrix): return matrix
    default: throw MathSyntaxError("\(name) with other arguments than it takes")
    }
  }

  /// Words where a value is expected: a name before a relation, a numeral word, or a whole element of words.
  mutating func words(_ name: String) throws(MathSyntaxError) -> MathExpression {
    if name == "i" || name == "e" {
      advance()
      return .constant(name == "i" ? .imaginary : .euler)
    }
    if MathParser.isVariableText(name) || (name.utf8.count == 1 && name.utf8.allSatisfy(MathLexer.isLetter)) {
      advance()
      return .variable(name)
    }
    if let value = MathVocabulary.numberWords[name.lowercased()] {
      advance()
      return .integer(value)
    }
    if kind(1) == .open(.round), let value = try constructor(name) { return value }
    var text = name
    advance()
    while true {
      switch current {
      case .word(let next), .text(let next):
        text += " " + next
        advance()
        continue
      default: break
      }
      break
    }
    switch current {
    case nil, .comma, .semicolon, .conjunction, .disjunction, .close, .ampersand, .rowEnd, .end:
      return .text(PlainWords.folded(text))
    case .relation: return .variable(PlainWords.folded(text))
    case .colon:
      // "Answer: 5" names what follows.
      advance()
      return try additive()
    default: throw MathSyntaxError("words inside an expression")
    }
  }
}
