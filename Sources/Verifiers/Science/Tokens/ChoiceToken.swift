/// A piece of a response: a word, a mark, or the end of a line.
///
/// `ChoiceToken.tokens(of:)` cuts a text up for reading letters, `ChoiceToken.values(of:)` for comparing it with the
/// options' texts. What either yields is matched by the same functions.
struct ChoiceToken: Equatable {
  enum Kind { case word, mark, line }

  var kind: Kind
  /// As written, markup removed.
  var text: String
  /// As it is compared: lower case.
  var lower: String
  /// Whether markup (bold, box, code) closes right behind it.
  var isSetOff = false
  /// Whether the text of the option that this letter names stood behind it and was taken out.
  var isNamed = false
  /// Whether white space stands before it.
  var isSpaced = false

  /// Whether it is one of a list's words or marks.
  func isOne(of list: Set<String>) -> Bool { list.contains(lower) }

  /// Whether it is written without spaces between words: Chinese, Japanese, Korean.
  var isIdeographic: Bool { text.first.map(Self.isIdeograph) ?? false }

  static func isIdeograph(_ character: Character) -> Bool {
    character.unicodeScalars.first.map {
      (0x3040...0x9FFF).contains($0.value) || (0xAC00...0xD7A3).contains($0.value)
    } ?? false
  }
}

extension RandomAccessCollection<ChoiceToken> where Index == Int {
  /// The words, as they are compared.
  var words: [String] { lazy.filter { $0.kind == .word }.map(\.lower) }

  /// Where `words` end that stand from `start` on; nil where they do not. Marks between them are passed over, the ends of
  /// lines only where `acrossLines`.
  func end(of words: some Sequence<String>, from start: Int, acrossLines: Bool = false) -> Int? {
    var k = start
    for word in words {
      while k < endIndex, self[k].kind == .mark || (acrossLines && self[k].kind == .line) { k += 1 }
      guard k < endIndex, self[k].lower == word else { return nil }
      k += 1
    }
    return k
  }
}
