/// The tokens of an answer, and what is said at each place of them.
///
/// The rules are extensions, one idea each:
/// - `ChoiceMentions`: whether a letter is a letter there, and no article or part of a name.
/// - `ChoiceSentences`: sentences and clauses; whether they ask, suppose or concede.
/// - `ChoiceDenials`: whether a letter is denied or taken back.
/// - `ChoiceAnnouncements`: "the answer is C", read backwards from the letter.
/// - `ChoiceJudgements`: "C is correct", "C: false", read forwards from the letter.
/// - `ChoiceTalk`: sentences that say nothing but which option is meant.
/// - `ChoiceConflicts`: letters said without being submitted, or against each other.
/// - `ChoiceClaims`: all of these in their order.
/// - `ChoiceHeads`: letters that an answer begins or ends with, for answers that claim nothing.
struct ChoiceReading {
  let options: ChoiceOptions
  let tokens: [ChoiceToken]

  /// What a claim says.
  enum Found: Equatable {
    case none
    case letter(String)
    /// It names several letters.
    case several
  }

  // MARK: - Letters

  /// The letter at a place, a small one too.
  func anyLetter(at k: Int) -> String? { options.letter(tokens[k], anyCase: true) }

  /// The capital letter at a place.
  func capital(at k: Int) -> String? { options.letter(tokens[k]) }

  /// The letter at a place; a small one only in brackets.
  func letter(at k: Int) -> String? {
    guard let letter = anyLetter(at: k), tokens[k].text == letter || isBracketed(k) else { return nil }
    return letter
  }

  func isBracketed(_ k: Int) -> Bool {
    k > 0 && k + 1 < tokens.count && tokens[k - 1].isOne(of: ChoiceMarks.opening)
      && tokens[k + 1].isOne(of: ChoiceMarks.closing)
  }

  // MARK: - Neighbours

  /// Whether a word follows at once.
  func isBeforeWord(_ k: Int) -> Bool { k + 1 < tokens.count && tokens[k + 1].kind == .word }

  /// The first place from `k` on that holds none of these marks; the end where there is none.
  func skip(_ marks: Set<String>, from k: Int) -> Int {
    tokens[min(k, tokens.count)...].firstIndex { !$0.isOne(of: marks) } ?? tokens.count
  }

  /// The ranges of tokens between those that end a piece.
  func pieces(endingWhere isEnd: (ChoiceToken) -> Bool) -> [Range<Int>] {
    tokens.indices.split { isEnd(tokens[$0]) }
  }

  /// The lines that are not empty, each to be read by itself.
  var lines: [ChoiceReading] {
    pieces { $0.kind == .line }.map { ChoiceReading(options: options, tokens: Array(tokens[$0])) }
  }

  // MARK: - The options' own texts

  /// Where the option's text ends that stands from `start` on; `start` where it does not.
  func textEnd(of letter: String, from start: Int) -> Int {
    options.words[letter].flatMap { tokens.end(of: $0, from: start) } ?? start
  }

  /// Where the option's own text begins that stands before its bracketed letter, "radiation (C)"; else the letter's place.
  func textStart(before i: Int) -> Int {
    guard i > 0, tokens[i - 1].kind == .mark, tokens[i - 1].text != ".",
      let words = options.words[tokens[i].text.uppercased()]
    else { return i }
    var k = i - 1
    for word in words.reversed() {
      while k >= 0, tokens[k].kind == .mark { k -= 1 }
      guard k >= 0, tokens[k].lower == word else { return i }
      k -= 1
    }
    return k + 1
  }
}
