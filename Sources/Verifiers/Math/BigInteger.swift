/// An integer of any size: a machine word where it fits, sign and magnitude otherwise.
///
/// `large` is used only when the value does not fit an `Int`, so equal values always have equal representations.
enum BigInteger: Sendable, Hashable {
  /// A value that fits a machine word.
  case small(Int)
  /// Any other value; little-endian limbs without a leading zero limb.
  case large(negative: Bool, magnitude: [UInt32])

  static let zero = BigInteger.small(0)
  static let one = BigInteger.small(1)

  /// The value of a sign and limbs, in its one representation.
  init(negative: Bool, magnitude limbs: [UInt32]) {
    var limbs = limbs
    Magnitude.trim(&limbs)
    if limbs.count <= 2 {
      let low = UInt64(limbs.isEmpty ? 0 : limbs[0]) | (UInt64(limbs.count > 1 ? limbs[1] : 0) << 32)
      if low <= UInt64(Int.max) {
        self = .small(negative ? -Int(low) : Int(low))
        return
      }
      if negative, low == UInt64(Int.max) + 1 {
        self = .small(.min)
        return
      }
    }
    self = .large(negative: negative, magnitude: limbs)
  }

  /// The value of ASCII decimal digits. The caller bounds their number; anything but a digit is skipped.
  init(decimalDigits digits: some Sequence<UInt8>) {
    var small = 0
    var limbs: [UInt32]? = nil
    var chunk: UInt32 = 0
    var scale: UInt32 = 1
    for byte in digits where byte >= 48 && byte <= 57 {
      let digit = UInt32(byte - 48)
      if limbs == nil {
        if small <= (Int.max - 9) / 10 {
          small = small * 10 + Int(digit)
          continue
        }
        limbs = Magnitude.limbs(of: UInt64(small))
      }
      chunk = chunk * 10 + digit
      scale *= 10
      if scale == 1_000_000_000 {
        Magnitude.multiplyAdd(&limbs!, by: scale, adding: chunk)
        chunk = 0
        scale = 1
      }
    }
    guard var limbs else {
      self = .small(small)
      return
    }
    if scale > 1 { Magnitude.multiplyAdd(&limbs, by: scale, adding: chunk) }
    self.init(negative: false, magnitude: limbs)
  }

  var isZero: Bool { if case .small(0) = self { true } else { false } }
  var isOne: Bool { if case .small(1) = self { true } else { false } }

  var isNegative: Bool {
    switch self {
    case .small(let value): value < 0
    case .large(let negative, _): negative
    }
  }

  var isOdd: Bool {
    switch self {
    case .small(let value): value & 1 == 1
    case .large(_, let limbs): limbs[0] & 1 == 1
    }
  }

  /// The value as a machine word, or nil.
  var int: Int? { if case .small(let value) = self { value } else { nil } }

  /// The number of bits of the magnitude.
  var bitWidth: Int {
    switch self {
    case .small(let value): Int.bitWidth - value.magnitude.leadingZeroBitCount
    case .large(_, let limbs): limbs.count * 32 - limbs[limbs.count - 1].leadingZeroBitCount
    }
  }

  var magnitude: BigInteger { isNegative ? -self : self }

  fileprivate var limbs: [UInt32] {
    switch self {
    case .small(let value): Magnitude.limbs(of: UInt64(value.magnitude))
    case .large(_, let limbs): limbs
    }
  }

  /// Decimal text. Quadratic in the number of digits, which the budgets bound.
  var description: String {
    switch self {
    case .small(let value): return String(value)
    case .large(let negative, let limbs):
      var rest = limbs
      var chunks: [String] = []
      while !rest.isEmpty {
        let chunk = String(Magnitude.divide(&rest, by: 1_000_000_000))
        chunks.append(rest.isEmpty ? chunk : String(repeating: "0", count: 9 - chunk.count) + chunk)
      }
      return (negative ? "-" : "") + chunks.reversed().joined()
    }
  }

  /// The leading bits as two doubles (high and low part) times 2^exponent; exact when the value has at most 106 bits.
  var leading: (high: Double, low: Double, exponent: Int) {
    switch self {
    case .small(let value):
      let high = Double(value)
      // Double(Int.max) rounds up to 2^63, one more than an Int can hold.
      let low = high >= 9.2e18 ? Double(value &- Int.max) - 1 : Double(value &- Int(high))
      return (high, low, 0)
    case .large(let negative, let limbs):
      let count = limbs.count
      let taken = min(count, 4)
      var high = 0.0
      var low = 0.0
      for index in stride(from: count - 1, through: count - taken, by: -1) {
        let scaled =
          Double(limbs[index]) * Double(sign: .plus, exponent: 32 * (index - (count - taken)), significand: 1)
        let sum = high + scaled
        low += scaled - (sum - high)
        high = sum
      }
      return (negative ? -high : high, negative ? -low : low, 32 * (count - taken))
    }
  }
}

extension BigInteger: Comparable {
  static func < (left: BigInteger, right: BigInteger) -> Bool {
    switch (left, right) {
    case (.small(let a), .small(let b)): return a < b
    case (.small, .large(let negative, _)): return !negative
    case (.large(let negative, _), .small): return negative
    case (.large(let negativeLeft, let a), .large(let negativeRight, let b)):
      if negativeLeft != negativeRight { return negativeLeft }
      let order = Magnitude.compare(a, b)
      return negativeLeft ? order > 0 : order < 0
    }
  }
}

extension BigInteger {
  static prefix func - (value: BigInteger) -> BigInteger {
    switch value {
    case .small(let small):
      small == .min ? BigInteger(negative: false, magnitude: Magnitude.limbs(of: small.magnitude)) : .small(-small)
    case .large(let negative, let limbs): BigInteger(negative: !negative, magnitude: limbs)
    }
  }

  static func + (left: BigInteger, right: BigInteger) -> BigInteger {
    if case .small(let a) = left, case .small(let b) = right {
      let (sum, overflow) = a.addingReportingOverflow(b)
      if !overflow { return .small(sum) }
    }
    let a = left.limbs
    let b = right.limbs
    if left.isNegative == right.isNegative {
      return BigInteger(negative: left.isNegative, magnitude: Magnitude.add(a, b))
    }
    let order = Magnitude.compare(a, b)
    if order == 0 { return .zero }
    return order > 0
      ? BigInteger(negative: left.isNegative, magnitude: Magnitude.subtract(a, b))
      : BigInteger(negative: right.isNegative, magnitude: Magnitude.subtract(b, a))
  }

  static func - (left: BigInteger, right: BigInteger) -> BigInteger { left + (-right) }

  static func * (left: BigInteger, right: BigInteger) -> BigInteger {
    if case .small(let a) = left, case .small(let b) = right {
      let (product, overflow) = a.multipliedReportingOverflow(by: b)
      if !overflow { return .small(product) }
    }
    return BigInteger(
      negative: left.isNegative != right.isNegative, magnitude: Magnitude.multiply(left.limbs, right.limbs))
  }

  /// Truncating division; nil for a zero divisor.
  func dividing(by divisor: BigInteger) -> (quotient: BigInteger, remainder: BigInteger)? {
    if divisor.isZero { return nil }
    if case .small(let a) = self, case .small(let b) = divisor, !(a == .min && b == -1) {
      return (.small(a / b), .small(a % b))
    }
    let (quotient, remainder) = Magnitude.divide(limbs, by: divisor.limbs)
    return (
      BigInteger(negative: isNegative != divisor.isNegative, magnitude: quotient),
      BigInteger(negative: isNegative, magnitude: remainder)
    )
  }

  /// The greatest common divisor of the magnitudes.
  static func gcd(_ left: BigInteger, _ right: BigInteger) -> BigInteger {
    var a = left.magnitude
    var b = right.magnitude
    while true {
      if case .small(let x) = a, case .small(let y) = b {
        var x = x
        var y = y
        while y != 0 { (x, y) = (y, x % y) }
        return .small(x)
      }
      guard let (_, remainder) = a.dividing(by: b) else { return a }
      (a, b) = (b, remainder)
    }
  }

  /// self to a non-negative power. The caller bounds the result's size.
  func power(_ exponent: Int) -> BigInteger {
    var result = BigInteger.one
    var base = self
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = result * base }
      rest >>= 1
      if rest > 0 { base = base * base }
    }
    return result
  }

  /// The floor of the n-th root of a non-negative value, n >= 1, by Newton's method from above.
  func root(_ n: Int) -> BigInteger {
    if isZero || isOne || n == 1 { return self }
    let bits = bitWidth
    if n >= bits { return .one }
    var guess = BigInteger.one.shifted(left: bits / n + 1)
    let degree = BigInteger.small(n)
    while true {
      guard let (quotient, _) = dividing(by: guess.power(n - 1)),
        let (next, _) = (guess * .small(n - 1) + quotient).dividing(by: degree)
      else { return guess }
      if !(next < guess) { return guess }
      guess = next
    }
  }

  private func shifted(left count: Int) -> BigInteger {
    var limbs = [UInt32](repeating: 0, count: count / 32)
    limbs.append(1 << UInt32(count % 32))
    return self * BigInteger(negative: false, magnitude: limbs)
  }
}
