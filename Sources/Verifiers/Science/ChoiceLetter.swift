import Foundation

/// Finds the option a response submits by its letter. A letter that is only mentioned, denied, or one of several is none,
/// and so is an article "A" or a pronoun "I".
///
/// The order of trust; the first rule that has something to say decides:
/// 1. Different letters in `<answer>` tags: none.
/// 2. A box (`ChoiceBoxes`): its letter, or what the sentences in it claim.
/// 3. Options named by place or text become their letters (`ChoiceNames`).
/// 4. A reply that is nothing but a letter; one that is nothing but several: none.
/// 5. The last sentence that claims an answer ("the answer is C", "C is correct", "so C."; `ChoiceClaims`).
/// 6. A reply that says its options again, and nothing more: none.
/// 7. An answer that begins with its letter, else a single set-off letter in its last line (`ChoiceHeads`).
struct ChoiceLetter {
  let options: ChoiceOptions

  /// The longest answer that is read; of a longer one its end.
  private static let limit = 20_000

  /// The letter and the rule that found it, or nil.
  func find(in response: String) -> (letter: String, rule: String)? {
    guard !tagsDiffer(response) else { return nil }
    let answer = String(ResponseText.answer(of: response).suffix(Self.limit))
    if let box = Self.lastBox(in: answer) {
      return boxesDiffer(answer) ? nil : letter(ofBox: box).map { ($0, "box") }
    }
    let tokens = ChoiceNames(options: options).resolved(ChoiceToken.tokens(of: answer))
    let reading = ChoiceReading(options: options, tokens: withoutMisleadingTexts(tokens))
    if let letter = options.alone(reading.tokens) { return (letter, "whole reply") }
    if reading.isOnlyLetters { return nil }
    switch reading.claimed() {
    case .letter(let letter): return (letter, "claim")
    case .several: return nil
    case .none: break
    }
    if reading.recited().count > 2 { return nil }
    if let letter = reading.headOfAnswer(), reading.isUndenied(letter) { return (letter, "beginning") }
    if let letter = reading.letterOfLastLine(), reading.isUndenied(letter) { return (letter, "last line") }
    return nil
  }

  /// What a box submits: the letter that it is or begins with, else what it claims.
  private func letter(ofBox box: String) -> String? {
    let reading = ChoiceReading(options: options, tokens: ChoiceToken.tokens(of: box))
    if let letter = options.alone(reading.tokens) ?? reading.head() { return reading.goesOnAtOnce ? nil : letter }
    guard case .letter(let letter) = reading.claimed() else { return nil }
    return letter
  }

  /// The tokens without the option's own text behind its letter, where that text names letters or denies: in
  /// "D. Both A and B" only D is said.
  private func withoutMisleadingTexts(_ tokens: [ChoiceToken]) -> [ChoiceToken] {
    let misleading = options.words.filter { letter, _ in
      options.tokens[letter, default: []].contains {
        options.letter($0) != nil || ($0.kind == .word && $0.isOne(of: ChoiceWords.denials))
      }
    }
    guard !misleading.isEmpty else { return tokens }
    var kept: [ChoiceToken] = []
    var i = 0
    while i < tokens.count {
      var token = tokens[i]
      i += 1
      if let words = options.letter(token, anyCase: true).flatMap({ misleading[$0] }),
        let end = tokens.end(of: words, from: i, acrossLines: true)
      {
        token.isNamed = true
        i = end
      }
      kept.append(token)
    }
    return kept
  }
}
