/// Letters that are said without being submitted, or against each other.
extension ChoiceClaims {
  /// "Answer: A" and "Answer: B", sentences of their own with no second thought between them: who hands in every answer
  /// hands in none.
  func submitsTwice() -> Bool {
    var first: (letter: String, end: Int)?
    var lower = 0
    while lower < tokens.count {
      let upper = tokens[lower...].firstIndex { $0.kind == .line || [".", "!", ";"].contains($0.text) } ?? tokens.count
      if let letter = submission(lower..<upper) {
        if let before = first, before.letter != letter {
          let rethinks = tokens[before.end..<upper].contains {
            ChoiceWords.corrections.contains($0.lower) || ChoiceWords.rethinking.contains($0.lower)
          }
          if !rethinks { return true }
        }
        first = (letter, upper)
      }
      lower = upper + 1
    }
    return false
  }

  /// The letter of a sentence that consists of an announcement, a colon or copula, and the letter.
  private func submission(_ line: Range<Int>) -> String? {
    let words = line.filter { tokens[$0].kind == .word }
    guard let last = words.last, let letter = choice.letter(tokens[last]), words.count > 1, words.count <= 5,
      tokens[line.lowerBound..<last].contains(where: { [":", "=", "is"].contains($0.lower) }),
      words.contains(where: { ChoiceWords.announcingClause.contains(tokens[$0].lower) }),
      words.dropLast().allSatisfy({
        ChoiceVocabulary.contains(tokens[$0]) && !ChoiceWords.denials.contains(tokens[$0].lower)
      })
    else { return nil }
    return letter
  }

  /// "People would say B": others hold it, not the one who answers.
  func isOthers(_ i: Int) -> Bool {
    var k = i - 1
    while k >= 0, i - k <= 6, tokens[k].kind == .word || tokens[k].text == "(" {
      if ["people", "some", "others", "many", "students", "someone"].contains(tokens[k].lower) {
        return tokens[k..<i].contains {
          ["say", "pick", "choose", "think", "answer", "go", "select", "argue", "prefer"].contains($0.lower)
        }
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

  /// The letters before their options' texts, where several lines are headed so, or one line lists three of them: the
  /// row's options, said again.
  func recited() -> Set<Int> {
    var heads: [Int] = []
    var start = 0
    while start < tokens.count {
      let end = tokens[start...].firstIndex { $0.kind == .line } ?? tokens.count
      let first = (start..<end).first { tokens[$0].kind == .word }
      let named = (start..<end).filter(namesText)
      if let first, named.contains(first) || Set(named.map { tokens[$0].text }).count > 2 {
        heads += Set(named.map { tokens[$0].text }).count > 2 ? named : [first]
      }
      start = end + 1
    }
    return Set(heads.map { tokens[$0].text }).count > 1 ? Set(heads) : []
  }

  /// "B) friction": a letter, a mark, and how its option's text begins.
  private func namesText(_ i: Int) -> Bool {
    if tokens[i].isNamed { return true }
    guard i + 1 < tokens.count, [")", ".", ":", "]", "-"].contains(tokens[i + 1].text),
      let letter = choice.letter(tokens[i]), let text = choice.texts[letter]
    else { return false }
    return startsOption(text, at: i + 2)
  }
}
