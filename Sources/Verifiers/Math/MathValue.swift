/// The value of an expression at a point: exact where arithmetic allows, enclosed by a ball otherwise.
enum MathValue: Sendable {
  case exact(Rational)
  case ball(ComplexBall)

  /// The value as a ball, or nil where it leaves the range of doubles.
  var enclosure: ComplexBall? {
    switch self {
    case .exact(let value): ComplexBall(value)
    case .ball(let ball): ball
    }
  }

  /// What two values at one point say about their expressions.
  enum Agreement { case same, different, undecided }

  /// Compares with proof: `different` when the enclosures are apart, `same` only when both are far tighter than any
  /// difference an answer could have.
  static func compare(_ left: MathValue, _ right: MathValue) -> Agreement {
    if case .exact(let a) = left, case .exact(let b) = right { return a == b ? .same : .different }
    guard let a = left.enclosure, let b = right.enclosure, let difference = a + (-b) else { return .undecided }
    if difference.size > difference.radius { return .different }
    let radius = a.radius + b.radius
    let size = min(a.size, b.size)
    // Values that touch zero have no relative precision; there only a very small radius decides.
    if radius <= size * 1e-20 || radius < 1e-22 { return .same }
    return .undecided
  }
}
