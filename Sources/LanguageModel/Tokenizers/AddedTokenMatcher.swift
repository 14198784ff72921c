/// Finds added tokens in text: leftmost, and the longest where several start at one place.
struct AddedTokenMatcher: Sendable {
  /// A stretch of the input that is one added token, or plain text.
  enum Piece: Equatable {
    case text(Range<Int>)
    case token(Int32)
  }

  private struct Pattern: Sendable {
    let bytes: [UInt8]
    let token: AddedToken
  }

  /// Patterns by first byte, longest first.
  private var patterns: [[Pattern]] = Array(repeating: [], count: 256)
  private(set) var isEmpty = true

  init(_ tokens: [AddedToken]) {
    for token in tokens where !token.text.isEmpty {
      let bytes = Array(token.text.utf8)
      patterns[Int(bytes[0])].append(Pattern(bytes: bytes, token: token))
      isEmpty = false
    }
    for i in patterns.indices { patterns[i].sort { $0.bytes.count > $1.bytes.count } }
  }

  /// Cuts UTF-8 `bytes` into pieces, in order, empty text left out.
  func split(_ bytes: [UInt8]) -> [Piece] {
    if isEmpty { return bytes.isEmpty ? [] : [.text(0..<bytes.count)] }
    var pieces: [Piece] = []
    var textStart = 0
    var i = 0
    while i < bytes.count {
      guard let match = match(bytes, at: i) else {
        i += 1
        continue
      }
      var end = i + match.bytes.count
      var textEnd = i
      if match.token.leftStrip {
        while textEnd > textStart, Self.isSpace(bytes[textEnd - 1]) { textEnd -= 1 }
      }
      if match.token.rightStrip {
        while end < bytes.count, Self.isSpace(bytes[end]) { end += 1 }
      }
      if textEnd > textStart { pieces.append(.text(textStart..<textEnd)) }
      pieces.append(.token(match.token.id))
      i = end
      textStart = end
    }
    if textStart < bytes.count { pieces.append(.text(textStart..<bytes.count)) }
    return pieces
  }

  private func match(_ bytes: [UInt8], at start: Int) -> Pattern? {
    for pattern in patterns[Int(bytes[start])] {
      let end = start + pattern.bytes.count
      guard end <= bytes.count, bytes[start..<end].elementsEqual(pattern.bytes) else { continue }
      if pattern.token.singleWord {
        let before = start > 0 && Self.isWord(bytes[start - 1])
        let after = end < bytes.count && Self.isWord(bytes[end])
        if before || after { continue }
      }
      return pattern
    }
    return nil
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  /// Letters, digits, underscore; any byte of a multi-byte character counts as a letter.
  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xFF:
      true
    default: false
    }
  }
}
