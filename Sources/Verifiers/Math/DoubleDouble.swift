import Foundation

/// A real number as an unevaluated sum of two doubles: about 106 bits, relative rounding error below 2^-100.
///
/// Error-free transformations after Dekker and Knuth; the algorithms are the textbook ones.
struct DoubleDouble: Sendable, Equatable {
  var high: Double
  var low: Double

  static let zero = DoubleDouble(0)
  static let one = DoubleDouble(1)
  static let pi = DoubleDouble(high: 3.141592653589793116, low: 1.2246467991473532e-16)
  static let euler = DoubleDouble(high: 2.718281828459045091, low: 1.4456468917292502e-16)
  static let ln2 = DoubleDouble(high: 0.6931471805599452862, low: 2.3190468138462996e-17)

  init(high: Double, low: Double) {
    self.high = high
    self.low = low
  }

  init(_ value: Double) {
    high = value
    low = 0
  }

  /// The value of a fraction, or nil where it leaves the range of doubles.
  init?(_ value: Rational) {
    if let top = value.numerator.int, let bottom = value.denominator.int, top.magnitude < 1 << 53, bottom < 1 << 53 {
      self = bottom == 1 ? DoubleDouble(Double(top)) : DoubleDouble(Double(top)) / DoubleDouble(Double(bottom))
      return
    }
    let top = value.numerator.leading
    let bottom = value.denominator.leading
    let quotient =
      DoubleDouble.sum(top.high, top.low) / DoubleDouble.sum(bottom.high, bottom.low)
    let exponent = top.exponent - bottom.exponent
    guard quotient.high.isFinite, abs(exponent) < 100_000 else { return nil }
    let scaled = quotient.scaled(by: exponent)
    // The low part must stay a normal number, or the precision promised is not there.
    guard scaled.high.isFinite, abs(scaled.high) > 1e-250 else { return nil }
    self = scaled
  }

  var isZero: Bool { high == 0 }
  var isNegative: Bool { high < 0 }
  var magnitude: DoubleDouble { high < 0 ? -self : self }

  /// self times a power of two, exact.
  func scaled(by exponent: Int) -> DoubleDouble {
    DoubleDouble(high: scalbn(high, exponent), low: scalbn(low, exponent))
  }

  @inline(__always)
  static func sum(_ a: Double, _ b: Double) -> DoubleDouble {
    let sum = a + b
    let part = sum - a
    return DoubleDouble(high: sum, low: (a - (sum - part)) + (b - part))
  }

  @inline(__always)
  private static func quickSum(_ a: Double, _ b: Double) -> DoubleDouble {
    let sum = a + b
    return DoubleDouble(high: sum, low: b - (sum - a))
  }

  @inline(__always)
  private static func product(_ a: Double, _ b: Double) -> DoubleDouble {
    let product = a * b
    return DoubleDouble(high: product, low: (-product).addingProduct(a, b))
  }

  static prefix func - (value: DoubleDouble) -> DoubleDouble { DoubleDouble(high: -value.high, low: -value.low) }

  static func + (left: DoubleDouble, right: DoubleDouble) -> DoubleDouble {
    var s = sum(left.high, right.high)
    let t = sum(left.low, right.low)
    s = quickSum(s.high, s.low + t.high)
    return quickSum(s.high, s.low + t.low)
  }

  static func - (left: DoubleDouble, right: DoubleDouble) -> DoubleDouble { left + (-right) }

  static func * (left: DoubleDouble, right: DoubleDouble) -> DoubleDouble {
    let p = product(left.high, right.high)
    return quickSum(p.high, p.low + (left.high * right.low + left.low * right.high))
  }

  static func * (left: DoubleDouble, right: Double) -> DoubleDouble { left * DoubleDouble(right) }

  static func / (left: DoubleDouble, right: DoubleDouble) -> DoubleDouble {
    let first = left.high / right.high
    var rest = left - right * first
    let second = rest.high / right.high
    rest = rest - right * second
    let third = rest.high / right.high
    return quickSum(first, second) + DoubleDouble(third)
  }

  /// The square root of a non-negative number.
  var squareRoot: DoubleDouble {
    if high <= 0 { return .zero }
    let guess = DoubleDouble(high.squareRoot())
    let better = (guess + self / guess) * 0.5
    return (better + self / better) * 0.5
  }
}
