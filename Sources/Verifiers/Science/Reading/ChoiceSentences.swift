/// Sentences and clauses, and whether what they say is claimed: a question, a supposition and a concession claim nothing.
extension ChoiceReading {
  /// The farthest that an end is looked for. No sentence is that long; without a bound a hostile response of one sentence
  /// costs the cube of its length.
  private static let reach = 200

  /// The tokens between two ends, the ends left out.
  func bounds(around i: Int, ending marks: Set<String>) -> Range<Int> {
    var lower = i
    while lower > 0, i - lower < Self.reach, !isEnd(lower - 1, marks) { lower -= 1 }
    var upper = i + 1
    while upper < tokens.count, upper - i < Self.reach, !isEnd(upper, marks) { upper += 1 }
    return lower..<upper
  }

  private func isEnd(_ k: Int, _ marks: Set<String>) -> Bool {
    switch tokens[k].kind {
    case .line: true
    case .word: false
    // A dot before a letter or a digit without a space is inside something.
    case .mark: tokens[k].isOne(of: marks) && !(tokens[k].text == "." && isBeforeWord(k) && !tokens[k + 1].isSpaced)
    }
  }

  func sentence(around i: Int) -> Range<Int> { bounds(around: i, ending: ChoiceMarks.sentenceEnds) }

  /// The part of the letter's clause before it.
  private func clause(before i: Int) -> ArraySlice<ChoiceToken> {
    tokens[bounds(around: i, ending: ChoiceMarks.clauseEnds).lowerBound..<i]
  }

  /// Whether the sentence around a place is a question.
  func isAsked(_ i: Int) -> Bool { isQuestion(sentence(around: i)) }

  func isQuestion(_ sentence: Range<Int>) -> Bool {
    sentence.upperBound < tokens.count && tokens[sentence.upperBound].text == "?"
  }

  /// "if the answer is B", "whether it is C", "suppose it is D": said without being claimed.
  func isSupposed(_ i: Int) -> Bool {
    if clause(before: i).contains(where: { $0.isOne(of: ChoiceWords.supposing) }) { return true }
    // "B would be right if it were a fluid", "had it been a fluid, B would be right".
    let next = skip(ChoiceMarks.closingOrQuote, from: i + 1)
    guard next < tokens.count, tokens[next].isOne(of: ChoiceWords.conditionals) else { return false }
    let sentence = tokens[sentence(around: i)]
    return sentence.contains { $0.isOne(of: ChoiceWords.conditions) }
      || sentence.first.map { $0.isOne(of: ChoiceWords.unreal) } ?? false
  }

  /// "…, although A cannot be ruled out": conceded to an option, not submitted.
  func isConceded(_ i: Int) -> Bool { clause(before: i).contains { $0.isOne(of: ChoiceWords.conceding) } }

  /// "Maybe the answer is C, …; it might be B", "alternatively, the answer is C": one letter and then another.
  func wavers(at i: Int, _ letter: String) -> Bool {
    let start = sentence(around: i).lowerBound
    let before = tokens[start..<i]
    if before.contains(where: { $0.lower == "alternatively" }) || isNumbered(start..<i) { return true }
    guard before.contains(where: { $0.isOne(of: ChoiceWords.hedging) }) else { return false }
    return tokens.indices[(i + 1)...].contains { k in
      guard let other = self.letter(at: k), other != letter, isMention(k), !isDenied(k) else { return false }
      return clause(before: k).contains { $0.isOne(of: ChoiceWords.hedging) }
    }
  }

  /// "Answer 2: C" is one answer of several.
  private func isNumbered(_ range: Range<Int>) -> Bool {
    range.dropFirst().contains { k in
      guard tokens[k - 1].lower == "answer", let number = Int(tokens[k].text) else { return false }
      return number > 1 && tokens[k + 1].text == ":"
    }
  }
}
