/// An exact fraction in lowest terms with a positive denominator.
struct Rational: Sendable, Hashable {
  let numerator: BigInteger
  let denominator: BigInteger

  static let zero = Rational(0)
  static let one = Rational(1)

  init(_ value: Int) {
    numerator = .small(value)
    denominator = .one
  }

  init(_ value: BigInteger) {
    numerator = value
    denominator = .one
  }

  /// numerator / denominator reduced; nil for a zero denominator.
  init?(_ numerator: BigInteger, _ denominator: BigInteger) {
    if denominator.isZero { return nil }
    self.init(reducing: numerator, denominator)
  }

  /// A fraction of machine words; the denominator is not zero.
  init(_ numerator: Int, over denominator: Int) {
    self.init(reducing: .small(numerator), .small(denominator))
  }

  private init(reducing numerator: BigInteger, _ denominator: BigInteger) {
    var numerator = numerator
    var denominator = denominator
    if denominator.isNegative { (numerator, denominator) = (-numerator, -denominator) }
    if !denominator.isOne {
      let divisor = BigInteger.gcd(numerator, denominator)
      if !divisor.isOne, let top = numerator.dividing(by: divisor), let bottom = denominator.dividing(by: divisor) {
        (numerator, denominator) = (top.quotient, bottom.quotient)
      }
    }
    self.numerator = numerator
    self.denominator = denominator
  }

  var isZero: Bool { numerator.isZero }
  var isOne: Bool { numerator.isOne && denominator.isOne }
  var isNegative: Bool { numerator.isNegative }
  var isInteger: Bool { denominator.isOne }
  /// The value as a machine word, or nil.
  var int: Int? { isInteger ? numerator.int : nil }
  /// The size that the digit budget limits, in bits.
  var bits: Int { numerator.bitWidth + denominator.bitWidth }
  var magnitude: Rational { isNegative ? -self : self }
  /// 1 / self; nil for zero.
  var reciprocal: Rational? { Rational(denominator, numerator) }

  /// The greatest integer that is not greater.
  var floor: BigInteger {
    guard let (quotient, remainder) = numerator.dividing(by: denominator) else { return .zero }
    return remainder.isNegative ? quotient - .one : quotient
  }

  static prefix func - (value: Rational) -> Rational {
    Rational(unchecked: -value.numerator, value.denominator)
  }

  private init(unchecked numerator: BigInteger, _ denominator: BigInteger) {
    self.numerator = numerator
    self.denominator = denominator
  }

  static func + (left: Rational, right: Rational) -> Rational {
    if left.isInteger, right.isInteger { return Rational(left.numerator + right.numerator) }
    return Rational(
      reducing: left.numerator * right.denominator + right.numerator * left.denominator,
      left.denominator * right.denominator)
  }

  static func - (left: Rational, right: Rational) -> Rational { left + (-right) }

  static func * (left: Rational, right: Rational) -> Rational {
    if left.isInteger, right.isInteger { return Rational(left.numerator * right.numerator) }
    return Rational(reducing: left.numerator * right.numerator, left.denominator * right.denominator)
  }

  /// left / right; nil for a zero divisor.
  static func / (left: Rational, right: Rational) -> Rational? {
    Rational(left.numerator * right.denominator, left.denominator * right.numerator)
  }

  /// self to an integer power, or nil for 0 to a negative power or a result above `bitBudget` bits.
  func power(_ exponent: Int, bitBudget: Int) -> Rational? {
    if exponent == 0 { return .one }
    if isZero { return exponent > 0 ? .zero : nil }
    if isInteger, let base = numerator.int, base.magnitude == 1 { return base == 1 || exponent & 1 == 0 ? .one : self }
    let size = Int(exponent.magnitude > 1 << 40 ? 1 << 40 : exponent.magnitude)
    if max(numerator.bitWidth, denominator.bitWidth) * size > bitBudget { return nil }
    let top = numerator.power(size)
    let bottom = denominator.power(size)
    return exponent > 0 ? Rational(unchecked: top, bottom) : Rational(bottom, top)
  }

  /// The exact n-th root of a non-negative value, n >= 1, or nil when it is irrational.
  func root(_ n: Int) -> Rational? {
    let top = numerator.root(n)
    guard top.power(n) == numerator else { return nil }
    let bottom = denominator.root(n)
    guard bottom.power(n) == denominator else { return nil }
    return Rational(unchecked: top, bottom)
  }

  /// Text as `p` or `p/q`.
  var description: String {
    isInteger ? numerator.description : "\(numerator.description)/\(denominator.description)"
  }

  /// The nearest double or close to it, for ordering and display only.
  var double: Double { DoubleDouble(self)?.high ?? (isNegative ? -Double.infinity : Double.infinity) }
}

extension Rational: Comparable {
  static func < (left: Rational, right: Rational) -> Bool {
    left.numerator * right.denominator < right.numerator * left.denominator
  }
}
