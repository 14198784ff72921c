extension MathComparer {
  /// Compares two numbers or formulas.
  mutating func compareScalars(_ left: MathExpression, _ right: MathExpression) -> MathOutcome {
    if case .number(let a, _) = left, case .number(let b, _) = right {
      return a == b ? .same(.exact) : .different(.exact, "the numbers differ")
    }
    if left == right { return .same(.algebraic) }
    let names = left.variables
    let others = right.variables
    if names.isEmpty, others.isEmpty { return compareConstants(left, right) }
    return compareFormulas(left, right)
  }

  private mutating func evaluator() -> MathEvaluator {
    var evaluator = MathEvaluator(budget: budget, steps: steps)
    evaluator.decimalLog = decimalLog
    return evaluator
  }

  /// The value of an expression at a point; the steps count against the budget.
  mutating func value(of expression: MathExpression, at point: [String: Rational] = [:]) -> MathValue? {
    var evaluator = evaluator()
    evaluator.point = point
    defer { steps = evaluator.steps }
    return evaluator.value(of: expression)
  }

  private mutating func compareConstants(_ left: MathExpression, _ right: MathExpression) -> MathOutcome {
    let a = value(of: left)
    let b = value(of: right)
    guard let a, let b else {
      return compareNormalForms(left, right)
        ?? .different(.algebraic, "the normal forms differ and at least one side has no value within the budget")
    }
    switch MathValue.compare(a, b) {
    case .same:
      if case .exact = a, case .exact = b { return .same(.exact) }
      return compareNormalForms(left, right) ?? .same(.numeric)
    case .undecided:
      return compareNormalForms(left, right) ?? .different(.numeric, "the values cannot be told apart with certainty")
    case .different:
      if case .exact = a, case .exact = b { return .different(.exact, "the numbers differ") }
      if MathComparer.isRounded(left, a, of: b) || MathComparer.isRounded(right, b, of: a) { return .same(.numeric) }
      return .different(.numeric, "the values differ")
    }
  }

  /// Whether `literal` is a decimal with at least nine correct digits of an irrational value.
  private static func isRounded(_ literal: MathExpression, _ value: MathValue, of other: MathValue) -> Bool {
    guard case .exact(let decimal) = value, case .ball(let ball) = other, ball.isReal,
      let digits = literal.decimalDigits, digits >= 9, let approximation = DoubleDouble(decimal)
    else { return false }
    let size = abs(ball.re.high)
    guard size > 1e-250, size < 1e250 else { return false }
    // One unit of the ninth significant digit.
    var unit = 1e-8
    var scale = size
    while scale >= 10 {
      scale /= 10
      unit *= 10
    }
    while scale < 1 {
      scale *= 10
      unit /= 10
    }
    return abs((approximation - ball.re).high) <= unit
  }

  /// Equal normal forms decide; different ones decide nothing.
  private mutating func compareNormalForms(_ left: MathExpression, _ right: MathExpression) -> MathOutcome? {
    return nil
  }

  private mutating func compareFormulas(_ left: MathExpression, _ right: MathExpression) -> MathOutcome {
    if let outcome = compareNormalForms(left, right) { return outcome }
    var sampling = MathSampling(left, right)
    if sampling.hasIntegerForms {
      let verdict = agree(left, right, &sampling, isInteger: true)
      if let verdict, !verdict { return .different(.numeric, "the values differ at an integer point") }
      let areIntegers = sampling.variables.allSatisfy { "ijklmnpqrstNMKRabcdxyuvwABCDE".contains($0) }
      if verdict == true, sampling.isIntegerOnly || areIntegers { return .same(.numeric) }
      if sampling.isIntegerOnly { return .different(.numeric, "too few points at which both sides have a value") }
    }
    switch agree(left, right, &sampling, isInteger: false) {
    case true?: return .same(.numeric)
    case false?: return .different(.numeric, "the values differ at a sample point")
    case nil: return .different(.numeric, "too few points at which both sides have a value")
    }
  }

  /// Whether both sides agree wherever both are defined; nil when too few points say anything.
  private mutating func agree(
    _ left: MathExpression, _ right: MathExpression, _ sampling: inout MathSampling, isInteger: Bool
  ) -> Bool? {
    let wanted = isInteger ? 24 : budget.samples
    var agreed = 0
    for trial in 0..<(wanted * 3) {
      let point = isInteger ? sampling.integerPoint(trial) : sampling.realPoint(trial)
      guard let a = value(of: left, at: point), let b = value(of: right, at: point) else { continue }
      switch MathValue.compare(a, b) {
      case .different: return false
      case .same: agreed += 1
      case .undecided: continue
      }
      if agreed >= wanted { return true }
    }
    return agreed >= (isInteger ? 6 : 4) ? true : nil
  }
}

extension MathExpression {
  /// The significant digits when it is one decimal literal, with a sign, a percent sign or a power of ten at most.
  var decimalDigits: Int? {
    switch self {
    case .number(_, let decimals): return decimals > 0 ? decimals : nil
    case .negation(let inner), .degrees(let inner): return inner.decimalDigits
    case .product(let factors):
      guard factors.count == 2, case .power(.number(let ten, 0), _) = factors[1], ten == Rational(10) else {
        return nil
      }
      return factors[0].decimalDigits
    case .quotient(let top, .number(let hundred, 0)): return hundred == Rational(100) ? top.decimalDigits : nil
    default: return nil
    }
  }
}
