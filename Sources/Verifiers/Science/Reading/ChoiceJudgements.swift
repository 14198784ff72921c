/// What the words behind a letter say of it: true, false, the right answer, wrong.
extension ChoiceReading {
  // MARK: - Verdicts on one option after another

  /// "C: true", "C - correct", "C is true".
  func isCalledTrue(_ i: Int) -> Bool {
    var j = skip(ChoiceMarks.beforeVerdict, from: i + 1)
    if j < tokens.count, tokens[j].isOne(of: ChoiceWords.verdictCopulas) { j += 1 }
    guard j < tokens.count else { return false }
    if tokens[j].isOne(of: ChoiceMarks.ticks) || isTickedLine(i) { return true }
    return tokens[j].isOne(of: ChoiceWords.verdicts) && !isBeforeWord(j)
  }

  /// "- **D) Nucleus**: contains DNA. ✅": the letter heads a line that ends with a tick or a yes.
  private func isTickedLine(_ i: Int) -> Bool {
    var start = i
    while start > 0, tokens[start - 1].kind == .mark { start -= 1 }
    guard start == 0 || tokens[start - 1].kind == .line else { return false }
    let line = tokens[i...].prefix { $0.kind != .line }
    let namesAnother = line.dropFirst().contains { $0.text != tokens[i].text && options.letter($0) != nil }
    guard !namesAnother, let end = line.lastIndex(where: { !$0.isOne(of: ChoiceMarks.lineEnds) }) else { return false }
    if tokens[end].isOne(of: ChoiceMarks.ticks) { return true }
    // "(C) Magnetism: yes!"
    return end > i + 1 && tokens[end].isOne(of: ChoiceWords.lineVerdicts) && tokens[end - 1].kind == .mark
  }

  /// "A: false", "B - incorrect".
  func isCalledFalse(_ i: Int) -> Bool {
    let j = skip(ChoiceMarks.beforeJudgement, from: i + 1)
    guard j > i + 1, j < tokens.count, tokens[j].denies else { return false }
    // "C. wrong place" is the option's own text.
    return !options.beginsText(of: tokens[i].text.uppercased(), tokens, from: j) && !isBeforeWord(j)
  }

  // MARK: - Praise

  /// "C is correct", "(C) is the right answer", "C must be the best choice", "C fits best".
  func isPraised(after i: Int) -> Bool {
    let j = predicate(of: i)
    guard j < tokens.count, tokens[j].isOne(of: ChoiceWords.praisingVerbs) else { return false }
    if isWanted(predicate: j) { return true }
    if isSemblance(predicate: j) { return false }
    for token in tokens[j...].prefix(9) {
      if token.kind == .line || token.isOne(of: ChoiceMarks.praiseEnds) { return false }
      if token.isOne(of: ChoiceWords.denials) || token.isOne(of: ChoiceWords.weakening) { return false }
      if token.isOne(of: ChoiceWords.praise) { return true }
    }
    return false
  }

  /// Where the words behind the letter begin. The option's own text may stand between: "C) mitochondria is correct".
  private func predicate(of i: Int) -> Int {
    let letter = tokens[i].text.uppercased()
    var j = skip(ChoiceMarks.beforePraise, from: i + 1)
    if options.beginsText(of: letter, tokens, from: j) {
      j += options.tokens[letter, default: []].count { $0.kind != .line }
      while j < tokens.count, tokens[j].kind == .mark, tokens[j].text != ".", tokens[j].text != ";" { j += 1 }
    }
    return j
  }

  /// "B is what we want."
  private func isWanted(predicate j: Int) -> Bool {
    j + 2 < tokens.count && tokens[j].lower == "is" && tokens[j + 1].lower == "what"
      && tokens[j + 2].isOne(of: ChoiceWords.wanting)
  }

  /// "B seems right at first, yet …".
  private func isSemblance(predicate j: Int) -> Bool {
    tokens[j].isOne(of: ChoiceWords.seeming)
      && tokens[j...].prefix { $0.kind != .line && $0.text != "." }.contains { $0.isOne(of: ChoiceWords.deceiving) }
  }

  // MARK: - Taken back

  /// "… B is wrong", "… B?": what the words before the letter announced, those behind it take back.
  func isTakenBack(after i: Int) -> Bool {
    let j = skip(ChoiceMarks.closingOrQuote, from: i + 1)
    guard j < tokens.count else { return false }
    guard tokens[j].isOne(of: ChoiceWords.deniableVerbs) else { return tokens[j].text == "?" }
    return tokens[j...].prefix(4).contains { $0.isOne(of: ChoiceWords.denials) }
  }
}
