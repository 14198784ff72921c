/// Letters that are said without being submitted, or against each other.
extension ChoiceReading {
  // MARK: - Several submissions

  /// "Answer: A" and "Answer: B", sentences of their own with no second thought between them: who hands in every answer
  /// hands in none.
  func submitsTwice() -> Bool {
    var last: (letter: String, end: Int)?
    for sentence in pieces(endingWhere: { $0.kind == .line || $0.isOne(of: ChoiceMarks.submissionEnds) }) {
      guard let letter = submission(sentence) else { continue }
      if let last, last.letter != letter,
        !tokens[last.end..<sentence.upperBound].contains(where: { $0.isOne(of: ChoiceWords.secondThoughts) })
      {
        return true
      }
      last = (letter, sentence.upperBound)
    }
    return false
  }

  /// The letter of a sentence that consists of an announcement, a colon or copula, and the letter.
  private func submission(_ sentence: Range<Int>) -> String? {
    let words = sentence.filter { tokens[$0].kind == .word }
    guard let last = words.last, let letter = capital(at: last), (2...5).contains(words.count) else { return nil }
    let isSubmission =
      tokens[sentence.lowerBound..<last].contains { $0.isOne(of: ChoiceWords.submitting) }
      && words.contains { tokens[$0].isOne(of: ChoiceWords.announcingClause) }
      && words.dropLast().allSatisfy {
        ChoiceVocabulary.contains(tokens[$0]) && !tokens[$0].isOne(of: ChoiceWords.denials)
      }
    return isSubmission ? letter : nil
  }

  /// The letter of a claim, unless the claim goes on or began with another: "A or B", "both A and C", "A, B".
  func claim(of letter: String, at i: Int) -> Found {
    joinsAnother(to: letter, at: i, step: 1) || joinsAnother(to: letter, at: i, step: -1) ? .several : .letter(letter)
  }

  private func joinsAnother(to letter: String, at i: Int, step: Int) -> Bool {
    var isJoined = false
    for j in stride(from: i + step, through: i + 5 * step, by: step) where tokens.indices.contains(j) {
      let token = tokens[j]
      switch token.kind {
      case .line: return false
      case .mark:
        if token.isOne(of: ChoiceMarks.claimListing) {
          isJoined = true
        } else if !token.isOne(of: ChoiceMarks.aroundClaimed) {
          return false
        }
      case .word:
        if token.isOne(of: ChoiceWords.claimConjunctions) {
          isJoined = true
        } else if let other = capital(at: j) {
          guard other == letter else { return isJoined && !(step > 0 && isBeforeVerb(j)) }
        } else if !token.isOne(of: ChoiceWords.betweenClaimed) {
          return false
        }
      }
    }
    return false
  }

  /// "C, and I checked …": the next letter is a pronoun or an article.
  private func isBeforeVerb(_ j: Int) -> Bool { (tokens[j].text == "A" || tokens[j].text == "I") && isBeforeWord(j) }

  // MARK: - Others' letters, and letters made the answer

  /// "People would say B": others hold it, not the one who answers.
  func isOthers(_ i: Int) -> Bool {
    for k in stride(from: i - 1, through: max(0, i - 6), by: -1) {
      guard tokens[k].kind == .word || tokens[k].text == "(" else { return false }
      if tokens[k].isOne(of: ChoiceWords.others) {
        return tokens[k..<i].contains { $0.isOne(of: ChoiceWords.othersVerbs) }
      }
    }
    return false
  }

  /// "Which makes A my answer": the letter stands between a verb and what it is made.
  func isMadeAnswer(_ i: Int) -> Bool {
    guard i > 0, i + 2 < tokens.count, tokens[i - 1].isOne(of: ChoiceWords.making),
      tokens[i + 1].isOne(of: ChoiceWords.possessives)
    else { return false }
    return tokens[(i + 2)...].prefix(3).prefix { $0.kind == .word }.contains { $0.isOne(of: ChoiceWords.madeInto) }
  }

  // MARK: - Options said again

  /// The letters before their options' texts, where several lines are headed so, or one line lists three of them: the
  /// row's options, said again.
  func recited() -> Set<Int> {
    var heads: [Int] = []
    for line in pieces(endingWhere: { $0.kind == .line }) {
      let named = line.filter(namesText)
      if Set(named.map { tokens[$0].text }).count > 2 {
        heads += named
      } else if let first = line.first(where: { tokens[$0].kind == .word }), named.contains(first) {
        heads.append(first)
      }
    }
    return Set(heads.map { tokens[$0].text }).count > 1 ? Set(heads) : []
  }

  /// "B) friction": a letter, a mark, and how its option's text begins.
  private func namesText(_ i: Int) -> Bool {
    if tokens[i].isNamed { return true }
    guard let letter = capital(at: i), i + 1 < tokens.count else { return false }
    return tokens[i + 1].isOne(of: ChoiceMarks.headingText) && options.beginsText(of: letter, tokens, from: i + 2)
  }
}
