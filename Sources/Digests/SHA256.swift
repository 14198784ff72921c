import CDigests

/// SHA-256 (FIPS 180-4): stands for content where two contents must never be taken for one, also where somebody tries.
///
/// ``add(_:)-(String)`` feeds texts so that their borders count: ("ab", "c") and ("a", "bc") differ. For a digest of bytes as other
/// programs print it, feed them by ``add(bytes:)`` alone.
public struct SHA256: Sendable {
  /// The 32 bytes of a digest.
  public struct Digest: Hashable, Sendable {
    /// The eight words, most significant first.
    let words: SIMD8<UInt32>

    /// The bytes, in order.
    public var bytes: [UInt8] {
      (0..<8).flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: words[word] >> (24 - 8 * $0)) } }
    }

    /// 64 hexadecimal digits, as `sha256sum` prints them.
    public var text: String {
      (0..<8).map { place in
        let digits = String(words[place], radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
      }.joined()
    }
  }

  private var state = SIMD8<UInt32>(
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)
  /// What does not fill a block of 64 bytes yet.
  private var pending: [UInt8] = []
  private var count: UInt64 = 0

  /// The digest of nothing yet.
  public init() { pending.reserveCapacity(64) }

  /// Adds bytes as they are.
  public mutating func add(bytes: UnsafeRawBufferPointer) {
    count += UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let taken = rest.prefix(64 - pending.count)
      pending.append(contentsOf: taken)
      rest = rest.dropFirst(taken.count)
      guard pending.count == 64 else { return }
      pending.withUnsafeBytes { Self.mix(&state, $0) }
      pending.removeAll(keepingCapacity: true)
    }
    let whole = rest.count / 64 * 64
    Self.mix(&state, UnsafeRawBufferPointer(rebasing: rest.prefix(whole)))
    pending.append(contentsOf: rest.dropFirst(whole))
  }

  /// Adds a number as eight bytes, most significant first.
  public mutating func add(_ number: Int) {
    withUnsafeBytes(of: Int64(number).bigEndian) { add(bytes: $0) }
  }

  /// Adds a text's length and its UTF-8 bytes.
  public mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      add(utf8.count)
      add(bytes: UnsafeRawBufferPointer(utf8))
    }
  }

  /// The digest of all that was added.
  public var digest: Digest {
    var state = state
    var tail = pending
    tail.append(0x80)
    while tail.count % 64 != 56 { tail.append(0) }
    withUnsafeBytes(of: (count &* 8).bigEndian) { tail.append(contentsOf: $0) }
    tail.withUnsafeBytes { Self.mix(&state, $0) }
    return Digest(words: state)
  }

  /// Works whole blocks of 64 bytes into the state.
  private static func mix(_ state: inout SIMD8<UInt32>, _ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
    withUnsafeMutableBytes(of: &state) { words in
      words.withMemoryRebound(to: UInt32.self) { cd_sha256($0.baseAddress, base, bytes.count / 64) }
    }
  }
}
