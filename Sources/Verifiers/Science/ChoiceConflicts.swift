/// Submissions that contradict each other, and what is left when every other option is out.
extension ChoiceClaims {
  /// "Answer: A" and "Answer: B" on lines of their own, with no second thought between them: who hands in every answer
  /// hands in none.
  func submitsTwice() -> Bool {
    var first: (letter: String, end: Int)?
    var lower = 0
    while lower < tokens.count {
      let upper = tokens[lower...].firstIndex { $0.kind == .line } ?? tokens.count
      if let letter = submission(lower..<upper) {
        if let before = first, before.letter != letter {
          let rethinks = tokens[before.end..<upper].contains {
            ChoiceSentences.corrections.contains($0.lower) || ChoiceSentences.rethinking.contains($0.lower)
          }
          if !rethinks { return true }
        }
        first = (letter, upper)
      }
      lower = upper + 1
    }
    return false
  }

  /// The letter of a line that consists of an announcement, a colon and the letter.
  private func submission(_ line: Range<Int>) -> String? {
    let words = line.filter { tokens[$0].kind == .word }
    guard let last = words.last, let letter = choice.letter(tokens[last]), words.count > 1, words.count <= 5,
      tokens[line.lowerBound..<last].contains(where: { [":", "="].contains($0.text) }),
      words.contains(where: { ChoiceSentences.announcing.contains(tokens[$0].lower) }),
      words.dropLast().allSatisfy({ ChoiceSentences.isVocabulary(tokens[$0]) && !Self.denials.contains(tokens[$0].lower) })
    else { return nil }
    return letter
  }

  /// "People would say B": others hold it, not the one who answers.
  func isOthers(_ i: Int) -> Bool {
    var k = i - 1
    while k >= 0, i - k <= 6, tokens[k].kind == .word || tokens[k].text == "(" {
      if ["people", "some", "others", "many", "students", "someone"].contains(tokens[k].lower) {
        return tokens[k..<i].contains { ["say", "pick", "choose", "think", "answer", "go", "select"].contains($0.lower) }
      }
      k -= 1
    }
    return false
  }

  /// "Which makes A my answer": the letter stands between a verb and what it is made.
  func isMadeAnswer(_ i: Int) -> Bool {
    guard i > 0, i + 2 < tokens.count, ["makes", "making", "make", "leaves", "leaving"].contains(tokens[i - 1].lower),
      ["my", "the", "our"].contains(tokens[i + 1].lower)
    else { return false }
    return tokens[(i + 2)...].prefix(3).prefix { $0.kind == .word }.contains {
      ["answer", "choice", "pick", "option", "solution"].contains($0.lower)
    }
  }
}
