/// What plain prose says: a choice, a hesitation, a sentence, its last number.
extension MathExtractor {
  /// The letter of `(B) 12`, `B) 12` or `\text{B: }12`: a choice with its content after it.
  static func leadingChoice(in text: [UInt8]) -> String? {
    let marks = Array("\\text{".utf8)
    var rest = text[...]
    while let first = rest.first, isBlank(first) || first == 0x24 { rest.removeFirst() }
    if rest.starts(with: marks) { rest = rest.dropFirst(marks.count) }
    let isOpen = rest.first == 0x28
    if isOpen { rest.removeFirst() }
    guard let letter = rest.first, letter >= 0x41, letter <= 0x4A, rest.count > 2 else { return nil }
    let next = rest[rest.startIndex + 1]
    guard next == 0x29 || (!isOpen && (next == 0x3A || next == 0x2E)) else { return nil }
    let after = rest[rest.startIndex + 2]
    return isBlank(after) || after == 0x5C || after == 0x7D ? String(UnicodeScalar(letter)) : nil
  }

  /// Whether the text gives up or offers alternatives.
  static func isHedged(_ bytes: ArraySlice<UInt8>) -> Bool {
    let text = " " + String(decoding: bytes, as: UTF8.self).lowercased() + " "
    for phrase in [
      " maybe ", " perhaps ", " possibly ", "not sure", "don't know", "do not know", "unsure", "can't determine",
      " either ", "could be ", "might be ", "no idea", "i guess",
    ] where text.contains(phrase) { return true }
    return false
  }

  /// Whether at least three words stand in the text, outside `\text{…}`, that name nothing in mathematics.
  static func isSentence(_ text: ArraySlice<UInt8>) -> Bool {
    var words = 0
    var index = text.startIndex
    while index < text.endIndex {
      let byte = text[index]
      let start = index
      if byte == 0x5C {
        index += 1
        while index < text.endIndex, MathLexer.isLetter(text[index]) { index += 1 }
        if index == start + 1 {
          index += 1
        } else if index < text.endIndex, text[index] == 0x7B,
          case .text? = MathVocabulary.commands[String(decoding: text[(start + 1)..<index], as: UTF8.self)]
        {
          while index < text.endIndex, text[index] != 0x7D { index += 1 }
        }
        continue
      }
      guard MathLexer.isLetter(byte) else {
        index += 1
        continue
      }
      while index < text.endIndex, MathLexer.isLetter(text[index]) { index += 1 }
      if index - start < 2 || index - start > 24 { continue }
      let word = String(decoding: text[start..<index], as: UTF8.self)
      let lower = word.lowercased()
      let isName =
        MathVocabulary.functions[word] != nil || MathVocabulary.words[lower] != nil
        || MathVocabulary.units.contains(word)
        || MathVocabulary.greek.contains(lower) || MathVocabulary.numberWords[lower] != nil
      // A product of two or three letters is no word unless blanks stand around it.
      let isSpaced = index == text.endIndex || isBlank(text[index]) || text[index] == 0x2C || text[index] == 0x2E
      if !isName, index - start > 3 || isSpaced { words += 1 }
      if words >= 3 { return true }
    }
    return false
  }

  /// Whether the text is sentences: a number at the end of mathematics that cannot be read is no answer.
  static func isProse(_ text: ArraySlice<UInt8>) -> Bool {
    var words = 0
    var run = 0
    var isCommand = false
    for byte in text {
      if byte >= 0xE3 { return true }
      if MathLexer.isLetter(byte) {
        run += 1
        continue
      }
      if run >= 2, !isCommand, byte == 0x20 || byte == 0x2C || byte == 0x2E || byte == 0x0A { words += 1 }
      isCommand = byte == 0x5C
      run = 0
    }
    return words + (run >= 2 && !isCommand ? 1 : 0) >= 2
  }

  /// The last numeral, with its sign, fraction and percent sign.
  static func lastNumber(in text: ArraySlice<UInt8>) -> [UInt8]? {
    guard let last = text.lastIndex(where: MathLexer.isDigit) else { return nil }
    var start = last
    while start > text.startIndex {
      let byte = text[start - 1]
      if MathLexer.isDigit(byte) {
        start -= 1
      } else if byte == 0x2E || byte == 0x2C || byte == 0x2F, start - 2 >= text.startIndex,
        MathLexer.isDigit(text[start - 2]), MathLexer.isDigit(text[start])
      {
        start -= 1
      } else {
        break
      }
    }
    if start > text.startIndex, text[start - 1] == 0x2E, start == last || MathLexer.isDigit(text[start]) {
      let isPoint = start - 2 < text.startIndex || isBlank(text[start - 2])
      if isPoint { start -= 1 }
    }
    if start > text.startIndex, text[start - 1] == 0x2D,
      start - 2 < text.startIndex || isBlank(text[start - 2]) || text[start - 2] == 0x3D || text[start - 2] == 0x24
        || text[start - 2] == 0x28 || text[start - 2] == 0x2A
    {
      start -= 1
    }
    // "It is not 5" gives no answer.
    if String(decoding: text[..<start].suffix(12), as: UTF8.self).lowercased().contains("not ") { return nil }
    var end = last + 1
    if end < text.endIndex, text[end] == 0x25 { end += 1 }
    return Array(text[start..<end])
  }
}
