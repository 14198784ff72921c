/// A unit of a response as the parser sees it: one token of a sampled response, or one lexed run of a text.
///
/// In token form a tag is a special vocabulary entry; the same characters spelled in ordinary tokens are text. In text
/// form the two cannot be told apart, so ``lex(_:)`` takes every tag string for the tag.
public enum Piece: Sendable, Equatable {
  /// One of the eight tags of the format.
  case tag(Tag)
  /// Bytes of text. One token may hold part of a UTF-8 character.
  case text([UInt8])
  /// The end-of-turn token. Whatever follows it is not part of the response.
  case end
  /// Any other special entry of the vocabulary; it has no place in a response.
  case special

  /// Whether this is text of nothing but spaces, tabs and line ends (or of no byte at all).
  public var isBlank: Bool {
    if case .text(let bytes) = self { bytes.allSatisfy(\.isBlank) } else { false }
  }

  /// Splits UTF-8 text at the tag strings; joining the pieces gives back the input.
  ///
  /// Any bytes are accepted, valid UTF-8 or not. There is no empty text piece and no two text pieces in a row.
  public static func lex(_ bytes: [UInt8]) -> [Piece] {
    var pieces: [Piece] = []
    var runStart = 0
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<"), let tag = Tag.allCases.first(where: { $0.stands(at: index, in: bytes) })
      else {
        index += 1
        continue
      }
      if runStart < index { pieces.append(.text(Array(bytes[runStart..<index]))) }
      pieces.append(.tag(tag))
      index += tag.rawValue.utf8.count
      runStart = index
    }
    if runStart < bytes.count { pieces.append(.text(Array(bytes[runStart...]))) }
    return pieces
  }

  /// Splits a text at the tag strings. See ``lex(_:)-([UInt8])``.
  public static func lex(_ text: String) -> [Piece] { lex(Array(text.utf8)) }
}

extension Tag {
  /// Whether the tag's characters stand in `bytes` from `index` on.
  func stands(at index: Int, in bytes: [UInt8]) -> Bool {
    let own = rawValue.utf8
    return bytes.count - index >= own.count && bytes[index..<index + own.count].elementsEqual(own)
  }
}

extension UInt8 {
  /// Space, tab, line feed or carriage return.
  var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
