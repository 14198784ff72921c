extension MathEvaluator {
  /// The value of a function with a fixed meaning.
  mutating func call(_ function: MathFunction, _ arguments: [MathExpression]) -> MathValue? {
    if function.isTrigonometric {
      guard let angle = angle(arguments[0]) else { return nil }
      return trigonometric(function, angle)
    }
    switch function {
    case .overline where arguments[0].variables.isEmpty && arguments[0].contains { $0 == .constant(.imaginary) }:
      return value(of: arguments[0]).flatMap { part(.conjugate, $0) }
    case .overline, .vector: return unknown(function.rawValue, arguments)
    case .determinant: return determinant(arguments[0])
    case .max, .min, .gcd, .lcm: return extremum(function, arguments)
    default: break
    }
    guard let first = value(of: arguments[0]) else { return nil }
    if arguments.count == 2 {
      guard let second = value(of: arguments[1]) else { return nil }
      return binary(function, first, second)
    }
    steps -= 10
    switch function {
    case .ln: return logarithm(first)
    case .log: return decimalLog ? binary(.logBase, first, .exact(Rational(10))) : logarithm(first)
    case .exp: return exponential(first)
    case .abs:
      switch first {
      case .exact(let value): return .exact(value.magnitude)
      case .ball(let ball):
        if ball.isReal { return .ball(ComplexBall(re: ball.re.magnitude, im: .zero, radius: ball.radius)) }
        let size = (ball.re * ball.re + ball.im * ball.im).squareRoot
        return .ball(ComplexBall(re: size, im: .zero, radius: ball.radius + size.high * ComplexBall.unit * 4))
      }
    case .floor, .ceil: return integerPart(first, isCeiling: function == .ceil)
    case .sign:
      switch first {
      case .exact(let value): return .exact(Rational(value.isZero ? 0 : value.isNegative ? -1 : 1))
      case .ball(let ball):
        return ball.isReal && !ball.mayBeZero ? .exact(Rational(ball.re.isNegative ? -1 : 1)) : nil
      }
    case .factorial: return factorial(first, step: 1)
    case .doubleFactorial: return factorial(first, step: 2)
    case .realPart, .imaginaryPart, .conjugate: return part(function, first)
    case .argument:
      guard let logarithm = first.enclosure?.logarithm else { return nil }
      return .ball(ComplexBall(re: logarithm.im, im: .zero, radius: logarithm.radius))
    default: return inverseOrHyperbolic(function, first)
    }
  }

  private mutating func trigonometric(_ function: MathFunction, _ angle: MathValue) -> MathValue? {
    steps -= 20
    if case .exact(let value) = angle, value.isZero {
      switch function {
      case .sin, .tan: return angle
      case .cos, .sec: return .exact(.one)
      default: return nil
      }
    }
    guard let (sine, cosine) = angle.enclosure?.sineAndCosine else { return nil }
    let result: ComplexBall?
    switch function {
    case .sin: result = sine
    case .cos: result = cosine
    case .tan: result = cosine.reciprocal.flatMap { sine * $0 }
    case .cot: result = sine.reciprocal.flatMap { cosine * $0 }
    case .sec: result = cosine.reciprocal
    default: result = sine.reciprocal
    }
    return result.map { .ball($0) }
  }

  private mutating func logarithm(_ value: MathValue) -> MathValue? {
    if case .exact(let exact) = value {
      if exact.isOne { return .exact(.zero) }
      // Beyond the range of doubles: ln(p/q) = ln p - ln q by the leading bits.
      if !exact.isNegative, !exact.isZero, ComplexBall(exact) == nil {
        let top = MathEvaluator.logarithm(exact.numerator)
        let bottom = MathEvaluator.logarithm(exact.denominator)
        guard let top, let bottom else { return nil }
        return (top + (-bottom)).map { .ball($0) }
      }
    }
    return value.enclosure?.logarithm.map { .ball($0) }
  }

  private static func logarithm(_ value: BigInteger) -> ComplexBall? {
    let leading = value.leading
    guard let mantissa = DoubleDouble.sum(leading.high, leading.low).logarithm else { return nil }
    return ComplexBall(mantissa + DoubleDouble.ln2 * Double(leading.exponent))
  }

  private mutating func binary(_ function: MathFunction, _ a: MathValue, _ b: MathValue) -> MathValue? {
    switch function {
    case .root:
      guard case .exact(let degree) = b, let n = degree.int else {
        return divide(.exact(.one), b).flatMap { power(a, $0) }
      }
      return root(a, n)
    case .logBase:
      guard let top = logarithm(a), let bottom = logarithm(b), let quotient = divide(top, bottom) else { return nil }
      // An exact logarithm where there is one, so that floor(log_2 8) is 3.
      if case .exact(let x) = a, case .exact(let base) = b, case .ball(let ball) = quotient, ball.isReal,
        abs(ball.re.high) < 4096
      {
        let whole = Int(ball.re.high.rounded())
        if abs(ball.re.high - Double(whole)) < 1e-9, base.power(whole, bitBudget: budget.bits) == x {
          return .exact(Rational(whole))
        }
      }
      return quotient
    case .binomial: return binomial(a, b)
    case .modulo:
      guard case .exact(let x) = a, case .exact(let y) = b, let quotient = x / y else { return nil }
      return limited(x - Rational(quotient.floor) * y)
    default: return nil
    }
  }

  private func integerPart(_ value: MathValue, isCeiling: Bool) -> MathValue? {
    switch value {
    case .exact(let exact):
      return .exact(Rational(isCeiling ? -((-exact).floor) : exact.floor))
    case .ball(let ball):
      guard ball.isReal, abs(ball.re.high) < 4e15 else { return nil }
      let nearest = ball.re.high.rounded()
      let distance = (ball.re - DoubleDouble(nearest)).high
      // A ball around an integer is taken as that integer when it is far too small to hold anything else an answer means.
      if abs(distance) <= ball.radius { return ball.radius < 1e-12 ? .exact(Rational(Int(nearest))) : nil }
      let below = distance < 0 ? nearest - 1 : nearest
      return .exact(Rational(Int(below) + (isCeiling ? 1 : 0)))
    }
  }

  private mutating func factorial(_ value: MathValue, step: Int) -> MathValue? {
    guard case .exact(let exact) = value, let n = exact.int, n >= 0, n <= 3000 else { return nil }
    steps -= n
    var product = BigInteger.one
    var word = 1
    var k = n
    while k > 1 {
      let (next, overflow) = word.multipliedReportingOverflow(by: k)
      if overflow {
        product = product * .small(word)
        word = k
      } else {
        word = next
      }
      k -= step
    }
    return limited(Rational(product * .small(word)))
  }

  mutating func binomial(_ a: MathValue, _ b: MathValue) -> MathValue? {
    guard case .exact(let top) = a, case .exact(let bottom) = b, let n = top.int, var k = bottom.int, n >= 0,
      n <= 1_000_000_000
    else { return nil }
    if k < 0 || k > n { return .exact(.zero) }
    k = min(k, n - k)
    guard k <= 2000 else { return nil }
    steps -= k * 4
    var result = BigInteger.one
    for index in 0..<k {
      if result.bitWidth > budget.bits { return nil }
      guard let (quotient, _) = (result * .small(n - index)).dividing(by: .small(index + 1)) else { return nil }
      result = quotient
    }
    return limited(Rational(result))
  }

  private mutating func extremum(_ function: MathFunction, _ arguments: [MathExpression]) -> MathValue? {
    var best: MathValue?
    for argument in arguments {
      guard let next = value(of: argument) else { return nil }
      guard let current = best else {
        best = next
        continue
      }
      switch function {
      case .gcd, .lcm:
        guard case .exact(let x) = current, case .exact(let y) = next, x.isInteger, y.isInteger else { return nil }
        let divisor = BigInteger.gcd(x.numerator, y.numerator)
        if function == .gcd {
          best = .exact(Rational(divisor))
        } else if divisor.isZero {
          best = .exact(.zero)
        } else if let (quotient, _) = (x.numerator * y.numerator).dividing(by: divisor) {
          best = limited(Rational(quotient.magnitude))
        }
      default:
        let isNextLess: Bool
        if case .exact(let x) = current, case .exact(let y) = next {
          isNextLess = y < x
        } else {
          guard let x = current.enclosure, let y = next.enclosure, x.isReal, y.isReal else { return nil }
          isNextLess = y.re.high < x.re.high
        }
        if isNextLess == (function == .min) { best = next }
      }
    }
    return best
  }

  private func part(_ function: MathFunction, _ value: MathValue) -> MathValue? {
    switch value {
    case .exact: return function == .imaginaryPart ? .exact(.zero) : value
    case .ball(let ball):
      switch function {
      case .realPart: return .ball(ComplexBall(re: ball.re, im: .zero, radius: ball.radius))
      case .imaginaryPart: return .ball(ComplexBall(re: ball.im, im: .zero, radius: ball.radius))
      default: return .ball(ComplexBall(re: ball.re, im: -ball.im, radius: ball.radius))
      }
    }
  }

  private mutating func inverseOrHyperbolic(_ function: MathFunction, _ value: MathValue) -> MathValue? {
    guard let x = value.enclosure else { return nil }
    steps -= 20
    let result: ComplexBall?
    switch function {
    case .arcsin: result = x.arcsine
    case .arccos: result = MathEvaluator.halfPi(minus: x.arcsine)
    case .arctan: result = x.arctangent
    case .arccot: result = MathEvaluator.halfPi(minus: x.arctangent)
    case .arcsec: result = MathEvaluator.halfPi(minus: x.reciprocal?.arcsine)
    case .arccsc: result = x.reciprocal?.arcsine
    case .sinh, .cosh, .tanh, .coth, .sech, .csch: result = MathEvaluator.hyperbolic(function, x)
    case .arsinh:
      result = (x * x).flatMap { $0 + .one }?.squareRoot.flatMap { $0 + x }?.logarithm
    case .arcosh:
      result = (x * x).flatMap { $0 + (-ComplexBall.one) }?.squareRoot.flatMap { $0 + x }?.logarithm
    case .artanh:
      guard let top = .one + x, let bottom = (.one + (-x))?.reciprocal, let quotient = top * bottom,
        let logarithm = quotient.logarithm
      else { return nil }
      result = logarithm * ComplexBall(DoubleDouble(0.5))
    default: result = nil
    }
    return result.map { .ball($0) }
  }

  private static func halfPi(minus angle: ComplexBall?) -> ComplexBall? {
    angle.flatMap { ComplexBall(DoubleDouble.pi.scaled(by: -1)) + (-$0) }
  }

  private static func hyperbolic(_ function: MathFunction, _ x: ComplexBall) -> ComplexBall? {
    guard let grown = x.exponential, let shrunk = (-x).exponential, let sum = grown + shrunk,
      let difference = grown + (-shrunk)
    else { return nil }
    switch function {
    case .sinh: return difference * ComplexBall(DoubleDouble(0.5))
    case .cosh: return sum * ComplexBall(DoubleDouble(0.5))
    case .tanh: return sum.reciprocal.flatMap { difference * $0 }
    case .coth: return difference.reciprocal.flatMap { sum * $0 }
    case .sech: return sum.reciprocal.flatMap { $0 * ComplexBall(DoubleDouble(2)) }
    default: return difference.reciprocal.flatMap { $0 * ComplexBall(DoubleDouble(2)) }
    }
  }

  /// A determinant by expansion along the first row, up to 4 x 4.
  private mutating func determinant(_ matrix: MathExpression) -> MathValue? {
    guard case .matrix(let rows) = matrix, rows.count <= 4, rows.allSatisfy({ $0.count == rows.count }) else {
      return nil
    }
    var cells: [[MathValue]] = []
    for row in rows {
      var values: [MathValue] = []
      for cell in row {
        guard let value = value(of: cell) else { return nil }
        values.append(value)
      }
      cells.append(values)
    }
    return determinant(cells)
  }

  private mutating func determinant(_ cells: [[MathValue]]) -> MathValue? {
    if cells.count == 1 { return cells[0][0] }
    var total = MathValue.exact(.zero)
    for column in cells.indices {
      var minor = Array(cells.dropFirst())
      for row in minor.indices { minor[row].remove(at: column) }
      guard let inner = determinant(minor), let product = multiply(cells[0][column], inner),
        let signed = column & 1 == 0 ? product : negate(product), let sum = add(total, signed)
      else { return nil }
      total = sum
    }
    return total
  }
}
