/// The names an option has besides its letter: its place ("the third option", "option 3", "last one") and, where the text
/// of an option is about other options ("Both B and C"), that text.
///
/// They are put back to the letter before anything is read, so that what is said of an option is read in one way only.
struct ChoiceNames {
  let options: ChoiceOptions
  /// The words of the texts that name several other options and nothing else, by letter.
  private let composites: [String: [String]]

  init(options: ChoiceOptions) {
    self.options = options
    composites = options.words.filter { letter, words in
      let tokens = options.tokens[letter, default: []].filter { $0.kind == .word }
      let named = tokens.count { options.letter($0) != nil }
      return named > 1 && words.count > named
        && tokens.allSatisfy { options.letter($0) != nil || $0.isOne(of: ChoiceNameWords.joints) }
    }
  }

  /// The tokens with every such name replaced by the option's letter.
  func resolved(_ tokens: [ChoiceToken]) -> [ChoiceToken] {
    var kept: [ChoiceToken] = []
    var i = 0
    while i < tokens.count {
      guard tokens[i].kind == .word, let (letter, end) = place(tokens, at: i) ?? composite(tokens, at: i) else {
        kept.append(tokens[i])
        i += 1
        continue
      }
      // Behind its own letter a name says nothing new.
      let last = kept.last { $0.kind == .word }
      if last.flatMap({ options.letter($0, anyCase: true) }) != letter {
        kept.append(ChoiceToken(kind: .word, text: "option", lower: "option", isSpaced: true))
        kept.append(ChoiceToken(kind: .word, text: letter, lower: letter.lowercased(), isSetOff: true, isSpaced: true))
      }
      i = end
    }
    return kept
  }

  // MARK: - Places

  private func place(_ tokens: [ChoiceToken], at i: Int) -> (letter: String, end: Int)? {
    if let letter = letter(ordinal: tokens[i]) {
      return end(ofPlaceOf: letter, tokens, from: i).map { (letter, $0) }
    }
    guard !options.texts.isEmpty, tokens[i].isOne(of: ChoiceWords.optionNouns), i + 1 < tokens.count,
      tokens[i + 1].kind == .word, let number = Int(tokens[i + 1].text), options.letters.indices.contains(number - 1)
    else { return nil }
    return (options.letters[number - 1], i + 2)
  }

  /// Where the name of a place ends whose ordinal stands at `i`; nil where the ordinal is of something else.
  private func end(ofPlaceOf letter: String, _ tokens: [ChoiceToken], from i: Int) -> Int? {
    if i + 1 < tokens.count {
      let next = tokens[i + 1]
      if next.isOne(of: ChoiceNameWords.nouns) { return i + 2 }
      if next.lower == "one", isWholeLine(tokens, i..<(i + 2)) || isChosen(tokens, before: i) { return i + 2 }
    }
    // "4th. cold and humid": an ordinal that heads the option's own text, or is all that is said.
    guard tokens[i].lower.first?.isNumber == true, i == 0 || tokens[i - 1].kind == .line else { return nil }
    if isWholeLine(tokens, i..<(i + 1)) { return i + 1 }
    return options.words[letter].flatMap { tokens.end(of: $0, from: i + 1) }
  }

  private func letter(ordinal: ChoiceToken) -> String? {
    if ordinal.isOne(of: ChoiceNameWords.last) { return options.texts.isEmpty ? nil : options.letters.last }
    guard let place = ChoiceNameWords.ordinals.firstIndex(where: ordinal.isOne), options.letters.indices.contains(place)
    else { return nil }
    return options.letters[place]
  }

  /// "I'd go with the third one".
  private func isChosen(_ tokens: [ChoiceToken], before i: Int) -> Bool {
    tokens[max(0, i - 2)..<i].contains { $0.isOne(of: ChoiceNameWords.choosing) }
  }

  private func isWholeLine(_ tokens: [ChoiceToken], _ range: Range<Int>) -> Bool {
    var lower = range.lowerBound
    while lower > 0, tokens[lower - 1].kind == .mark || tokens[lower - 1].lower == "the" { lower -= 1 }
    guard lower == 0 || tokens[lower - 1].kind == .line else { return false }
    var upper = range.upperBound
    while upper < tokens.count, tokens[upper].kind == .mark { upper += 1 }
    return upper == tokens.count || tokens[upper].kind == .line || tokens[upper].isOne(of: ChoiceNameWords.counting)
  }

  // MARK: - Texts about other options

  /// Of several texts that stand here the longest is meant: "Both A and B are correct" is not the option "Both A and B".
  private func composite(_ tokens: [ChoiceToken], at i: Int) -> (letter: String, end: Int)? {
    guard !composites.isEmpty else { return nil }
    let found = options.letters.compactMap { letter in
      composites[letter].flatMap { tokens.end(of: $0, from: i) }.map { (letter: letter, end: $0) }
    }
    return found.max { $0.end < $1.end }
  }
}
