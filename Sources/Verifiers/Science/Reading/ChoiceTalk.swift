/// Sentences that say nothing but which option is meant: "Only D fits.", "Definitely C.", "Nicht B, sondern C.", "故选B。"
///
/// The rule is one of vocabulary: where every word of a sentence (or of its last clause) belongs to the talk of choosing,
/// the one letter in it that is not denied is submitted. A sentence with any other word is about the matter itself, and
/// its letters may be anything, unless the response ends with one of them behind a colon or a copula.
extension ChoiceReading {
  /// The most letters a sentence is read with. One of more chooses none, and looking at each against each would take too
  /// long.
  private static let mostLetters = 24

  /// What the sentence around the letter at `i` submits, if it is such a sentence and `i` is the last letter it submits.
  func chosen(at i: Int) -> Found {
    guard let letter = letter(at: i), isMention(i) else { return .none }
    let sentence = sentence(around: i)
    guard !isQuestion(sentence), !isSupposed(i) else { return .none }
    let named = sentence.filter { self.letter(at: $0) != nil }
    guard named.count <= Self.mostLetters else { return .none }
    let letters = named.filter(isMention)
    let meant = letters.filter { !isDenied($0) && !isWithdrawn($0, in: sentence) && !isOthers($0) && !isConceded($0) }
    guard meant.last == i, !isLabel(i, sentence) else { return .none }
    let isOne = Set(meant.compactMap(self.letter)).count == 1
    let isBehindColon = tokens[max(0, i - (isBracketed(i) ? 2 : 1))].text == ":"
    if isOne || isBehindColon, endsResponse(i, in: sentence) { return .letter(letter) }
    if isTalkOfChoosing(sentence, letters) { return isOne ? .letter(letter) : .several }
    return isOne && isChosenInClause(i, letters, in: sentence) ? .letter(letter) : .none
  }

  // MARK: - A sentence's last clause

  /// Only one clause talks of choosing: "so the value is 70, which is option G", "70 m/s → G".
  private func isChosenInClause(_ i: Int, _ letters: [Int], in sentence: Range<Int>) -> Bool {
    let clause = bounds(around: i, ending: ChoiceMarks.choosingEnds)
    guard isTalkOfChoosing(clause, letters.filter(clause.contains)) else {
      return isMatched(i, end: sentence.upperBound)
    }
    if clause.lowerBound > 0, tokens[clause.lowerBound - 1].isOne(of: ChoiceMarks.arrows) { return true }
    let words = clause.filter { tokens[$0].kind == .word && !letters.contains($0) }.map { tokens[$0] }
    if isOpening(clause, words) || isOwnChoice(clause, words, in: sentence) { return true }
    if words.contains(where: \.isIdeographic) { return true }
    if clause.upperBound < sentence.upperBound, !isFollowedByDenial(clause.upperBound, sentence) {
      // What follows is a reason: then this clause must say itself that it is about the answer.
      return words.contains { $0.isOne(of: ChoiceWords.announcingClause) }
    }
    if words.contains(where: { $0.isOne(of: ChoiceWords.pointingOrAnnouncing) }) { return true }
    // A letter alone after a comma needs something before it that announces it.
    return words.isEmpty
      && tokens[sentence].contains {
        $0.isOne(of: ChoiceWords.announcingClause) || $0.isOne(of: ChoiceWords.corrections)
      }
  }

  /// "Probably B, though …": what a response begins with is no aside.
  private func isOpening(_ clause: Range<Int>, _ words: [ChoiceToken]) -> Bool {
    !words.isEmpty && words.allSatisfy { $0.isOne(of: ChoiceWords.assuring) }
      && !tokens[..<clause.lowerBound].contains { $0.kind == .word }
  }

  /// "I'd lean to B, …": nor is one's own choice.
  private func isOwnChoice(_ clause: Range<Int>, _ words: [ChoiceToken], in sentence: Range<Int>) -> Bool {
    clause.lowerBound == sentence.lowerBound && words.contains { $0.isOne(of: ChoiceWords.firstPerson) }
  }

  /// "D, not A": what follows a clause only denies other letters.
  private func isFollowedByDenial(_ k: Int, _ sentence: Range<Int>) -> Bool {
    k + 1 < sentence.upperBound && tokens[k + 1].denies
  }

  /// "… corresponds to option C." at the end of a sentence about the matter.
  private func isMatched(_ i: Int, end: Int) -> Bool {
    guard i > 1, i + 1 == end, tokens[i - 1].isOne(of: ChoiceWords.nouns) else { return false }
    var k = i - 2
    while k > 0, tokens[k].isOne(of: ChoiceWords.betweenMatch) { k -= 1 }
    return tokens[k].isOne(of: ChoiceWords.matching)
  }

  /// "C. Magnetism needs motion": a letter that heads a line and its dot, not a sentence.
  private func isLabel(_ i: Int, _ sentence: Range<Int>) -> Bool {
    let end = sentence.upperBound
    guard end < tokens.count, tokens[end].text == ".", isBeforeWord(end) else { return false }
    return !sentence.contains { $0 != i && tokens[$0].kind == .word }
  }

  // MARK: - Vocabulary

  /// Whether all words but the letters, and the options' own texts beside them, are talk of choosing.
  private func isTalkOfChoosing(_ range: Range<Int>, _ letters: [Int]) -> Bool {
    let textsBefore = letters.map { textStart(before: $0)..<$0 }
    var k = range.lowerBound
    while k < range.upperBound {
      let token = tokens[k]
      let place = k
      k += 1
      if token.kind == .line || textsBefore.contains(where: { $0.contains(place) }) { continue }
      if token.kind == .mark {
        guard token.isOne(of: ChoiceMarks.harmless) else { return false }
      } else if letters.contains(place) {
        k = textEnd(of: token.text, from: k)
      } else if !ChoiceVocabulary.contains(token) {
        return false
      }
    }
    return true
  }

  // MARK: - A response's end

  /// "The question asks for the pigmented part: D.", "So the exception is D.": the response ends with a letter behind a
  /// colon or a copula. Where an option's text speaks of such a letter, it may be a thing's name.
  private func endsResponse(_ i: Int, in sentence: Range<Int>) -> Bool {
    var start = isBracketed(i) ? i - 1 : i
    if start > 1, tokens[start - 1].isOne(of: ChoiceWords.endingNouns) { start -= 1 }
    guard start > 1, tokens[start - 2].kind == .word, !tokens[start - 2].isOne(of: ChoiceWords.labelled),
      tokens[start - 1].text == ":" || (tokens[start - 1].isOne(of: ChoiceWords.equating) && !isNamedInTexts(i))
    else { return false }
    let isDenied = tokens[endOfRelative(sentence.lowerBound..<start)..<start].contains {
      $0.denies || $0.isOne(of: ChoiceWords.belittling) || $0.lower == "least"
    }
    guard !isDenied else { return false }
    let end = textEnd(of: tokens[i].text.uppercased(), from: i + 1)
    return tokens[end...].allSatisfy { $0.kind == .line || ($0.kind == .mark && $0.text != "?") }
  }

  /// Whether a text of an option has this letter as a word: "Point B", "B = 0".
  private func isNamedInTexts(_ i: Int) -> Bool {
    options.tokens.values.contains { $0.contains { $0.text == tokens[i].text } }
  }

  /// Where "the one that is not a source", "the untrue statement" ends, whose denial says nothing of the letter; else the
  /// beginning.
  private func endOfRelative(_ range: Range<Int>) -> Int {
    func isDenied(before k: Int) -> Bool { tokens[range.lowerBound..<k].contains(where: \.denies) }
    let last = range.upperBound - 2
    if last > range.lowerBound, tokens[last].lower == "statement", tokens[last - 1].denies {
      return isDenied(before: last - 1) ? range.lowerBound : last
    }
    guard let noun = range.first(where: { tokens[$0].isOne(of: ChoiceWords.relativeNouns) }),
      noun + 1 < range.upperBound, tokens[noun + 1].isOne(of: ChoiceWords.relativePronouns), !isDenied(before: noun)
    else { return range.lowerBound }
    return range.upperBound - 1
  }
}
