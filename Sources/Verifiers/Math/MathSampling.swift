/// Where an expression is evaluated to tell it from another: points drawn from a stream seeded by the expressions.
struct MathSampling {
  /// Variables in a fixed order.
  let variables: [String]
  private var state: UInt64
  /// Whether roots, logarithms or other powers need positive values.
  let isPositive: Bool
  /// Whether integer points have to be tried as well: factorials, floors, signs such as (-1)^n.
  let hasIntegerForms: Bool
  /// Whether only integer points have values.
  let isIntegerOnly: Bool

  /// A stream for two expressions, the same in whichever order they come.
  init(_ left: MathExpression, _ right: MathExpression) {
    let names = left.variables.union(right.variables)
    variables = names.sorted()
    var first = StableHash()
    left.fingerprint(into: &first)
    var second = StableHash()
    right.fingerprint(into: &second)
    state = first.value &+ second.value
    func has(_ test: @escaping (MathExpression) -> Bool) -> Bool { left.contains(test) || right.contains(test) }
    isPositive = has(MathSampling.needsPositive)
    isIntegerOnly = has(MathSampling.isIntegerOnly)
    hasIntegerForms = isIntegerOnly || has(MathSampling.isIntegerForm)
  }

  private static func needsPositive(_ node: MathExpression) -> Bool {
    switch node {
    case .power(let base, .number(let exponent, _)): !exponent.isInteger && !base.variables.isEmpty
    case .power(let base, let exponent):
      !base.variables.isEmpty && (!exponent.variables.isEmpty || !isInteger(exponent))
    case .function(let function, let arguments):
      switch function {
      case .root, .ln, .log, .logBase: !arguments.allSatisfy { $0.variables.isEmpty }
      default: false
      }
    default: false
    }
  }

  private static func isInteger(_ node: MathExpression) -> Bool {
    switch node {
    case .number(let value, _): value.isInteger
    case .negation(let inner): isInteger(inner)
    default: false
    }
  }

  private static func isIntegerOnly(_ node: MathExpression) -> Bool {
    switch node {
    case .function(let function, let arguments):
      switch function {
      case .factorial, .doubleFactorial, .binomial, .gcd, .lcm: arguments.contains { !$0.variables.isEmpty }
      default: false
      }
    case .series(_, _, let from, let to, _): !from.variables.isEmpty || !to.variables.isEmpty
    default: false
    }
  }

  private static func isIntegerForm(_ node: MathExpression) -> Bool {
    switch node {
    case .function(let function, let arguments):
      switch function {
      case .floor, .ceil, .modulo: arguments.contains { !$0.variables.isEmpty }
      case .sin, .cos, .tan: arguments.contains { $0.contains { $0 == .constant(.pi) } && !$0.variables.isEmpty }
      default: false
      }
    case .power(let base, let exponent):
      if exponent.variables.isEmpty || !base.variables.isEmpty { false } else { isNegative(base) }
    default: false
    }
  }

  private static func isNegative(_ node: MathExpression) -> Bool {
    switch node {
    case .negation: true
    case .number(let value, _): value.isNegative
    case .constant(.imaginary): true
    default: false
    }
  }

  private mutating func next() -> UInt64 {
    // SplitMix64.
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  private static let primes = [2003, 2011, 2017, 2027, 2029, 2039, 2053, 2063, 2069, 2081]

  /// The next real point; sizes alternate between below 1, below 4 and below 12, signs where they may.
  mutating func realPoint(_ trial: Int) -> [String: Rational] {
    var point: [String: Rational] = [:]
    let span = [4, 1, 4, 12][trial & 3]
    for (index, name) in variables.enumerated() {
      let prime = MathSampling.primes[index % MathSampling.primes.count]
      let draw = next()
      var top = Int(draw % UInt64(prime * span - 1)) + 1
      if !isPositive, trial & 1 == 1, draw >> 63 == 1 { top = -top }
      point[name] = Rational(top, over: prime)
    }
    return point
  }

  /// An integer point: small ones in turn, then larger ones.
  mutating func integerPoint(_ trial: Int) -> [String: Rational] {
    var point: [String: Rational] = [:]
    for (index, name) in variables.enumerated() {
      let value: Int
      if variables.count == 1 {
        value = trial < 40 ? trial + 1 : Int(next() % 900) + 41
      } else {
        // The first variable the larger one, as n over k wants it; some draws the other way round.
        let draw = Int(next() % 9) + 1
        value = (index == 0) == (trial & 3 == 3) ? draw + 9 : draw
      }
      point[name] = Rational(value)
    }
    return point
  }
}
