import Foundation

/// Counting and finding what IFEval's instructions talk about.
enum InstructionText {
  static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }

  static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

  /// The pieces between exact occurrences of a divider.
  static func parts(of text: String, dividedBy divider: String) -> [String] { text.components(separatedBy: divider) }

  /// Non-overlapping occurrences of a text.
  static func occurrences(of word: String, in text: String) -> Int {
    word.isEmpty ? 0 : text.components(separatedBy: word).count - 1
  }

  /// Whether a phrase occurs with no letter or digit touching it.
  static func hasWord(_ word: String, in text: String) -> Bool {
    var start = text.startIndex
    while let range = text.range(of: word, range: start..<text.endIndex) {
      let before = range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
      let after = range.upperBound == text.endIndex ? nil : text[range.upperBound]
      if !(before.map(isWordCharacter) ?? false), !(after.map(isWordCharacter) ?? false) { return true }
      start = text.index(after: range.lowerBound)
    }
    return false
  }

  static func isWordCharacter(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  /// Runs of letters, digits and underscores.
  static func words(in text: String) -> [Substring] { text.split { !isWordCharacter($0) } }

  private static let abbreviations: Set<String> = [
    "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "vs", "etc", "e.g", "i.e", "inc", "ltd", "co", "corp", "no",
    "fig",
    "gen", "rep", "sen", "gov", "capt", "lt", "col", "rev", "hon", "mt", "ave", "approx", "dept", "est", "cf", "al",
    "p.s",
    "p.p.s", "a.m", "p.m", "u.s", "u.k", "ph.d", "vol", "pp", "jan", "feb", "aug", "sept", "oct", "nov", "dec",
  ]

  /// Sentences: runs of text that end in a full stop, question or exclamation mark before white space, or at the end.
  static func sentences(in text: String) -> Int {
    let characters = Array(text)
    var count = 0
    var hasWord = false
    var word = ""
    var i = 0
    while i < characters.count {
      let character = characters[i]
      if isWordCharacter(character) { hasWord = true }
      if "。！？।॥؟".contains(character) {
        if hasWord { count += 1 }
        hasWord = false
      } else if ".!?".contains(character) {
        var end = i
        while end + 1 < characters.count, ".!?".contains(characters[end + 1]) { end += 1 }
        let isPlainStop = character == "." && end == i
        while end + 1 < characters.count, "\"'”’)]*_".contains(characters[end + 1]) { end += 1 }
        let next = end + 1 < characters.count ? characters[end + 1] : " "
        var follower = end + 1
        while follower < characters.count,
          characters[follower].isWhitespace || "\"'“‘([*_-".contains(characters[follower])
        {
          follower += 1
        }
        let continues = follower < characters.count && characters[follower].isLowercase
        let isShort = isPlainStop && (abbreviations.contains(word.lowercased()) || isInitial(word))
        let isListNumber =
          isPlainStop && !word.isEmpty && word.allSatisfy(\.isNumber) && startsLine(characters, i, word.count)
        if next.isWhitespace, hasWord, !(isShort && follower < characters.count), !continues, !isListNumber {
          count += 1
          hasWord = false
        }
        if !next.isWhitespace, character == "." { word.append(".") } else { word = "" }
        i = end + 1
        continue
      }
      if isWordCharacter(character) { word.append(character) } else if character != "." { word = "" }
      i += 1
    }
    return count + (hasWord ? 1 : 0)
  }

  private static func isInitial(_ word: String) -> Bool {
    guard let last = word.split(separator: ".").last else { return false }
    return last.count == 1 && last.first?.isUppercase == true && last != "I"
  }

  private static func startsLine(_ characters: [Character], _ stop: Int, _ length: Int) -> Bool {
    var i = stop - length - 1
    while i >= 0, characters[i] == " " || characters[i] == "\t" { i -= 1 }
    return i < 0 || characters[i].isNewline
  }

  /// The first word of a paragraph, lower case, quotes before it dropped, cut at punctuation.
  static func firstWord(of paragraph: String) -> String {
    let first = trimmed(paragraph).split(whereSeparator: \.isWhitespace).first ?? ""
    return first.drop { "'\"“‘*_#".contains($0) }.prefix { !".,?!'\"”’:;*_".contains($0) }.lowercased()
  }

  /// Texts in square brackets on one line.
  static func placeholders(in text: String) -> Int {
    var count = 0
    for line in text.split(separator: "\n") {
      var rest = line[...]
      while let open = rest.firstIndex(of: "["), let close = rest[open...].firstIndex(of: "]") {
        count += 1
        rest = rest[rest.index(after: close)...]
      }
    }
    return count
  }

  /// A line that holds the marker with something after it or at its start ("P.S. …", "P. P. S.").
  static func hasPostscript(_ marker: String, in text: String) -> Bool {
    func bare(_ text: some StringProtocol) -> String { text.lowercased().filter { !$0.isWhitespace } }
    let wanted = bare(marker)
    return text.split(separator: "\n").contains { bare($0).contains(wanted) }
  }

  /// Lines that begin with `*` or `-`; a rule of dashes or stars is none.
  static func bullets(in text: String) -> Int {
    text.split(separator: "\n").filter { line in
      let bare = line.drop(while: \.isWhitespace)
      guard let mark = bare.first, mark == "*" || mark == "-" else { return false }
      let rest = bare.dropFirst()
      if rest.allSatisfy({ $0 == mark || $0.isWhitespace }) { return false }
      return mark == "-" ? rest.first != "-" : rest.first != "*"
    }.count
  }

  /// Texts between single or double stars on one line.
  static func highlights(in text: String) -> Int {
    var count = 0
    for line in text.split(separator: "\n") {
      var pieces: [(stars: Int, text: Substring)] = []
      var rest = line[...]
      while let star = rest.firstIndex(of: "*") {
        let after = rest[star...].prefix { $0 == "*" }
        pieces.append((after.count, rest[..<star]))
        rest = rest[after.endIndex...]
      }
      pieces.append((0, rest))
      // Between two runs of stars of the same length stands a highlight; the first run may be a bullet.
      var i = 0
      while i + 1 < pieces.count {
        let inside = pieces[i + 1].text
        let isBullet = pieces[i].stars == 1 && isBlank(String(pieces[i].text)) && inside.first == " "
        if !isBullet, pieces[i].stars == pieces[i + 1].stars, !isBlank(String(inside)) {
          count += 1
          i += 2
        } else {
          i += 1
        }
      }
    }
    return count
  }

  /// Headings made of a word and a number: "Section 1", "SECTION 2".
  static func sections(in text: String, named name: String) -> Int {
    var count = 0
    var rest = text[...]
    while let found = rest.range(of: name) {
      let after = rest[found.upperBound...]
      if after.drop(while: { $0 == " " || $0 == "\t" }).first?.isNumber == true { count += 1 }
      rest = after
    }
    return count
  }

  /// A text in double angle brackets on one line.
  static func hasTitle(_ text: String) -> Bool {
    for line in text.split(separator: "\n") {
      guard let open = line.range(of: "<<"), let close = line.range(of: ">>", options: .backwards),
        open.upperBound <= close.lowerBound
      else { continue }
      if line[open.upperBound..<close.lowerBound].contains(where: { !$0.isWhitespace && $0 != "<" && $0 != ">" }) {
        return true
      }
    }
    return false
  }

  /// Words all of whose letters are capitals.
  static func capitalWords(in text: String) -> Int {
    text.split(whereSeparator: \.isWhitespace).filter { word in
      let letters = word.filter(\.isLetter)
      return letters.contains(where: \.isCased) && !letters.contains(where: \.isLowercase)
    }.count
  }

  /// Whether all cased letters are of one case, and there is one.
  static func isCased(_ text: String, upper: Bool) -> Bool {
    let cased = text.filter(\.isCased)
    return !cased.isEmpty && cased.allSatisfy { upper ? $0.isUppercase : $0.isLowercase }
  }
}
