extension MathParser {
  mutating func primary() throws(MathSyntaxError) -> MathExpression {
    try descend()
    defer { depth -= 1 }
    guard index < tokens.count else { throw MathSyntaxError("ends where a value is expected") }
    let token = tokens[index]
    switch token.kind {
    case .number(let value, let decimals, let isPlain):
      advance()
      if isPlain, let mixed = try mixedNumber(value) { return mixed }
      return .number(value, decimals: decimals)
    case .vulgarFraction(let value):
      advance()
      return .rational(value)
    case .based(let digits, let base, let value):
      advance()
      return .based(digits: digits, base: base, value: value)
    case .variable(let name): return try variable(name)
    case .constant(let constant):
      if current == .constant(constant), kind(1) == .underscore, constant == .euler || constant == .imaginary {
        return try variable(constant.rawValue)
      }
      advance()
      if constant == .reals { return try realsVariant() }
      return .constant(constant)
    case .function(let function):
      advance()
      return try call(function)
    case .squareRoot: return try root()
    case .cubeRoot:
      advance()
      return .function(.root, [try rootArgument(), .integer(3)])
    case .fraction: return try fraction()
    case .binomial:
      advance()
      let top = try texArgument()
      return .function(.binomial, [top, try texArgument()])
    case .series(let kind): return try series(kind)
    case .open(let delimiter): return try bracketed(delimiter)
    case .bar: return try absoluteValue(.bar)
    case .doubleBar: return try norm()
    case .overline:
      advance()
      return .function(.overline, [try texArgument(wholeNumber: true)])
    case .vectorMark:
      advance()
      let inner = try texArgument(wholeNumber: true)
      if case .variable(let name) = inner { return .variable("vec " + name) }
      if inner == .constant(.imaginary) { return .variable("unit i") }
      return .function(.vector, [inner])
    case .begin(let environment): return try matrix(environment)
    case .text(let name): return try words(name)
    case .word(let name): return try words(name)
    case .dots where kind(1) == nil || MathParser.isSeparator(kind(1)):
      advance()
      return .variable("...")
    case .minus:
      advance()
      return .negation(try factor())
    case .plus:
      advance()
      return try factor()
    case .relation(.less): return try angleTuple()
    case .close(.square) where !isInReversedBrackets: return try reversedInterval()
    case .percent, .degree: throw MathSyntaxError("a mark without a number")
    default: throw MathSyntaxError("cannot be read at byte \(token.start)")
    }
  }

  /// ℝ with a sign or a pole taken out is not read; ℝ^n is a set of its own.
  private mutating func realsVariant() throws(MathSyntaxError) -> MathExpression {
    if accept(.caret) {
      if current == .plus || current == .minus || current == .open(.group) {
        throw MathSyntaxError("a variant of the real numbers")
      }
      return .power(.variable("bbR"), try primary())
    }
    return .constant(.reals)
  }

  /// `2\frac{1}{3}`, `2 1/3`, `2½`: the integer was consumed.
  private mutating func mixedNumber(_ whole: Rational) throws(MathSyntaxError) -> MathExpression? {
    let start = index
    switch current {
    case .vulgarFraction(let fraction):
      advance()
      return .rational(whole + fraction)
    case .fraction, .open(.group):
      if current == .open(.group), kind(1) != .fraction { return nil }
      let saved = tokens
      if case .quotient(let top, let bottom) = try current == .fraction ? fraction() : primary(),
        case .number(let a, 0) = top,
        case .number(let b, 0) = bottom, let value = MathParser.properFraction(a, b), current != .caret
      {
        return .rational(whole + value)
      }
      tokens = saved
      index = start
      return nil
    case .number(let a, 0, true) where currentIsSpaced && kind(1) == .slash:
      guard case .number(let b, 0, true) = kind(2), let value = MathParser.properFraction(a, b) else { return nil }
      index += 3
      return .rational(whole + value)
    default: return nil
    }
  }

  private static func properFraction(_ top: Rational, _ bottom: Rational) -> Rational? {
    guard top.isInteger, bottom.isInteger, !top.isNegative, !top.isZero, top < bottom else { return nil }
    return top / bottom
  }

  /// A letter with its subscript and primes, or an unknown function applied to arguments.
  private mutating func variable(_ letter: String) throws(MathSyntaxError) -> MathExpression {
    let isElementStart = index == 0 || MathParser.isSeparator(kind(-1))
    advance()
    var name = letter
    if accept(.underscore) { name += "_" + (try subscriptName()) }
    while accept(.prime) { name += "'" }
    if current == .open(.round), !currentIsSpaced || letter == "f" || letter == "g" {
      let isFunctionName = ["f", "g", "h", "F", "G"].contains(letter)
      let isPoint = isElementStart && letter.utf8.first.map(MathLexer.isUpper) ?? false
      if isFunctionName || isPoint || (isElementStart && isDefinition()) {
        let saved = index
        advance()
        let arguments = try sequence()
        if accept(.close(.round)), isFunctionName || !isPoint || arguments.count > 1 || current == .relation(.equal) {
          return .application(name, arguments)
        }
        index = saved
      }
    }
    if isElementStart || kind(-1) == .degree, current != nil, letter.utf8.count == 1, name.utf8.count == 1 {
      return try pointName(name)
    }
    return .variable(name)
  }

  /// `AB = 9`: several capitals before an equals sign are the name of a segment or angle.
  private mutating func pointName(_ first: String) throws(MathSyntaxError) -> MathExpression {
    var name = first
    var end = index
    while end < tokens.count, case .variable(let next) = tokens[end].kind, next.utf8.count == 1,
      let byte = next.utf8.first, MathLexer.isUpper(byte)
    {
      name += next
      end += 1
    }
    if end > index, end < tokens.count, tokens[end].kind == .relation(.equal), let byte = first.utf8.first,
      MathLexer.isUpper(byte)
    {
      index = end
      return .variable(name)
    }
    return .variable(first)
  }

  /// Whether the bracket that opens here closes right before an equals sign.
  private func isDefinition() -> Bool {
    var scan = index
    var level = 0
    while scan < tokens.count, scan < index + 24 {
      if case .open = tokens[scan].kind { level += 1 }
      if case .close = tokens[scan].kind {
        level -= 1
        if level == 0 { return scan + 1 < tokens.count && tokens[scan + 1].kind == .relation(.equal) }
      }
      scan += 1
    }
    return false
  }

  /// The text of a subscript; the underscore was consumed.
  private mutating func subscriptName() throws(MathSyntaxError) -> String {
    guard index < tokens.count else { throw MathSyntaxError("a subscript is missing") }
    let first = index
    if current == .open(.group) {
      var level = 0
      while index < tokens.count {
        if current == .open(.group) { level += 1 }
        if current == .close(.group) {
          level -= 1
          if level == 0 { break }
        }
        advance()
      }
      try expect(.close(.group), "the end of a subscript")
      return MathParser.subscriptText(tokens[first + 1..<index - 1])
    }
    advance()
    return MathParser.subscriptText(tokens[first..<index])
  }

  private static func subscriptText(_ tokens: ArraySlice<MathToken>) -> String {
    var name = ""
    for token in tokens {
      switch token.kind {
      case .number(let value, _, _): name += value.description
      case .variable(let text), .word(let text), .text(let text): name += text
      case .constant(let constant): name += constant.rawValue
      case .function(let function): name += function.rawValue
      case .plus: name += "+"
      case .minus: name += "-"
      case .comma: name += ","
      case .times: name += "*"
      default: break
      }
    }
    return name
  }

  // MARK: Roots

  private mutating func root() throws(MathSyntaxError) -> MathExpression {
    advance()
    if current == .open(.square), !(kind(-1).map { $0 != .squareRoot } ?? false) {
      advance()
      let degree = try additive()
      try expect(.close(.square), "the bracket after the degree of a root")
      return .function(.root, [try rootArgument(), degree])
    }
    return .function(.root, [try rootArgument(), .integer(2)])
  }

  private mutating func rootArgument() throws(MathSyntaxError) -> MathExpression {
    try texArgument(wholeNumber: true)
  }

  // MARK: Functions

  private mutating func call(_ function: MathFunction) throws(MathSyntaxError) -> MathExpression {
    var power: MathExpression?
    var base: MathExpression?
    while true {
      if power == nil, accept(.caret) {
        power = try texArgument(wholeNumber: true)
      } else if base == nil, function == .log, accept(.underscore) {
        base = try texArgument(wholeNumber: false)
      } else {
        break
      }
    }
    var function = function
    if let inverse = MathParser.inverse(of: function), let exponent = power,
      exponent == .negation(.integer(1)) || exponent == .integer(-1)
    {
      function = inverse
      power = nil
    }
    var arguments: [MathExpression]
    switch current {
    case .open(.round):
      advance()
      arguments = try sequence()
      try expect(.close(.round), "a closing bracket")
    case .open(.group):
      advance()
      arguments = try sequence()
      try expect(.close(.group), "a closing brace")
      if arguments.count == 1, case .tuple(let inner, .round) = arguments[0] { arguments = inner }
    default: arguments = [try bareArgument(of: function)]
    }
    if arguments.count == 1, case .set(let elements) = arguments[0] { arguments = elements }
    var value = try MathParser.applied(function, arguments, base: base)
    if let power { value = .power(value, power) }
    return value
  }

  /// An argument without brackets: factors side by side, up to a sign or another function.
  private mutating func bareArgument(of function: MathFunction) throws(MathSyntaxError) -> MathExpression {
    if accept(.minus) { return .negation(try bareArgument(of: function)) }
    var argument = try factor()
    while startsOperand() {
      if case .function = current { break }
      argument = MathParser.times(argument, try factor())
    }
    if function.isTrigonometric, current == .slash, case .number = kind(1), MathParser.mentionsPi(argument) {
      advance()
      argument = .quotient(argument, try factor())
    }
    return argument
  }

  private static func mentionsPi(_ expression: MathExpression) -> Bool {
    switch expression {
    case .constant(.pi): true
    case .product(let factors): factors.contains(where: mentionsPi)
    default: false
    }
  }

  static func inverse(of function: MathFunction) -> MathFunction? {
    switch function {
    case .sin: .arcsin
    case .cos: .arccos
    case .tan: .arctan
    case .cot: .arccot
    case .sec: .arcsec
    case .csc: .arccsc
    case .sinh: .arsinh
    case .cosh: .arcosh
    case .tanh: .artanh
    default: nil
    }
  }

  private static func applied(
    _ function: MathFunction, _ arguments: [MathExpression], base: MathExpression?
  ) throws(MathSyntaxError) -> MathExpression {
    let count = arguments.count
    switch function {
    case .cis:
      guard count == 1 else { break }
      return .sum([
        .function(.cos, arguments), .product([.constant(.imaginary), .function(.sin, arguments)]),
      ])
    case .log:
      if let base, count == 1 { return .function(.logBase, [arguments[0], base]) }
      if count == 2 { return .function(.logBase, arguments) }
    case .logBase, .binomial, .modulo:
      if count == 2 { return .function(function, arguments) }
      throw MathSyntaxError("\(function.rawValue) needs two arguments")
    case .root:
      // Named without a degree it is the square root.
      if count == 1 { return .function(.root, [arguments[0], .integer(2)]) }
      if count == 2 { return .function(.root, arguments) }
    case .max, .min, .gcd, .lcm: return .function(function, arguments)
    default: break
    }
    guard count == 1 else { throw MathSyntaxError("\(function.rawValue) needs one argument") }
    return .function(function, arguments)
  }

  /// `\sum_{k=1}^{n} …`, `\prod…`.
  private mutating func series(_ kind: MathExpression.SeriesKind) throws(MathSyntaxError) -> MathExpression {
    advance()
    var lower: MathExpression?
    var upper: MathExpression?
    for _ in 0..<2 {
      if lower == nil, accept(.underscore) {
        if current == .open(.group) {
          advance()
          lower = try element()
          try expect(.close(.group), "a closing brace")
        }
      } else if upper == nil, accept(.caret) {
        upper = try texArgument(wholeNumber: true)
      }
    }
    guard case .relation(let left, let steps)? = lower, steps.count == 1, steps[0].relation == .equal, let upper else {
      throw MathSyntaxError("a sum or product without a range")
    }
    let name: String
    switch left {
    case .variable(let letter): name = letter
    case .constant(.imaginary): name = "i"
    default: throw MathSyntaxError("a sum or product without a variable")
    }
    var body = try term()
    // A bound i is an index, not the imaginary unit.
    if name == "i" { body = body.replacing(.constant(.imaginary), by: .variable("i")) }
    return .series(kind, variable: name, from: steps[0].right, to: upper, body)
  }
}
