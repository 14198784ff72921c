import Foundation

extension ChoiceToken {
  /// Cuts a text up for reading letters. Markdown emphasis, LaTeX wrappers and look-alike letters are resolved; the last
  /// token is the end of a line.
  static func tokens(of text: String) -> [ChoiceToken] {
    let characters = Array(PlainWriting.plain(text)) + ["\n"]
    var cutter = LetterCutter()
    for (i, character) in characters.enumerated() { cutter.read(character, before: characters[(i + 1)...]) }
    return cutter.tokens
  }
}

/// Cuts a text up, a character at a time.
private struct LetterCutter {
  var tokens: [ChoiceToken] = []
  /// The word that has begun.
  private var word = ""
  private var isSpaced = false

  mutating func read(_ character: Character, before rest: ArraySlice<Character>) {
    if character.isLetter || character.isNumber {
      // Chinese and Japanese put no space before a letter.
      if let last = word.last, ChoiceToken.isIdeograph(last) != ChoiceToken.isIdeograph(character) { endWord() }
      word.append(character)
    } else if character == "'" || character == "’", !word.isEmpty, rest.first?.isLetter == true {
      word.append("'")
    } else if character == "_", !word.isEmpty, rest.first?.isLetter == true {
      // "final_answer" is two words, "m_A" is one.
      if word.count > 1, rest.dropFirst().first?.isLetter == true { endWord() } else { word.append("_") }
    } else if character == "*" || character == "_" || character == "`" || character == "$" {
      endWord(isSetOff: true)
    } else {
      endWord()
      readBetweenWords(character)
    }
  }

  private mutating func readBetweenWords(_ character: Character) {
    if character.isNewline {
      tokens.append(ChoiceToken(kind: .line, text: "\n", lower: "\n"))
      isSpaced = true
    } else if character.isWhitespace {
      isSpaced = true
    } else {
      let mark = String(character)
      tokens.append(ChoiceToken(kind: .mark, text: mark, lower: mark, isSpaced: isSpaced))
      isSpaced = false
    }
  }

  private mutating func endWord(isSetOff: Bool = false) {
    guard !word.isEmpty else { return }
    tokens.append(
      ChoiceToken(kind: .word, text: word, lower: word.lowercased(), isSetOff: isSetOff, isSpaced: isSpaced))
    word = ""
    isSpaced = false
  }
}

/// Text without markup and look-alikes, as far as they matter for finding a letter.
private enum PlainWriting {
  static func plain(_ text: String) -> String { withPlainLetters(unwrapped(withoutStruck(text))) }

  /// Without what is struck through: `~~D~~ C` submits C.
  private static func withoutStruck(_ text: String) -> String {
    guard text.contains("~~") else { return text }
    let parts = text.components(separatedBy: "~~")
    // An opening mark without its end strikes nothing.
    let isClosed = parts.count % 2 == 1
    return parts.enumerated().map { i, part in
      i % 2 == 0 ? part : isClosed || i < parts.count - 1 ? "" : "~~" + part
    }.joined()
  }

  /// LaTeX's wrappers, the longest first: the name of one may begin another's.
  private static let wrappers = [
    #"\textbf"#, #"\mathrm"#, #"\mathbf"#, #"\right"#, #"\text"#, #"\left"#, #"\rm"#, #"\bf"#, #"\,"#, #"\;"#, #"\!"#,
  ]
  private static let spellings = [
    ("<b>", "**"), ("</b>", "**"), ("<strong>", "**"), ("</strong>", "**"), (#"\("#, " "), (#"\)"#, " "), (#"\["#, " "),
    (#"\]"#, " "), ("&nbsp;", " "), ("…", "..."), ("i.e.", "ie"), ("e.g.", "eg"),
  ]

  /// LaTeX and HTML wrappers removed.
  private static func unwrapped(_ text: String) -> String {
    var result = text
    for wrapper in wrappers where result.contains(wrapper) { result = result.replacing(wrapper, with: "") }
    for (mark, plain) in spellings where result.contains(mark) { result = result.replacing(mark, with: plain) }
    return result
  }

  /// Full-width, circled, squared, mathematical and Cyrillic letters made plain, as are the stops of other scripts.
  private static func withPlainLetters(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0xFF01...0xFF5E: scalars.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
      case 0x24B6...0x24BF: scalars.append(Unicode.Scalar(scalar.value - 0x24B6 + 65) ?? scalar)
      case 0x1F130...0x1F139: scalars.append(Unicode.Scalar(scalar.value - 0x1F130 + 65) ?? scalar)
      case 0x1D400...0x1D409: scalars.append(Unicode.Scalar(scalar.value - 0x1D400 + 65) ?? scalar)
      case 0x410: scalars.append("A")
      case 0x412: scalars.append("B")
      case 0x421: scalars.append("C")
      case 0x415: scalars.append("E")
      // Nothing need be spaced after an ideographic stop: "答案是B。因为".
      case 0x3002, 0x0964: scalars.append(contentsOf: ". ".unicodeScalars)
      case 0x3001: scalars.append(",")
      case 0xFF0E: scalars.append(".")
      case 0x200B, 0x200C, 0x200D, 0xFEFF, 0x2060: break
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }
}
