/// Finds the sentences of a response that claim an answer.
struct ChoiceClaims {
  /// What the last claim says.
  enum Found: Equatable {
    case none
    case letter(String)
    /// The last claim names several letters.
    case several
  }

  let choice: ChoiceLetter
  let tokens: [ChoiceToken]

  /// The last claim; else the one letter that is called true; else the one that is left when all others are denied.
  func last() -> Found {
    let sentences = sentences
    let recited = recited()
    if submitsTwice() { return .several }
    var praised: [String] = []
    for i in tokens.indices {
      guard let letter = choice.letter(tokens[i]), !isSuffix(i), isCalledTrue(i), !sentences.isDenied(i) else {
        continue
      }
      if !praised.contains(letter) { praised.append(letter) }
    }
    for i in tokens.indices.reversed() {
      // Of several options that are called true in turn none is submitted by that.
      if praised.count > 1, isCalledTrue(i) { continue }
      if recited.contains(i) { continue }
      guard choice.letter(tokens[i], anyCase: true) != nil else { continue }
      if isOthers(i) { continue }
      var found = sentences.isSupposed(i) || sentences.isDenied(i) ? .none : claim(endingAt: i)
      if found == .none { found = sentences.verdict(at: i) }
      if case .letter(let letter) = found, sentences.wavers(at: i, letter) { return .several }
      if found != .none { return found }
    }
    if praised.count > 1 { return .several }
    return (praised.first ?? sentences.remaining()).map { .letter($0) } ?? .none
  }

  /// The rule of sentences over the same tokens.
  var sentences: ChoiceSentences {
    ChoiceSentences(
      choice: choice, tokens: tokens, stands: { !isSuffix($0) && stands(at: $0, isLower: false) }, isOthers: isOthers)
  }

  /// Whether some mention of a letter is neither denied nor asked nor supposed.
  func isUndenied(_ letter: String) -> Bool {
    let sentences = sentences
    return tokens.indices.contains { i in
      choice.letter(tokens[i], anyCase: true) == letter && !sentences.isDenied(i) && !sentences.isAsked(i)
        && !sentences.isSupposed(i)
    }
  }

  /// The claim whose letter stands at `i`, if there is one.
  private func claim(endingAt i: Int) -> Found {
    guard let letter = choice.letter(tokens[i], anyCase: true), !isSuffix(i) else { return .none }
    let isLower = tokens[i].text != letter
    if isJudged(after: i) { return .none }
    if isMadeAnswer(i), !isLower { return isDeniedBefore(i) ? .none : .letter(letter) }
    if isPraised(after: i), !isLower || isBracketed(i) {
      guard !isDeniedBefore(i) else { return .none }
      return several(around: i, letter)
    }
    guard stands(at: i, isLower: isLower) else { return .none }
    if isAnnounced(before: i, isLower: isLower) || isConcluded(before: i, isLower: isLower) {
      if isDeniedAfter(i) { return .none }
      return several(around: i, letter)
    }
    return .none
  }

  /// `C` in `C++`, `C-reactive`, `vitamin C`, `B2`, `5 C`: part of something else.
  private func isSuffix(_ i: Int) -> Bool {
    if i + 1 < tokens.count, tokens[i + 1].kind == .mark, !tokens[i + 1].isSpaced,
      ["+", "/", "&", "'", "^", "°", "%", "-", "‑"].contains(tokens[i + 1].text), i + 2 < tokens.count,
      tokens[i + 2].kind == .word || tokens[i + 2].text == "+", !tokens[i + 2].isSpaced
    {
      return true
    }
    if i > 0, tokens[i - 1].kind == .mark, !tokens[i].isSpaced,
      ["-", "/", "°", "&", "^", "+", "%"].contains(tokens[i - 1].text),
      !tokens[i - 1].isSpaced, i > 1, tokens[i - 2].kind == .word
    {
      return true
    }
    guard i > 0, tokens[i - 1].kind == .word else { return false }
    let before = tokens[i - 1].lower
    return before.allSatisfy(\.isNumber)
      || ChoiceWords.labelled.contains(before)
  }

  private func isBracketed(_ i: Int) -> Bool {
    i > 0 && i + 1 < tokens.count && ["(", "["].contains(tokens[i - 1].text) && [")", "]"].contains(tokens[i + 1].text)
  }

  /// Whether the letter stands by itself and is no article, pronoun or first letter of a name.
  private func stands(at i: Int, isLower: Bool) -> Bool {
    if isBracketed(i) || tokens[i].isSetOff { return !isOptionText(from: i) }
    guard i + 1 < tokens.count else { return true }
    let next = tokens[i + 1]
    if next.kind == .line { return true }
    if next.kind == .mark {
      // "a. m.", "B.C.": an abbreviation goes on.
      if next.text == ".", i + 2 < tokens.count, tokens[i + 2].kind == .word, !tokens[i + 2].isSpaced { return false }
      return true
    }
    if isOptionText(from: i) { return false }
    let letter = tokens[i].text.uppercased()
    if let text = choice.texts[letter], startsOption(text, at: i + 1) { return true }
    if isLower { return false }
    if letter == "A" || letter == "I" {
      return ChoiceWords.following.contains(next.lower)
        && !(letter == "I" && ["think", "believe", "am", "was"].contains(next.lower))
    }
    return true
  }

  /// Whether the words from `i` on are the text of an option, such as "B cells" or "A catalyst".
  private func isOptionText(from i: Int) -> Bool {
    for (letter, text) in choice.texts where letter != tokens[i].text.uppercased() || text.count > 1 {
      let words = ChoiceToken.tokens(of: text).filter { $0.kind == .word }
      guard words.count > 1, words[0].lower == tokens[i].lower else { continue }
      if startsOption(text, at: i) { return true }
    }
    return false
  }

  /// Whether the words from `i` on begin like `text`.
  func startsOption(_ text: String, at i: Int) -> Bool {
    let words = ChoiceToken.tokens(of: text).filter { $0.kind == .word }.prefix(3).map(\.lower)
    let found = tokens[min(i, tokens.count)...].lazy.filter { $0.kind == .word }.prefix(words.count).map(\.lower)
    return !words.isEmpty && Array(found) == Array(words)
  }

  /// "the answer is C", "Answer: C", "I choose C", "I'd go with option C".
  private func isAnnounced(before i: Int, isLower: Bool) -> Bool {
    var joined = false
    var lines = 0
    var direct = true
    var j = i - 1
    while j >= 0, i - j <= 16 {
      let token = tokens[j]
      switch token.kind {
      case .line:
        lines += 1
        if lines > 2 && !joined { return false }
      case .mark:
        if [":", "=", "→", ">", "："].contains(token.text) { joined = true }
        if [".", ";", "!", "?"].contains(token.text) { return false }
      case .word:
        // "not B but C" denies only what stands before "but".
        if token.lower == "but", let start = startOfDenied(before: j) {
          j = start - 1
          continue
        }
        if token.lower.contains("答案") || token.lower.hasSuffix("选") || token.lower.hasSuffix("选择") {
          return !token.lower.contains("不")
        }
        if ChoiceWords.denials.contains(token.lower) { return false }
        if ChoiceWords.joining.contains(token.lower) { joined = true }
        let announces =
          ChoiceWords.announcing.contains(token.lower)
          || (["go", "going", "went"].contains(token.lower) && j + 1 < tokens.count && tokens[j + 1].lower == "with")
          || (["settle", "settled", "decide", "decided"].contains(token.lower) && tokens[j + 1].lower == "on")
          || (token.lower == "say" && isFirstPerson(before: j))
          || (token.lower == "opt" && j + 1 < tokens.count && tokens[j + 1].lower == "for")
          || (["correct", "right", "best"].contains(token.lower) && joined && !direct)
          || (["it", "it's", "that's", "it’s"].contains(token.lower) && (joined || token.lower.contains("'"))
            && i - j <= 5
            && !isLower)
        if announces {
          let mention = ["option", "choice", "letter"].contains(token.lower)
          if !(mention && !joined), !deniesAnnouncement(at: j) {
            if joined || lines > 0 || token.lower.hasPrefix("it") || token.lower.hasPrefix("that") { return true }
            // "Answer C" without a verb: only where nothing follows.
            return !isLower && (i + 1 >= tokens.count || tokens[i + 1].kind != .word)
          }
        }
        if !ChoiceWords.between.contains(token.lower) && !announces { return false }
        direct = false
      }
      j -= 1
    }
    return false
  }

  /// "I'd say", "I would say"; "some would say" is others' word.
  private func isFirstPerson(before j: Int) -> Bool {
    guard j > 0 else { return false }
    if ["i'd", "i'll", "we'd", "id"].contains(tokens[j - 1].lower) { return true }
    if tokens[j - 1].lower == "to" { return j > 1 && ["inclined", "going", "like"].contains(tokens[j - 2].lower) }
    return j > 1 && ["would", "will"].contains(tokens[j - 1].lower) && ["i", "we"].contains(tokens[j - 2].lower)
  }

  /// Where "not B" begins that stands before the word at `j`; nil when it does not.
  private func startOfDenied(before j: Int) -> Int? {
    var k = j - 1
    while k >= 0, tokens[k].kind == .mark, ["(", ")", ",", "\""].contains(tokens[k].text) { k -= 1 }
    guard k >= 0, choice.letter(tokens[k]) != nil else { return nil }
    k -= 1
    while k >= 0,
      tokens[k].kind == .mark && ["(", "\""].contains(tokens[k].text) || ["option", "choice"].contains(tokens[k].lower)
    {
      k -= 1
    }
    return k >= 0 && tokens[k].lower == "not" ? k : nil
  }

  /// "the wrong answer is", "is not the answer:", "a tempting choice is".
  private func deniesAnnouncement(at j: Int) -> Bool {
    for k in stride(from: j - 1, through: max(0, j - 4), by: -1) {
      if tokens[k].kind == .line || [".", ";", ":", "?", "!", ","].contains(tokens[k].text) { return false }
      if ChoiceWords.denials.contains(tokens[k].lower)
        || [
          "least", "tempting", "common", "distractor", "might", "may", "could", "if", "student's", "students",
          "distracting", "each", "every",
        ]
        .contains(tokens[k].lower)
      {
        return true
      }
    }
    return false
  }

  /// "Therefore, C." at the end of a sentence that says nothing else.
  private func isConcluded(before i: Int, isLower: Bool) -> Bool {
    guard !isLower || isBracketed(i) else { return false }
    let closes = i + 1 >= tokens.count || tokens[i + 1].kind != .word
    guard closes else { return false }
    for j in stride(from: i - 1, through: max(0, i - 6), by: -1) where j >= 0 {
      let token = tokens[j]
      if token.kind == .line || [".", ";", "?", "!"].contains(token.text) { return false }
      guard token.kind == .word else { continue }
      if [
        "therefore", "thus", "hence", "so", "conclusion", "finally", "overall", "consequently", "choose", "leaves",
        "leaving", "left",
      ].contains(token.lower) {
        return true
      }
      guard
        ["option", "choice", "only", "the", "in", "answer", "with", "us", "must", "be", "it", "it's"].contains(
          token.lower)
      else { return false }
    }
    return false
  }

  private func isDeniedBefore(_ i: Int) -> Bool {
    for k in stride(from: i - 1, through: max(0, i - 4), by: -1) where k >= 0 {
      if tokens[k].kind == .line || [".", ";", "?", "!", ",", ":"].contains(tokens[k].text) { return false }
      if ChoiceWords.denials.contains(tokens[k].lower)
        || ["whether", "if", "why", "think", "thinking", "say", "says", "assume", "suppose"].contains(tokens[k].lower)
      {
        return true
      }
    }
    return false
  }

  /// The letter, unless the claim goes on or began with another: "A or B", "both A and C", "A, B".
  private func several(around i: Int, _ letter: String) -> Found {
    for (step, limit) in [(1, tokens.count), (-1, -1)] {
      var j = i + step
      var joined = false
      while j != limit, abs(j - i) <= 5 {
        let token = tokens[j]
        if token.kind == .line || token.text == "." { break }
        if token.kind == .word {
          if ["or", "and", "und", "oder", "y", "o"].contains(token.lower) {
            joined = true
          } else if let other = choice.letter(token) {
            if other != letter, joined, !isFollowedByVerb(j, step: step) { return .several }
            if other == letter { j += step; continue }
            break
          } else if ["option", "both", "either", "choice", "maybe", "possibly"].contains(token.lower) {
          } else {
            break
          }
        } else if [",", "/", "&", "|"].contains(token.text) {
          joined = true
        } else if !["(", ")", "[", "]", "\"", "'"].contains(token.text) {
          break
        }
        j += step
      }
    }
    return .letter(letter)
  }

  /// "C, and I checked …": the next letter is a pronoun or an article.
  private func isFollowedByVerb(_ j: Int, step: Int) -> Bool {
    guard step > 0, ["A", "I"].contains(tokens[j].text), j + 1 < tokens.count else { return false }
    return tokens[j + 1].kind == .word
  }
}
