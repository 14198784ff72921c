/// Evaluates an expression at a point, within a budget of steps.
struct MathEvaluator {
  let budget: MathBudget
  /// Elementary steps left; at zero every evaluation is undefined.
  var steps: Int
  /// Whether `log` without a base is decimal instead of natural.
  var decimalLog = false
  /// The values of the variables.
  var point: [String: Rational] = [:]
  private var isInTrigonometry = false
  private var depth = 0

  init(budget: MathBudget, steps: Int) {
    self.budget = budget
    self.steps = steps
  }

  /// The value, or nil where it is undefined, too large, or over budget.
  mutating func value(of expression: MathExpression) -> MathValue? {
    steps -= 1
    if steps <= 0 || depth > 400 { return nil }
    depth += 1
    defer { depth -= 1 }
    switch expression {
    case .number(let value, _): return .exact(value)
    case .based(_, _, let value): return .exact(value)
    case .constant(let constant): return MathEvaluator.value(of: constant)
    case .variable(let name): return point[name].map { .exact($0) }
    case .sum(let terms):
      guard var total = value(of: terms[0]) else { return nil }
      for term in terms.dropFirst() {
        guard let next = value(of: term), let sum = add(total, next) else { return nil }
        total = sum
      }
      return total
    case .product(let factors):
      guard var total = value(of: factors[0]) else { return nil }
      for factor in factors.dropFirst() {
        guard let next = value(of: factor), let product = multiply(total, next) else { return nil }
        total = product
      }
      return total
    case .quotient(let top, let bottom):
      guard let top = value(of: top), let bottom = value(of: bottom) else { return nil }
      return divide(top, bottom)
    case .negation(let inner): return value(of: inner).flatMap(negate)
    case .degrees(let inner):
      guard let angle = value(of: inner) else { return nil }
      guard isInTrigonometry else { return angle }
      guard let scaled = multiply(angle, .exact(Rational(1, over: 180))) else { return nil }
      return multiply(scaled, .ball(ComplexBall(.pi)))
    case .power(.constant(.euler), let exponent):
      guard let exponent = value(of: exponent) else { return nil }
      return exponential(exponent)
    case .power(let base, let exponent):
      guard let base = value(of: base), let exponent = value(of: exponent) else { return nil }
      return power(base, exponent)
    case .function(let function, let arguments): return call(function, arguments)
    case .application(let name, let arguments): return unknown(name, arguments)
    case .series(let kind, let variable, let from, let to, let body):
      return series(kind, variable, from, to, body)
    case .plusMinus, .list, .set, .tuple, .interval, .setOperation, .relation, .matrix, .ratio, .text: return nil
    }
  }

  static func value(of constant: MathConstant) -> MathValue? {
    switch constant {
    case .pi: .ball(ComplexBall(.pi))
    case .euler: .ball(ComplexBall(.euler))
    case .imaginary: .ball(.i)
    case .infinity, .emptySet, .reals: nil
    }
  }

  // MARK: Arithmetic

  /// An exact value within the digit budget, a ball beyond it.
  mutating func limited(_ value: Rational) -> MathValue? {
    let bits = value.bits
    // Fractions cost more: every operation takes a greatest common divisor.
    if bits > 128 { steps -= bits * bits / (value.isInteger ? 400_000 : 40_000) + 1 }
    if bits <= (value.isInteger ? budget.bits : budget.bits / 4) { return .exact(value) }
    return ComplexBall(value).map { .ball($0) }
  }

  mutating func add(_ a: MathValue, _ b: MathValue) -> MathValue? {
    if case .exact(let x) = a, case .exact(let y) = b { return limited(x + y) }
    if case .exact(let x) = a, x.isZero { return b }
    if case .exact(let y) = b, y.isZero { return a }
    guard let x = a.enclosure, let y = b.enclosure else { return nil }
    return (x + y).map { .ball($0) }
  }

  mutating func multiply(_ a: MathValue, _ b: MathValue) -> MathValue? {
    if case .exact(let x) = a, case .exact(let y) = b { return limited(x * y) }
    if case .exact(let x) = a, x.isZero { return a }
    if case .exact(let y) = b, y.isZero { return b }
    guard let x = a.enclosure, let y = b.enclosure else { return nil }
    return (x * y).map { .ball($0) }
  }

  func negate(_ a: MathValue) -> MathValue? {
    switch a {
    case .exact(let value): .exact(-value)
    case .ball(let ball): .ball(-ball)
    }
  }

  mutating func divide(_ a: MathValue, _ b: MathValue) -> MathValue? {
    if case .exact(let x) = a, case .exact(let y) = b {
      guard let quotient = x / y else { return nil }
      return limited(quotient)
    }
    if case .exact(let x) = a, x.isZero, let y = b.enclosure, !y.mayBeZero { return a }
    guard let x = a.enclosure, let y = b.enclosure?.reciprocal else { return nil }
    return (x * y).map { .ball($0) }
  }

  mutating func power(_ base: MathValue, _ exponent: MathValue) -> MathValue? {
    if case .exact(let fraction) = exponent {
      if let whole = fraction.int { return power(base, whole) }
      if !fraction.isInteger { return power(base, fraction) }
      // An integer beyond a machine word: only 0, 1 and -1 have such powers in range.
      guard case .exact(let value) = base, value.isInteger, let small = value.int, small.magnitude <= 1 else {
        return nil
      }
      if small == -1 { return .exact(Rational(fraction.numerator.isOdd ? -1 : 1)) }
      return small == 0 && fraction.isNegative ? nil : base
    }
    guard let exponent = exponent.enclosure else { return nil }
    if case .exact(let value) = base, value.isZero { return exponent.re.high > exponent.radius ? base : nil }
    guard let base = base.enclosure else { return nil }
    steps -= 20
    return base.power(exponent).map { .ball($0) }
  }

  mutating func power(_ base: MathValue, _ exponent: Int) -> MathValue? {
    switch base {
    case .exact(let value):
      if let exact = value.power(exponent, bitBudget: budget.bits) { return limited(exact) }
      if value.isZero { return nil }
    case .ball: break
    }
    guard let ball = base.enclosure else { return nil }
    steps -= 20
    if exponent.magnitude <= 4096 { return ball.power(exponent).map { .ball($0) } }
    return ball.power(ComplexBall(re: DoubleDouble(Double(exponent)), im: .zero, radius: 0)).map { .ball($0) }
  }

  private mutating func power(_ base: MathValue, _ exponent: Rational) -> MathValue? {
    guard let degree = exponent.denominator.int, let top = exponent.numerator.int, top != .min else { return nil }
    if degree <= 64, top.magnitude <= 4096 {
      guard let root = root(base, degree) else { return nil }
      return power(root, top)
    }
    steps -= 30
    guard let ball = base.enclosure, let power = ComplexBall(exponent) else { return nil }
    if ball.size == 0 { return exponent.isNegative ? nil : base }
    guard ball.isReal, ball.re.isNegative, degree & 1 == 1 else { return ball.power(power).map { .ball($0) } }
    // The real branch of an odd root, as everywhere.
    return (-ball).power(power).map { .ball(top & 1 == 1 ? -$0 : $0) }
  }

  /// The n-th root: real for odd n, principal otherwise.
  mutating func root(_ radicand: MathValue, _ degree: Int) -> MathValue? {
    if degree == 0 { return nil }
    if degree < 0 { return degree == .min ? nil : root(radicand, -degree).flatMap { divide(.exact(.one), $0) } }
    if degree == 1 { return radicand }
    if case .exact(let value) = radicand {
      if value.isZero { return radicand }
      if degree <= 512, value.bits <= 4096 {
        steps -= value.bits / 64 + 1
        if let root = value.magnitude.root(degree) {
          if !value.isNegative { return .exact(root) }
          if degree & 1 == 1 { return .exact(-root) }
          if degree == 2 { return multiply(.exact(root), .ball(.i)) }
        }
      }
    }
    guard let ball = radicand.enclosure else { return nil }
    steps -= 10
    return ball.root(degree).map { .ball($0) }
  }

  mutating func exponential(_ exponent: MathValue) -> MathValue? {
    if case .exact(let value) = exponent, value.isZero { return .exact(.one) }
    steps -= 10
    return exponent.enclosure?.exponential.map { .ball($0) }
  }

  // MARK: Series, unknown functions, angles

  private mutating func series(
    _ kind: MathExpression.SeriesKind, _ variable: String, _ from: MathExpression, _ to: MathExpression,
    _ body: MathExpression
  ) -> MathValue? {
    guard case .exact(let low)? = value(of: from), case .exact(let high)? = value(of: to), let first = low.int,
      let last = high.int, first.magnitude < 1 << 40, last.magnitude < 1 << 40, last - first < budget.seriesTerms
    else { return nil }
    let saved = point[variable]
    defer { point[variable] = saved }
    var total = MathValue.exact(kind == .sum ? .zero : .one)
    var k = first
    while k <= last {
      point[variable] = Rational(k)
      guard let next = value(of: body),
        let combined = kind == .sum ? add(total, next) : multiply(total, next)
      else { return nil }
      total = combined
      k += 1
    }
    return total
  }

  /// An unknown function: a fixed pseudo-random number for its name and arguments.
  mutating func unknown(_ name: String, _ arguments: [MathExpression]) -> MathValue? {
    if name == "C", arguments.count == 2, let top = value(of: arguments[0]), let bottom = value(of: arguments[1]),
      let count = binomial(top, bottom)
    {
      return count
    }
    var hash = StableHash()
    hash.combine(name)
    for argument in arguments {
      guard let value = value(of: argument) else { return nil }
      switch value {
      case .exact(let exact): hash.combine(exact.description)
      case .ball(let ball):
        hash.combine(UInt64(bitPattern: Int64(clampedRounding: ball.re.high * 1e8)))
        hash.combine(UInt64(bitPattern: Int64(clampedRounding: ball.im.high * 1e8)))
      }
    }
    return .exact(Rational(Int(hash.value % 9973) + 1000, over: 2003))
  }

  mutating func angle(_ argument: MathExpression) -> MathValue? {
    let saved = isInTrigonometry
    isInTrigonometry = true
    defer { isInTrigonometry = saved }
    return value(of: argument)
  }

  mutating func outsideTrigonometry(_ argument: MathExpression) -> MathValue? {
    let saved = isInTrigonometry
    isInTrigonometry = false
    defer { isInTrigonometry = saved }
    return value(of: argument)
  }
}

extension Int64 {
  /// The nearest integer, at the ends of the range where the value lies beyond.
  init(clampedRounding value: Double) {
    self = value.isNaN ? 0 : Int64(Swift.max(-9e18, Swift.min(9e18, value.rounded())))
  }
}

/// FNV-1a: the same value in every process, which `Hasher` does not promise.
struct StableHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func combine(_ text: String) {
    for byte in text.utf8 { combine(byte) }
    combine(0xFF as UInt8)
  }

  mutating func combine(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }

  mutating func combine(_ word: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { combine(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
  }
}
