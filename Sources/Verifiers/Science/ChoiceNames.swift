/// The names an option has besides its letter: its place ("the third option", "option 3", "last one") and, where the text
/// of an option is about other options ("Both B and C"), that text.
///
/// They are put back to the letter before anything is read, so that what is said of an option is read in one way only.
struct ChoiceNames {
  let choice: ChoiceLetter

  /// The tokens with every such name replaced by the option's letter.
  func resolved(_ tokens: [ChoiceToken]) -> [ChoiceToken] {
    let composite = compositeTexts()
    var kept: [ChoiceToken] = []
    var i = 0
    while i < tokens.count {
      if let (letter, end) = place(tokens, at: i) ?? text(tokens, at: i, among: composite) {
        // Behind its own letter a name says nothing new.
        let last = kept.last { $0.kind == .word }
        if last.flatMap({ choice.letter($0, anyCase: true) }) != letter {
          kept.append(ChoiceToken(kind: .word, text: "option", lower: "option", isSpaced: true))
          kept.append(
            ChoiceToken(kind: .word, text: letter, lower: letter.lowercased(), isSetOff: true, isSpaced: true))
        }
        i = end
      } else {
        kept.append(tokens[i])
        i += 1
      }
    }
    return kept
  }

  // MARK: - Places

  private func place(_ tokens: [ChoiceToken], at i: Int) -> (letter: String, end: Int)? {
    guard tokens[i].kind == .word, i + 1 <= tokens.count else { return nil }
    let next = i + 1 < tokens.count ? tokens[i + 1] : nil
    if let letter = letter(ordinal: tokens[i].lower) {
      if let next, ChoiceNameWords.nouns.contains(next.lower) { return (letter, i + 2) }
      if let next, next.lower == "one", isWholeLine(tokens, i..<(i + 2)) || isChosen(tokens, before: i) {
        return (letter, i + 2)
      }
      // "4th. cold and humid": an ordinal that heads the option's own text, or is all that is said.
      let isNumeral = tokens[i].lower.first?.isNumber == true
      if isNumeral, i == 0 || tokens[i - 1].kind == .line {
        if isWholeLine(tokens, i..<(i + 1)) { return (letter, i + 1) }
        if let end = textEnd(tokens, of: letter, from: i + 1) { return (letter, end) }
      }
      return nil
    }
    if ["option", "choice"].contains(tokens[i].lower), !choice.texts.isEmpty, let next, next.kind == .word,
      let number = Int(next.text), choice.letters.indices.contains(number - 1)
    {
      return (choice.letters[number - 1], i + 2)
    }
    return nil
  }

  private func letter(ordinal word: String) -> String? {
    if ChoiceNameWords.last.contains(word) { return choice.texts.isEmpty ? nil : choice.letters.last }
    guard let place = ChoiceNameWords.ordinals.firstIndex(where: { $0.contains(word) }),
      choice.letters.indices.contains(place)
    else { return nil }
    return choice.letters[place]
  }

  /// "I'd go with the third one".
  private func isChosen(_ tokens: [ChoiceToken], before i: Int) -> Bool {
    tokens[max(0, i - 2)..<i].contains { ChoiceNameWords.choosing.contains($0.lower) }
  }

  private func isWholeLine(_ tokens: [ChoiceToken], _ range: Range<Int>) -> Bool {
    var lower = range.lowerBound
    while lower > 0, tokens[lower - 1].kind == .mark || tokens[lower - 1].lower == "the" { lower -= 1 }
    var upper = range.upperBound
    while upper < tokens.count, tokens[upper].kind == .mark { upper += 1 }
    // "The last one in the list."
    let ends =
      upper == tokens.count || tokens[upper].kind == .line || ["in", "of", "here"].contains(tokens[upper].lower)
    return (lower == 0 || tokens[lower - 1].kind == .line) && ends
  }

  // MARK: - Texts about other options

  /// The texts that name several other options and nothing else.
  private func compositeTexts() -> [String: [String]] {
    choice.texts.compactMapValues { text in
      let words = ChoiceToken.tokens(of: text).filter { $0.kind == .word }
      let named = words.filter { choice.letter($0) != nil }
      guard named.count > 1, words.count > named.count else { return nil }
      return words.allSatisfy { choice.letter($0) != nil || ChoiceNameWords.joints.contains($0.lower) }
        ? words.map(\.lower) : nil
    }
  }

  private func text(
    _ tokens: [ChoiceToken], at i: Int, among composite: [String: [String]]
  ) -> (letter: String, end: Int)? {
    guard tokens[i].kind == .word else { return nil }
    for (letter, words) in composite where words[0] == tokens[i].lower {
      if let end = end(of: words, tokens, from: i) { return (letter, end) }
    }
    return nil
  }

  private func textEnd(_ tokens: [ChoiceToken], of letter: String, from i: Int) -> Int? {
    let words = ChoiceToken.tokens(of: choice.texts[letter] ?? "").filter { $0.kind == .word }.map(\.lower)
    return words.isEmpty ? nil : end(of: words, tokens, from: i)
  }

  /// Where `words` end that stand from `i` on, marks between them passed over.
  private func end(of words: [String], _ tokens: [ChoiceToken], from i: Int) -> Int? {
    var k = i
    for word in words {
      while k < tokens.count, tokens[k].kind == .mark { k += 1 }
      guard k < tokens.count, tokens[k].lower == word else { return nil }
      k += 1
    }
    return k
  }
}
