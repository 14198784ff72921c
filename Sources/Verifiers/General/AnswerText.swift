import Foundation

/// Texts made comparable, the way SQuAD's and DROP's evaluations do: lower case, no punctuation, no articles.
enum AnswerText {
  private static let articles: Set<String> = ["a", "an", "the"]

  /// Lower-case words without articles and punctuation; hyphens and slashes separate, numbers keep their point and lose
  /// their thousands commas.
  static func words(_ text: String) -> [String] {
    var words: [String] = []
    var current = ""
    let characters = Array(text.folding(options: [.widthInsensitive], locale: nil).lowercased())
    func flush() {
      while current.hasSuffix(".") { current.removeLast() }
      if !current.isEmpty, !articles.contains(current) { words.append(current) }
      current = ""
    }
    for (i, character) in characters.enumerated() {
      let next = i + 1 < characters.count ? characters[i + 1] : " "
      if character.isLetter || character.isNumber {
        current.append(character)
      } else if character == ".", next.isNumber, current.isEmpty || current.allSatisfy({ $0.isNumber }) {
        current.append(character)
      } else if character == ",", next.isNumber, let last = current.last, last.isNumber, isThousands(characters, i) {
        continue
      } else if character == "'" || character == "’" || character == "." && current.count == 1 && next.isLetter {
        // "don't" is one word, "U.S." too.
        continue
      } else if character == "-" || character == "−", current.isEmpty, next.isNumber || next == ".",
        i == 0 || !(characters[i - 1].isLetter || characters[i - 1].isNumber)
      {
        current.append("-")
      } else {
        flush()
      }
    }
    flush()
    return words.map { number($0) ?? spelled[$0] ?? $0 }
  }

  /// Small numbers in words, which answers use as often as digits.
  private static let spelled: [String: String] = {
    let ones = [
      "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
      "thirteen",
      "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
    ]
    var table: [String: String] = [:]
    for (value, word) in ones.enumerated() { table[word] = String(value) }
    for (i, word) in ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"].enumerated() {
      table[word] = String(10 * (i + 3))
    }
    return table
  }()

  private static func isThousands(_ characters: [Character], _ comma: Int) -> Bool {
    let digits = characters[(comma + 1)...].prefix { $0.isNumber }.count
    return digits == 3
  }

  /// A plain number in one spelling (`7.0` and `07` are `7`), or nil.
  static func number(_ word: String) -> String? {
    guard word.utf8.count <= 40, word.utf8.contains(where: { (0x30...0x39).contains($0) }),
      word.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2D })
    else { return nil }
    let negative = word.hasPrefix("-")
    let parts = word.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2 else { return nil }
    let whole = parts[0].drop { $0 == "0" }
    var fraction = parts.count == 2 ? String(parts[1]) : ""
    while fraction.hasSuffix("0") { fraction.removeLast() }
    let text = (whole.isEmpty ? "0" : String(whole)) + (fraction.isEmpty ? "" : "." + fraction)
    return negative && text != "0" ? "-" + text : text
  }

  /// The numbers among words, in order.
  static func numbers(_ words: [String]) -> [String] { words.filter { number($0) != nil } }

  /// What a response submits as its answer: the last box, else what follows the last "the answer is" or "Answer:", else
  /// the whole answer when it is one line, else its last line.
  static func submitted(in response: String) -> String {
    let text = ResponseText.answer(of: response).trimmingCharacters(in: .whitespacesAndNewlines)
    if let box = box(in: text) { return box }
    let lower = text.lowercased()
    let cues = ["answer is", "answer:", "answer was", "answer are", "####"]
    let found = cues.compactMap { lower.range(of: $0, options: .backwards) }.max { $0.lowerBound < $1.lowerBound }
    if let found {
      // Lower-casing may change lengths outside ASCII; then the distance from the end is what both texts share.
      let rest = String(lower[found.upperBound...])
      let tail = String(text.suffix(rest.count))
      let line =
        tail.drop { $0 == ":" || $0 == "*" || $0.isWhitespace }.split(separator: "\n").first.map(String.init) ?? ""
      if !line.isEmpty { return sentence(line) }
    }
    let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    return lines.count <= 1 ? text : lines[lines.count - 1]
  }

  /// A line up to the end of its first sentence.
  private static func sentence(_ line: String) -> String {
    let characters = Array(line)
    for (i, character) in characters.enumerated() where character == "." || character == "!" || character == "?" {
      let next = i + 1 < characters.count ? characters[i + 1] : " "
      let word = characters[..<i].reversed().prefix { $0.isLetter }.count
      if next.isWhitespace, word != 1 || i + 1 == characters.count { return String(characters[..<i]) }
    }
    return line
  }

  private static func box(in text: String) -> String? {
    guard let open = text.range(of: "\\boxed{", options: .backwards) else { return nil }
    var depth = 1
    for i in text[open.upperBound...].indices {
      if text[i] == "{" { depth += 1 }
      if text[i] == "}" { depth -= 1 }
      if depth == 0 { return String(text[open.upperBound..<i]).replacing("\\text{", with: "").replacing("}", with: "") }
    }
    return nil
  }
}
