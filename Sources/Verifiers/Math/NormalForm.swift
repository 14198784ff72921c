/// A sum of products in one canonical order: rational coefficients times powers of atoms.
///
/// Atoms are variables, constants, primes under roots, function values, and sums that are not expanded. Integer
/// radicands are split into primes, so √12 and 2√3 have one form; i² is -1; powers of one base are merged. Removable
/// singularities are ignored and variables count as positive under roots (a rule of the requirements).
struct NormalForm: Sendable, Equatable {
  /// An atom to a power.
  struct Factor: Sendable, Equatable {
    /// The canonical text of the atom; equal texts mean equal atoms.
    var key: String
    var exponent: Rational
    var atom: Atom
  }

  indirect enum Atom: Sendable, Equatable {
    case symbol
    case imaginary
    case prime(BigInteger)
    case sum(NormalForm)
  }

  struct Term: Sendable, Equatable {
    var coefficient: Rational
    /// Sorted by key, each key once, no zero exponents.
    var factors: [Factor]

    /// The canonical text of everything but the coefficient.
    var key: String {
      if factors.isEmpty { return "" }
      return factors.map { $0.exponent.isOne ? $0.key : "\($0.key)^\(NormalForm.shown($0.exponent))" }
        .joined(separator: "*")
    }
  }

  /// Sorted by key, each key once, no zero coefficients.
  var terms: [Term]

  static let zero = NormalForm(terms: [])
  static let one = NormalForm(.one)

  init(terms: [Term]) { self.terms = terms }
  init(_ value: Rational) { terms = value.isZero ? [] : [Term(coefficient: value, factors: [])] }
  init(_ factor: Factor) { terms = [Term(coefficient: .one, factors: [factor])] }

  static func symbol(_ name: String) -> NormalForm {
    NormalForm(Factor(key: name, exponent: .one, atom: .symbol))
  }

  static let imaginary = NormalForm(Factor(key: "i", exponent: .one, atom: .imaginary))

  /// The value when it is a plain number.
  var rational: Rational? {
    if terms.isEmpty { return .zero }
    return terms.count == 1 && terms[0].factors.isEmpty ? terms[0].coefficient : nil
  }

  private static func shown(_ exponent: Rational) -> String {
    exponent.isInteger && !exponent.isNegative ? exponent.description : "(\(exponent.description))"
  }

  /// Canonical text: equal forms have equal texts.
  var text: String {
    if terms.isEmpty { return "0" }
    var result = ""
    for (index, term) in terms.enumerated() {
      let magnitude = term.coefficient.magnitude
      if index > 0 {
        result += term.coefficient.isNegative ? " - " : " + "
      } else if term.coefficient.isNegative {
        result += "-"
      }
      let key = term.key
      if key.isEmpty {
        result += magnitude.description
      } else {
        result += magnitude.isOne ? key : "\(magnitude.description)*\(key)"
      }
    }
    return result
  }

  /// Text that can stand as a factor.
  var atomText: String { "(\(text))" }
}

/// Builds normal forms within a budget; nil wherever a form would grow beyond it.
struct NormalFormBuilder {
  let budget: MathBudget
  /// Term products left.
  var work: Int
  var decimalLog = false
  var depth = 0

  init(budget: MathBudget, decimalLog: Bool = false) {
    self.budget = budget
    self.decimalLog = decimalLog
    work = 6_000
  }

  mutating func add(_ a: NormalForm, _ b: NormalForm) -> NormalForm? {
    if a.terms.isEmpty { return b }
    if b.terms.isEmpty { return a }
    return collect(a.terms + b.terms)
  }

  func negate(_ a: NormalForm) -> NormalForm {
    NormalForm(terms: a.terms.map { NormalForm.Term(coefficient: -$0.coefficient, factors: $0.factors) })
  }

  /// Merges terms with one key.
  mutating func collect(_ terms: [NormalForm.Term]) -> NormalForm? {
    if terms.count > budget.terms * 8 { return nil }
    work -= terms.count
    if work < 0 { return nil }
    var merged: [NormalForm.Term] = []
    for (_, term) in terms.map({ ($0.key, $0) }).sorted(by: { $0.0 < $1.0 }) {
      if let last = merged.last,
        last.factors.elementsEqual(term.factors, by: { $0.key == $1.key && $0.exponent == $1.exponent })
      {
        let sum = last.coefficient + term.coefficient
        work -= sum.bits * sum.bits / 200_000
        if sum.bits > (sum.isInteger ? budget.bits : budget.bits / 4) || work < 0 { return nil }
        merged[merged.count - 1].coefficient = sum
        if sum.isZero { merged.removeLast() }
      } else {
        merged.append(term)
      }
    }
    return merged.count > budget.terms ? nil : NormalForm(terms: merged)
  }

  mutating func multiply(_ a: NormalForm, _ b: NormalForm) -> NormalForm? {
    if a.terms.count * b.terms.count > budget.terms * 8 { return nil }
    var terms: [NormalForm.Term] = []
    var expanded = NormalForm.zero
    for x in a.terms {
      for y in b.terms {
        work -= 1
        if work < 0 { return nil }
        guard let product = product(x, y) else { return nil }
        if product.terms.count <= 1 {
          terms.append(contentsOf: product.terms)
        } else {
          guard let sum = add(expanded, product) else { return nil }
          expanded = sum
        }
      }
    }
    guard let plain = collect(terms) else { return nil }
    return add(plain, expanded)
  }

  private mutating func product(_ x: NormalForm.Term, _ y: NormalForm.Term) -> NormalForm? {
    if x.factors.isEmpty || y.factors.isEmpty {
      let coefficient = x.coefficient * y.coefficient
      if coefficient.bits > budget.bits { return nil }
      return NormalForm(terms: [.init(coefficient: coefficient, factors: x.factors + y.factors)])
    }
    var factors = x.factors
    for factor in y.factors {
      if let index = factors.firstIndex(where: { $0.key == factor.key }) {
        factors[index].exponent = factors[index].exponent + factor.exponent
      } else {
        factors.append(factor)
      }
    }
    return settled(x.coefficient * y.coefficient, factors)
  }

  /// One product in canonical form: whole powers of primes and of i in the coefficient, whole powers of sums expanded.
  mutating func settled(_ coefficient: Rational, _ factors: [NormalForm.Factor]) -> NormalForm? {
    depth += 1
    defer { depth -= 1 }
    if depth > 40 { return nil }
    var coefficient = coefficient
    var kept: [NormalForm.Factor] = []
    var toExpand: [NormalForm] = []
    for factor in factors where !factor.exponent.isZero {
      switch factor.atom {
      case .symbol: kept.append(factor)
      case .imaginary:
        guard let power = factor.exponent.int else {
          kept.append(factor)
          continue
        }
        let rest = ((power % 4) + 4) % 4
        if rest >= 2 { coefficient = -coefficient }
        if rest & 1 == 1 { kept.append(.init(key: "i", exponent: .one, atom: .imaginary)) }
      case .prime(let prime):
        let whole = factor.exponent.floor
        var rest = factor.exponent
        if let count = whole.int, count != 0 {
          if let scale = Rational(prime).power(count, bitBudget: budget.bits / 2) {
            coefficient = coefficient * scale
            rest = rest - Rational(whole)
          } else {
            // Too large to write out: keep it as a power, and move this prime's share of the coefficient there.
            (coefficient, rest) = NormalFormBuilder.absorb(prime, coefficient, rest)
          }
        }
        if !rest.isZero { kept.append(.init(key: factor.key, exponent: rest, atom: factor.atom)) }
      case .sum(let form):
        if let power = factor.exponent.int, power > 0, power <= 64, let expanded = expand(form, power) {
          toExpand.append(expanded)
        } else {
          kept.append(factor)
        }
      }
      if coefficient.bits > budget.bits { return nil }
    }
    kept.sort { $0.key < $1.key }
    var result = NormalForm(terms: coefficient.isZero ? [] : [.init(coefficient: coefficient, factors: kept)])
    for form in toExpand {
      guard let next = multiply(result, form) else { return nil }
      result = next
    }
    return result
  }

  private static func absorb(
    _ prime: BigInteger, _ coefficient: Rational, _ exponent: Rational
  ) -> (Rational, Rational) {
    var top = coefficient.numerator
    var bottom = coefficient.denominator
    var shift = 0
    while let (quotient, remainder) = top.dividing(by: prime), remainder.isZero, !top.isZero {
      top = quotient
      shift += 1
    }
    while let (quotient, remainder) = bottom.dividing(by: prime), remainder.isZero {
      bottom = quotient
      shift -= 1
    }
    return (Rational(top, bottom) ?? coefficient, exponent + Rational(shift))
  }

  /// A sum multiplied out, or nil when that is too long.
  mutating func expand(_ form: NormalForm, _ power: Int) -> NormalForm? {
    if power == 1 { return form }
    var count = 1
    // The number of monomials of degree `power` in that many terms bounds the length.
    for index in 0..<min(power, 64) {
      count = count * (form.terms.count + index) / (index + 1)
      if count > budget.terms { return nil }
    }
    var result = form
    for _ in 1..<power {
      guard let next = multiply(result, form) else { return nil }
      result = next
    }
    return result
  }
}
