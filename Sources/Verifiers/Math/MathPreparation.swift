/// Rewrites before a comparison: ± as two values, chains of equalities by their ends, membership by its set.
enum MathPreparation {
  static func prepare(_ expression: MathExpression, _ budget: MathBudget) -> MathExpression {
    let chained = chains(MathMatrixArithmetic.folded(expression))
    guard chained.contains({ if case .plusMinus = $0 { true } else { false } }) else { return flattened(chained) }
    return flattened(expanded(chained, budget))
  }

  /// Lists inside lists as one list.
  private static func flattened(_ expression: MathExpression) -> MathExpression {
    switch expression {
    case .list(let elements):
      var flat: [MathExpression] = []
      for element in elements {
        switch element {
        case .list(let inner): flat.append(contentsOf: inner)
        default: flat.append(element)
        }
      }
      return flat.count == 1 ? flat[0] : .list(distributed(flat))
    default: return expression
    }
  }

  /// `x = 1, 2` names both values; `x = 1, y = 2` stays as it is.
  private static func distributed(_ elements: [MathExpression]) -> [MathExpression] {
    guard elements.count > 1, case .relation(let name, let steps) = elements[0], steps.count == 1,
      steps[0].relation == .equal, elements.dropFirst().allSatisfy({ $0.isScalar })
    else { return elements }
    return [elements[0]] + elements.dropFirst().map { .relation(name, [.init(relation: .equal, right: $0)]) }
  }

  // MARK: Chains

  private static func chains(_ expression: MathExpression) -> MathExpression {
    switch expression {
    case .list(let elements):
      // "x = 2k, k in Z": where the index runs adds nothing to the values.
      let values = elements.filter { !$0.isIndexRange }
      return .list((values.isEmpty ? elements : values).map(chains))
    case .relation(let first, let steps):
      if steps.count == 1, steps[0].relation == .element { return steps[0].right }
      if steps.allSatisfy({ $0.relation == .equal }) { return equalities([first] + steps.map(\.right)) }
      return expression
    default: return expression
    }
  }

  /// A chain of equalities: a name (or two sides) and the last value; the values between must agree.
  private static func equalities(_ parts: [MathExpression]) -> MathExpression {
    let constants = parts.filter { $0.isScalar && $0.variables.isEmpty && !$0.isName }
    if constants.count > 1 {
      var comparer = MathComparer()
      for part in constants.dropFirst() {
        if !comparer.compareScalars(constants[0], part).isSame { return .text("a false chain of equalities") }
      }
    }
    var parts = parts
    if constants.count == parts.count { return simplest(constants) }
    // 5 = x says x = 5.
    if parts.count == 2, !parts[0].isName, parts[1].isName { parts.swapAt(0, 1) }
    let value = constants.isEmpty ? parts[parts.count - 1] : simplest(constants)
    let name = parts.first { $0.isName } ?? parts[0]
    if name == value { return .relation(parts[0], [.init(relation: .equal, right: parts[parts.count - 1])]) }
    return .relation(name, [.init(relation: .equal, right: value)])
  }

  /// Of equal values the exact one that is written simplest: a number where there is one.
  private static func simplest(_ values: [MathExpression]) -> MathExpression {
    values.last { if case .number = $0 { true } else { false } } ?? values[values.count - 1]
  }

  // MARK: Plus or minus

  private static func expanded(_ expression: MathExpression, _ budget: MathBudget) -> MathExpression {
    switch expression {
    case .list(let elements): return .list(elements.flatMap { variants($0, budget) })
    case .set(let elements): return .set(elements.flatMap { variants($0, budget) })
    default:
      let all = variants(expression, budget)
      return all.count == 1 ? all[0] : .list(all)
    }
  }

  /// All readings of the signs: together where ∓ occurs, each by itself otherwise.
  private static func variants(_ expression: MathExpression, _ budget: MathBudget) -> [MathExpression] {
    var signs = 0
    var isCoupled = false
    count(expression, &signs, &isCoupled)
    if signs == 0 { return [expression] }
    if signs == 1 || isCoupled {
      return [false, true].map { isLower in
        var index = 0
        return resolved(expression, &index) { _, isMinusFirst in isLower != isMinusFirst }
      }
    }
    if signs > 4 { return [expression] }
    return (0..<(1 << signs)).map { mask in
      var index = 0
      return resolved(expression, &index) { index, _ in mask >> index & 1 == 1 }
    }
  }

  private static func count(_ expression: MathExpression, _ signs: inout Int, _ isCoupled: inout Bool) {
    if case .plusMinus(_, _, let isMinusFirst) = expression {
      signs += 1
      isCoupled = isCoupled || isMinusFirst
    }
    for child in expression.children { count(child, &signs, &isCoupled) }
  }

  private static func resolved(
    _ expression: MathExpression, _ index: inout Int, _ isMinus: (Int, Bool) -> Bool
  ) -> MathExpression {
    if case .plusMinus(let left, let right, let isMinusFirst) = expression {
      let minus = isMinus(index, isMinusFirst)
      index += 1
      let first = left.map { resolved($0, &index, isMinus) }
      let second = resolved(right, &index, isMinus)
      let signed = minus ? MathExpression.negation(second) : second
      return first.map { .sum([$0, signed]) } ?? signed
    }
    var parts: [MathExpression] = []
    for child in expression.children { parts.append(resolved(child, &index, isMinus)) }
    return parts.isEmpty ? expression : expression.replacingChildren(parts)
  }
}

extension MathExpression {
  /// Whether it says only that a variable is an integer, a real number and the like.
  var isIndexRange: Bool {
    guard case .relation(.variable, let steps) = self, steps.count == 1, steps[0].relation == .element else {
      return false
    }
    if case .variable(let set) = steps[0].right { return set.hasPrefix("bb") }
    return steps[0].right == .constant(.reals)
  }

  /// Whether it can be the left side of an assignment.
  var isName: Bool {
    switch self {
    case .variable, .application: true
    case .function(.overline, _), .function(.vector, _): true
    case .degrees(let inner): inner.isName
    case .function(.abs, let inner): inner.allSatisfy { $0.spelled != nil }
    case .constant(.imaginary), .constant(.euler): false
    case .quotient(let top, let bottom):
      // dy/dx names a derivative.
      [top, bottom].allSatisfy { $0.spelled.map { $0.utf8.count == 2 && $0.hasPrefix("d") } ?? false }
    default: false
    }
  }
}
