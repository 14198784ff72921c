/// What the words behind a letter say of it: true, false, the right answer, wrong.
extension ChoiceClaims {
  /// "C: true", "C - correct", "C is true": a verdict on one of several options in turn.
  func isCalledTrue(_ i: Int) -> Bool {
    var j = i + 1
    while j < tokens.count, tokens[j].kind == .mark,
      [")", "]", ".", ":", "-", "–", "—", "=", "(", "?"].contains(tokens[j].text)
    {
      j += 1
    }
    if j < tokens.count, ["is", "ist", "est", "es"].contains(tokens[j].lower) { j += 1 }
    guard j < tokens.count else { return false }
    if ["✓", "✔", "✅", "☑"].contains(tokens[j].text) || isTickedLine(i) { return true }
    guard ["true", "correct", "right", "yes", "richtig", "wahr", "korrekt", "正确", "对"].contains(tokens[j].lower) else {
      return false
    }
    return j + 1 >= tokens.count || tokens[j + 1].kind != .word
  }

  /// "- **D) Nucleus**: contains DNA. ✅": the letter heads a line that ends with a tick or a yes.
  private func isTickedLine(_ i: Int) -> Bool {
    var start = i
    while start > 0, tokens[start - 1].kind == .mark { start -= 1 }
    guard start == 0 || tokens[start - 1].kind == .line else { return false }
    let line = tokens[i...].prefix { $0.kind != .line }
    guard !line.dropFirst().contains(where: { $0.text != tokens[i].text && choice.letter($0) != nil }) else {
      return false
    }
    guard let last = line.last(where: { ![".", "!", "\u{FE0F}"].contains($0.text) }) else { return false }
    if ["✓", "✔", "✅", "☑"].contains(last.text) { return true }
    // "(C) Magnetism: yes!"
    let end = line.lastIndex(of: last) ?? i
    return end > i + 1 && ["yes", "correct"].contains(last.lower) && tokens[end - 1].kind == .mark
  }

  /// "A: false", "B - incorrect": one of several options in turn, and not this one.
  func isJudged(after i: Int) -> Bool {
    var j = i + 1
    while j < tokens.count, tokens[j].kind == .mark, [")", "]", ".", ":", "-", "–", "—", "("].contains(tokens[j].text) {
      j += 1
    }
    guard j > i + 1, j < tokens.count, ChoiceSentences.denies(tokens[j]) else { return false }
    // "C. wrong place" is the option's own text.
    if let text = choice.texts[tokens[i].text.uppercased()], startsOption(text, at: j) { return false }
    return j + 1 >= tokens.count || tokens[j + 1].kind != .word
  }

  /// "C is correct", "(C) is the right answer", "C must be the best choice", "C fits best".
  func isPraised(after i: Int) -> Bool {
    var j = i + 1
    while j < tokens.count, tokens[j].kind == .mark, [")", "]", "\"", "'", ",", "*"].contains(tokens[j].text) { j += 1 }
    // The option's own text may stand between: "C) mitochondria is correct".
    if let text = choice.texts[tokens[i].text.uppercased()], startsOption(text, at: j) {
      j += ChoiceToken.tokens(of: text).filter { $0.kind == .word || $0.kind == .mark }.count
      while j < tokens.count, tokens[j].kind == .mark, ![".", ";"].contains(tokens[j].text) { j += 1 }
    }
    guard j < tokens.count,
      ["is", "must", "would", "seems", "has", "remains", "appears", "looks", "=", "being", "fits", "as"].contains(
        tokens[j].lower)
    else { return false }
    // "B is what we want."
    if tokens[j].lower == "is", j + 2 < tokens.count, tokens[j + 1].lower == "what",
      ["we", "i", "you", "they"].contains(tokens[j + 2].lower)
    {
      return true
    }
    // "B seems right at first, yet …".
    let isSemblance =
      ["seems", "appears", "looks"].contains(tokens[j].lower)
      && tokens[j...].prefix { $0.kind != .line && $0.text != "." }.contains {
        ["first", "initially", "glance", "but", "yet", "however"].contains($0.lower)
      }
    if isSemblance { return false }
    for token in tokens[j...].prefix(9) {
      if token.kind == .line || [".", ";", "?", "!", ","].contains(token.text) { return false }
      if ChoiceWords.denials.contains(token.lower)
        || ["also", "partially", "partly", "tempting", "almost", "nearly", "if", "about"].contains(token.lower)
      {
        return false
      }
      if ["correct", "right", "best", "answer", "valid", "accurate"].contains(token.lower) { return true }
    }
    return false
  }

  /// "… B is wrong": what the words before the letter announced, the words after it take back.
  func isDeniedAfter(_ i: Int) -> Bool {
    var j = i + 1
    while j < tokens.count, [")", "]", "\"", "'"].contains(tokens[j].text) { j += 1 }
    guard j < tokens.count, ["is", "was", "are", "can", "cannot", "does", "would"].contains(tokens[j].lower) else {
      return j < tokens.count && tokens[j].text == "?"
    }
    return tokens[j...].prefix(4).contains { ChoiceWords.denials.contains($0.lower) }
  }
}
