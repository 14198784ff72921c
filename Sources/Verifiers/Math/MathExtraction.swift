/// Where in a response the answer was found.
public enum MathExtractionRule: String, Sendable, Equatable, CaseIterable {
  /// The last `\boxed{…}` or `\fbox{…}`; neighbouring boxes form a list.
  case boxed
  /// After the last "answer is", "answer:" or "####".
  case phrase
  /// The response, or the contents of its answer tags, is nothing but the answer.
  case whole
  /// The last `$…$`, `\(…\)` or `\[…\]`.
  case delimited
  /// The last numeral of the text.
  case lastNumber = "last_number"
}

/// An answer read out of a response.
public struct MathExtraction: Sendable, Equatable {
  /// The answer as written.
  public let text: String
  /// The rule that found it.
  public let rule: MathExtractionRule
  /// Whether it stood inside `<answer>…</answer>`.
  public let isTagged: Bool
}

/// Finds the answer of a model response. One pass and a few look-backs: linear in the length of the response.
struct MathExtractor {
  /// Whether the last number of the text is an answer where nothing better is found.
  let takesLastNumber: Bool
  let budget: MathBudget
  /// Whether a reference is words: then a short response may be words with a number in them, such as a date.
  var expectsWords = false

  /// What was found, already parsed where finding it needed that.
  struct Finding {
    let bytes: [UInt8]
    let rule: MathExtractionRule
    let isTagged: Bool
    var reading: MathExpression?
  }

  /// Why nothing was found.
  struct NoAnswer: Error { let reason: String }

  func find(in response: [UInt8]) throws(NoAnswer) -> Finding {
    var text = response[...]
    if let end = MathExtractor.last("</think>", in: text) {
      text = text[(end + 8)...]
    } else if MathExtractor.last("<think>", in: text) != nil {
      throw NoAnswer(reason: "the thought is not closed")
    }
    var isTagged = false
    if let start = MathExtractor.last("<answer>", in: text) {
      isTagged = true
      let rest = text[(start + 8)...]
      text = rest.prefix(MathExtractor.first("</answer>", in: rest).map { $0 - rest.startIndex } ?? rest.count)
    }
    text = MathExtractor.trimmed(text)
    if text.isEmpty { throw NoAnswer(reason: "the answer is empty") }
    if let boxes = MathExtractor.lastBoxes(in: text) {
      let content = MathExtractor.trimmed(boxes[...])
      if content.isEmpty { throw NoAnswer(reason: "the box is empty") }
      return Finding(bytes: Array(content), rule: .boxed, isTagged: isTagged)
    }
    if let finding = try phrase(in: text, isTagged: isTagged) { return finding }
    if text.count <= 4000, let reading = mathematics(text) {
      return Finding(bytes: Array(text), rule: .whole, isTagged: isTagged, reading: reading)
    }
    if let (content, reading) = lastDelimited(in: text) {
      return Finding(bytes: content, rule: .delimited, isTagged: isTagged, reading: reading)
    }
    if MathExtractor.isHedged(text.suffix(300)) { throw NoAnswer(reason: "the response commits to no answer") }
    if isTagged || expectsWords || !text.contains(where: MathLexer.isDigit), text.count <= 80,
      let words = PlainWords.read(Array(text)), words.split(separator: " ").count <= 5
    {
      let reading = try? MathParser.parse(Array(text), budget: budget)
      return Finding(
        bytes: Array(text), rule: .whole, isTagged: isTagged,
        reading: reading.flatMap { $0.isWords ? $0 : nil } ?? .text(words))
    }
    if text.count <= 60, MathLexer.isDigit(text[text.startIndex]), MathExtractor.numerals(in: text) > 1 {
      // "3 hours 20 minutes" is one quantity, and its last number is no answer.
      throw NoAnswer(reason: "several numbers that are not one answer")
    }
    if takesLastNumber, MathExtractor.isProse(text.suffix(400)), let number = MathExtractor.lastNumber(in: text) {
      return Finding(bytes: number, rule: .lastNumber, isTagged: isTagged)
    }
    throw NoAnswer(reason: "no answer was found")
  }

  /// Bytes read as mathematics; nil for words and for what cannot be read.
  func mathematics(_ bytes: ArraySlice<UInt8>) -> MathExpression? {
    if MathExtractor.isSentence(bytes) { return nil }
    guard let reading = try? MathParser.parse(Array(bytes), budget: budget) else { return nil }
    if reading.contains({ if case .text = $0 { true } else { false } }) { return nil }
    return reading
  }

  private static func numerals(in text: ArraySlice<UInt8>) -> Int {
    var count = 0
    var isInside = false
    for byte in text {
      let isPart = MathLexer.isDigit(byte) || (isInside && (byte == 0x2C || byte == 0x2E || byte == 0x2F))
      if isPart, !isInside { count += 1 }
      isInside = isPart
    }
    return count
  }

  // MARK: Searching

  static func first(_ pattern: StaticString, in bytes: ArraySlice<UInt8>) -> Int? {
    let count = pattern.utf8CodeUnitCount
    guard bytes.count >= count else { return nil }
    return pattern.withUTF8Buffer { wanted in
      let head = wanted[0]
      var index = bytes.startIndex
      let last = bytes.endIndex - count
      while index <= last {
        if bytes[index] == head, matches(wanted, bytes, index) { return index }
        index += 1
      }
      return nil
    }
  }

  static func last(_ pattern: StaticString, in bytes: ArraySlice<UInt8>) -> Int? {
    let count = pattern.utf8CodeUnitCount
    guard bytes.count >= count else { return nil }
    return pattern.withUTF8Buffer { wanted in
      let head = wanted[0]
      return bytes.withUnsafeBufferPointer { buffer in
        var index = buffer.count - count
        while index >= 0 {
          if buffer[index] == head {
            var offset = 1
            while offset < count, buffer[index + offset] == wanted[offset] { offset += 1 }
            if offset == count { return index + bytes.startIndex }
          }
          index -= 1
        }
        return nil
      }
    }
  }

  private static func matches(
    _ wanted: UnsafeBufferPointer<UInt8>, _ bytes: ArraySlice<UInt8>, _ index: Int
  ) -> Bool {
    for offset in 1..<max(wanted.count, 1) where bytes[index + offset] != wanted[offset] { return false }
    return true
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

  static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while let first = bytes.first, isBlank(first) { bytes.removeFirst() }
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    // Markdown emphasis around the whole.
    while bytes.count > 4, bytes.starts(with: [0x2A, 0x2A]), bytes.suffix(2).elementsEqual([0x2A, 0x2A]) {
      bytes = bytes.dropFirst(2).dropLast(2)
    }
    return bytes
  }

  // MARK: Boxes

  /// The contents of the last box, with its neighbours joined by commas.
  static func lastBoxes(in text: ArraySlice<UInt8>) -> [UInt8]? {
    var boxes: [(start: Int, end: Int, content: ArraySlice<UInt8>)] = []
    var index = text.startIndex
    while index < text.endIndex {
      guard text[index] == 0x5C, let (content, end) = box(at: index, in: text) else {
        index += 1
        continue
      }
      boxes.append((index, end, content))
      if boxes.count > 64 { boxes.removeFirst(32) }
      index = end
    }
    guard let last = boxes.last else { return nil }
    if trimmed(last.content).isEmpty { return [] }
    var joined = Array(last.content)
    var start = last.start
    for box in boxes.dropLast().reversed() {
      guard isJoint(text[box.end..<start]), !trimmed(box.content).isEmpty else { break }
      joined = Array(box.content) + [0x2C, 0x20] + joined
      start = box.start
    }
    return joined
  }

  /// The box command at `index`: its argument and the position after it.
  private static func box(at index: Int, in text: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, Int)? {
    let rest = text[index...]
    let names: [StaticString] = ["\\boxed", "\\fbox", "\\framebox"]
    for name in names where starts(rest, with: name) {
      var position = index + name.utf8CodeUnitCount
      while position < text.endIndex, isBlank(text[position]) { position += 1 }
      guard position < text.endIndex else { return (text[position..<position], position) }
      if text[position] != 0x7B {
        // \boxed 5: one token.
        var end = position
        if text[end] == 0x5C { end += 1 }
        while end < text.endIndex, MathLexer.isLetter(text[end]) || MathLexer.isDigit(text[end]) { end += 1 }
        return (text[position..<end], max(end, position))
      }
      let start = position + 1
      var depth = 0
      while position < text.endIndex {
        switch text[position] {
        case 0x5C: position += 1
        case 0x7B: depth += 1
        case 0x7D:
          depth -= 1
          if depth == 0 { return (text[start..<position], position + 1) }
        default: break
        }
        position += 1
      }
      // Never closed: up to the end of the line.
      let end = text[start...].firstIndex { $0 == 0x0A } ?? text.endIndex
      return (text[start..<end], end)
    }
    return nil
  }

  private static func starts(_ bytes: ArraySlice<UInt8>, with prefix: StaticString) -> Bool {
    prefix.withUTF8Buffer { bytes.starts(with: $0) }
  }

  /// Whether nothing but separators and the words and/or stands between two answers.
  static func isJoint(_ gap: ArraySlice<UInt8>) -> Bool {
    if gap.count > 40 { return false }
    var words = ""
    for byte in gap {
      if MathLexer.isLetter(byte) {
        words.append(Character(UnicodeScalar(byte | 0x20)))
      } else if !" ,;$&\n\t\\(){}".utf8.contains(byte) {
        return false
      }
    }
    return ["", "and", "or", "textand", "textor", "text", "quad", "quadtextandquad", "quadtextorquad", "qquad"]
      .contains(words)
  }
}
