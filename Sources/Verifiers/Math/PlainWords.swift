/// Answers that are words: `east`, `no solution`, `June 20`.
enum PlainWords {
  /// The words of an answer that is no mathematics, folded for comparison; nil when it is no text either.
  static func read(_ bytes: [UInt8]) -> String? {
    if bytes.count > 400 || MathExtractor.first("\u{FFFD}", in: bytes[...]) != nil { return nil }
    var plain: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x5C {
        var end = index + 1
        while end < bytes.count, MathLexer.isLetter(bytes[end]) { end += 1 }
        let name = String(decoding: bytes[index + 1..<end], as: UTF8.self)
        if end == index + 1 {
          // A control sign: spacing, or a bracket that is no text.
          guard end < bytes.count, ",;:! %$&".utf8.contains(bytes[end]) else { return nil }
          plain.append(0x20)
          index = end + 1
          continue
        }
        switch MathVocabulary.commands[name] {
        case .text, .font, .skip: plain.append(0x20)
        default: return nil
        }
        index = end
        continue
      }
      if byte < 0x20, byte != 0x0A, byte != 0x09, byte != 0x0D { return nil }
      if "^_=<>+*|#".utf8.contains(byte) { return nil }
      plain.append(byte == 0x7B || byte == 0x7D || byte == 0x24 ? 0x20 : byte)
      index += 1
    }
    let text = folded(String(decoding: plain, as: UTF8.self))
    guard longestRun(of: text) >= 2 else { return nil }
    return text
  }

  /// Lower case, single spaces, without punctuation at the ends of words.
  static func folded(_ text: String) -> String {
    let words = text.lowercased().split(whereSeparator: { $0.isWhitespace || $0 == "~" })
    var kept: [String] = []
    for word in words {
      let trimmed = word.filter { !".,;:!?\"'()*`".contains($0) || ($0 == ":" && word.contains(where: \.isNumber)) }
      if !trimmed.isEmpty { kept.append(trimmed) }
    }
    return kept.joined(separator: " ")
  }

  /// The longest run of letters.
  private static func longestRun(of text: String) -> Int {
    var longest = 0
    var run = 0
    for character in text {
      run = character.isLetter ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
