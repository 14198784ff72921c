/// Letters that a response ends with, behind a sentence about the matter itself.
extension ChoiceSentences {
  /// "The question asks for the pigmented part: D.", "So the exception is D.": the response ends with a letter behind a
  /// colon or a copula. Where an option's text speaks of such a letter, it may be a thing's name.
  func endsResponse(_ i: Int, in sentence: Range<Int>) -> Bool {
    var start = isBracketed(i) ? i - 1 : i
    if start > 1, ["statement", "option", "choice", "answer"].contains(tokens[start - 1].lower) { start -= 1 }
    guard start > 1, tokens[start - 2].kind == .word, !isLabelled(start - 2),
      tokens[start - 1].text == ":" || (ChoiceWords.equating.contains(tokens[start - 1].lower) && !isNamedInTexts(i))
    else { return false }
    let said = tokens[relativeEnd(sentence.lowerBound..<start)..<start]
    guard !said.contains(where: { Self.denies($0) || ChoiceWords.belittling.contains($0.lower) || $0.lower == "least" })
    else {
      return false
    }
    let end = i + 1 + textLength(of: tokens[i].text.uppercased(), after: i + 1)
    return tokens[min(end, tokens.count)...].allSatisfy { $0.kind == .line || ($0.kind == .mark && $0.text != "?") }
  }

  /// Whether a text of an option has this letter as a word: "Point B", "B = 0".
  private func isNamedInTexts(_ i: Int) -> Bool {
    choice.texts.values.contains { ChoiceToken.tokens(of: $0).contains { $0.text == tokens[i].text } }
  }

  /// Where "the one that is not a source", "the untrue statement" ends, whose denial says nothing of the letter; else the
  /// beginning.
  private func relativeEnd(_ range: Range<Int>) -> Int {
    let noun = range.upperBound - 2
    if noun > range.lowerBound, tokens[noun].lower == "statement", Self.denies(tokens[noun - 1]) {
      return tokens[range.lowerBound..<(noun - 1)].contains(where: Self.denies) ? range.lowerBound : noun
    }
    guard
      let noun = range.first(where: { ["one", "option", "choice", "only", "statement"].contains(tokens[$0].lower) }),
      noun + 1 < range.upperBound,
      ["that", "which", "who", "that's", "not"].contains(tokens[noun + 1].lower),
      !tokens[range.lowerBound..<noun].contains(where: Self.denies)
    else { return range.lowerBound }
    return range.upperBound - 1
  }
}
