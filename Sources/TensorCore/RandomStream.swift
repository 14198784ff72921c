import CKernels
import Foundation

/// What random numbers are for; streams of different purposes never overlap.
public struct RandomPurpose: Sendable, Hashable, RawRepresentable, ExpressibleByStringLiteral {
  /// The word that enters the generator's key.
  public let rawValue: UInt32

  /// A purpose by its word.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// A purpose by its name (FNV-1a of the UTF-8 bytes).
  public init(stringLiteral name: String) {
    rawValue = name.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
  }

  /// Initial weights.
  public static let initialization: RandomPurpose = "initialization"
  /// Sampled tokens.
  public static let sampling: RandomPurpose = "sampling"
  /// The order of data.
  public static let shuffling: RandomPurpose = "shuffling"
}

/// Random numbers as a pure function of their coordinates: (seed, purpose, step, query, sample) name a stream, an
/// index names a number in it. There is no shared state, so neither order nor number of workers changes anything.
///
/// The generator is Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
public struct RandomStream: Sendable, RandomNumberGenerator {
  private let key: UInt64
  private let nonce: UInt64
  private var index: UInt64 = 0

  /// The stream of these coordinates.
  public init(seed: UInt64, purpose: RandomPurpose, step: Int = 0, query: Int = 0, sample: Int = 0) {
    // Coordinates hold more bits than one counter: two rounds of the generator fold them into a key and a nonce.
    let first = ck_philox(UInt64(purpose.rawValue) | 0x7374_6570 << 32, UInt64(bitPattern: Int64(step)), seed)
    let second = ck_philox(
      UInt64(bitPattern: Int64(query)) ^ first.high, UInt64(bitPattern: Int64(sample)), first.low)
    key = second.low
    nonce = second.high
  }

  /// The 64 random bits at `index` (a token position, for instance).
  public func bits(at index: UInt64) -> UInt64 { ck_philox(index, nonce, key).low }

  /// The uniform number in [0, 1) at `token`; a multiple of 2^-53.
  public func uniform(at token: Int) -> Double {
    Double(bits(at: UInt64(bitPattern: Int64(token))) >> 11) * 0x1p-53
  }

  /// The next 64 bits: `bits(at:)` of 0, 1, 2, … in turn.
  public mutating func next() -> UInt64 {
    defer { index &+= 1 }
    return bits(at: index)
  }

  /// The next uniform number in [0, 1).
  public mutating func nextUniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// The next number of the standard normal distribution (Box-Muller, cosine branch).
  public mutating func nextGaussian() -> Double {
    let radius = (-2 * log(1 - nextUniform())).squareRoot()
    return radius * cos(2 * .pi * nextUniform())
  }

  /// The next integer in 0..<bound, each equally likely.
  public mutating func nextIndex(below bound: Int) -> Int {
    precondition(bound > 0, "no index below \(bound)")
    let range = UInt64(bound)
    // Numbers past the last whole multiple of the bound would favour small results.
    let limit = UInt64.max - (UInt64.max % range &+ 1) % range
    while true {
      let bits = next()
      if bits <= limit { return Int(bits % range) }
    }
  }

  /// Puts the elements in random order (Fisher-Yates).
  public mutating func shuffle<T>(_ elements: inout [T]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, through: 1, by: -1) {
      elements.swapAt(last, nextIndex(below: last + 1))
    }
  }

  /// The elements in random order.
  public mutating func shuffled<T>(_ elements: [T]) -> [T] {
    var result = elements
    shuffle(&result)
    return result
  }

  /// Writes `count` normal numbers, the same that ``nextGaussian()`` would give one by one, rounded to float.
  public mutating func fillGaussian(_ values: UnsafeMutablePointer<Float>, count: Int, deviation: Float) {
    ck_fill_gaussian(values, count, deviation, index, nonce, key)
    index &+= 2 &* UInt64(count)
  }
}

extension Tensor {
  /// Fills with normal numbers of the given standard deviation.
  public func fillGaussian(_ stream: inout RandomStream, deviation: Float) {
    stream.fillGaussian(data, count: count, deviation: deviation)
  }
}
