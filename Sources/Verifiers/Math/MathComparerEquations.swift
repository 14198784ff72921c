extension MathComparer {
  /// Two equations hold together when their differences of sides are proportional.
  mutating func compareEquations(
    _ left: (MathExpression, MathExpression), _ right: (MathExpression, MathExpression)
  ) -> MathOutcome {
    let a = MathExpression.sum([left.0, .negation(left.1)])
    let b = MathExpression.sum([right.0, .negation(right.1)])
    guard a.variables == b.variables, !a.variables.isEmpty else {
      return .different(.structural, "equations in other variables")
    }
    if proportion(a, b) != nil { return .same(.structural) }
    // Moved denominators: compare the numerators.
    if a.hasVariableDenominator || b.hasVariableDenominator,
      proportion(a.clearingDenominators.top, b.clearingDenominators.top) != nil
    {
      return .same(.structural)
    }
    return .different(.structural, "the equations are not multiples of each other")
  }

  /// Two inequalities hold together when their differences of sides are proportional by a positive factor.
  mutating func compareInequalities(
    _ left: (MathExpression, MathExpression.RelationStep), _ right: (MathExpression, MathExpression.RelationStep)
  ) -> MathOutcome {
    func lessForm(_ side: (MathExpression, MathExpression.RelationStep)) -> (MathExpression, Relation) {
      switch side.1.relation {
      case .greater, .greaterOrEqual: (.sum([side.1.right, .negation(side.0)]), side.1.relation.flipped)
      default: (.sum([side.0, .negation(side.1.right)]), side.1.relation)
      }
    }
    let (a, relationA) = lessForm(left)
    let (b, relationB) = lessForm(right)
    guard relationA == relationB else { return .different(.structural, "other relations") }
    guard a.variables == b.variables, !a.variables.isEmpty else {
      return .different(.structural, "conditions on other variables")
    }
    guard let sign = proportion(a, b) else { return .different(.structural, "the conditions differ") }
    return sign > 0 || relationA == .notEqual
      ? .same(.structural) : .different(.structural, "the direction is reversed")
  }

  /// The sign of the constant c with left = c right at every sample point; nil when there is no such constant.
  private mutating func proportion(_ left: MathExpression, _ right: MathExpression) -> Int? {
    var sampling = MathSampling(left, right)
    var first: (MathValue, MathValue)?
    var sign = 0
    var agreed = 0
    for trial in 0..<(budget.samples * 3) {
      let point = sampling.realPoint(trial)
      guard let a = value(of: left, at: point), let b = value(of: right, at: point) else { continue }
      guard let (a0, b0) = first else {
        guard let x = a.enclosure, let y = b.enclosure, !x.mayBeZero, !y.mayBeZero else { continue }
        first = (a, b)
        sign = x.re.isNegative == y.re.isNegative ? 1 : -1
        continue
      }
      guard let x = multiply(a, b0), let y = multiply(a0, b) else { continue }
      switch MathValue.compare(x, y) {
      case .different: return nil
      case .same: agreed += 1
      case .undecided: continue
      }
      if agreed >= budget.samples - 1 { return sign }
    }
    return agreed >= 3 ? sign : nil
  }

  private mutating func multiply(_ a: MathValue, _ b: MathValue) -> MathValue? {
    var evaluator = MathEvaluator(budget: budget, steps: steps)
    defer { steps = evaluator.steps }
    return evaluator.multiply(a, b)
  }
}

extension MathExpression {
  var hasVariableDenominator: Bool {
    contains { node in
      switch node {
      case .quotient(_, let bottom): !bottom.variables.isEmpty
      case .power(let base, .negation): !base.variables.isEmpty
      default: false
      }
    }
  }

  /// The expression as one fraction, without cancelling.
  var clearingDenominators: (top: MathExpression, bottom: MathExpression) {
    switch self {
    case .quotient(let a, let b):
      let x = a.clearingDenominators
      let y = b.clearingDenominators
      return (MathParser.times(x.top, y.bottom), MathParser.times(x.bottom, y.top))
    case .negation(let inner):
      let x = inner.clearingDenominators
      return (.negation(x.top), x.bottom)
    case .product(let factors):
      let parts = factors.map(\.clearingDenominators)
      return (.product(parts.map(\.top)), .product(parts.map(\.bottom)))
    case .sum(let terms):
      let parts = terms.map(\.clearingDenominators)
      // One shared denominator once: x/3 + y/3 needs no square of it.
      var denominators: [MathExpression] = []
      for part in parts where part.bottom != .integer(1) && !denominators.contains(part.bottom) {
        denominators.append(part.bottom)
      }
      if denominators.isEmpty { return (self, .integer(1)) }
      let tops = parts.map { part in
        MathExpression.product([part.top] + denominators.filter { $0 != part.bottom })
      }
      return (.sum(tops), .product(denominators))
    default: return (self, .integer(1))
    }
  }
}
