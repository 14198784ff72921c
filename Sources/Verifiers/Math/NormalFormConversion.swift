extension NormalFormBuilder {
  /// The normal form of a number or formula; nil for anything else and beyond the budget.
  mutating func form(of expression: MathExpression) -> NormalForm? {
    depth += 1
    defer { depth -= 1 }
    work -= 1
    if depth > 120 || work < 0 { return nil }
    switch expression {
    case .number(let value, _): return NormalForm(value)
    case .based(_, _, let value): return NormalForm(value)
    case .constant(.imaginary): return .imaginary
    case .constant(.emptySet), .constant(.reals): return nil
    case .constant(let constant): return .symbol(constant.rawValue)
    case .variable(let name): return .symbol(name == "e" || name == "pi" || name == "i" ? "var \(name)" : name)
    case .sum(let terms):
      var total = NormalForm.zero
      for term in terms {
        guard let next = form(of: term), let sum = add(total, next) else { return nil }
        total = sum
      }
      return total
    case .product(let factors):
      var total = NormalForm.one
      for factor in factors {
        guard let next = form(of: factor), let product = multiply(total, next) else { return nil }
        total = product
      }
      return total
    case .quotient(let top, let bottom):
      guard let a = form(of: top), let b = form(of: bottom), let inverse = power(b, Rational(-1)) else { return nil }
      return multiply(a, inverse)
    case .negation(let inner): return form(of: inner).map { negate($0) }
    case .degrees(let inner): return form(of: inner)
    case .power(let base, let exponent):
      guard let a = form(of: base), let b = form(of: exponent) else { return nil }
      return power(a, b)
    case .function(let function, let arguments): return call(function, arguments)
    case .application(let name, let arguments):
      return forms(of: arguments).map { opaque(name, $0) }
    case .series(let kind, let variable, let from, let to, let body):
      guard let parts = forms(of: [from, to, body]) else { return nil }
      return opaque("\(kind.rawValue) over \(variable)", parts)
    case .plusMinus, .list, .set, .tuple, .interval, .setOperation, .relation, .matrix, .ratio, .text: return nil
    }
  }

  private mutating func forms(of expressions: [MathExpression]) -> [NormalForm]? {
    var result: [NormalForm] = []
    for expression in expressions {
      guard let next = form(of: expression) else { return nil }
      result.append(next)
    }
    return result
  }

  /// A function value that nothing is known about but its arguments.
  private func opaque(_ name: String, _ arguments: [NormalForm]) -> NormalForm {
    .symbol("\(name)(\(arguments.map(\.text).joined(separator: ", ")))")
  }

  /// A form to the power of a form: whole and fractional parts as such, every other term of the exponent as an atom.
  private mutating func power(_ base: NormalForm, _ exponent: NormalForm) -> NormalForm? {
    if let value = exponent.rational { return power(base, value) }
    var result = NormalForm.one
    for term in exponent.terms {
      let part: NormalForm?
      if term.factors.isEmpty {
        part = power(base, term.coefficient)
      } else {
        let key = NormalForm.Term(coefficient: .one, factors: term.factors).key
        part = symbolicPower(base, term.coefficient, key)
      }
      guard let part, let next = multiply(result, part) else { return nil }
      result = next
    }
    return result
  }

  /// base^(coefficient * key): each prime and atom of the base carries the symbolic exponent by itself.
  private mutating func symbolicPower(_ base: NormalForm, _ coefficient: Rational, _ key: String) -> NormalForm? {
    func raised(_ name: String, _ exponent: Rational) -> NormalForm.Factor {
      .init(key: "\(name)^[\(key)]", exponent: exponent * coefficient, atom: .symbol)
    }
    guard base.terms.count == 1 else {
      return base.terms.isEmpty ? nil : NormalForm(raised(base.atomText, .one))
    }
    let term = base.terms[0]
    var factors = term.factors.map { raised($0.key, $0.exponent) }
    if term.coefficient.isNegative { factors.append(raised("(-1)", .one)) }
    for (prime, count) in NormalFormBuilder.factorized(term.coefficient) {
      factors.append(raised(prime.description, Rational(count)))
    }
    return settled(.one, factors)
  }

  private mutating func call(_ function: MathFunction, _ arguments: [MathExpression]) -> NormalForm? {
    let isConstant = arguments.allSatisfy { $0.variables.isEmpty }
    if isConstant, !function.isTrigonometric {
      // Whatever has an exact value is that number.
      var evaluator = MathEvaluator(budget: budget, steps: 4_000)
      evaluator.decimalLog = decimalLog
      if case .exact(let value)? = evaluator.value(of: .function(function, arguments)) { return NormalForm(value) }
    }
    switch function {
    case .root:
      guard let parts = forms(of: arguments), let degree = parts[1].rational, let exponent = degree.reciprocal else {
        return nil
      }
      return power(parts[0], exponent)
    case .exp:
      guard let exponent = form(of: arguments[0]) else { return nil }
      return power(.symbol(MathConstant.euler.rawValue), exponent)
    case .ln: return form(of: arguments[0]).flatMap { logarithm($0) }
    case .log:
      guard let top = form(of: arguments[0]).flatMap({ logarithm($0) }) else { return nil }
      return decimalLog ? quotient(top, logarithm(NormalForm(Rational(10)))) : top
    case .logBase:
      guard let parts = forms(of: arguments), let top = logarithm(parts[0]) else { return nil }
      return quotient(top, logarithm(parts[1]))
    case .sin, .cos, .tan, .cot, .sec, .csc: return trigonometric(function, arguments[0])
    default: return forms(of: arguments).map { opaque(function.rawValue, $0) }
    }
  }

  private mutating func quotient(_ top: NormalForm, _ bottom: NormalForm?) -> NormalForm? {
    guard let bottom, let inverse = power(bottom, Rational(-1)) else { return nil }
    return multiply(top, inverse)
  }

  /// The logarithm of a product as a sum; of a sum as an atom.
  private mutating func logarithm(_ argument: NormalForm) -> NormalForm? {
    guard argument.terms.count == 1, !argument.terms[0].coefficient.isNegative else {
      return argument.terms.isEmpty ? nil : opaque("ln", [argument])
    }
    let term = argument.terms[0]
    var parts: [(String, Rational)] = []
    for (prime, count) in NormalFormBuilder.factorized(term.coefficient) {
      parts.append(("ln(\(prime.description))", Rational(count)))
    }
    for factor in term.factors {
      if case .imaginary = factor.atom { return opaque("ln", [argument]) }
      if factor.key == MathConstant.euler.rawValue {
        parts.append(("", factor.exponent))
      } else {
        parts.append(("ln(\(factor.key))", factor.exponent))
      }
    }
    var total = NormalForm.zero
    for (name, count) in parts {
      guard let scaled = name.isEmpty ? NormalForm(count) : multiply(NormalForm(count), .symbol(name)),
        let sum = add(total, scaled)
      else { return nil }
      total = sum
    }
    return total
  }

  /// Sine and cosine of canonical angles; the other four by them.
  private mutating func trigonometric(_ function: MathFunction, _ argument: MathExpression) -> NormalForm? {
    guard let angle = angle(argument) else { return nil }
    switch function {
    case .sin: return sine(angle)
    case .cos: return cosine(angle)
    case .tan: return sine(angle).flatMap { top in quotient(top, cosine(angle)) }
    case .cot: return cosine(angle).flatMap { top in quotient(top, sine(angle)) }
    case .sec: return quotient(.one, cosine(angle))
    default: return quotient(.one, sine(angle))
    }
  }

  /// The argument with degrees as multiples of pi.
  private mutating func angle(_ argument: MathExpression) -> NormalForm? {
    form(of: NormalFormBuilder.radians(argument))
  }

  private static func radians(_ expression: MathExpression) -> MathExpression {
    switch expression {
    case .degrees(let inner): return .quotient(.product([inner, .constant(.pi)]), .integer(180))
    case .function: return expression
    default:
      let parts = expression.children
      return parts.isEmpty ? expression : expression.replacingChildren(parts.map(radians))
    }
  }

  /// The multiple of pi that the angle is, or nil.
  private func multipleOfPi(_ angle: NormalForm) -> Rational? {
    if angle.terms.isEmpty { return .zero }
    guard angle.terms.count == 1, angle.terms[0].factors.count == 1, angle.terms[0].factors[0].key == "pi",
      angle.terms[0].factors[0].exponent.isOne
    else { return nil }
    return angle.terms[0].coefficient
  }

  private mutating func sine(_ angle: NormalForm) -> NormalForm? {
    if let turns = multipleOfPi(angle), let value = sine(ofPiTimes: turns) { return value }
    if let first = angle.terms.first, first.coefficient.isNegative {
      return negate(opaque("sin", [negate(angle)]))
    }
    return opaque("sin", [angle])
  }

  private mutating func cosine(_ angle: NormalForm) -> NormalForm? {
    if let turns = multipleOfPi(angle), let value = sine(ofPiTimes: turns + Rational(1, over: 2)) { return value }
    if let first = angle.terms.first, first.coefficient.isNegative { return opaque("cos", [negate(angle)]) }
    return opaque("cos", [angle])
  }

  private mutating func squareRoot(_ value: Int) -> NormalForm? {
    power(NormalForm(Rational(value)), Rational(1, over: 2))
  }

  /// sin(pi r) for multiples of pi/12 that have short radical forms, nil for others.
  private mutating func sine(ofPiTimes turns: Rational) -> NormalForm? {
    let scaled = turns * Rational(12)
    guard let count = scaled.int else { return nil }
    var step = ((count % 24) + 24) % 24
    let isNegative = step >= 12
    if isNegative { step -= 12 }
    if step > 6 { step = 12 - step }
    let half = Rational(1, over: 2)
    let value: NormalForm?
    switch step {
    case 0: value = .zero
    case 2: value = NormalForm(half)
    case 3: value = squareRoot(2).flatMap { multiply($0, NormalForm(half)) }
    case 4: value = squareRoot(3).flatMap { multiply($0, NormalForm(half)) }
    case 6: value = .one
    default:
      // sin 15° = (√6 - √2)/4, sin 75° = (√6 + √2)/4.
      guard let six = squareRoot(6), let two = squareRoot(2), let sum = add(six, step == 1 ? negate(two) : two) else {
        return nil
      }
      value = multiply(sum, NormalForm(Rational(1, over: 4)))
    }
    return isNegative ? value.map { negate($0) } : value
  }
}
