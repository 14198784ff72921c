/// Letters that the words before them announce or conclude, read backwards from the letter.
extension ChoiceReading {
  /// What has been passed on the way back from a letter.
  private struct Way {
    /// Whether something joins the letter to what stands before: "is", a colon.
    var isJoined = false
    var lines = 0
    /// Whether no word has been passed yet.
    var isDirect = true
  }

  /// "the answer is C", "Answer: C", "I choose C", "I'd go with option C".
  func isAnnounced(before i: Int, isLower: Bool) -> Bool {
    var way = Way()
    var j = i - 1
    while j >= 0, i - j <= 16 {
      let token = tokens[j]
      switch token.kind {
      case .line:
        way.lines += 1
        if way.lines > 2, !way.isJoined { return false }
      case .mark:
        if token.isOne(of: ChoiceMarks.claimEnds) { return false }
        if token.isOne(of: ChoiceMarks.joining) { way.isJoined = true }
      case .word:
        // "not B but C" denies only what stands before "but".
        if token.lower == "but", let start = startOfDenied(before: j) {
          j = start - 1
          continue
        }
        if let affirms = affirmsWithoutSpaces(token) { return affirms }
        if token.isOne(of: ChoiceWords.denials) { return false }
        if token.isOne(of: ChoiceWords.joining) { way.isJoined = true }
        let announces = announces(j, letterAt: i, isLower: isLower, way)
        if announces, let isComplete = completes(j, letterAt: i, isLower: isLower, way) { return isComplete }
        guard announces || token.isOne(of: ChoiceWords.between) else { return false }
        way.isDirect = false
      }
      j -= 1
    }
    return false
  }

  /// Whether "答案是", "我选", "不选" announce or deny; nil for other words.
  private func affirmsWithoutSpaces(_ token: ChoiceToken) -> Bool? {
    guard token.isIdeographic,
      token.lower.contains("答案") || token.lower.hasSuffix("选") || token.lower.hasSuffix("选择")
    else { return nil }
    return !token.lower.contains("不")
  }

  /// Whether the word at `j` announces an answer.
  private func announces(_ j: Int, letterAt i: Int, isLower: Bool, _ way: Way) -> Bool {
    let word = tokens[j]
    if word.isOne(of: ChoiceWords.announcing) { return true }
    switch tokens[j + 1].lower {
    case "with": if word.isOne(of: ChoiceWords.goingWith) { return true }
    case "on": if word.isOne(of: ChoiceWords.settlingOn) { return true }
    case "for": if word.lower == "opt" { return true }
    default: break
    }
    if word.lower == "say" { return isFirstPerson(before: j) }
    if word.isOne(of: ChoiceWords.praisedAnnouncement) { return way.isJoined && !way.isDirect }
    // "It's C", "it must be C".
    return word.isOne(of: ChoiceWords.pronouns) && (way.isJoined || word.lower != "it") && i - j <= 5 && !isLower
  }

  /// Whether the announcement at `j` is one of the letter at `i`; nil where it may be part of another further left.
  private func completes(_ j: Int, letterAt i: Int, isLower: Bool, _ way: Way) -> Bool? {
    // "Option C" only mentions.
    if !way.isJoined, tokens[j].isOne(of: ChoiceWords.letterNouns) { return nil }
    if deniesAnnouncement(at: j) { return nil }
    if way.isJoined || way.lines > 0 || tokens[j].isOne(of: ChoiceWords.pronouns) { return true }
    // "Answer C" without a verb: only where nothing follows.
    return !isLower && !isBeforeWord(i)
  }

  /// "I'd say", "I would say"; "some would say" is others' word.
  private func isFirstPerson(before j: Int) -> Bool {
    guard j > 0 else { return false }
    if tokens[j - 1].isOne(of: ChoiceWords.firstPersonWould) { return true }
    guard j > 1 else { return false }
    switch tokens[j - 1].lower {
    case "to": return tokens[j - 2].isOne(of: ChoiceWords.firstPersonInclined)
    case "would", "will": return tokens[j - 2].lower == "i" || tokens[j - 2].lower == "we"
    default: return false
    }
  }

  /// Where "not B" begins that stands before the word at `j`; nil when it does not.
  private func startOfDenied(before j: Int) -> Int? {
    var k = j - 1
    while k >= 0, tokens[k].isOne(of: ChoiceMarks.aroundDenied) { k -= 1 }
    guard k >= 0, capital(at: k) != nil else { return nil }
    k -= 1
    while k >= 0, tokens[k].isOne(of: ChoiceMarks.beforeDenied) || tokens[k].isOne(of: ChoiceWords.optionNouns) {
      k -= 1
    }
    return k >= 0 && tokens[k].lower == "not" ? k : nil
  }

  /// "the wrong answer is", "is not the answer:", "a tempting choice is".
  private func deniesAnnouncement(at j: Int) -> Bool {
    isAnyOf(ChoiceWords.denials, ChoiceWords.belittlingAnnouncement, within: 4, before: j)
  }

  /// "not B", "whether it is B", "assume B": words close before the letter that leave it open.
  func isLeftOpen(before i: Int) -> Bool {
    isAnyOf(ChoiceWords.denials, ChoiceWords.leavingOpen, within: 4, before: i)
  }

  /// Whether a word of either list stands before a place, in its clause and no farther than `reach`.
  private func isAnyOf(_ list: Set<String>, _ other: Set<String>, within reach: Int, before i: Int) -> Bool {
    for token in tokens[max(0, i - reach)..<i].reversed() {
      if token.kind == .line || token.isOne(of: ChoiceMarks.denialEnds) { return false }
      if token.isOne(of: list) || token.isOne(of: other) { return true }
    }
    return false
  }

  /// "Therefore, C." at the end of a sentence that says nothing else.
  func isConcluded(before i: Int, isLower: Bool) -> Bool {
    guard !isLower || isBracketed(i), !isBeforeWord(i) else { return false }
    for token in tokens[max(0, i - 6)..<i].reversed() {
      if token.kind == .line || token.isOne(of: ChoiceMarks.claimEnds) { return false }
      guard token.kind == .word else { continue }
      if token.isOne(of: ChoiceWords.concluding) { return true }
      guard token.isOne(of: ChoiceWords.betweenConclusion) else { return false }
    }
    return false
  }
}
