/// Text made safe and fitting for a terminal.
public enum TerminalText {
  /// Replaces everything a terminal would act on: control characters other than newline and tab (so no escape
  /// sequence survives), and the invisible marks that reorder or hide text, shown as `\u{…}`.
  public static func neutralised(_ text: String, keepingNewlines: Bool = true) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "\n" || scalar == "\t", keepingNewlines {
        out.append(scalar)
      } else if acts(scalar) {
        let spelled =
          switch scalar {
          case "\n": "\\n"
          case "\r": "\\r"
          case "\t": "\\t"
          case "\u{1B}": "\\e"
          default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
          }
        out.append(contentsOf: spelled.unicodeScalars)
      } else {
        out.append(scalar)
      }
    }
    return String(out)
  }

  /// The text of a whole page for a terminal: the program's own colours (`ESC [ digits m`) stay, everything else that a
  /// terminal would act on is neutralised.
  public static func neutralisedPage(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { acts($0) && $0 != "\n" && $0 != "\t" }) else { return text }
    var out = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "\u{1B}[") {
      let sequence = rest[start.upperBound...].prefix { $0.isASCII && $0.isNumber || $0 == ";" }
      out += neutralised(String(rest[..<start.lowerBound]))
      let end = sequence.endIndex
      if sequence.count <= 16, end < rest.endIndex, rest[end] == "m" {
        out += rest[start.lowerBound...end]
        rest = rest[rest.index(after: end)...]
      } else {
        out += neutralised("\u{1B}[")
        rest = rest[start.upperBound...]
      }
    }
    return out + neutralised(String(rest))
  }

  private static func acts(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
    default: false
    }
  }

  /// The columns a text takes in a terminal: wide East Asian characters and most emoji two, combining marks none.
  public static func width(_ text: String) -> Int { text.reduce(0) { $0 + width($1) } }

  static func width(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default:
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format: return 0
      default: return 1
      }
    }
  }

  /// The beginning of a text that fits `columns`, with `…` where something was cut off.
  public static func cut(_ text: String, to columns: Int) -> String {
    guard width(text) > columns else { return text }
    var out = ""
    var used = 0
    for character in text {
      let next = width(character)
      guard used + next <= max(0, columns - 1) else { break }
      out.append(character)
      used += next
    }
    return columns > 0 ? out + "…" : ""
  }

  /// The text filled with spaces to `columns` on the right, or on the left for numbers.
  public static func padded(_ text: String, to columns: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, columns - width(text)))
    return right ? space + text : text + space
  }
}
