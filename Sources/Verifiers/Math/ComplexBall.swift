import Foundation

/// A complex number known up to a radius: the true value lies within `radius` of the midpoint.
///
/// Every operation returns nil where it is undefined (or may be, somewhere in the ball) or leaves the range of doubles.
struct ComplexBall: Sendable {
  var re: DoubleDouble
  var im: DoubleDouble
  /// An upper bound of the distance to the true value.
  var radius: Double

  /// Relative rounding bound of one operation, with room to spare over the 2^-104 of double-double arithmetic.
  static let unit = 0x1p-97

  static let one = ComplexBall(re: .one, im: .zero, radius: 0)
  static let i = ComplexBall(re: .zero, im: .one, radius: 0)

  init(re: DoubleDouble, im: DoubleDouble, radius: Double) {
    self.re = re
    self.im = im
    self.radius = radius
  }

  /// A real number with the rounding of its representation.
  init(_ value: DoubleDouble) {
    self.init(re: value, im: .zero, radius: abs(value.high) * ComplexBall.unit)
  }

  /// A fraction, or nil where it leaves the range of doubles.
  init?(_ value: Rational) {
    if let small = value.int, small.magnitude < 1 << 53 {
      self.init(re: DoubleDouble(Double(small)), im: .zero, radius: 0)
      return
    }
    guard let real = DoubleDouble(value) else { return nil }
    self.init(real)
  }

  /// nil unless every part is finite.
  var checked: ComplexBall? { re.high.isFinite && im.high.isFinite && radius.isFinite ? self : nil }
  /// The size of the midpoint.
  var size: Double { im.high == 0 ? abs(re.high) : hypot(re.high, im.high) }
  var isReal: Bool { im.high == 0 }
  var mayBeZero: Bool { size <= radius }

  /// The ball around the real axis when it touches it: an imaginary part within the radius is rounding.
  var settled: ComplexBall {
    if im.high != 0, abs(im.high) <= radius {
      return ComplexBall(re: re, im: .zero, radius: radius + abs(im.high) * 1.000001)
    }
    return self
  }

  private func rounded(_ scale: Double) -> ComplexBall? {
    ComplexBall(re: re, im: im, radius: radius + scale * ComplexBall.unit).checked
  }

  static prefix func - (value: ComplexBall) -> ComplexBall {
    ComplexBall(re: -value.re, im: -value.im, radius: value.radius)
  }

  static func + (a: ComplexBall, b: ComplexBall) -> ComplexBall? {
    ComplexBall(re: a.re + b.re, im: a.im + b.im, radius: a.radius + b.radius).rounded(a.size + b.size)?.settled
  }

  static func * (a: ComplexBall, b: ComplexBall) -> ComplexBall? {
    let radius = a.size * b.radius + b.size * a.radius + a.radius * b.radius
    if a.isReal, b.isReal {
      return ComplexBall(re: a.re * b.re, im: .zero, radius: radius).rounded(a.size * b.size)
    }
    return ComplexBall(re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re, radius: radius)
      .rounded(4 * a.size * b.size)?.settled
  }

  /// 1 / self.
  var reciprocal: ComplexBall? {
    if mayBeZero { return nil }
    let size = size
    let spread = radius / (size * (size - radius))
    if isReal { return ComplexBall(re: .one / re, im: .zero, radius: spread).rounded(1 / size) }
    let square = re * re + im * im
    return ComplexBall(re: re / square, im: -(im / square), radius: spread).rounded(4 / size)
  }

  /// self to an integer power by squaring; nil out of range.
  func power(_ exponent: Int) -> ComplexBall? {
    if exponent < 0 { return exponent == .min ? nil : power(-exponent)?.reciprocal }
    var result = ComplexBall.one
    var base = self
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 {
        guard let next = result * base else { return nil }
        result = next
      }
      rest >>= 1
      if rest > 0 {
        guard let next = base * base else { return nil }
        base = next
      }
    }
    return result
  }

  /// e^self.
  var exponential: ComplexBall? {
    guard let scale = re.exponential else { return nil }
    guard radius < 1 else { return nil }
    let spread = scale.high * (expm1(radius) + ComplexBall.unit * (4 + size))
    if isReal { return ComplexBall(re: scale, im: .zero, radius: spread).checked }
    guard let (sine, cosine) = im.sineAndCosine else { return nil }
    return ComplexBall(re: scale * cosine, im: scale * sine, radius: spread).rounded(4 * scale.high)?.settled
  }

  /// The principal logarithm; nil when the ball touches zero.
  var logarithm: ComplexBall? {
    if mayBeZero { return nil }
    let spread = radius / (size - radius)
    if isReal {
      guard let value = re.magnitude.logarithm else { return nil }
      return ComplexBall(re: value, im: re.isNegative ? .pi : .zero, radius: spread).rounded(abs(value.high) + 8)
    }
    // A negative real part with an imaginary part that may be zero straddles the branch cut.
    if re.isNegative, abs(im.high) <= radius { return nil }
    guard let value = (re * re + im * im).logarithm, let angle = DoubleDouble.angle(y: im, x: re) else { return nil }
    return ComplexBall(re: value.scaled(by: -1), im: angle, radius: spread).rounded(abs(value.high) + 8)
  }

  /// The principal square root.
  var squareRoot: ComplexBall? {
    if radius == 0, size == 0 { return self }
    // A ball that touches zero has a root somewhere between 0 and the root of its far end.
    if mayBeZero {
      return ComplexBall(re: .zero, im: .zero, radius: (size + radius).squareRoot() * 1.000001).checked
    }
    let spread = radius / (size - radius).squareRoot()
    if isReal {
      let root = re.magnitude.squareRoot
      return
        (re.isNegative
        ? ComplexBall(re: .zero, im: root, radius: spread) : ComplexBall(re: root, im: .zero, radius: spread))
        .rounded(root.high)
    }
    if re.isNegative, abs(im.high) <= radius { return nil }
    let modulus = (re * re + im * im).squareRoot
    let real: DoubleDouble
    let imaginary: DoubleDouble
    if re.isNegative {
      let part = ((modulus - re) * 0.5).squareRoot
      imaginary = im.isNegative ? -part : part
      real = im / (imaginary * 2)
    } else {
      real = ((modulus + re) * 0.5).squareRoot
      imaginary = im / (real * 2)
    }
    return ComplexBall(re: real, im: imaginary, radius: spread).rounded(8 * modulus.high.squareRoot())
  }

  /// The real n-th root for an odd n and a negative real number, the principal one otherwise; n >= 2.
  func root(_ n: Int) -> ComplexBall? {
    if n == 2 { return squareRoot }
    if isReal, !mayBeZero {
      if re.isNegative, n & 1 == 0 { return power(Rational(1, over: n)) }
      guard let logarithm = ComplexBall(re: re.magnitude, im: .zero, radius: radius).logarithm,
        let share = logarithm * ComplexBall(.one / DoubleDouble(Double(n))), let root = share.exponential
      else { return nil }
      return re.isNegative ? -root : root
    }
    return power(Rational(1, over: n))
  }

  private func power(_ exponent: Rational) -> ComplexBall? {
    guard let exponent = ComplexBall(exponent) else { return nil }
    return power(exponent)
  }

  /// self^exponent by the principal logarithm.
  func power(_ exponent: ComplexBall) -> ComplexBall? {
    guard let logarithm, let scaled = logarithm * exponent else { return nil }
    return scaled.exponential
  }

  /// Sine and cosine.
  var sineAndCosine: (sine: ComplexBall, cosine: ComplexBall)? {
    guard let (sine, cosine) = re.sineAndCosine else { return nil }
    if isReal {
      // Both derivatives are at most 1 on the real line; the reduction of a large argument costs |x| units.
      let spread = radius + (8 + abs(re.high)) * ComplexBall.unit
      return (
        ComplexBall(re: sine, im: .zero, radius: spread), ComplexBall(re: cosine, im: .zero, radius: spread)
      )
    }
    guard radius < 1, let grown = im.exponential, let shrunk = (-im).exponential else { return nil }
    let sinh = (grown - shrunk) * 0.5
    let cosh = (grown + shrunk) * 0.5
    let spread = cosh.high * (2 * radius + (16 + size) * ComplexBall.unit)
    guard spread.isFinite else { return nil }
    return (
      ComplexBall(re: sine * cosh, im: cosine * sinh, radius: spread),
      ComplexBall(re: cosine * cosh, im: -(sine * sinh), radius: spread)
    )
  }

  /// The inverse tangent of a real number.
  var arctangent: ComplexBall? {
    guard isReal, let angle = DoubleDouble.angle(y: re, x: .one) else { return nil }
    return ComplexBall(re: angle, im: .zero, radius: radius).rounded(4)
  }

  /// The inverse sine of a real number in -1...1.
  var arcsine: ComplexBall? {
    guard isReal else { return nil }
    if abs(re.high) == 1, re.low == 0, radius == 0 {
      return ComplexBall(re.isNegative ? -DoubleDouble.pi.scaled(by: -1) : DoubleDouble.pi.scaled(by: -1))
    }
    let rest = (DoubleDouble.one - re) * (DoubleDouble.one + re)
    guard rest.high > 4 * radius + ComplexBall.unit else { return nil }
    guard let angle = DoubleDouble.angle(y: re, x: rest.squareRoot) else { return nil }
    let slope = 1 / (rest.high - 3 * radius).squareRoot()
    return ComplexBall(re: angle, im: .zero, radius: radius * slope).rounded(4 + slope)
  }
}
