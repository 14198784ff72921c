/// Whether a letter is a letter where it stands, and no article, pronoun or part of a name.
extension ChoiceReading {
  /// Whether the letter at a place may name an option.
  func isMention(_ k: Int) -> Bool { !isPartOfName(k) && stands(at: k, isLower: false) }

  /// `C` in `C++`, `C-reactive`, `vitamin C`, `B2`, `5 C`: part of something else.
  func isPartOfName(_ i: Int) -> Bool { isJoinedToNext(i) || isJoinedToLast(i) || isLabelled(i) }

  /// Whether the letter stands by itself and is no article, pronoun or first letter of a name.
  func stands(at i: Int, isLower: Bool) -> Bool {
    if isBracketed(i) || tokens[i].isSetOff { return !isOptionText(from: i) }
    guard i + 1 < tokens.count else { return true }
    let next = tokens[i + 1]
    switch next.kind {
    case .line: return true
    case .mark:
      // "a. m.", "B.C.": an abbreviation goes on.
      return next.text != "." || !isBeforeWord(i + 1) || tokens[i + 2].isSpaced
    case .word:
      if isOptionText(from: i) { return false }
      let letter = tokens[i].text.uppercased()
      if options.beginsText(of: letter, tokens, from: i + 1) { return true }
      if isLower { return false }
      guard letter == "A" || letter == "I" else { return true }
      return next.isOne(of: ChoiceWords.following) && !(letter == "I" && next.isOne(of: ChoiceWords.pronounVerbs))
    }
  }

  /// `C++`, `C-reactive`, `A/2`.
  private func isJoinedToNext(_ i: Int) -> Bool {
    guard i + 2 < tokens.count, !tokens[i + 1].isSpaced, !tokens[i + 2].isSpaced else { return false }
    return tokens[i + 1].isOne(of: ChoiceMarks.suffixing) && (tokens[i + 2].kind == .word || tokens[i + 2].text == "+")
  }

  /// `m/A`, `x-A`.
  private func isJoinedToLast(_ i: Int) -> Bool {
    i > 1 && !tokens[i].isSpaced && !tokens[i - 1].isSpaced && tokens[i - 1].isOne(of: ChoiceMarks.prefixing)
      && tokens[i - 2].kind == .word
  }

  /// "Vitamin C", "5 C".
  private func isLabelled(_ i: Int) -> Bool {
    guard i > 0, tokens[i - 1].kind == .word else { return false }
    return tokens[i - 1].lower.allSatisfy(\.isNumber) || tokens[i - 1].isOne(of: ChoiceWords.labelled)
  }

  /// Whether the words from `i` on are the text of an option, such as "B cells" or "A catalyst".
  private func isOptionText(from i: Int) -> Bool {
    options.words.contains { letter, words in words.count > 1 && options.beginsText(of: letter, tokens, from: i) }
  }
}
