import Foundation

/// Finds the option whose text a response ends with, for responses that name no letter: "So it's evaporation.",
/// "= 3000 N", "nitrogen cycle i think".
///
/// Only the last sentence counts, and of it only what stands behind its last "so", "=", ":": there exactly one option's
/// text must be said, undenied, at the end or before its reason. Anything else submits nothing.
struct ChoiceText {
  let choice: ChoiceLetter

  /// A piece of text: a word, a number with its sign, or a mark.
  private struct Atom {
    var text: String
    /// Marks that separate say nothing when texts are compared.
    var isSeparator: Bool
    var isEnd = false
    /// The letter of the options that it is, as written.
    var capital: String?
  }

  /// The letter of the option, or nil.
  func find(in response: String) -> String? {
    let answer = ResponseText.answer(of: response)
    // Letters that contradict each other are not mended by a text.
    let tokens = ChoiceToken.tokens(of: String(answer.suffix(4000)))
    if ChoiceClaims(choice: choice, tokens: tokens).last() == .several { return nil }
    let atoms = Self.atoms(String((choice.lastBox(in: answer) ?? answer).suffix(4000)), letters: choice.letters)
    let sentences = Self.sentences(atoms)
    let texts = shortened()
    let said = sentences.filter { $0.contains { !$0.isSeparator } }.map(Array.init)
    guard let last = said.last, last.last?.text != "?", !recites(said, texts) else { return nil }
    for start in conclusions(of: last) {
      let tail = Array(last[start...])
      let mentions = mentions(in: tail, texts)
      if mentions.allSatisfy({ isDenied($0.range, in: tail) }) { continue }
      // "Evaporation, condensation": a comma also stands between the things of a list.
      if start > 0, last[start - 1].text == "," {
        let head = Array(last[..<start])
        if self.mentions(in: head, texts).contains(where: { !isDenied($0.range, in: head) }) { continue }
      }
      return submitted(
        mentions, in: tail, isResult: start > 0 && ChoiceTextWords.results.contains(last[start - 1].text))
    }
    // "Still 0 °C. The amount does not matter.": a sentence that says nothing but the option, and a reason.
    guard said.count > 1, said[said.count - 2].last?.text != "?" else { return nil }
    let before = said[said.count - 2]
    let mentions = mentions(in: before, texts)
    let isBare = before.indices.allSatisfy { k in
      before[k].isSeparator || ChoiceTextWords.fillers.contains(before[k].text)
        || mentions.contains { $0.range.contains(k) }
    }
    return isBare ? submitted(mentions, in: before, isResult: false) : nil
  }

  /// The options' texts without an article, and without the "They are" that all of them begin with.
  private func shortened() -> [String: [String]] {
    var texts = choice.texts.mapValues { text in
      Self.atoms(text, letters: []).filter { !$0.isSeparator && !$0.isEnd }.map(\.text)
    }
    while let first = texts.values.first?.first, ChoiceTextWords.openings.contains(first),
      texts.values.allSatisfy({ $0.first == first && $0.count > 1 })
    {
      texts = texts.mapValues { Array($0.dropFirst()) }
    }
    return texts.mapValues { $0.count > 1 && ["the", "a", "an"].contains($0[0]) ? Array($0.dropFirst()) : $0 }
  }

  /// Where what is concluded may begin, the last place first.
  private func conclusions(of sentence: [Atom]) -> [Int] {
    sentence.indices.filter { ChoiceTextWords.concluding.contains(sentence[$0].text) }.map { $0 + 1 }.reversed() + [0]
  }

  private func submitted(
    _ said: [(letter: String, range: Range<Int>)], in tail: [Atom], isResult: Bool
  ) -> String? {
    let meant = said.filter { !isDenied($0.range, in: tail) }
    guard Set(meant.map(\.letter)).count == 1, let one = meant.last else { return nil }
    let inside = said.flatMap { Array($0.range) }
    let strangers = tail.indices.contains { k in
      guard let capital = tail[k].capital, capital != "A", capital != "I", !inside.contains(k) else { return false }
      return capital != one.letter
    }
    guard !strangers else { return nil }
    let after = tail[one.range.upperBound...].filter { !$0.isSeparator && $0.text != "but" }
    let before = tail[..<one.range.lowerBound].filter { !$0.isSeparator }
    let isFirst = before.allSatisfy { ChoiceTextWords.fillers.contains($0.text) }
    if after.allSatisfy({ ChoiceTextWords.fillers.contains($0.text) }) {
      // "The process is called condensation", but not "clouds form by condensation": that is about the matter.
      let run = before.reversed().prefix {
        ChoiceTextWords.fillers.contains($0.text) || ChoiceTextWords.copulas.contains($0.text)
      }
      if isFirst || isResult || run.contains(where: { ChoiceTextWords.copulas.contains($0.text) }) { return one.letter }
    }
    // "I would say nitrogen, about 78 percent."
    if isFirst, before.contains(where: { ChoiceTextWords.opining.contains($0.text) }) { return one.letter }
    let givesReason = after.first.map { ChoiceTextWords.reasons.contains($0.text) } ?? false
    // "Friction, not gravity": what follows only denies others.
    let onlyDenies = meant.count < said.count && after.first.map { ChoiceTextWords.denials.contains($0.text) } ?? false
    return isFirst && (givesReason || onlyDenies) ? one.letter : nil
  }

  /// Every place where an option's text stands, the longest one where several do.
  private func mentions(in tail: [Atom], _ texts: [String: [String]]) -> [(letter: String, range: Range<Int>)] {
    var found: [(letter: String, range: Range<Int>)] = []
    var k = 0
    while k < tail.count {
      let here = texts.compactMap { letter, words in end(of: words, in: tail, from: k).map { (letter, k..<$0) } }
      if let longest = here.map(\.1.upperBound).max() {
        found += here.filter { $0.1.upperBound == longest }.map { (letter: $0.0, range: $0.1) }
        k = longest
      } else {
        k += 1
      }
    }
    return found
  }

  private func end(of words: [String], in tail: [Atom], from start: Int) -> Int? {
    guard let first = words.first, tail[start].text == first else { return nil }
    var k = start
    for word in words {
      while k < tail.count, tail[k].isSeparator { k += 1 }
      guard k < tail.count, tail[k].text == word else { return nil }
      k += 1
    }
    return k
  }

  /// "not gravity", "gravity is wrong".
  private func isDenied(_ range: Range<Int>, in tail: [Atom]) -> Bool {
    let clause = tail[..<range.lowerBound].lastIndex { [",", "but", "(", "sondern", "sino", "mais"].contains($0.text) }
    if tail[(clause ?? 0)..<range.lowerBound].contains(where: { ChoiceTextWords.denials.contains($0.text) }) {
      return true
    }
    let after = tail[range.upperBound...].filter { !$0.isSeparator }.prefix(2)
    return after.first.map { ["no", "isn't", "aren't", "wrong", "false"].contains($0.text) } == true
      || (after.count == 2 && ["is", "are", "was", "can"].contains(after.first?.text)
        && ChoiceTextWords.denials.contains(after.last?.text ?? ""))
  }

  /// Whether the response says its options again, a line for each.
  private func recites(_ sentences: [[Atom]], _ texts: [String: [String]]) -> Bool {
    var whole: Set<String> = []
    for sentence in sentences {
      let words = sentence.filter { !$0.isSeparator }
      for (letter, text) in texts
      where words.map(\.text).suffix(text.count) == text[...] && words.count <= text.count + 1 {
        whole.insert(letter)
      }
    }
    return whole.count > 1
  }

  /// The atoms between two ends; a question keeps its mark.
  private static func sentences(_ atoms: [Atom]) -> [[Atom]] {
    var sentences: [[Atom]] = [[]]
    for atom in atoms {
      if !atom.isEnd || atom.text == "?" { sentences[sentences.count - 1].append(atom) }
      if atom.isEnd { sentences.append([]) }
    }
    return sentences
  }

  /// Cuts a text up; numbers keep sign and point, LaTeX and typography are made plain.
  private static func atoms(_ text: String, letters: [String]) -> [Atom] {
    var plain = text
    for (mark, other) in [
      ("**", " "), ("\\dfrac", "\\frac"), ("}{", "}/{"), ("−", "-"), ("–", "-"), ("’", "'"), ("°", " "),
      ("percent", "%"),
      ("\\%", "%"), ("\\circ", " "), ("×", "*"), ("\\times", "*"), ("\\cdot", "*"), ("·", "*"), ("\\pi", "π"),
    ] where plain.contains(mark) { plain = plain.replacing(mark, with: other) }
    for command in ["\\frac", "\\text", "\\mathrm", "\\sqrt"] where plain.contains(command) {
      plain = plain.replacing(command, with: command == "\\sqrt" ? "sqrt" : "")
    }
    var atoms: [Atom] = []
    let characters = Array(plain)
    var i = 0
    func peek(_ k: Int) -> Character? { characters.indices.contains(k) ? characters[k] : nil }
    while i < characters.count {
      let c = characters[i]
      let start = i
      let isSign =
        c == "-" && peek(i + 1)?.isNumber == true
        && !(peek(i - 1).map { $0.isLetter || $0.isNumber || $0 == ")" } ?? false)
      if c.isNumber || isSign {
        i += 1
        while let d = peek(i), d.isNumber || ((d == "." || d == ",") && peek(i + 1)?.isNumber == true) { i += 1 }
        atoms.append(Atom(text: String(characters[start..<i]).replacing(",", with: ""), isSeparator: false))
      } else if c.isLetter {
        while let d = peek(i), d.isLetter || (d == "'" && peek(i + 1)?.isLetter == true) { i += 1 }
        let word = String(characters[start..<i])
        let lower = word.lowercased()
        if ["degree", "degrees"].contains(lower) { continue }
        // One and many are the same option.
        let isPlural = lower.count > 3 && lower.hasSuffix("s") && !lower.hasSuffix("ss") && !lower.contains("'")
        atoms.append(
          Atom(
            text: isPlural ? String(lower.dropLast()) : lower, isSeparator: false,
            capital: letters.contains(word) ? word : nil))
      } else {
        i += 1
        if c.isNewline || "!?;。".contains(c) || (c == "." && peek(i).map { $0.isWhitespace } ?? true) {
          atoms.append(Atom(text: c == "?" ? "?" : ".", isSeparator: true, isEnd: true))
        } else if !c.isWhitespace {
          atoms.append(Atom(text: String(c), isSeparator: !"%/^+*<>".contains(c)))
        }
      }
    }
    return atoms
  }
}
