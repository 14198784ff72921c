/// Sentences that say nothing but which option is meant: "Only D fits.", "Definitely C.", "Nicht B, sondern C.", "故选B。"
///
/// The rule is one of vocabulary: where every word of a sentence (or of its last clause) belongs to the talk of choosing,
/// the one letter in it that is not denied is submitted. A sentence with any other word is about the matter itself, and
/// its letters may be anything.
struct ChoiceSentences {
  let choice: ChoiceLetter
  let tokens: [ChoiceToken]
  /// Whether the letter at a place is a letter there, and no article, pronoun or part of a name.
  let stands: (Int) -> Bool
  /// Whether the letter at a place is what others are said to hold.
  let isOthers: (Int) -> Bool

  /// The letter at a place; a small one only in brackets.
  func letter(at k: Int) -> String? {
    choice.letter(tokens[k], anyCase: isBracketed(k))
  }

  func isBracketed(_ k: Int) -> Bool {
    k > 0 && k + 1 < tokens.count && ["(", "["].contains(tokens[k - 1].text) && [")", "]"].contains(tokens[k + 1].text)
  }

  /// What the sentence around the letter at `i` submits, if it is such a sentence and `i` is the last letter it submits.
  func verdict(at i: Int) -> ChoiceClaims.Found {
    let sentence = bounds(around: i, ending: Self.sentenceEnds)
    guard !isQuestion(sentence), !isSupposed(i) else { return .none }
    // A sentence of very many letters chooses none, and looking at each against each would take too long.
    let named = sentence.filter { letter(at: $0) != nil }
    guard named.count <= 24 else { return .none }
    let letters = named.filter(stands)
    guard letters.contains(i) else { return .none }
    let meant = letters.filter { !isDenied($0) && !isWithdrawn($0, in: sentence) && !isOthers($0) && !isConceded($0) }
    guard meant.last == i, let letter = letter(at: i), !isLabel(i, sentence) else { return .none }
    let isOne = Set(meant.compactMap { self.letter(at: $0) }).count == 1
    if endsResponse(i, in: sentence), isOne || tokens[i - (isBracketed(i) ? 2 : 1)].text == ":" {
      return .letter(letter)
    }
    if isTalkOfChoosing(sentence, letters) { return isOne ? .letter(letter) : .several }
    guard isOne else { return .none }
    // Only one clause talks of choosing: "so the value is 70, which is option G", "70 m/s → G".
    let clause = bounds(around: i, ending: Self.sentenceEnds + [",", "→", "⇒", "∴", ">", "—", "–"])
    guard isTalkOfChoosing(clause, letters.filter(clause.contains)) else {
      return isMatched(i, end: sentence.upperBound) ? .letter(letter) : .none
    }
    let words = clause.filter { tokens[$0].kind == .word && !letters.contains($0) }
    func says(_ vocabulary: Set<String>, _ places: some Sequence<Int>) -> Bool {
      places.contains { vocabulary.contains(tokens[$0].lower) }
    }
    if clause.lowerBound > 0, ["→", "⇒", "∴", ">"].contains(tokens[clause.lowerBound - 1].text) {
      return .letter(letter)
    }
    // "Probably B, though …": what a response begins with is no aside. "I'd lean to B, …": nor is one's own choice.
    let begins = !tokens[..<clause.lowerBound].contains { $0.kind == .word }
    if !words.isEmpty,
      begins && words.allSatisfy({ ChoiceWords.assuring.contains(tokens[$0].lower) })
        || clause.lowerBound == sentence.lowerBound && says(ChoiceWords.firstPerson, words)
    {
      return .letter(letter)
    }
    if clause.upperBound < sentence.upperBound, !isFollowedByDenial(clause.upperBound, sentence) {
      // What follows is a reason: then this clause must say itself that it is about the answer.
      return says(ChoiceWords.announcingClause, words) || words.contains { tokens[$0].isIdeographic }
        ? .letter(letter) : .none
    }
    let isPointed = says(ChoiceWords.pointingOrAnnouncing, words) || words.contains { tokens[$0].isIdeographic }
    // A letter alone after a comma needs something before it that announces it.
    let isAnnounced =
      words.isEmpty && (says(ChoiceWords.announcingClause, sentence) || says(ChoiceWords.corrections, sentence))
    return isPointed || isAnnounced ? .letter(letter) : .none
  }

  /// "Blood type: B" says what something is called, not which option is meant.
  func isLabelled(_ k: Int) -> Bool { ChoiceWords.labelled.contains(tokens[k].lower) }

  /// "… corresponds to option C." at the end of a sentence about the matter.
  private func isMatched(_ i: Int, end: Int) -> Bool {
    guard i > 1, i + 1 == end, ["option", "choice", "answer", "letter"].contains(tokens[i - 1].lower) else {
      return false
    }
    var k = i - 2
    while k > 0, ["to", "with", "by", "the", "is"].contains(tokens[k].lower) { k -= 1 }
    return ["corresponds", "corresponding", "matches", "matching", "match", "described"].contains(tokens[k].lower)
  }

  /// The letter that is left when every other option has been denied and it has not.
  func remaining() -> String? {
    // What is said last of a letter counts: "between C and D … D is out".
    var isOut: [String: Bool] = [:]
    for k in tokens.indices {
      guard let letter = letter(at: k), stands(k) else { continue }
      isOut[letter] = isDenied(k)
    }
    let left = choice.options.letters.filter { isOut[$0] != true }
    guard left.count == 1, choice.options.letters.count > 2 else { return nil }
    return isOut[left[0]] != nil || saysOneIsLeft() ? left[0] : nil
  }

  /// "That leaves only one choice": with the row's options known, the one that is left need not be named.
  private func saysOneIsLeft() -> Bool {
    guard !choice.texts.isEmpty, let last = tokens.indices.last(where: { letter(at: $0) != nil }) else { return false }
    let rest = tokens[last...].map(\.lower)
    return rest.contains { ["leaves", "left", "remaining", "remains"].contains($0) }
      && rest.contains { ["one", "only", "single", "elimination"].contains($0) } && !rest.contains("?")
  }

  // MARK: - Sentences and clauses

  private static let sentenceEnds = [".", "!", "?", ";", "|"]

  /// The tokens between two ends, the ends left out.
  private func bounds(around i: Int, ending marks: [String]) -> Range<Int> {
    func ends(_ k: Int) -> Bool {
      if tokens[k].kind == .line { return true }
      guard tokens[k].kind == .mark, marks.contains(tokens[k].text) else { return false }
      // A dot before a letter or a digit without a space is inside something.
      return !(tokens[k].text == "." && k + 1 < tokens.count && tokens[k + 1].kind == .word && !tokens[k + 1].isSpaced)
    }
    var lower = i
    // No sentence is that long; without a bound a hostile response of one sentence costs the cube of its length.
    while lower > 0, i - lower < 200, !ends(lower - 1) { lower -= 1 }
    var upper = i + 1
    // "C. Magnetism": the dot after a letter that stands at a sentence's beginning belongs to the option.
    while upper < tokens.count, upper - i < 200, !ends(upper) { upper += 1 }
    return lower..<upper
  }

  /// Whether the sentence around a place is a question.
  func isAsked(_ i: Int) -> Bool { isQuestion(bounds(around: i, ending: Self.sentenceEnds)) }

  private func isQuestion(_ sentence: Range<Int>) -> Bool {
    sentence.upperBound < tokens.count && tokens[sentence.upperBound].text == "?"
  }

  /// "C. Magnetism needs motion": a letter that heads a line and its dot, not a sentence.
  private func isLabel(_ i: Int, _ sentence: Range<Int>) -> Bool {
    let end = sentence.upperBound
    guard !sentence.contains(where: { $0 != i && tokens[$0].kind == .word }) else { return false }
    return end + 1 < tokens.count && tokens[end].text == "." && tokens[end + 1].kind == .word
  }

  /// "if the answer is B", "whether it is C", "suppose it is D": said without being claimed.
  func isSupposed(_ i: Int) -> Bool {
    let clause = bounds(around: i, ending: Self.sentenceEnds + [","])
    if tokens[clause.lowerBound..<i].contains(where: { ChoiceWords.supposing.contains($0.lower) }) { return true }
    // "B would be right if it were a fluid", "had it been a fluid, B would be right".
    let next = tokens[(i + 1)...].first { ![")", "]", "\"", "'"].contains($0.text) }
    guard let next, ["would", "could", "might", "wäre", "serait", "sería"].contains(next.lower) else { return false }
    let sentence = bounds(around: i, ending: Self.sentenceEnds)
    return tokens[sentence].contains { ChoiceWords.conditions.contains($0.lower) }
      || tokens[sentence].first.map { ["had", "were"].contains($0.lower) } ?? false
  }

  /// "…, although A cannot be ruled out": conceded to an option, not submitted.
  private func isConceded(_ i: Int) -> Bool {
    let clause = bounds(around: i, ending: Self.sentenceEnds + [","])
    return tokens[clause.lowerBound..<i].contains { ChoiceWords.conceding.contains($0.lower) }
  }

  /// Whether what follows a clause only denies other letters: "D, not A".
  private func isFollowedByDenial(_ k: Int, _ sentence: Range<Int>) -> Bool {
    k + 1 < sentence.upperBound && Self.denies(tokens[k + 1])
  }

  /// Whether all words but the letters, and the options' own texts behind them, are talk of choosing.
  private func isTalkOfChoosing(_ range: Range<Int>, _ letters: [Int]) -> Bool {
    let before = letters.map { textStart(before: $0)..<$0 }
    var k = range.lowerBound
    while k < range.upperBound {
      defer { k += 1 }
      if before.contains(where: { $0.contains(k) }) { continue }
      guard tokens[k].kind == .word else {
        if tokens[k].kind == .mark, !ChoiceMarks.harmless.contains(tokens[k].text) { return false }
        continue
      }
      if letters.contains(k) {
        k += textLength(of: tokens[k].text, after: k + 1)
      } else if !ChoiceVocabulary.contains(tokens[k]) {
        return false
      }
    }
    return true
  }

  /// How many tokens from `start` on are the text of the option, after a bracket or a dash.
  func textLength(of letter: String, after start: Int) -> Int {
    guard let text = choice.texts[letter] else { return 0 }
    let wanted = ChoiceToken.tokens(of: text).filter { $0.kind == .word }.map(\.lower)
    guard !wanted.isEmpty else { return 0 }
    var k = start
    var matched = 0
    while k < tokens.count, tokens[k].kind != .line, matched < wanted.count {
      if tokens[k].kind == .word {
        guard tokens[k].lower == wanted[matched] else { return 0 }
        matched += 1
      }
      k += 1
    }
    return matched == wanted.count ? k - start : 0
  }

  /// Where the option's own text begins that stands before its bracketed letter, "radiation (C)"; else the letter's place.
  private func textStart(before i: Int) -> Int {
    guard i > 0, tokens[i - 1].kind == .mark, tokens[i - 1].text != ".",
      let text = choice.texts[tokens[i].text.uppercased()]
    else { return i }
    let wanted = ChoiceToken.tokens(of: text).filter { $0.kind == .word }.map(\.lower)
    var k = i - 1
    for word in wanted.reversed() {
      while k >= 0, tokens[k].kind == .mark { k -= 1 }
      guard k >= 0, tokens[k].lower == word else { return i }
      k -= 1
    }
    return wanted.isEmpty ? i : k + 1
  }

  // MARK: - Denied and withdrawn

  /// "rather than B", "instead of B", "unlike B": the words before a letter set it aside.
  private func setsAside(_ k: Int) -> Bool {
    if ["unlike", "over"].contains(tokens[k].lower) { return true }
    guard k > 0, ["than", "of"].contains(tokens[k].lower) else { return false }
    return ["rather", "instead"].contains(tokens[k - 1].lower)
  }

  static func denies(_ token: ChoiceToken) -> Bool {
    guard token.kind == .word else { return ["✗", "✘", "❌", "×", "≠"].contains(token.text) }
    if ChoiceWords.denials.contains(token.lower) { return true }
    return token.isIdeographic && token.lower.contains { "不错非没誤误违違아틀".contains($0) }
  }

  /// "I don't think it's B", "do not choose B", "I doubt that the answer is B", "no" and its verb in the letter's clause.
  private func isDisowned(_ i: Int) -> Bool {
    let clause = bounds(around: i, ending: Self.sentenceEnds + [",", ":", "—", "–"])
    for k in clause.lowerBound..<i where tokens[k].kind == .word {
      let isDoubt = ["doubt", "doubts", "bezweifle", "dudo", "doute"].contains(tokens[k].lower)
      if isDoubt, k > 0, ["no", "little", "without", "sans", "sin", "kein", "ohne"].contains(tokens[k - 1].lower) {
        continue
      }
      let governs = tokens[k..<min(k + 4, i)].contains { ChoiceWords.opining.contains($0.lower) }
      guard isDoubt || (Self.denies(tokens[k]) && governs) else { continue }
      let rest = tokens[(k + 1)..<i]
      if !rest.contains(where: { ChoiceWords.contrasting.contains($0.lower) || choice.letter($0) != nil }) {
        return true
      }
    }
    return false
  }

  /// "not B", "eliminate A, B and C", "A, B and C are wrong".
  func isDenied(_ i: Int) -> Bool {
    if isDisowned(i) { return true }
    var k = textStart(before: i) - 1
    let farthest = k - 13
    // "not C, it is D": behind a verb of its own a letter is out of the reach of a denial before the comma.
    var hasVerb = false
    // "A is false, C": behind a comma a denial only reaches on through a list.
    var listed = true
    var passed = List()
    scan: while k >= 0, k >= farthest {
      let token = tokens[k]
      switch token.kind {
      case .line: break scan
      case .mark:
        if token.text == "," {
          if hasVerb { break scan }
          listed = false
          passed.commas += 1
        }
        if ![",", "(", ")", "[", "]", "/", "\"", "'", "&"].contains(token.text) { break scan }
      case .word:
        if Self.denies(token) || setsAside(k) {
          if passed.isContrast, !goesOnAsList(i) { break scan }
          if listed { return true }
          break scan
        }
        if choice.letter(token) != nil {
          listed = true
          passed.letters += 1
        } else if ChoiceWords.conjunctions.contains(token.lower) {
          // "unlike A and B, D": the list ended before the comma.
          if passed.commas > 0, passed.conjunctions == 0 { break scan }
          passed.conjunctions += 1
        }
        hasVerb = hasVerb || ChoiceWords.copulas.contains(token.lower)
        if choice.letter(token) == nil, !ChoiceWords.listing.contains(token.lower),
          !ChoiceWords.copulas.contains(token.lower)
        {
          break scan
        }
      }
      k -= 1
    }
    // A denial in the option's own text ("B. not noticeable") denies nothing.
    let start = i + 1 + textLength(of: tokens[i].text.uppercased(), after: i + 1)
    k = start
    var joined = true
    while k < tokens.count, k - start <= 14 {
      let token = tokens[k]
      switch token.kind {
      case .line: return false
      case .mark:
        if Self.denies(token) { return true }
        if token.text == "," {
          // Only a list goes on behind a comma.
          joined = false
        } else if ![")", "]", "\"", "'", ":", "-", "–", "—", "(", "/", "&"].contains(token.text) {
          return false
        }
      case .word:
        if choice.letter(token) != nil {
          joined = true
        } else if ChoiceWords.conjunctions.contains(token.lower)
          || ["nor", "as", "well", "option", "options"].contains(token.lower)
        {
          if isSecondBest(k) { return true }
          joined = true
        } else {
          if !joined { return false }
          if Self.denies(token) || ChoiceWords.belittling.contains(token.lower) { return !deniesNext(k) }
          if token.lower == "out", ["is", "are", "was", "were"].contains(tokens[k - 1].lower) { return true }
          if !ChoiceWords.copulas.contains(token.lower) { return false }
        }
      }
      k += 1
    }
    return false
  }

  /// What stands between a denial and a letter behind it.
  private struct List {
    var letters = 0
    var commas = 0
    var conjunctions = 0
    /// "not D, C": two letters and a comma are a contrast, no list.
    var isContrast: Bool { letters == 1 && commas == 1 && conjunctions == 0 }
  }

  /// "not B, C or D", "B, C are wrong": what follows a letter makes it one of a list.
  private func goesOnAsList(_ i: Int) -> Bool {
    guard let next = tokens[(i + 1)...].first(where: { ![")", "]", "\"", "'"].contains($0.text) }) else { return false }
    return next.kind == .word || [",", "/", "&"].contains(next.text)
  }

  /// "B as a distant second", "B as well as C" not.
  private func isSecondBest(_ k: Int) -> Bool {
    tokens[k].lower == "as"
      && tokens[k...].prefix(4).contains { ["second", "runner", "backup", "fallback"].contains($0.lower) }
  }

  /// "Maybe the answer is C, …; it might be B", "alternatively, the answer is C": one letter and then another.
  func wavers(at i: Int, _ letter: String) -> Bool {
    let sentence = bounds(around: i, ending: Self.sentenceEnds)
    if tokens[sentence.lowerBound..<i].contains(where: { $0.lower == "alternatively" }) { return true }
    // "Answer 2: C" is one answer of several.
    for k in (sentence.lowerBound + 1)..<max(i, sentence.lowerBound + 1) where tokens[k - 1].lower == "answer" {
      if let number = Int(tokens[k].text), number > 1, tokens[k + 1].text == ":" { return true }
    }
    guard tokens[sentence.lowerBound..<i].contains(where: { ChoiceWords.hedging.contains($0.lower) }) else {
      return false
    }
    return tokens.indices[(i + 1)...].contains { k in
      guard let other = self.letter(at: k), other != letter, stands(k), !isDenied(k) else { return false }
      let clause = bounds(around: k, ending: Self.sentenceEnds + [","])
      return tokens[clause.lowerBound..<k].contains { ChoiceWords.hedging.contains($0.lower) }
    }
  }

  /// "C (not D)": the denial is about the letter that follows it.
  private func deniesNext(_ k: Int) -> Bool {
    guard let next = tokens[min(k + 1, tokens.count)...].first(where: { !["(", "[", "\""].contains($0.text) }) else {
      return false
    }
    return choice.letter(next) != nil
  }

  /// "B, no wait, C": a correction between this letter and the next takes it back.
  private func isWithdrawn(_ i: Int, in sentence: Range<Int>) -> Bool {
    var corrected = false
    for k in (i + 1)..<max(i + 1, sentence.upperBound) {
      let isCorrection =
        ChoiceWords.corrections.contains(tokens[k].lower)
        && !(k + 1 < tokens.count && ["than", "of"].contains(tokens[k + 1].lower))
      // "A, no, B": a no between two marks.
      let isInterjection =
        tokens[k].lower == "no" && tokens[k - 1].kind == .mark && k + 1 < sentence.upperBound
        && tokens[k + 1].kind == .mark
      if isCorrection || isInterjection {
        corrected = true
      }
      if corrected, choice.letter(tokens[k]) != nil, tokens[k].text != tokens[i].text, stands(k) { return true }
    }
    return false
  }
}
