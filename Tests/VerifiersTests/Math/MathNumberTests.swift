import Testing

@testable import Verifiers

/// A small deterministic stream for property tests.
struct TestStream {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 33)
  }
  mutating func below(_ bound: Int) -> Int { Int(next() >> 33) % bound }
}

@Suite struct MathNumberTests {
  private func integer(_ stream: inout TestStream) -> BigInteger {
    let digits = (0..<(1 + stream.below(90))).map { _ in UInt8(48 + stream.below(10)) }
    let value = BigInteger(decimalDigits: digits)
    return stream.below(2) == 0 ? value : -value
  }

  @Test func integersObeyTheLawsOfArithmetic() throws {
    var stream = TestStream(state: 1)
    for _ in 0..<300 {
      let a = integer(&stream)
      let b = integer(&stream)
      let c = integer(&stream)
      #expect((a + b) - b == a)
      #expect(a * (b + c) == a * b + a * c)
      if b.isZero { continue }
      let (quotient, remainder) = try #require(a.dividing(by: b))
      #expect(quotient * b + remainder == a)
      #expect(remainder.magnitude < b.magnitude)
      let divisor = BigInteger.gcd(a, b)
      #expect(a.dividing(by: divisor)?.remainder.isZero == true)
      #expect(BigInteger.gcd(a * c, b * c) == divisor * c.magnitude)
      let root = a.magnitude.root(3)
      #expect(!(a.magnitude < root.power(3)))
      #expect(a.magnitude < (root + .one).power(3))
    }
  }

  @Test func integersReadAndWriteDecimals() {
    for text in [
      "0", "7", "-9223372036854775808", "9223372036854775808", "123456789012345678901234567890",
      "-1" + String(repeating: "0", count: 60),
    ] {
      let value = BigInteger(decimalDigits: text.utf8)
      #expect((text.hasPrefix("-") ? -value : value).description == text)
    }
    #expect(BigInteger.small(.min) - .one == -(BigInteger.small(.max) + .one + .one))
    #expect(-BigInteger.small(.min) == BigInteger.small(.max) + .one)
    #expect(BigInteger.small(.min).dividing(by: .small(-1))?.quotient == BigInteger.small(.max) + .one)
    #expect(
      BigInteger.small(2).power(200).description == "1606938044258990275541962092341162602522202993782792835301376")
  }

  @Test func fractionsAreInLowestTerms() throws {
    #expect(Rational(6, over: -8) == Rational(-3, over: 4))
    let third = try #require(Rational(1) / Rational(3) as Rational?)
    #expect(third + Rational(2, over: 3) == .one)
    #expect(Rational(1) / .zero == nil)
    #expect(Rational(-7, over: 2).floor == .small(-4))
    #expect(Rational(2).power(-3, bitBudget: 64) == Rational(1, over: 8))
    #expect(Rational(2).power(1000, bitBudget: 64) == nil)
    #expect(Rational(8, over: 27).root(3) == Rational(2, over: 3))
    #expect(Rational(2).root(2) == nil)
  }

  /// Values to 40 digits from an independent arbitrary-precision library.
  @Test func elementaryFunctionsAreAccurateToThirtyDigits() throws {
    let cases: [(MathExpression, String)] = [
      (.function(.exp, [.integer(1)]), "2.718281828459045235360287471352662497757"),
      (.function(.exp, [.integer(-20)]), "0.000000002061153622438557827965940380155820976"),
      (.function(.ln, [.integer(2)]), "0.6931471805599453094172321214581765680755"),
      (.function(.ln, [.integer(1_000_003)]), "13.81551355795977411310792847815478512411"),
      (.function(.sin, [.integer(1)]), "0.8414709848078965066525023216302989996226"),
      (.function(.cos, [.integer(100)]), "0.8623188722876839341019385139508425355101"),
      (.function(.tan, [.integer(3)]), "-0.1425465430742778052956354105339134932260"),
      (.function(.arctan, [.integer(5)]), "1.373400766945015860861271926444961148651"),
      (.function(.root, [.integer(7), .integer(2)]), "2.645751311064590590501615753639260425710"),
      (.function(.root, [.integer(5), .integer(3)]), "1.709975946676696989353108872543860109868"),
      (.power(.constant(.pi), .constant(.euler)), "22.45915771836104547342715220454373502759"),
    ]
    for (expression, digits) in cases {
      var evaluator = MathEvaluator(budget: .standard, steps: 10_000)
      guard case .ball(let ball)? = evaluator.value(of: expression) else {
        Issue.record("no value for \(expression)")
        continue
      }
      let reading = try MathParser.parse(Array(digits.utf8))
      let exact = try #require(MathEvaluator(budget: .standard, steps: 10).plain(reading))
      let expected = try #require(DoubleDouble(exact))
      let difference = ball.re - expected
      #expect(abs(difference.high) <= max(abs(ball.re.high), 1e-9) * 1e-28, "\(expression): \(difference)")
      #expect(ball.radius < abs(ball.re.high) * 1e-25)
    }
  }

  @Test func errorBoundsHold() {
    // sin² + cos² - 1 and (√2)² - 2 are zero: the ball must contain it and be tight.
    for text in [
      "\\sin^2 3 + \\cos^2 3 - 1", "\\sqrt{2}^2 - 2 + \\pi - \\pi", "e^{\\ln 5} - 5", "8^{0.37} - 2^{1.11}",
      "\\tan(\\arctan 7) - 7",
    ] {
      guard let reading = try? MathParser.parse(Array(text.utf8)) else {
        Issue.record("unread: \(text)")
        continue
      }
      var evaluator = MathEvaluator(budget: .standard, steps: 10_000)
      switch evaluator.value(of: reading) {
      case .exact(let value)?: #expect(value.isZero, "\(text)")
      case .ball(let ball)?:
        #expect(ball.mayBeZero, "\(text): \(ball)")
        #expect(ball.radius < 1e-24, "\(text): \(ball)")
      case nil: Issue.record("no value for \(text)")
      }
    }
  }
}

extension MathEvaluator {
  /// The exact value of an expression, or nil.
  fileprivate func plain(_ expression: MathExpression) -> Rational? {
    var copy = self
    if case .exact(let value)? = copy.value(of: expression) { return value }
    return nil
  }
}
