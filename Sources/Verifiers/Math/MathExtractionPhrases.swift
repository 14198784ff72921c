extension MathExtractor {
  /// The answer after the last answer phrase.
  func phrase(in text: ArraySlice<UInt8>, isTagged: Bool) throws(NoAnswer) -> Finding? {
    var end = text.endIndex
    for _ in 0..<4 {
      guard let (start, after) = MathExtractor.lastPhrase(in: text[text.startIndex..<end]) else { return nil }
      let rest = text[after...]
      if MathExtractor.isHedged(rest.prefix(80)) { throw NoAnswer(reason: "the response commits to no answer") }
      if let finding = candidate(in: rest, isTagged: isTagged) { return finding }
      end = start
    }
    return nil
  }

  /// The last phrase that announces an answer: where it starts and where the answer may start.
  private static func lastPhrase(in text: ArraySlice<UInt8>) -> (start: Int, after: Int)? {
    var index = text.endIndex - 1
    while index >= text.startIndex {
      let byte = text[index]
      if byte == 0x23, index - 3 >= text.startIndex, text[(index - 3)...index].allSatisfy({ $0 == 0x23 }) {
        return (index - 3, index + 1)
      }
      if byte | 0x20 == 0x61, let after = announcement(at: index, in: text) { return (index, after) }
      if byte == 0xE7, let after = chineseAnnouncement(at: index, in: text) { return (index, after) }
      index -= 1
    }
    return nil
  }

  /// "answer is", "answer:", "answers are", "answer =" at `index`.
  private static func announcement(at index: Int, in text: ArraySlice<UInt8>) -> Int? {
    guard let word = matched("answer", at: index, in: text) else { return nil }
    if index > text.startIndex, MathLexer.isLetter(text[index - 1]) || text[index - 1] == 0x3C { return nil }
    var position = word
    if let plural = matched("s", at: position, in: text) { position = plural }
    position = skipMarks(position, in: text)
    // "the answer to the question is 5", "the answer, in metres, is 5": a few words before the verb.
    for verb in ["is", "are", "would be", "will be", "equals", "should be", "="] {
      if let after = matched(verb, at: position, in: text), after >= text.endIndex || !MathLexer.isLetter(text[after]) {
        return refined(after, in: text)
      }
    }
    if position < text.endIndex, text[position] == 0x3A { return refined(position + 1, in: text) }
    if text[word..<position].contains(0x0A), isHeading(upTo: index, in: text) { return position }
    var scan = position
    var words = 0
    while scan < text.endIndex, words < 8, text[scan] != 0x2E, text[scan] != 0x0A {
      if text[scan] == 0x20 { words += 1 }
      if text[scan] == 0x3A { return scan + 1 }
      if text[scan] == 0x20, let after = matched("is", at: scan + 1, in: text), after < text.endIndex,
        text[after] == 0x20 || text[after] == 0x3A
      {
        return refined(after, in: text)
      }
      scan += 1
    }
    return nil
  }

  /// Whether only the marks of a heading and at most the word "final" stand between the start of the line and `index`.
  private static func isHeading(upTo index: Int, in text: ArraySlice<UInt8>) -> Bool {
    var start = index
    while start > text.startIndex, text[start - 1] != 0x0A, index - start < 24 { start -= 1 }
    let words = String(decoding: text[start..<index], as: UTF8.self).lowercased()
    let marks = words.filter { $0 == "#" || $0 == "*" }
    return !marks.isEmpty && ["", "final"].contains(words.filter(\.isLetter))
  }

  private static func refined(_ index: Int, in text: ArraySlice<UInt8>) -> Int? {
    let position = skipMarks(index, in: text)
    if matched("not ", at: position, in: text) != nil { return nil }
    return index
  }

  private static func chineseAnnouncement(at index: Int, in text: ArraySlice<UInt8>) -> Int? {
    for phrase in [
      "\u{7B54}\u{6848}\u{662F}", "\u{7B54}\u{6848}\u{4E3A}", "\u{7B54}\u{6848}\u{FF1A}", "\u{7B54}\u{6848}:",
      "\u{7B54}\u{FF1A}",
    ] {
      if let after = matched(phrase, at: index, in: text) { return after }
    }
    return nil
  }

  private static func matched(_ word: String, at index: Int, in text: ArraySlice<UInt8>) -> Int? {
    var position = index
    for byte in word.utf8 {
      guard position < text.endIndex else { return nil }
      let found = text[position]
      guard found == byte || (MathLexer.isLetter(byte) && found | 0x20 == byte) else { return nil }
      position += 1
    }
    return position
  }

  /// Skips blanks, emphasis and quotation marks.
  private static func skipMarks(_ index: Int, in text: ArraySlice<UInt8>) -> Int {
    var position = index
    while position < text.endIndex, isBlank(text[position]) || text[position] == 0x2A || text[position] == 0x5F {
      position += 1
    }
    return position
  }

  /// The answer at the start of the text after a phrase.
  private func candidate(in rest: ArraySlice<UInt8>, isTagged: Bool) -> Finding? {
    var start = rest.startIndex
    while start < rest.endIndex,
      MathExtractor.isBlank(rest[start]) || rest[start] == 0x2A || rest[start] == 0x3A || rest[start] == 0x5F
        || rest[start] == 0x7D
    {
      start += 1
    }
    let text = MathExtractor.withoutFillers(rest[start...])
    if text.isEmpty { return nil }
    if let finding = delimitedCandidate(text, isTagged: isTagged) { return finding }
    var line = text.prefix { $0 != 0x0A }.prefix(400)
    line = MathExtractor.firstSentence(line)
    let plain = MathExtractor.withoutEmphasis(line)
    if let reading = mathematics(plain[...]) {
      return Finding(bytes: plain, rule: .phrase, isTagged: isTagged, reading: reading)
    }
    // The longest beginning that reads as mathematics, cut at spaces.
    var cut = plain.count
    for _ in 0..<16 {
      guard let space = plain[..<cut].lastIndex(of: 0x20) else { break }
      cut = space
      let prefix = plain[..<cut]
      guard prefix.contains(where: { MathLexer.isDigit($0) || $0 == 0x5C || $0 == 0x24 || $0 >= 0x80 }) else { break }
      // A beginning that ends in a separator promised more answers.
      let tail = String(decoding: prefix.suffix(4), as: UTF8.self)
      if tail.hasSuffix(" or") || tail.hasSuffix(" and") { return nil }
      var head = prefix
      while let last = head.last, last == 0x2C || last == 0x3B || last == 0x20 { head.removeLast() }
      if let reading = mathematics(head) {
        return Finding(bytes: Array(head), rule: .phrase, isTagged: isTagged, reading: reading)
      }
    }
    if let (content, reading) = lastDelimited(in: line) {
      return Finding(bytes: content, rule: .phrase, isTagged: isTagged, reading: reading)
    }
    if plain.count <= 60, let words = PlainWords.read(plain) {
      if takesLastNumber, let number = MathExtractor.lastNumber(in: line), words.split(separator: " ").count > 3 {
        return Finding(bytes: number, rule: .phrase, isTagged: isTagged)
      }
      return Finding(
        bytes: plain, rule: .phrase, isTagged: isTagged,
        reading: .text(words))
    }
    if let number = MathExtractor.lastNumber(in: line) {
      return Finding(bytes: number, rule: .phrase, isTagged: isTagged)
    }
    return nil
  }

  /// The text without the words before the value that say nothing about it: "approximately", "equal to", "simply".
  private static func withoutFillers(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    for _ in 0..<3 {
      var found = false
      for filler in ["approximately ", "about ", "roughly ", "equal to ", "simply ", "exactly ", "therefore ", "thus "]
      {
        if let after = matched(filler, at: text.startIndex, in: text) {
          text = trimmed(text[after...])
          found = true
        }
      }
      if !found { break }
    }
    return text
  }

  /// An answer in math delimiters right after the phrase, with what is joined to it.
  private func delimitedCandidate(_ text: ArraySlice<UInt8>, isTagged: Bool) -> Finding? {
    guard let first = MathExtractor.delimited(at: text.startIndex, in: text) else { return nil }
    var content = Array(first.content)
    var end = first.end
    while end < text.endIndex {
      var next = end
      while next < text.endIndex, next - end < 12, text[next] != 0x24, text[next] != 0x5C { next += 1 }
      guard next < text.endIndex, next > end, MathExtractor.isJoint(text[end..<next]),
        let more = MathExtractor.delimited(at: next, in: text)
      else { break }
      content += [0x2C, 0x20] + more.content
      end = more.end
    }
    guard let reading = try? MathParser.parse(content, budget: budget) else { return nil }
    return Finding(bytes: content, rule: .phrase, isTagged: isTagged, reading: reading)
  }

  /// Math delimiters that open at `index`: what they hold and where they end.
  static func delimited(at index: Int, in text: ArraySlice<UInt8>) -> (content: ArraySlice<UInt8>, end: Int)? {
    guard index < text.endIndex else { return nil }
    let limit = min(text.endIndex, index + 2000)
    if text[index] == 0x24 {
      let isDouble = index + 1 < limit && text[index + 1] == 0x24
      let start = index + (isDouble ? 2 : 1)
      var position = start
      while position < limit {
        if text[position] == 0x5C {
          position += 2
          continue
        }
        if text[position] == 0x24 {
          let end = position + (isDouble ? 2 : 1)
          return start == position || end > text.endIndex ? nil : (text[start..<position], end)
        }
        position += 1
      }
      return nil
    }
    guard text[index] == 0x5C, index + 1 < limit, text[index + 1] == 0x28 || text[index + 1] == 0x5B else { return nil }
    let close: UInt8 = text[index + 1] == 0x28 ? 0x29 : 0x5D
    var position = index + 2
    while position + 1 < limit {
      if text[position] == 0x5C, text[position + 1] == close { return (text[(index + 2)..<position], position + 2) }
      position += 1
    }
    return nil
  }

  /// The last delimited mathematics that can be read, with its neighbours.
  func lastDelimited(in text: ArraySlice<UInt8>) -> ([UInt8], MathExpression)? {
    // The end of a response holds its answer; the beginning of a very long one is not searched.
    let text = text.suffix(20_000)
    var found: [(start: Int, end: Int, content: ArraySlice<UInt8>)] = []
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == 0x24 || text[index] == 0x5C, let (content, end) = MathExtractor.delimited(at: index, in: text) {
        found.append((index, end, content))
        if found.count > 64 { found.removeFirst(32) }
        index = end
      } else {
        index += text[index] == 0x5C ? 2 : 1
      }
    }
    for position in found.indices.reversed().prefix(4) {
      var content = Array(found[position].content)
      guard let single = mathematics(content[...]) else { continue }
      var before = position
      while before > 0, !MathExtractor.isBare(text[found[before - 1].end..<found[before].start]),
        MathExtractor.isJoint(text[found[before - 1].end..<found[before].start])
      {
        before -= 1
        content = Array(found[before].content) + [0x2C, 0x20] + content
      }
      if before < position, let joined = mathematics(content[...]) { return (content, joined) }
      return (Array(found[position].content), single)
    }
    return nil
  }

  private static func isBare(_ gap: ArraySlice<UInt8>) -> Bool { gap.allSatisfy(isBlank) }

  /// The text up to a full stop that ends a sentence, without closing punctuation.
  static func firstSentence(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    var index = line.startIndex
    while index + 1 < line.endIndex {
      if line[index] == 0x2E || line[index] == 0x21 || line[index] == 0x3F, line[index + 1] == 0x20,
        index + 2 >= line.endIndex || isSentenceStart(line[index + 2])
      {
        line = line[..<index]
        break
      }
      index += 1
    }
    while let last = line.last, isBlank(last) || last == 0x2E || last == 0x2A || last == 0x2C { line.removeLast() }
    return line
  }

  private static func isSentenceStart(_ byte: UInt8) -> Bool {
    MathLexer.isUpper(byte) || byte == 0x24 || byte == 0x28 || byte >= 0x80 || byte == 0x2A
  }

  static func withoutEmphasis(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var index = line.startIndex
    while index < line.endIndex {
      let isPair = line[index] == 0x2A && index + 1 < line.endIndex && line[index + 1] == 0x2A
      if isPair {
        // Between operands two asterisks are a power.
        let before = result.last.map { !isBlank($0) } ?? false
        let after = index + 2 < line.endIndex && !isBlank(line[index + 2])
        if before, after { result += [0x2A, 0x2A] }
        index += 2
      } else {
        result.append(line[index])
        index += 1
      }
    }
    return Array(trimmed(result[...]))
  }
}
