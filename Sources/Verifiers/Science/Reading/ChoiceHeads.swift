/// Letters that an answer begins or ends with, for answers that claim nothing: "C. Magnetism needs motion."
extension ChoiceReading {
  // MARK: - The answer's beginning

  /// The letter the answer begins with, unless several lines begin with letters (then it recites the options).
  func headOfAnswer() -> String? {
    guard Set(lines.compactMap { $0.head() }).count == 1, !goesOnAtOnce,
      let line = lines.first(where: \.hasWords), !line.isList, let letter = head(), !deniesItsHead
    else { return nil }
    return letter
  }

  /// The letter the tokens begin with: `C. …`, `(C) …`, `C) …`, `C: …`, `C - …`.
  func head() -> String? {
    var i =
      tokens.firstIndex { $0.text == "(" || ($0.kind != .line && !$0.isOne(of: ChoiceMarks.harmless)) }
      ?? tokens.count
    let isInBrackets = i < tokens.count && tokens[i].text == "("
    if isInBrackets { i += 1 }
    if i + 1 < tokens.count, tokens[i].isOne(of: ChoiceWords.optionNouns) { i += 1 }
    guard i < tokens.count, let letter = options.letter(tokens[i], anyCase: isInBrackets || headsText(i)) else {
      return nil
    }
    guard i + 1 < tokens.count else { return letter }
    return (isInBrackets ? tokens[i + 1].text == ")" : isHead(i, letter)) ? letter : nil
  }

  /// "c) magnetism": a small letter counts before its own option's text.
  private func headsText(_ i: Int) -> Bool {
    i + 1 < tokens.count && tokens[i + 1].isOne(of: ChoiceMarks.headingSmall)
      && options.isText(of: tokens[i].text.uppercased(), tokens, from: i + 2)
  }

  /// Whether what follows the letter at `i` shows that it heads a text.
  private func isHead(_ i: Int, _ letter: String) -> Bool {
    let next = tokens[i + 1]
    if next.kind == .line || tokens[i].isSetOff { return true }
    if next.kind == .word { return next.isOne(of: ChoiceWords.reasonsForLetter) && tokens[i].text == letter }
    if next.isOne(of: ChoiceMarks.dashes) { return next.isSpaced }
    switch next.text {
    case "(": return next.isSpaced && letter != "A" && letter != "I" && isBracketToEnd(of: i)
    case "/": return next.isSpaced && isRestText(of: letter, from: i + 2)
    case ".": return !isAbbreviation(i)
    default: return next.isOne(of: ChoiceMarks.heading)
    }
  }

  /// "B (beta blockers)" and nothing more.
  private func isBracketToEnd(of i: Int) -> Bool {
    let line = tokens[(i + 1)...].prefix { $0.kind != .line }
    return line.last { $0.text != "." }?.text == ")" && line.count { $0.text == "(" } == 1
  }

  /// "C / magn": the words up to the line's end are how the option's text begins.
  private func isRestText(of letter: String, from start: Int) -> Bool {
    let said = tokens[start...].prefix { $0.kind != .line }.words
    return !said.isEmpty && options.words[letter, default: []].starts(with: said)
  }

  /// `B.C. …`, `E. coli`, `A.M.`: a letter and a dot that belong to a name.
  private func isAbbreviation(_ i: Int) -> Bool {
    guard i + 2 < tokens.count, tokens[i + 2].kind == .word else { return false }
    let after = tokens[i + 2]
    if !after.isSpaced { return after.text.count == 1 }
    return after.text.first?.isLowercase == true && after.isOne(of: ChoiceWords.abbreviatedSpecies)
  }

  /// Whether the first sentence denies what it begins with: "B is wrong", "(B) cannot be".
  private var deniesItsHead: Bool {
    let sentence = tokens.drop { $0.kind == .line }.prefix { $0.kind != .line && !($0.text == "." && $0.isSpaced) }
    var words = sentence.filter { $0.kind == .word }
    // A denial in the option's own text ("B. not noticeable") denies nothing.
    if let own = words.first.flatMap({ options.words[$0.text.uppercased()] }),
      words.dropFirst().words.starts(with: own)
    {
      words.removeSubrange(1..<(1 + own.count))
    }
    // "B, not A, …" denies A.
    return words.prefix(5).indices.contains { k in
      words[k].isOne(of: ChoiceWords.denials) && !(k + 1 < words.count && options.letter(words[k + 1]) != nil)
    }
  }

  // MARK: - The answer's end

  /// A single set-off letter, or a leading one, in the last line with words.
  func letterOfLastLine() -> String? {
    guard let line = lines.last(where: \.hasWords) else { return nil }
    if line.tokens.contains(where: { $0.isOne(of: ChoiceWords.denials) }) { return nil }
    if let letter = options.alone(line.tokens) { return letter }
    let setOff = Set(line.tokens.indices.filter(line.isSetOff).compactMap(line.capital))
    guard setOff.isEmpty else { return setOff.count == 1 ? setOff.first : nil }
    let heads = Set(lines.compactMap { $0.head() })
    if heads.count < 2, let letter = line.letterBeforeText() { return letter }
    return heads.count == 1 && !line.isList && !line.goesOnAtOnce ? line.head() : nil
  }

  /// Whether emphasis or brackets set a letter off: "**C**", "(C)", "(option C)".
  private func isSetOff(_ i: Int) -> Bool {
    if tokens[i].isSetOff { return true }
    let open = i > 1 && tokens[i - 1].isOne(of: ChoiceWords.bracketNouns) ? i - 2 : i - 1
    return open >= 0 && i + 1 < tokens.count && tokens[open].isOne(of: ChoiceMarks.opening)
      && tokens[i + 1].isOne(of: ChoiceMarks.closing)
  }

  /// "It is classified as D. decomposer.": the one letter before its option's text, and nothing after that.
  private func letterBeforeText() -> String? {
    let named = tokens.indices.dropLast(2).filter { i in
      guard let letter = capital(at: i), tokens[i + 1].isOne(of: ChoiceMarks.endingText), tokens[i + 2].isSpaced else {
        return false
      }
      return options.isText(of: letter, tokens, from: i + 2)
    }
    guard named.count == 1, let own = options.words[tokens[named[0]].text] else { return nil }
    return tokens[(named[0] + 1)...].words.count == own.count ? tokens[named[0]].text : nil
  }

  // MARK: - Several letters

  /// "A B", "A; B": several letters and nothing else.
  var isOnlyLetters: Bool {
    let words = tokens.filter { $0.kind == .word }
    guard Set(words.compactMap { options.letter($0) }).count > 1, !answersItsQuestion else { return false }
    return !tokens.contains { $0.isOne(of: ChoiceMarks.judgements) }
      && words.allSatisfy { options.letter($0) != nil || $0.lower == "and" || $0.lower == "or" }
  }

  /// "B or C? C."
  private var answersItsQuestion: Bool {
    guard let asked = tokens.lastIndex(where: { $0.text == "?" }), tokens.last(where: { $0.kind != .line })?.text != "?"
    else { return false }
    return Set(tokens[asked...].compactMap { options.letter($0) }).count == 1
  }

  /// "A, B, C": a list of letters submits none of them.
  private var isList: Bool {
    let listed = tokens.indices.filter { capital(at: $0) != nil && !isBeforeWord($0) }
    return Set(listed.map { tokens[$0].text }).count > 1 && tokens.count <= 4 * listed.count
  }

  /// "A, C" and "A or B": a second letter follows the first at once.
  var goesOnAtOnce: Bool {
    let bare = Array(tokens.lazy.filter { $0.kind != .line && !$0.isOne(of: ChoiceMarks.brackets) }.prefix(3))
    guard bare.count == 3, let first = options.letter(bare[0]), let second = options.letter(bare[2]) else {
      return false
    }
    return first != second && bare[1].isOne(of: ChoiceWords.joinedAtOnce)
  }

  private var hasWords: Bool { tokens.contains { $0.kind == .word } }
}
