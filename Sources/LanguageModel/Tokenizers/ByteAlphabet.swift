/// The printable spelling of bytes that byte-level tokenizer files use (GPT-2's table): printable Latin-1 characters
/// stand for themselves, the other 68 bytes for U+0100 onwards.
enum ByteAlphabet {
  /// The character of each byte.
  static let scalars: [Unicode.Scalar] = {
    var next: UInt32 = 256
    return (0..<256).map { byte in
      let code = UInt32(byte)
      if isPrintable(code) { return Unicode.Scalar(UInt8(byte)) }
      defer { next += 1 }
      return Unicode.Scalar(next) ?? "?"
    }
  }()

  /// The byte of each character from U+0000 to U+0143; -1 where there is none.
  private static let byteOfScalar: [Int16] = {
    var table = [Int16](repeating: -1, count: 0x144)
    for (byte, scalar) in scalars.enumerated() where scalar.value < 0x144 { table[Int(scalar.value)] = Int16(byte) }
    return table
  }()

  private static func isPrintable(_ code: UInt32) -> Bool {
    (0x21...0x7E).contains(code) || (0xA1...0xAC).contains(code) || (0xAE...0xFF).contains(code)
  }

  /// The spelling of `bytes`.
  static func spell(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes { text.unicodeScalars.append(scalars[Int(byte)]) }
    return text
  }

  /// The bytes `text` spells, or nil where it holds a character outside the alphabet.
  static func bytes(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    let table = byteOfScalar
    for scalar in text.unicodeScalars {
      guard scalar.value < 0x144, table[Int(scalar.value)] >= 0 else { return nil }
      bytes.append(UInt8(table[Int(scalar.value)]))
    }
    return bytes
  }
}
