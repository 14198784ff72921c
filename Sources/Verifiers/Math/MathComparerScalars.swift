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
    var scale = size
    var unit = 1.0
    while scale >= 10 {
      scale /= 10
      unit *= 10
    }
    while scale < 1 {
      scale *= 10
      unit /= 10
    }
    // Half a unit of the ninth digit, or a whole one of the last written (a decimal cut off instead of rounded).
    var last = unit
    for _ in 1..<min(digits, 40) { last /= 10 }
    return abs((approximation - ball.re).high) <= max(0.5e-8 * unit, last)
  }

  /// Equal normal forms decide; different ones decide nothing.
  private mutating func compareNormalForms(_ left: MathExpression, _ right: MathExpression) -> MathOutcome? {
    var builder = NormalFormBuilder(budget: budget, decimalLog: decimalLog)
    defer { steps -= 6_000 - max(builder.work, 0) }
    guard let a = builder.form(of: left), let b = builder.form(of: right) else { return nil }
    if a == b { return .same(.algebraic) }
    guard let difference = builder.add(a, builder.negate(b)), builder.vanishes(difference) else { return nil }
    return .same(.algebraic)
  }

  private mutating func compareFormulas(_ left: MathExpression, _ right: MathExpression) -> MathOutcome {
    var sampling = MathSampling(left, right)
    // One point settles most differences for little; equality deserves the normal form.
    if !sampling.isIntegerOnly, !sampling.hasIntegerForms, differ(left, right, sampling) {
      return .different(.numeric, "the values differ at a sample point")
    }
    if let outcome = compareNormalForms(left, right) { return outcome }
    if sampling.hasIntegerForms {
      let verdict = agree(left, right, &sampling, isInteger: true)
      if let verdict, !verdict { return .different(.numeric, "the values differ at an integer point") }
      let areIntegers = sampling.variables.allSatisfy { "ijklmnpqNMK".contains($0) }
      if verdict == true, sampling.isIntegerOnly || areIntegers { return .same(.numeric) }
      if sampling.isIntegerOnly { return .different(.numeric, "too few points at which both sides have a value") }
    }
    switch agree(left, right, &sampling, isInteger: false) {
    case true?: return .same(.numeric)
    case false?: return .different(.numeric, "the values differ at a sample point")
    case nil: return .different(.numeric, "too few points at which both sides have a value")
    }
  }

  /// Whether the first point at which both sides have a value proves them different.
  private mutating func differ(_ left: MathExpression, _ right: MathExpression, _ sampling: MathSampling) -> Bool {
    var sampling = sampling
    for trial in 0..<3 {
      let point = sampling.realPoint(trial)
      guard let a = value(of: left, at: point), let b = value(of: right, at: point) else { continue }
      return MathValue.compare(a, b) == .different
    }
    return false
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
