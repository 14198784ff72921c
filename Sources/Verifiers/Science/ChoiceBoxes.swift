import Foundation

/// What is handed in between marks of its own: `\boxed{C}`, `<answer>C</answer>`.
extension ChoiceLetter {
  /// What stands in the last `\boxed{…}`; `\boxed C` too.
  static func lastBox(in text: String) -> String? {
    let boxes = ["\\boxed", "\\fbox"].compactMap { text.range(of: $0, options: .backwards) }
    guard let open = boxes.max(by: { $0.lowerBound < $1.lowerBound }) else { return nil }
    let rest = text[open.upperBound...].drop { $0 == " " }
    guard rest.first == "{" else { return rest.first.map(String.init) }
    var depth = 0
    for i in rest.indices {
      if rest[i] == "{" { depth += 1 }
      if rest[i] == "}" {
        depth -= 1
        if depth == 0 { return String(rest[rest.index(after: rest.startIndex)..<i]) }
      }
    }
    return String(rest.dropFirst())
  }

  /// Whether boxes submit different letters, and nothing between the last two of them takes the first back.
  func boxesDiffer(_ text: String) -> Bool {
    let parts = text.replacing("\\fbox", with: "\\boxed").components(separatedBy: "\\boxed").dropFirst()
    guard let last = parts.last.flatMap(letter(inBraces:)) else { return false }
    for (i, part) in parts.dropLast().enumerated() {
      guard let letter = letter(inBraces: part), letter != last else { continue }
      let between = parts.dropFirst(i).dropLast().map { String($0.drop { $0 != "}" }) }.joined(separator: " ")
      if !ChoiceToken.tokens(of: between).contains(where: { $0.isOne(of: ChoiceWords.secondThoughts) }) { return true }
    }
    return false
  }

  /// `<answer>A</answer><answer>B</answer>`: several letters handed in with nothing between them.
  func tagsDiffer(_ response: String) -> Bool {
    let parts = ResponseText.withoutThought(response).components(separatedBy: "<answer>").dropFirst()
    guard parts.count > 1 else { return false }
    let letters = parts.suffix(50).compactMap { part -> String? in
      let halves = part.components(separatedBy: "</answer>")
      return halves.count > 1 ? options.alone(ChoiceToken.tokens(of: String(halves[0].prefix(200)))) : nil
    }
    let between = parts.dropLast().suffix(50).contains { part in
      part.components(separatedBy: "</answer>").dropFirst().contains { $0.contains { !$0.isWhitespace } }
    }
    return Set(letters).count > 1 && !between
  }

  /// The letter in the braces a text begins with.
  private func letter(inBraces box: String) -> String? {
    options.alone(ChoiceToken.tokens(of: String(box.drop { $0 == "{" || $0 == " " }.prefix { $0 != "}" })))
  }
}
