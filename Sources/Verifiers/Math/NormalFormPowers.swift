extension NormalFormBuilder {
  /// A form to a rational power.
  mutating func power(_ base: NormalForm, _ exponent: Rational) -> NormalForm? {
    if exponent.isZero { return base.terms.isEmpty ? nil : .one }
    if exponent.isOne { return base }
    if base.terms.isEmpty { return exponent.isNegative ? nil : .zero }
    if base.terms.count == 1 { return power(base.terms[0], exponent) }
    if let whole = exponent.int, whole > 0, let expanded = expand(base, whole) { return expanded }
    // (√3 + 2)^-1 by conjugates, so that denominators of square roots vanish.
    if exponent == Rational(-1), let inverse = inverse(base) { return inverse }
    return unexpanded(base, exponent)
  }

  /// A sum to a power as one atom, its content taken out.
  private mutating func unexpanded(_ base: NormalForm, _ exponent: Rational) -> NormalForm? {
    var content = base.terms[0].coefficient
    if !exponent.isInteger { content = content.magnitude }
    guard let inverse = content.reciprocal else { return nil }
    let primitive = NormalForm(
      terms: base.terms.map { .init(coefficient: $0.coefficient * inverse, factors: $0.factors) })
    let atom = NormalForm.Factor(key: primitive.atomText, exponent: exponent, atom: .sum(primitive))
    guard let scale = power(NormalForm.Term(coefficient: content, factors: []), exponent) else { return nil }
    return multiply(scale, NormalForm(atom))
  }

  private mutating func power(_ term: NormalForm.Term, _ exponent: Rational) -> NormalForm? {
    var factors: [NormalForm.Factor] = []
    for factor in term.factors {
      if case .imaginary = factor.atom, !exponent.isInteger { return nil }
      factors.append(.init(key: factor.key, exponent: factor.exponent * exponent, atom: factor.atom))
    }
    if let whole = exponent.int, let scale = term.coefficient.power(whole, bitBudget: budget.bits / 2) {
      return settled(scale, factors)
    }
    var sign = Rational.one
    if term.coefficient.isNegative {
      guard let degree = exponent.denominator.int, let top = exponent.numerator.int else { return nil }
      if degree == 1 || degree & 1 == 1 {
        if top & 1 == 1 { sign = Rational(-1) }
      } else if degree == 2 {
        factors.append(.init(key: "i", exponent: Rational(top), atom: .imaginary))
      } else {
        return nil
      }
    }
    for (prime, count) in NormalFormBuilder.factorized(term.coefficient) {
      factors.append(
        .init(key: prime.description, exponent: Rational(count) * exponent, atom: .prime(prime)))
    }
    guard let parts = settled(sign, []) else { return nil }
    guard let powers = merged(factors) else { return nil }
    return multiply(parts, powers)
  }

  /// Factors with equal keys joined.
  private mutating func merged(_ factors: [NormalForm.Factor]) -> NormalForm? {
    var joined: [NormalForm.Factor] = []
    for factor in factors {
      if let index = joined.firstIndex(where: { $0.key == factor.key }) {
        joined[index].exponent = joined[index].exponent + factor.exponent
      } else {
        joined.append(factor)
      }
    }
    return settled(.one, joined)
  }

  /// Small primes of a fraction with their exponents; what is left over stays one factor.
  static func factorized(_ value: Rational) -> [(BigInteger, Int)] {
    var result: [(BigInteger, Int)] = []
    for (number, sign) in [(value.numerator.magnitude, 1), (value.denominator, -1)] {
      var rest = number
      var divisor = 2
      while !rest.isOne, divisor < 2000 {
        if let small = rest.int, divisor * divisor > small { break }
        var count = 0
        while let (quotient, remainder) = rest.dividing(by: .small(divisor)), remainder.isZero {
          rest = quotient
          count += 1
        }
        if count > 0 { result.append((.small(divisor), count * sign)) }
        divisor += divisor == 2 ? 1 : 2
      }
      if !rest.isOne {
        // A square or cube of a large prime is still a power.
        var power = 1
        for degree in [2, 3, 5] {
          let root = rest.root(degree)
          if root.power(degree) == rest {
            rest = root
            power = degree
            break
          }
        }
        result.append((rest, power * sign))
      }
    }
    return result
  }

  /// 1 / (sum of square roots and i) by conjugates; nil when it holds anything else.
  private mutating func inverse(_ base: NormalForm) -> NormalForm? {
    var top = NormalForm.one
    var bottom = base
    for _ in 0..<6 {
      if let value = bottom.rational {
        guard let inverse = value.reciprocal else { return nil }
        return multiply(top, NormalForm(inverse))
      }
      var key: String?
      for term in bottom.terms {
        for factor in term.factors {
          switch factor.atom {
          case .prime where factor.exponent == Rational(1, over: 2): key = factor.key
          case .imaginary: key = factor.key
          default: return nil
          }
        }
      }
      guard let key else { return nil }
      // a + b√p times a - b√p holds no √p.
      let conjugate = NormalForm(
        terms: bottom.terms.map { term in
          let changes = term.factors.contains { $0.key == key }
          return .init(coefficient: changes ? -term.coefficient : term.coefficient, factors: term.factors)
        })
      guard let nextTop = multiply(top, conjugate), let nextBottom = multiply(bottom, conjugate) else { return nil }
      top = nextTop
      bottom = nextBottom
    }
    return nil
  }

  /// Whether a form is zero once its denominators are multiplied out.
  mutating func vanishes(_ form: NormalForm) -> Bool {
    var form = form
    for _ in 0..<6 {
      if form.terms.isEmpty { return true }
      var worst: NormalForm.Factor?
      for term in form.terms {
        for factor in term.factors where factor.exponent.isNegative {
          if case .sum = factor.atom, factor.exponent < worst?.exponent ?? .zero { worst = factor }
        }
      }
      guard let worst else { return false }
      let atom = NormalForm.Factor(key: worst.key, exponent: -worst.exponent, atom: worst.atom)
      guard let next = multiply(form, NormalForm(atom)) else { return false }
      form = next
    }
    return form.terms.isEmpty
  }
}
