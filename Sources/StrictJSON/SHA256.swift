/// SHA-256 (FIPS 180-4): stands for content where two contents must never be taken for one, also where somebody tries.
///
/// ``add(_:)-(String)`` feeds texts so that their borders count: ("ab", "c") and ("a", "bc") differ. For a digest of bytes as other
/// programs print it, feed them by ``add(bytes:)`` alone.
public struct SHA256: Sendable {
  /// The 32 bytes of a digest.
  public struct Digest: Hashable, Sendable {
    /// The eight words, most significant first.
    let words: SIMD8<UInt32>

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
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
      for block in stride(from: 0, to: bytes.count, by: 64) {
        for i in 0..<16 {
          schedule[i] = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: block + 4 * i, as: UInt32.self))
        }
        for i in 16..<64 {
          let (early, late) = (schedule[i - 15], schedule[i - 2])
          let first = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3
          let second = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10
          schedule[i] = schedule[i - 16] &+ first &+ schedule[i - 7] &+ second
        }
        var (a, b, c, d, e, f, g, h) = (
          state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]
        )
        for i in 0..<64 {
          let choice = (e & f) ^ (~e & g)
          let rise = h &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) &+ choice &+ constants[i] &+ schedule[i]
          let majority = (a & b) ^ (a & c) ^ (b & c)
          let fall = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ majority
          (h, g, f, e, d, c, b, a) = (g, f, e, d &+ rise, c, b, a, rise &+ fall)
        }
        state &+= SIMD8(a, b, c, d, e, f, g, h)
      }
    }
  }

  private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}
