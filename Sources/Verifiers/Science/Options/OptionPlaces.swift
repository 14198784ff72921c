/// Where options are named among the tokens of a response.
extension ChoiceOptions {
  /// The option a one-letter word names; lower case only where `anyCase`.
  func letter(_ token: ChoiceToken, anyCase: Bool = false) -> String? {
    guard token.kind == .word, token.text.utf8.count == 1 else { return nil }
    if letters.contains(token.text) { return token.text }
    guard anyCase else { return nil }
    let upper = token.text.uppercased()
    return letters.contains(upper) ? upper : nil
  }

  /// The letter of a text that is nothing but a letter: `C`, `(c).`, `**C**`, `Option C`.
  func alone(_ tokens: [ChoiceToken]) -> String? {
    let words = tokens.filter { $0.kind == .word }
    let isGuess = words.contains { $0.isOne(of: ChoiceWords.hedging) }
    let rest = words.filter { !$0.isOne(of: ChoiceWords.hedging) && !$0.isOne(of: ChoiceWords.nouns) }
    guard rest.count == 1, words.count <= 2, let letter = letter(rest[0], anyCase: true) else { return nil }
    let isAlone = tokens.allSatisfy {
      $0.kind != .mark || $0.isOne(of: ChoiceMarks.aroundLetter) || ($0.text == "?" && isGuess)
    }
    return isAlone ? letter : nil
  }

  /// Whether the words from `start` on are the text of an option.
  func isText(of letter: String, _ tokens: [ChoiceToken], from start: Int) -> Bool {
    words[letter].map { tokens.end(of: $0, from: start, acrossLines: true) != nil } ?? false
  }

  /// Whether the words from `start` on begin like the text of an option.
  func beginsText(of letter: String, _ tokens: [ChoiceToken], from start: Int) -> Bool {
    words[letter].map { tokens.end(of: $0.prefix(3), from: start, acrossLines: true) != nil } ?? false
  }
}
