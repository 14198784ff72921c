/// Random numbers as a function of a key: the same words give the same numbers on every machine and in every order of
/// calls. The draws are defined here and not by the standard library, so a suite never changes with a toolchain.
struct KeyedStream {
  private var state: UInt64

  /// The stream of a key.
  init(_ words: UInt64...) {
    state = 0x243F_6A88_85A3_08D3
    for word in words { state = Self.mix(state ^ word) &+ 0x9E37_79B9_7F4A_7C15 }
  }

  /// The finaliser of SplitMix64.
  static func mix(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The next 64 bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// A whole number in 0 ..< `bound`; 0 for an empty range.
  mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(next().multipliedFullWidth(by: UInt64(bound)).high) : 0 }

  /// A number in [0, 1).
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// One element; the collection must not be empty.
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  /// A permutation (Fisher-Yates).
  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    for i in stride(from: elements.count - 1, to: 0, by: -1) { elements.swapAt(i, below(i + 1)) }
    return elements
  }

  /// FNV-1a of a text, mixed: the key by which content is told apart.
  static func hash(_ text: String) -> UInt64 {
    mix(text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
  }
}
