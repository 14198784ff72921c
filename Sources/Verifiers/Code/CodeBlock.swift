import Foundation

/// Finds the program in a response.
enum CodeBlock {
  /// The text of the last fenced block after the thought that is Python by its tag or has no tag; a fence that is never
  /// closed reaches to the end. A response without any fence is taken whole: a bare program is a program, and prose
  /// does not compile. Nil when nothing is left.
  static func program(in response: String) -> String? {
    let text = ResponseText.answer(of: response).replacingOccurrences(of: "\r\n", with: "\n")
    let blocks = fenced(text)
    let python = blocks.last { ["", "python", "py", "python3", "python2"].contains($0.language) } ?? blocks.last
    let program = python?.text ?? text
    return program.allSatisfy(\.isWhitespace) ? nil : program
  }

  /// Every fenced block, in order.
  static func fenced(_ text: String) -> [(language: String, text: String)] {
    var blocks: [(language: String, text: String)] = []
    var open: (mark: Substring, language: String, indent: Int, lines: [Substring])?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let bare = line.drop { $0 == " " || $0 == "\t" }
      let mark = fence(at: bare)
      if var block = open {
        if let mark, mark.first == block.mark.first, mark.count >= block.mark.count,
          bare.dropFirst(mark.count).allSatisfy(\.isWhitespace)
        {
          blocks.append((block.language, block.lines.joined(separator: "\n")))
          open = nil
        } else if block.mark.first == "`", line.hasSuffix("```"), !line.dropLast(3).contains("```"), mark == nil {
          // A model that closes its fence at the end of the last line of code.
          block.lines.append(undented(line.dropLast(3), by: block.indent))
          blocks.append((block.language, block.lines.joined(separator: "\n")))
          open = nil
        } else {
          block.lines.append(undented(line, by: block.indent))
          open = block
        }
      } else if let mark {
        let info = bare.dropFirst(mark.count).trimmingCharacters(in: .whitespaces)
        guard !info.contains("`") else { continue }
        let language = info.split(whereSeparator: { $0 == " " || $0 == "{" || $0 == ":" }).first ?? ""
        open = (mark, language.lowercased(), line.count - bare.count, [])
      }
    }
    if let open { blocks.append((open.language, open.lines.joined(separator: "\n"))) }
    return blocks
  }

  private static func fence(at line: Substring) -> Substring? {
    guard let first = line.first, first == "`" || first == "~" else { return nil }
    let mark = line.prefix { $0 == first }
    return mark.count >= 3 ? mark : nil
  }

  private static func undented(_ line: Substring, by count: Int) -> Substring {
    var line = line
    for _ in 0..<count {
      guard let first = line.first, first == " " || first == "\t" else { break }
      line.removeFirst()
    }
    return line
  }
}
