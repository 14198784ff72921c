/// A set of real numbers as intervals in order, with exact end points.
struct MathRegion {
  /// An end point; nil stands for infinity.
  struct Bound {
    let expression: MathExpression
    let size: Double
  }

  struct Piece {
    var lower: Bound?
    var upper: Bound?
    var closedLower: Bool
    var closedUpper: Bool
  }

  var pieces: [Piece]

  static let reals = MathRegion(pieces: [Piece(lower: nil, upper: nil, closedLower: false, closedUpper: false)])
  static let empty = MathRegion(pieces: [])

  /// Doubles closer than this relative distance are one end point; the comparison of the end points is exact.
  private static func isSame(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-13 * max(1, abs(a), abs(b)) }

  static func isEmpty(_ piece: Piece) -> Bool {
    guard let lower = piece.lower, let upper = piece.upper else { return false }
    if isSame(lower.size, upper.size) { return !(piece.closedLower && piece.closedUpper) }
    return lower.size > upper.size
  }

  /// The pieces sorted, with touching ones joined.
  func joined() -> MathRegion {
    let sorted = pieces.filter { !MathRegion.isEmpty($0) }.sorted { a, b in
      let x = a.lower?.size ?? -.infinity
      let y = b.lower?.size ?? -.infinity
      return x == y ? a.closedLower && !b.closedLower : x < y
    }
    var result: [Piece] = []
    for piece in sorted {
      guard var last = result.last else {
        result.append(piece)
        continue
      }
      let end = last.upper?.size ?? .infinity
      let start = piece.lower?.size ?? -.infinity
      let touches =
        start < end || start == -.infinity
        || (end.isFinite && MathRegion.isSame(start, end) && (last.closedUpper || piece.closedLower))
      if !touches {
        result.append(piece)
        continue
      }
      let other = piece.upper?.size ?? .infinity
      if other.isFinite, end.isFinite, MathRegion.isSame(other, end) {
        last.closedUpper = last.closedUpper || piece.closedUpper
      } else if other > end {
        last.upper = piece.upper
        last.closedUpper = piece.closedUpper
      }
      result[result.count - 1] = last
    }
    return MathRegion(pieces: result)
  }

  func union(_ other: MathRegion) -> MathRegion { MathRegion(pieces: pieces + other.pieces).joined() }

  func intersection(_ other: MathRegion) -> MathRegion {
    var result: [Piece] = []
    for a in pieces {
      for b in other.pieces {
        var piece = a
        if let lower = b.lower {
          if let mine = a.lower, MathRegion.isSame(mine.size, lower.size) {
            piece.closedLower = a.closedLower && b.closedLower
          } else if a.lower.map({ $0.size < lower.size }) ?? true {
            piece.lower = lower
            piece.closedLower = b.closedLower
          }
        }
        if let upper = b.upper {
          if let mine = a.upper, MathRegion.isSame(mine.size, upper.size) {
            piece.closedUpper = a.closedUpper && b.closedUpper
          } else if a.upper.map({ $0.size > upper.size }) ?? true {
            piece.upper = upper
            piece.closedUpper = b.closedUpper
          }
        }
        result.append(piece)
      }
    }
    return MathRegion(pieces: result).joined()
  }

  /// Everything outside.
  func complement() -> MathRegion {
    var result: [Piece] = []
    var lower: Bound?
    var closedLower = false
    var isOpenEnded = true
    for piece in joined().pieces {
      if let start = piece.lower {
        result.append(
          Piece(lower: lower, upper: start, closedLower: closedLower, closedUpper: !piece.closedLower))
      }
      guard let end = piece.upper else {
        isOpenEnded = false
        break
      }
      lower = end
      closedLower = !piece.closedUpper
    }
    if isOpenEnded { result.append(Piece(lower: lower, upper: nil, closedLower: closedLower, closedUpper: false)) }
    return MathRegion(pieces: result).joined()
  }
}

extension MathComparer {
  /// Two sets of real numbers, whichever way they are written; nil when one of them is not such a set.
  mutating func compareRegions(_ left: MathExpression, _ right: MathExpression) -> MathOutcome? {
    if case .set = left, case .set = right { return nil }
    // (1, 2) is an interval only beside something that can be nothing else.
    guard left.isDefiniteRegion || right.isDefiniteRegion else { return nil }
    var unknownLeft: MathExpression?
    var unknownRight: MathExpression?
    guard let a = region(of: left, &unknownLeft), let b = region(of: right, &unknownRight) else { return nil }
    if let unknownLeft, let unknownRight, unknownLeft != unknownRight {
      return .different(.structural, "conditions on other variables")
    }
    let first = a.joined().pieces
    let second = b.joined().pieces
    guard first.count == second.count else {
      return .different(.structural, "\(first.count) pieces against \(second.count)")
    }
    for (x, y) in zip(first, second) {
      guard compareBounds(x.lower, y.lower), compareBounds(x.upper, y.upper) else {
        return .different(.structural, "an end point differs")
      }
      guard x.closedLower == y.closedLower, x.closedUpper == y.closedUpper else {
        return .different(.structural, "open against closed")
      }
    }
    return .same(.structural)
  }

  private mutating func compareBounds(_ a: MathRegion.Bound?, _ b: MathRegion.Bound?) -> Bool {
    switch (a, b) {
    case (nil, nil): return true
    case (let a?, let b?): return compareScalars(a.expression, b.expression).isSame
    default: return false
    }
  }

  /// The set that an expression describes. `unknown` is what its conditions are about, one and the same in all.
  private mutating func region(of expression: MathExpression, _ unknown: inout MathExpression?) -> MathRegion? {
    switch expression {
    case .constant(.reals): return .reals
    case .constant(.emptySet): return .empty
    case .interval(let lower, let upper, let closedLower, let closedUpper):
      return piece(lower, upper, closedLower, closedUpper)
    case .tuple(let parts, .round) where parts.count == 2: return piece(parts[0], parts[1], false, false)
    case .set(let elements):
      var pieces: [MathRegion.Piece] = []
      for element in elements {
        guard element.isScalar, case .finite(let bound)? = end(element) else { return nil }
        pieces.append(.init(lower: bound, upper: bound, closedLower: true, closedUpper: true))
      }
      return MathRegion(pieces: pieces).joined()
    case .setOperation(let operation, let left, let right):
      guard let a = region(of: left, &unknown), let b = region(of: right, &unknown) else { return nil }
      switch operation {
      case .union: return a.union(b)
      case .intersection: return a.intersection(b)
      case .difference: return a.intersection(b.complement())
      }
    case .relation(let first, let steps): return condition(first, steps, &unknown)
    case .list(let elements):
      guard elements.allSatisfy({ $0.isOrder || $0.isRegion }) else { return nil }
      var regions: [MathRegion] = []
      for element in elements {
        guard let next = region(of: element, &unknown) else { return nil }
        regions.append(next)
      }
      guard let first = regions.first else { return nil }
      // Conditions side by side hold together; where that is impossible they are alternatives.
      let all = regions.dropFirst().reduce(first) { $0.intersection($1) }
      if elements.allSatisfy(\.isOrder), !all.pieces.isEmpty { return all }
      return regions.dropFirst().reduce(first) { $0.union($1) }
    default: return nil
    }
  }

  private enum End {
    case infinite(isNegative: Bool)
    case finite(MathRegion.Bound)
  }

  private mutating func end(_ expression: MathExpression) -> End? {
    switch expression {
    case .constant(.infinity): return .infinite(isNegative: false)
    case .negation(.constant(.infinity)): return .infinite(isNegative: true)
    default:
      guard expression.isScalar, let value = value(of: expression), let ball = value.enclosure, ball.isReal else {
        return nil
      }
      return .finite(.init(expression: expression, size: ball.re.high))
    }
  }

  private mutating func piece(
    _ lower: MathExpression, _ upper: MathExpression, _ closedLower: Bool, _ closedUpper: Bool
  ) -> MathRegion? {
    guard let start = end(lower), let finish = end(upper) else { return nil }
    // A closed end at infinity is kept as written: it is another answer.
    var piece = MathRegion.Piece(lower: nil, upper: nil, closedLower: closedLower, closedUpper: closedUpper)
    switch start {
    case .infinite(let isNegative): if !isNegative { return nil }
    case .finite(let bound): piece.lower = bound
    }
    switch finish {
    case .infinite(let isNegative): if isNegative { return nil }
    case .finite(let bound): piece.upper = bound
    }
    // Ends in the wrong order are a point of the plane or a mistake, not the empty set.
    return MathRegion.isEmpty(piece) ? nil : MathRegion(pieces: [piece])
  }

  /// The solutions of a chain of linear conditions on one variable.
  private mutating func condition(
    _ first: MathExpression, _ steps: [MathExpression.RelationStep], _ unknown: inout MathExpression?
  ) -> MathRegion? {
    let isOrder = steps.allSatisfy { $0.relation.isOrder || $0.relation == .notEqual }
    guard isOrder || (steps.count == 1 && steps[0].relation == .equal) else { return nil }
    var left = first
    var result = MathRegion.reals
    for step in steps {
      guard let next = solve(left, step.relation, step.right, &unknown) else { return nil }
      result = result.intersection(next)
      left = step.right
    }
    return result
  }

  private mutating func solve(
    _ left: MathExpression, _ relation: Relation, _ right: MathExpression, _ name: inout MathExpression?
  ) -> MathRegion? {
    guard left.isScalar, right.isScalar else { return nil }
    if relation == .equal, case .variable = left {
      guard name == nil || name == left, case .finite(let bound)? = end(right) else { return nil }
      name = left
      return MathRegion(pieces: [.init(lower: bound, upper: bound, closedLower: true, closedUpper: true)])
    }
    if case .function(.abs, let inner) = right { return solve(.function(.abs, inner), relation.flipped, left, &name) }
    if case .function(.abs, let inner) = left, right.variables.isEmpty, right.unknown == nil {
      // |f| < c is -c < f < c; |f| > c is f < -c or f > c.
      guard case .finite(let bound)? = end(right), bound.size > 0,
        let one = solve(inner[0], relation, right, &name),
        let other = solve(inner[0], relation.flipped, .negation(right), &name)
      else { return nil }
      return relation == .less || relation == .lessOrEqual ? one.intersection(other) : one.union(other)
    }
    if left == .constant(.infinity) || right == .constant(.infinity) || left == .negation(.constant(.infinity))
      || right == .negation(.constant(.infinity))
    {
      return left.variables.isEmpty && right.variables.isEmpty ? nil : .reals
    }
    let unknown = left.unknown ?? right.unknown
    guard let unknown, name == nil || name == unknown else { return nil }
    name = unknown
    let difference = MathExpression.sum([left, .negation(right)]).replacing(unknown, by: .variable("the unknown"))
    guard difference.variables == ["the unknown"] else { return nil }
    var slopes: [MathValue] = []
    let origin = difference.substituting("the unknown", .integer(0))
    guard let start = value(of: origin) else { return nil }
    for x in [1, -3, 2, 5] {
      guard let there = value(of: difference, at: ["the unknown": Rational(x)]),
        let slope = MathComparer.slope(from: start, to: there, over: x)
      else { return nil }
      slopes.append(slope)
    }
    guard slopes.dropFirst().allSatisfy({ MathValue.compare($0, slopes[0]) == .same }),
      let slope = slopes[0].enclosure, slope.isReal, !slope.mayBeZero
    else { return nil }
    let root = MathExpression.quotient(
      .negation(origin),
      .sum([difference.substituting("the unknown", .integer(1)), .negation(origin)]))
    guard case .finite(let bound)? = end(root) else { return nil }
    let relation = slope.re.isNegative ? relation.flipped : relation
    switch relation {
    case .less, .lessOrEqual:
      return MathRegion(pieces: [
        .init(lower: nil, upper: bound, closedLower: false, closedUpper: relation == .lessOrEqual)
      ])
    case .greater, .greaterOrEqual:
      return MathRegion(pieces: [
        .init(lower: bound, upper: nil, closedLower: relation == .greaterOrEqual, closedUpper: false)
      ])
    case .notEqual:
      return MathRegion(pieces: [
        .init(lower: nil, upper: bound, closedLower: false, closedUpper: false),
        .init(lower: bound, upper: nil, closedLower: false, closedUpper: false),
      ])
    default: return nil
    }
  }

  private static func slope(from start: MathValue, to end: MathValue, over distance: Int) -> MathValue? {
    var evaluator = MathEvaluator(budget: .standard, steps: 1000)
    guard let negated = evaluator.negate(start), let rise = evaluator.add(end, negated) else { return nil }
    return evaluator.divide(rise, .exact(Rational(distance)))
  }
}

extension MathExpression {
  /// The variable, or the unknown function value, that a condition is about.
  var unknown: MathExpression? {
    switch self {
    case .variable, .application: return self
    default:
      for child in children { if let found = child.unknown { return found } }
      return nil
    }
  }

  /// The expression with every occurrence of a part replaced.
  func replacing(_ part: MathExpression, by other: MathExpression) -> MathExpression {
    if self == part { return other }
    let parts = children
    return parts.isEmpty ? self : replacingChildren(parts.map { $0.replacing(part, by: other) })
  }
}
