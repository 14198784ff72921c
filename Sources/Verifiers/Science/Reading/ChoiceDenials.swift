extension ChoiceToken {
  /// Whether it denies: "not", "wrong", ✗, 不是.
  var denies: Bool {
    switch kind {
    case .line: false
    case .mark: isOne(of: ChoiceMarks.denials)
    case .word:
      isOne(of: ChoiceWords.denials) || (isIdeographic && lower.contains(where: ChoiceWords.denyingCharacters.contains))
    }
  }
}

/// Whether a letter is denied. Three ways lead there: an opinion disowned in the letter's clause, a denial before the
/// letter or its list, a denial behind them.
extension ChoiceReading {
  /// "not B", "eliminate A, B and C", "A, B and C are wrong".
  func isDenied(_ i: Int) -> Bool { isDisowned(i) || isDenied(before: i) || isDenied(behind: i) }

  // MARK: - Disowned

  /// "I don't think it's B", "do not choose B", "I doubt that the answer is B".
  private func isDisowned(_ i: Int) -> Bool {
    (bounds(around: i, ending: ChoiceMarks.opinionEnds).lowerBound..<i).contains { disowns($0, letterAt: i) }
  }

  private func disowns(_ k: Int, letterAt i: Int) -> Bool {
    guard tokens[k].kind == .word else { return false }
    if tokens[k].isOne(of: ChoiceWords.doubts) {
      if k > 0, tokens[k - 1].isOne(of: ChoiceWords.doubtless) { return false }
    } else {
      let opinion = tokens[k..<min(k + 4, i)]
      guard tokens[k].denies, opinion.contains(where: { $0.isOne(of: ChoiceWords.opining) }) else { return false }
    }
    return !tokens[(k + 1)..<i].contains { $0.isOne(of: ChoiceWords.contrasting) || options.letter($0) != nil }
  }

  // MARK: - Denied before

  /// Whether a denial before the letter reaches it, across the list that the letter is in.
  private func isDenied(before i: Int) -> Bool {
    let start = textStart(before: i) - 1
    var passed = PassedList()
    for k in stride(from: start, through: max(0, start - 13), by: -1) {
      if tokens[k].kind == .word, tokens[k].denies || setsAside(k) {
        return passed.reaches && (!passed.isContrast || goesOnAsList(i))
      }
      guard passed.add(tokens[k], isLetter: capital(at: k) != nil) else { return false }
    }
    return false
  }

  /// What stands between a denial and a letter behind it.
  private struct PassedList {
    private var letters = 0
    private var commas = 0
    private var conjunctions = 0
    /// "not C, it is D": behind a verb of its own a letter is out of the reach of a denial before the comma.
    private var hasVerb = false
    /// "A is false, C": behind a comma a denial only reaches on through a list.
    private(set) var reaches = true

    /// "not D, C": two letters and a comma are a contrast, no list.
    var isContrast: Bool { letters == 1 && commas == 1 && conjunctions == 0 }

    /// Takes in the token before; false where no denial reaches across it.
    mutating func add(_ token: ChoiceToken, isLetter: Bool) -> Bool {
      switch token.kind {
      case .line: return false
      case .mark:
        guard token.text == "," else { return token.isOne(of: ChoiceMarks.withinDenied) }
        commas += 1
        reaches = false
        return !hasVerb
      case .word:
        let isCopula = token.isOne(of: ChoiceWords.copulas)
        // The letter A is among the copulas as an article: "not C, A, B" does not reach B, "not A, C, B" does.
        hasVerb = hasVerb || isCopula
        if isLetter {
          letters += 1
          reaches = true
          return true
        }
        if token.isOne(of: ChoiceWords.conjunctions) {
          // "unlike A and B, D": the list ended before the comma.
          if commas > 0, conjunctions == 0 { return false }
          conjunctions += 1
        }
        return isCopula || token.isOne(of: ChoiceWords.listing)
      }
    }
  }

  /// "rather than B", "instead of B", "unlike B": the words before a letter set it aside.
  private func setsAside(_ k: Int) -> Bool {
    switch tokens[k].lower {
    case "unlike", "over": true
    case "than", "of": k > 0 && (tokens[k - 1].lower == "rather" || tokens[k - 1].lower == "instead")
    default: false
    }
  }

  /// "not B, C or D", "B, C are wrong": what follows a letter makes it one of a list.
  private func goesOnAsList(_ i: Int) -> Bool {
    let next = skip(ChoiceMarks.closingOrQuote, from: i + 1)
    return next < tokens.count && (tokens[next].kind == .word || tokens[next].isOne(of: ChoiceMarks.listing))
  }

  // MARK: - Denied behind

  /// Whether a denial behind the letter, or behind the list that it begins, is about it. A denial in the option's own text
  /// ("B. not noticeable") denies nothing.
  private func isDenied(behind i: Int) -> Bool {
    let start = textEnd(of: tokens[i].text.uppercased(), from: i + 1)
    // Only a list goes on behind a comma.
    var isJoined = true
    for k in start..<min(tokens.count, start + 15) {
      let token = tokens[k]
      switch token.kind {
      case .line: return false
      case .mark:
        if token.denies { return true }
        guard token.text == "," || token.isOne(of: ChoiceMarks.beforeDenial) else { return false }
        if token.text == "," { isJoined = false }
      case .word:
        if isSecondBest(k) { return true }
        if capital(at: k) != nil || token.isOne(of: ChoiceWords.listingOn) {
          isJoined = true
          continue
        }
        guard isJoined else { return false }
        if token.denies || token.isOne(of: ChoiceWords.belittling) { return !deniesNext(k) }
        if token.lower == "out", tokens[k - 1].isOne(of: ChoiceWords.beingOut) { return true }
        guard token.isOne(of: ChoiceWords.copulas) else { return false }
      }
    }
    return false
  }

  /// "B as a distant second"; "B as well as C" not.
  private func isSecondBest(_ k: Int) -> Bool {
    tokens[k].lower == "as" && tokens[k...].prefix(4).contains { $0.isOne(of: ChoiceWords.secondBest) }
  }

  /// "C (not D)": the denial is about the letter that follows it.
  private func deniesNext(_ k: Int) -> Bool {
    let next = skip(ChoiceMarks.openingOrQuote, from: k + 1)
    return next < tokens.count && capital(at: next) != nil
  }

  // MARK: - Taken back

  /// "B, no wait, C": a correction between this letter and the next takes it back.
  func isWithdrawn(_ i: Int, in sentence: Range<Int>) -> Bool {
    var isCorrected = false
    for k in (i + 1)..<max(i + 1, sentence.upperBound) {
      isCorrected = isCorrected || isCorrection(k) || isInterjection(k, in: sentence)
      if isCorrected, let other = capital(at: k), other != tokens[i].text, isMention(k) { return true }
    }
    return false
  }

  /// "Wait", "rather"; but not "rather than".
  private func isCorrection(_ k: Int) -> Bool {
    guard tokens[k].isOne(of: ChoiceWords.corrections) else { return false }
    return k + 1 == tokens.count || (tokens[k + 1].lower != "than" && tokens[k + 1].lower != "of")
  }

  /// "A, no, B": a no between two marks.
  private func isInterjection(_ k: Int, in sentence: Range<Int>) -> Bool {
    tokens[k].lower == "no" && tokens[k - 1].kind == .mark && k + 1 < sentence.upperBound && tokens[k + 1].kind == .mark
  }
}
