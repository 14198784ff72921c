/// How a verdict was reached.
public enum MathMethod: String, Sendable, Equatable, CaseIterable {
  /// Exact rational arithmetic.
  case exact
  /// Equal normal forms.
  case algebraic
  /// Evaluation with error bounds, at sample points where there are variables.
  case numeric
  /// Element by element: sets, intervals, relations, matrices, words.
  case structural
}

/// The result of a comparison.
struct MathOutcome: Sendable, Equatable {
  let isSame: Bool
  let method: MathMethod
  /// What differed; empty when nothing did.
  let difference: String

  static func same(_ method: MathMethod) -> MathOutcome { MathOutcome(isSame: true, method: method, difference: "") }
  static func different(_ method: MathMethod, _ what: String) -> MathOutcome {
    MathOutcome(isSame: false, method: method, difference: what)
  }
}

/// Compares two answers within a budget. Symmetric: the order of the arguments never changes the outcome.
struct MathComparer {
  let budget: MathBudget
  var steps: Int
  /// Whether `log` without a base is decimal in this comparison.
  var decimalLog = false
  private var depth = 0

  init(budget: MathBudget = .standard) {
    self.budget = budget
    steps = budget.steps
  }

  /// Compares two parsed answers.
  mutating func compare(answers left: MathExpression, _ right: MathExpression) -> MathOutcome {
    if case .number(let a, _) = left, case .number(let b, _) = right {
      return a == b ? .same(.exact) : .different(.exact, "the numbers differ")
    }
    let a = MathPreparation.prepare(left, budget)
    let b = MathPreparation.prepare(right, budget)
    let outcome = compare(a, b)
    if outcome.isSame { return outcome }
    let isBareLog: (MathExpression) -> Bool = { if case .function(.log, _) = $0 { true } else { false } }
    if a.contains(isBareLog) || b.contains(isBareLog) {
      // Without a base it may be either; the convention must be one for both sides.
      decimalLog = true
      defer { decimalLog = false }
      let decimal = compare(a, b)
      if decimal.isSame { return decimal }
    }
    if let x = MathComparer.withCodeConstants(a, b) {
      let coded = compare(x, b)
      if coded.isSame { return coded }
    }
    if let y = MathComparer.withCodeConstants(b, a) {
      let coded = compare(a, y)
      if coded.isSame { return coded }
    }
    return outcome
  }

  /// `E` and `I` as code writes e and i, where the other side has the constant and not the letter.
  private static func withCodeConstants(_ side: MathExpression, _ other: MathExpression) -> MathExpression? {
    var result: MathExpression?
    for (letter, constant) in [("E", MathConstant.euler), ("I", .imaginary)] {
      func uses(_ node: MathExpression) -> Bool { node == .variable(letter) }
      func has(_ node: MathExpression) -> Bool { node == .constant(constant) }
      if side.contains(uses), !side.contains(has), other.contains(has), !other.contains(uses) {
        result = (result ?? side).replacing(.variable(letter), by: .constant(constant))
      }
    }
    return result
  }

  mutating func compare(_ left: MathExpression, _ right: MathExpression) -> MathOutcome {
    depth += 1
    defer { depth -= 1 }
    steps -= 1
    if steps <= 0 || depth > 48 { return .different(.structural, "the budget of the comparison is used up") }
    if left == right { return .same(left.isScalar ? .algebraic : .structural) }
    if left.isScalar, right.isScalar { return compareScalars(left, right) }
    if let outcome = compareWords(left, right) { return outcome }
    if let outcome = compareNumerals(left, right) { return outcome }
    if let outcome = compareRelations(left, right) { return outcome }
    if let outcome = compareCollections(left, right) { return outcome }
    if let outcome = compareTuples(left, right) { return outcome }
    if let outcome = compareRatios(left, right) { return outcome }
    if let outcome = compareRegions(left, right) { return outcome }
    if let outcome = compareSetOperations(left, right) { return outcome }
    return .different(.structural, "\(left.kindName) against \(right.kindName)")
  }

  /// Numerals in other bases: the same digits in the same base, whatever the values.
  private func compareNumerals(_ left: MathExpression, _ right: MathExpression) -> MathOutcome? {
    switch (left, right) {
    case (.based(let a, let baseA, _), .based(let b, let baseB, _)):
      if a == b, baseA == baseB { return .same(.structural) }
      return .different(.structural, baseA == baseB ? "the digits differ" : "the bases differ")
    case (.based, _) where right.isScalar, (_, .based) where left.isScalar:
      return .different(.structural, "a numeral in another base against \(right.isScalar ? "a" : "no") number")
    default: return nil
    }
  }

  private func compareWords(_ left: MathExpression, _ right: MathExpression) -> MathOutcome? {
    switch (left, right) {
    case (.text(let a), .text(let b)):
      return PlainWords.folded(a) == PlainWords.folded(b)
        ? .same(.structural) : .different(.structural, "the words differ")
    case (.text(let words), let other), (let other, .text(let words)):
      guard other.isScalar else { return nil }
      if case .number(let hour, 0) = other, "\(hour.description):00" == words.dropLast(3), words.hasSuffix("m") {
        return .same(.structural)
      }
      if let spelled = other.spelled, PlainWords.folded(spelled) == PlainWords.folded(words) {
        return .same(.structural)
      }
      return .different(.structural, "words against \(other.kindName)")
    default: return nil
    }
  }

  private mutating func compareRatios(_ left: MathExpression, _ right: MathExpression) -> MathOutcome? {
    switch (left, right) {
    case (.ratio(let a), .ratio(let b)):
      guard a.count == b.count else { return .different(.structural, "ratios of \(a.count) and \(b.count) parts") }
      // With a zero in it, proportion says too little: 5:00 is not 6:00.
      if (a + b).contains(.integer(0)) { return compareOrdered(a, b) }
      for index in 1..<a.count {
        let outcome = compareScalars(.product([a[0], b[index]]), .product([b[0], a[index]]))
        if !outcome.isSame { return .different(.structural, "the ratios differ") }
      }
      return .same(.structural)
    case (.ratio(let parts), let other), (let other, .ratio(let parts)):
      guard parts.count == 2, other.isScalar else { return nil }
      return compareScalars(.quotient(parts[0], parts[1]), other)
    default: return nil
    }
  }
}

extension MathExpression {
  /// What it is, for messages.
  var kindName: String {
    switch self {
    case .number: "a number"
    case .list: "a list"
    case .set: "a set"
    case .tuple: "a tuple"
    case .interval: "an interval"
    case .setOperation: "a set"
    case .relation: "a relation"
    case .matrix: "a matrix"
    case .ratio: "a ratio"
    case .text: "words"
    case .based: "a numeral in another base"
    case .constant(.emptySet), .constant(.reals): "a set"
    default: variables.isEmpty ? "a number" : "an expression"
    }
  }

  /// The letters of a product of variables, which may be a word.
  var spelled: String? {
    switch self {
    case .variable(let name): name
    case .constant(.euler): "e"
    case .constant(.imaginary): "i"
    case .product(let factors):
      factors.reduce(String?.some("")) { text, factor in
        guard let text, let next = factor.spelled else { return nil }
        return text + next
      }
    default: nil
    }
  }
}
