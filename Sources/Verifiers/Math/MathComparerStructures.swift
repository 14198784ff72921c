extension MathComparer {
  // MARK: Lists and sets

  /// Lists and sets against each other, and against a single value.
  mutating func compareCollections(_ left: MathExpression, _ right: MathExpression) -> MathOutcome? {
    switch (left, right) {
    case (.list(let a), .list(let b)): return compareLists(a, b)
    case (.list(let a), .set(let b)), (.set(let b), .list(let a)):
      return compareSets(MathComparer.values(of: a) ?? a, b)
    case (.set(let a), .set(let b)): return compareSets(a, b)
    case (.list(let elements), let other), (let other, .list(let elements)):
      if case .text(let words) = other { return compareLists(elements, MathComparer.listed(words)) }
      if case .tuple(let cells, _) = other, let named = MathComparer.sortedAssignments(elements) {
        return compareOrdered(named.map(\.value), cells)
      }
      if other.isDefiniteRegion || (other.isRegion && MathExpression.list(elements).isDefiniteRegion) { return nil }
      // One value written twice, as in "x + 11 or 11 + x", is one answer.
      if elements.count <= 4, distinct(elements).count == 1 { return compare(elements[0], other) }
      return .different(.structural, "\(elements.count) answers against one")
    case (.set(let elements), let other), (let other, .set(let elements)):
      if elements.count == 1, other.isScalar { return compare(elements[0], other) }
      return other.isScalar ? .different(.structural, "a set of \(elements.count) against a single value") : nil
    default: return nil
    }
  }

  /// "alice and bob" as a list of words.
  private static func listed(_ words: String) -> [MathExpression] {
    var elements: [[Substring]] = [[]]
    for word in words.split(separator: " ") {
      if word == "and" || word == "or" { elements.append([]) } else { elements[elements.count - 1].append(word) }
    }
    return elements.map { .text($0.joined(separator: " ")) }
  }

  /// The values of `x = 1, x = 2`, or nil when the names differ.
  private static func values(of elements: [MathExpression]) -> [MathExpression]? {
    guard case .relation(let name, _)? = elements.first else { return nil }
    var values: [MathExpression] = []
    for element in elements {
      guard case .relation(name, let steps) = element, steps.count == 1, steps[0].relation == .equal, name.isName else {
        return nil
      }
      values.append(steps[0].right)
    }
    return values
  }

  /// Assignments to different names, in alphabetical order of the names.
  private static func sortedAssignments(_ elements: [MathExpression]) -> [(name: String, value: MathExpression)]? {
    var pairs: [(name: String, value: MathExpression)] = []
    for element in elements {
      guard case .relation(.variable(let name), let steps) = element, steps.count == 1, steps[0].relation == .equal
      else {
        return nil
      }
      pairs.append((name, steps[0].right))
    }
    pairs.sort { $0.name < $1.name }
    for index in 1..<max(pairs.count, 1) where pairs[index].name == pairs[index - 1].name { return nil }
    return pairs
  }

  private mutating func compareLists(_ left: [MathExpression], _ right: [MathExpression]) -> MathOutcome? {
    if left.allSatisfy(\.isOrder) || right.allSatisfy(\.isOrder),
      let outcome = compareRegions(.list(left), .list(right))
    {
      return outcome
    }
    let namedLeft = MathComparer.values(of: left)
    let namedRight = MathComparer.values(of: right)
    // Names on one side only are dropped; on both sides they have to agree, which the elements check.
    let a = namedRight == nil ? namedLeft ?? left : left
    let b = namedLeft == nil ? namedRight ?? right : right
    guard a.count == b.count else { return .different(.structural, "\(a.count) answers against \(b.count)") }
    return matchUnordered(a, b)
  }

  /// Pairs every element with one of the other side.
  private mutating func matchUnordered(_ a: [MathExpression], _ b: [MathExpression]) -> MathOutcome {
    var free = Array(b.indices)
    for element in a {
      guard let position = free.firstIndex(where: { compare(element, b[$0]).isSame }) else {
        return .different(.structural, "an element has no match on the other side")
      }
      free.remove(at: position)
    }
    return .same(.structural)
  }

  private mutating func compareSets(_ left: [MathExpression], _ right: [MathExpression]) -> MathOutcome {
    let a = distinct(left)
    let b = distinct(right)
    guard a.count == b.count else {
      return .different(.structural, "sets of \(a.count) and \(b.count) different elements")
    }
    return matchUnordered(a, b)
  }

  private mutating func distinct(_ elements: [MathExpression]) -> [MathExpression] {
    var kept: [MathExpression] = []
    for element in elements where !kept.contains(where: { compare($0, element).isSame }) { kept.append(element) }
    return kept
  }

  /// Unions, intersections and differences of sets that are only named, such as `A \cup B`.
  mutating func compareSetOperations(_ left: MathExpression, _ right: MathExpression) -> MathOutcome? {
    guard case .setOperation(let operation, _, _) = left, case .setOperation(operation, _, _) = right else {
      return nil
    }
    let a = left.operands(of: operation)
    let b = right.operands(of: operation)
    guard a.count == b.count else { return .different(.structural, "\(a.count) sets against \(b.count)") }
    return operation == .difference ? compareOrdered(a, b) : matchUnordered(a, b)
  }

  // MARK: Tuples and matrices

  /// Tuples, vectors and matrices, element by element.
  mutating func compareTuples(_ left: MathExpression, _ right: MathExpression) -> MathOutcome? {
    switch (left, right) {
    case (.tuple(let a, _), .tuple(let b, _)): return compareOrdered(a, b)
    case (.application(let name, let a), .tuple(let b, .round)), (.tuple(let b, .round), .application(let name, let a)):
      // P(1, 2) is the point (1, 2) with its name.
      guard a.count > 1, name.utf8.first.map(MathLexer.isUpper) ?? false else { return nil }
      return compareOrdered(a, b)
    case (.matrix(let a), .matrix(let b)):
      guard a.count == b.count, a[0].count == b[0].count else {
        return .different(.structural, "matrices of different shapes")
      }
      return compareOrdered(a.flatMap { $0 }, b.flatMap { $0 })
    case (.matrix(let rows), .tuple(let cells, _)), (.tuple(let cells, _), .matrix(let rows)):
      guard rows.count == 1 || rows[0].count == 1 else { return .different(.structural, "a matrix against a tuple") }
      return compareOrdered(rows.flatMap { $0 }, cells)
    default: return nil
    }
  }

  mutating func compareOrdered(_ a: [MathExpression], _ b: [MathExpression]) -> MathOutcome {
    guard a.count == b.count else { return .different(.structural, "\(a.count) elements against \(b.count)") }
    for (index, pair) in zip(a, b).enumerated() {
      let outcome = compare(pair.0, pair.1)
      if !outcome.isSame { return .different(.structural, "element \(index + 1): \(outcome.difference)") }
    }
    return .same(.structural)
  }

  // MARK: Relations

  /// Equations, assignments and inequalities.
  mutating func compareRelations(_ left: MathExpression, _ right: MathExpression) -> MathOutcome? {
    switch (left, right) {
    case (.relation(let a, let stepsA), .relation(let b, let stepsB)):
      return compareRelations(a, stepsA, b, stepsB)
    case (.relation(let name, let steps), let other), (let other, .relation(let name, let steps)):
      if let candidates = MathComparer.approximations(name, steps) {
        return compareApproximations(candidates, other)
      }
      guard steps.count == 1, steps[0].relation == .equal else { return nil }
      let value = steps[0].right
      if case .tuple(let names, _) = name, names.allSatisfy(\.isName) { return compare(value, other) }
      if case .list(let elements) = other {
        return .different(.structural, "one assignment against \(elements.count) answers")
      }
      guard name.isName else { return .different(.structural, "an equation against \(other.kindName)") }
      if MathComparer.isCurve(name, value) {
        return .different(.structural, "an equation against one side of it")
      }
      return compare(value, other)
    default: return nil
    }
  }

  /// `y = 2x + 1` describes a curve: its right side alone is no answer. `k = 2n - 1` and `f(x) = …` assign.
  private static func isCurve(_ name: MathExpression, _ value: MathExpression) -> Bool {
    guard case .variable(let letter) = name, ["x", "y", "z"].contains(letter) else { return false }
    return !value.variables.isDisjoint(with: ["x", "y", "z"])
  }

  /// The values of a chain with ≈ whose ends agree to one per cent.
  private static func approximations(
    _ first: MathExpression, _ steps: [MathExpression.RelationStep]
  ) -> [MathExpression]? {
    guard steps.contains(where: { $0.relation == .approximate }),
      steps.allSatisfy({ $0.relation == .approximate || $0.relation == .equal })
    else { return nil }
    return ([first] + steps.map(\.right)).filter { !$0.isName }
  }

  private mutating func compareApproximations(_ candidates: [MathExpression], _ other: MathExpression) -> MathOutcome {
    // Values that are no approximations of each other are several guesses.
    var sizes: [Double] = []
    for candidate in candidates {
      guard let ball = value(of: candidate)?.enclosure, ball.isReal else {
        return .different(.structural, "an approximation without values")
      }
      sizes.append(ball.re.high)
    }
    guard let first = sizes.first else { return .different(.structural, "an approximation without values") }
    for size in sizes where abs(size - first) > 0.01 * max(abs(first), abs(size)) {
      return .different(.structural, "an approximation whose sides differ")
    }
    for candidate in candidates where compare(candidate, other).isSame { return .same(.numeric) }
    return .different(.numeric, "no side of the approximation matches")
  }

  private mutating func compareRelations(
    _ a: MathExpression, _ stepsA: [MathExpression.RelationStep], _ b: MathExpression,
    _ stepsB: [MathExpression.RelationStep]
  ) -> MathOutcome? {
    guard stepsA.count == stepsB.count else { return nil }
    if stepsA.count > 1 {
      if stepsA.contains(where: { $0.relation.isOrder }) { return compareChains(a, stepsA, b, stepsB) }
      guard zip(stepsA, stepsB).allSatisfy({ $0.relation == $1.relation }) else { return nil }
      return compareOrdered([a] + stepsA.map(\.right), [b] + stepsB.map(\.right))
    }
    let x = stepsA[0]
    let y = stepsB[0]
    if x.relation == .equal, y.relation == .equal {
      if a == b, a.isName { return compare(x.right, y.right) }
      if case .tuple(let names, _) = a, case .tuple(let others, _) = b, names.allSatisfy(\.isName) {
        return names == others ? compare(x.right, y.right) : .different(.structural, "other names")
      }
      guard a.isScalar, b.isScalar, x.right.isScalar, y.right.isScalar else {
        return a == b ? compare(x.right, y.right) : .different(.structural, "other sides")
      }
      return compareEquations((a, x.right), (b, y.right))
    }
    if x.relation.isOrder || x.relation == .notEqual {
      // A solved condition is compared as the set it describes.
      if let outcome = compareRegions(.relation(a, stepsA), .relation(b, stepsB)) { return outcome }
      return compareInequalities((a, x), (b, y))
    }
    guard x.relation == y.relation else { return .different(.structural, "other relations") }
    return compareOrdered([a, x.right], [b, y.right])
  }

  /// Chains of order relations read in either direction.
  private mutating func compareChains(
    _ a: MathExpression, _ stepsA: [MathExpression.RelationStep], _ b: MathExpression,
    _ stepsB: [MathExpression.RelationStep]
  ) -> MathOutcome? {
    if let outcome = compareRegions(.relation(a, stepsA), .relation(b, stepsB)) { return outcome }
    let parts = [b] + stepsB.map(\.right)
    if zip(stepsA, stepsB).allSatisfy({ $0.relation == $1.relation }) {
      let outcome = compareOrdered([a] + stepsA.map(\.right), parts)
      if outcome.isSame { return outcome }
    }
    guard zip(stepsA, stepsB.reversed()).allSatisfy({ $0.relation == $1.relation.flipped }) else {
      return .different(.structural, "the chains differ")
    }
    return compareOrdered([a] + stepsA.map(\.right), parts.reversed())
  }
}

extension MathExpression {
  /// Whether it is a set of real numbers that an interval can be compared with.
  var isRegion: Bool {
    switch self {
    case .interval, .setOperation, .constant(.reals), .constant(.emptySet): true
    case .tuple(let parts, .round): parts.count == 2
    default: isOrder
    }
  }

  /// The operands of a chain of one set operation.
  func operands(of operation: SetOperation) -> [MathExpression] {
    guard case .setOperation(operation, let left, let right) = self else { return [self] }
    return left.operands(of: operation) + (operation == .difference ? [right] : right.operands(of: operation))
  }

  /// Whether it can be nothing but a set of real numbers. A pair in round brackets may be a point; a list of pairs,
  /// points.
  var isDefiniteRegion: Bool {
    switch self {
    case .tuple(let parts, .round):
      parts.count == 2 && (parts[0] == .negation(.constant(.infinity)) || parts[1] == .constant(.infinity))
    case .list(let elements): elements.contains { $0.isDefiniteRegion } && elements.allSatisfy { $0.isRegion }
    default: isRegion
    }
  }
}
