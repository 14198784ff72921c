import Foundation

/// Elementary functions, accurate to about 2^-98 relative (absolute near their zeros).
extension DoubleDouble {
  /// e^self, or nil beyond the range of doubles.
  var exponential: DoubleDouble? {
    guard abs(high) < 650 else { return nil }
    let k = (high / DoubleDouble.ln2.high).rounded()
    let reduced = (self - DoubleDouble.ln2 * k).scaled(by: -9)
    // Taylor series of e^r - 1 for |r| < 0.0007, then nine squarings of 1 + s as s -> 2 s + s^2.
    var term = reduced
    var sum = reduced
    for n in 2...11 {
      term = term * reduced / DoubleDouble(Double(n))
      sum = sum + term
    }
    for _ in 0..<9 { sum = sum * 2 + sum * sum }
    return (sum + .one).scaled(by: Int(k))
  }

  /// The natural logarithm of a positive number.
  var logarithm: DoubleDouble? {
    guard high > 0, high.isFinite else { return nil }
    // Keep the argument near 1 so that the exponential below cannot leave its range.
    let exponent = Int(high.exponent)
    let mantissa = scaled(by: -exponent)
    var y = DoubleDouble(log(mantissa.high))
    for _ in 0..<2 {
      guard let inverse = (-y).exponential else { return nil }
      y = y + (mantissa * inverse - .one)
    }
    return y + DoubleDouble.ln2 * Double(exponent)
  }

  /// Sine and cosine for arguments up to 10^8 in size; beyond, the reduction would lose the precision promised.
  var sineAndCosine: (sine: DoubleDouble, cosine: DoubleDouble)? {
    guard abs(high) < 1e8 else { return nil }
    let half = DoubleDouble.pi.scaled(by: -1)
    let k = (high / half.high).rounded()
    // pi to 160 bits in three parts: the third part matters once k is large.
    let third = -1.4973849048591698e-33
    let reduced = (self - half * k) - DoubleDouble(third * k)
    let (sine, cosine) = DoubleDouble.taylorSineAndCosine(reduced)
    switch Int(k) & 3 {
    case 0: return (sine, cosine)
    case 1: return (cosine, -sine)
    case 2: return (-sine, -cosine)
    default: return (-cosine, sine)
    }
  }

  /// Taylor series on |x| <= pi/4, halved three times to stay short.
  private static func taylorSineAndCosine(_ x: DoubleDouble) -> (DoubleDouble, DoubleDouble) {
    let r = x.scaled(by: -3)
    let square = r * r
    var term = r
    var sine = r
    var n = 1.0
    for _ in 0..<9 {
      term = -(term * square) / DoubleDouble((n + 1) * (n + 2))
      sine = sine + term
      n += 2
    }
    // 1 - cos r, so that nothing is lost next to 1.
    var versine = square.scaled(by: -1)
    term = versine
    n = 2
    for _ in 0..<9 {
      term = -(term * square) / DoubleDouble((n + 1) * (n + 2))
      versine = versine + term
      n += 2
    }
    for _ in 0..<3 {
      let cosine = .one - versine
      let doubled = sine * cosine * 2
      versine = sine * sine * 2
      sine = doubled
    }
    return (sine, .one - versine)
  }

  /// The angle of the point (x, y), in (-pi, pi]; nil at the origin.
  static func angle(y: DoubleDouble, x: DoubleDouble) -> DoubleDouble? {
    if y.isZero {
      if x.isZero { return nil }
      return x.isNegative ? .pi : .zero
    }
    let radius = (x * x + y * y).squareRoot
    guard radius.high > 0, radius.high.isFinite else { return nil }
    var angle = DoubleDouble(atan2(y.high, x.high))
    for _ in 0..<2 {
      guard let (sine, cosine) = angle.sineAndCosine else { return nil }
      angle = angle + (y * cosine - x * sine) / radius
    }
    return angle
  }
}
