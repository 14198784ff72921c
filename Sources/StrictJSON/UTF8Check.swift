/// Where bytes stop being UTF-8.
enum UTF8Check {
  /// The place of the first byte that is no part of a character; nil where all are.
  static func firstInvalid(_ bytes: ArraySlice<UInt8>) -> Int? {
    var index = bytes.startIndex
    while index < bytes.endIndex {
      // The shortest run that is a character; a character has at most four bytes.
      let longest = min(4, bytes.endIndex - index)
      guard let length = (1...longest).first(where: { isValid(bytes[index..<index + $0]) }) else { return index }
      index += length
    }
    return nil
  }

  /// Whether all bytes are UTF-8.
  static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool { String(validating: bytes, as: UTF8.self) != nil }
}
