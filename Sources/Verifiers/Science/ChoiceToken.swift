import Foundation

/// A response cut into the pieces that matter for finding a letter: words, punctuation, line ends.
struct ChoiceToken: Equatable {
  enum Kind { case word, mark, line }

  var kind: Kind
  /// As written, markup removed.
  var text: String
  /// Lower case.
  var lower: String
  /// Whether markup (bold, box, code) or brackets surround exactly this token.
  var isSetOff = false
  /// Whether the text of the option that this letter names stood behind it and was taken out.
  var isNamed = false
  /// Whether white space stands before it.
  var isSpaced = false

  /// Cuts a text up. Markdown emphasis, LaTeX wrappers and look-alike letters are resolved.
  static func tokens(of text: String) -> [ChoiceToken] {
    var tokens: [ChoiceToken] = []
    var word = ""
    var spaced = false
    var emphasized = false
    func flush() {
      guard !word.isEmpty else { return }
      tokens.append(
        ChoiceToken(kind: .word, text: word, lower: word.lowercased(), isSetOff: emphasized, isSpaced: spaced))
      word = ""
      spaced = false
      emphasized = false
    }
    var characters = Array(unwrapped(withoutStruck(text)))
    characters.append("\n")
    var i = 0
    while i < characters.count {
      let character = characters[i]
      if character.isLetter || character.isNumber {
        // Chinese and Japanese put no space before a letter.
        if let last = word.last, isIdeograph(last) != isIdeograph(character) { flush() }
        word.append(character)
      } else if character == "'" || character == "’", !word.isEmpty, i + 1 < characters.count,
        characters[i + 1].isLetter
      {
        word.append("'")
      } else if character == "*" || character == "_" || character == "`" || character == "$" {
        let opensWord = word.isEmpty
        if character == "_", !opensWord, i + 1 < characters.count, characters[i + 1].isLetter {
          // "final_answer" is two words, "m_A" is one.
          if word.count > 1, i + 2 < characters.count, characters[i + 2].isLetter { flush() } else { word.append("_") }
        } else {
          if !word.isEmpty, i + 1 <= characters.count {
            let closing = tokens.count
            flush()
            if closing < tokens.count { tokens[closing].isSetOff = true }
          }
          if opensWord { emphasized = false }
        }
      } else {
        flush()
        if character.isNewline {
          tokens.append(ChoiceToken(kind: .line, text: "\n", lower: "\n"))
          spaced = true
        } else if character.isWhitespace {
          spaced = true
        } else {
          tokens.append(
            ChoiceToken(kind: .mark, text: String(character), lower: String(character), isSpaced: spaced))
          spaced = false
        }
      }
      i += 1
    }
    return tokens
  }

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

  static func isIdeograph(_ character: Character) -> Bool {
    character.unicodeScalars.first.map {
      (0x3040...0x9FFF).contains($0.value) || (0xAC00...0xD7A3).contains($0.value)
    } ?? false
  }

  /// LaTeX and HTML wrappers removed, look-alike letters made plain.
  static func unwrapped(_ text: String) -> String {
    var result = text
    for wrapper in [
      "\\text", "\\textbf", "\\mathrm", "\\mathbf", "\\rm", "\\bf", "\\left", "\\right", "\\,", "\\;", "\\!",
    ]
    .sorted(by: { $0.count > $1.count }) {
      if result.contains(wrapper) { result = result.replacing(wrapper, with: "") }
    }
    for (mark, plain) in [
      ("<b>", "**"), ("</b>", "**"), ("<strong>", "**"), ("</strong>", "**"), ("\\(", " "), ("\\)", " "), ("\\[", " "),
      ("\\]", " "), ("&nbsp;", " "), ("…", "..."), ("i.e.", "ie"), ("e.g.", "eg"),
    ] where result.contains(mark) { result = result.replacing(mark, with: plain) }
    var scalars = String.UnicodeScalarView()
    for scalar in result.unicodeScalars {
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

  /// Whether it is written without spaces between words: Chinese, Japanese, Korean.
  var isIdeographic: Bool { text.first.map(Self.isIdeograph) ?? false }
}
