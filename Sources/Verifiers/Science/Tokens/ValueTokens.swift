import Foundation

extension ChoiceToken {
  /// Cuts a text up for comparing it with the options' texts: numbers keep sign and point, words are made singular, LaTeX
  /// and typography are made plain. A mark that means something ("%", "+") is a word here, for a text that lacks it is
  /// another; where a sentence ends stands a `line`, "?" or ".".
  static func values(of text: String) -> [ChoiceToken] {
    var cutter = ValueCutter(characters: Array(plainValues(text)))
    return cutter.tokens()
  }

  private static let spellings = [
    ("**", " "), (#"\dfrac"#, #"\frac"#), ("}{", "}/{"), ("−", "-"), ("–", "-"), ("’", "'"), ("°", " "),
    ("percent", "%"), (#"\%"#, "%"), (#"\circ"#, " "), ("×", "*"), (#"\times"#, "*"), (#"\cdot"#, "*"), ("·", "*"),
    (#"\pi"#, "π"), (#"\frac"#, ""), (#"\text"#, ""), (#"\mathrm"#, ""), (#"\sqrt"#, "sqrt"),
  ]

  private static func plainValues(_ text: String) -> String {
    var plain = text
    for (mark, other) in spellings where plain.contains(mark) { plain = plain.replacing(mark, with: other) }
    return plain
  }
}

/// Cuts a text up from the beginning to the end.
private struct ValueCutter {
  let characters: [Character]
  private var i = 0

  init(characters: [Character]) { self.characters = characters }

  mutating func tokens() -> [ChoiceToken] {
    var tokens: [ChoiceToken] = []
    while let c = peek() {
      if c.isNumber || isSign(c) {
        tokens.append(number())
      } else if c.isLetter {
        if let word = word() { tokens.append(word) }
      } else {
        i += 1
        if let mark = mark(c) { tokens.append(mark) }
      }
    }
    return tokens
  }

  private func peek(_ distance: Int = 0) -> Character? {
    characters.indices.contains(i + distance) ? characters[i + distance] : nil
  }

  /// "-5", but not "a-5" or "(x)-5".
  private func isSign(_ c: Character) -> Bool {
    guard c == "-", peek(1)?.isNumber == true else { return false }
    return peek(-1).map { !$0.isLetter && !$0.isNumber && $0 != ")" } ?? true
  }

  private mutating func number() -> ChoiceToken {
    let start = i
    i += 1
    while let d = peek(), d.isNumber || ((d == "." || d == ",") && peek(1)?.isNumber == true) { i += 1 }
    let digits = String(characters[start..<i]).replacing(",", with: "")
    return ChoiceToken(kind: .word, text: digits, lower: digits)
  }

  /// The word, singular: one and many are the same option. A degree is left out like its sign.
  private mutating func word() -> ChoiceToken? {
    let start = i
    while let d = peek(), d.isLetter || (d == "'" && peek(1)?.isLetter == true) { i += 1 }
    let word = String(characters[start..<i])
    let lower = word.lowercased()
    guard lower != "degree", lower != "degrees" else { return nil }
    let isPlural = lower.count > 3 && lower.hasSuffix("s") && !lower.hasSuffix("ss") && !lower.contains("'")
    return ChoiceToken(kind: .word, text: word, lower: isPlural ? String(lower.dropLast()) : lower)
  }

  /// The mark that has been read, or the end of a sentence.
  private func mark(_ c: Character) -> ChoiceToken? {
    if c.isNewline || "!?;。".contains(c) || (c == "." && peek().map(\.isWhitespace) ?? true) {
      let end = c == "?" ? "?" : "."
      return ChoiceToken(kind: .line, text: end, lower: end)
    }
    guard !c.isWhitespace else { return nil }
    let mark = String(c)
    return ChoiceToken(kind: "%/^+*<>".contains(c) ? .word : .mark, text: mark, lower: mark)
  }
}
