/// A 64-bit FNV-1a hash: tells apart what differs by accident, not what somebody made to collide.
public struct Fingerprint: Sendable {
  private var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The fingerprint of nothing.
  public init() {}

  /// Adds a text and its end.
  public mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add($0) }
    mix(0xFF)
  }

  /// Adds bytes.
  public mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) { for byte in bytes { mix(UInt64(byte)) } }

  /// Adds bytes eight at a time, for files of many megabytes.
  public mutating func add(words bytes: UnsafeRawBufferPointer) {
    var offset = 0
    while offset + 8 <= bytes.count {
      mix(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    while offset < bytes.count {
      mix(UInt64(bytes[offset]))
      offset += 1
    }
  }

  private mutating func mix(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01b3 }

  /// Sixteen hexadecimal digits.
  public var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
