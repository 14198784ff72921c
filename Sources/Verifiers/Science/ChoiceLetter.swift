import Foundation

/// Finds the option a response submits.
///
/// The order of trust: a box; the last sentence that claims an answer ("the answer is C", "C is correct", "so C.");
/// an answer that begins with its letter; a single set-off letter in the last line. A letter that is only mentioned,
/// denied, or one of several is none, and so is an article "A" or a pronoun "I".
struct ChoiceLetter {
  let options: ChoiceOptions

  /// The options' texts by letter, where the row gives them.
  var texts: [String: String] { options.texts }

  /// The letter and the rule that found it, or nil.
  func find(in response: String) -> (letter: String, rule: String)? {
    guard !tagsDiffer(response) else { return nil }
    let answer = String(ResponseText.answer(of: response).suffix(20_000))
    if let box = Self.lastBox(in: answer) {
      guard !boxesDiffer(answer) else { return nil }
      let tokens = ChoiceToken.tokens(of: box)
      if let letter = options.alone(tokens) ?? leading(tokens) { return goesOn(tokens) ? nil : (letter, "box") }
      guard case .letter(let letter) = ChoiceClaims(choice: self, tokens: tokens).last() else { return nil }
      return (letter, "box")
    }
    let tokens = withoutMisleadingTexts(ChoiceNames(options: options).resolved(ChoiceToken.tokens(of: answer)))
    if let letter = options.alone(tokens) { return (letter, "whole reply") }
    if isOnlyLetters(tokens) { return nil }
    let claims = ChoiceClaims(choice: self, tokens: tokens)
    switch claims.last() {
    case .letter(let letter): return (letter, "claim")
    case .several: return nil
    case .none: break
    }
    // Who says the options again, and nothing more, has chosen none.
    if claims.recited().count > 2 { return nil }
    if let letter = first(tokens), claims.isUndenied(letter) { return (letter, "beginning") }
    if let letter = final(tokens), claims.isUndenied(letter) { return (letter, "last line") }
    return nil
  }

  /// The tokens without the option's own text behind its letter, where that text names letters or denies: in
  /// "D. Both A and B" only D is said.
  private func withoutMisleadingTexts(_ tokens: [ChoiceToken]) -> [ChoiceToken] {
    var misleading: [String: [String]] = [:]
    for (key, text) in texts {
      let words = ChoiceToken.tokens(of: text).filter { $0.kind == .word }
      if words.contains(where: { letter($0) != nil || ChoiceWords.denials.contains($0.lower) }) {
        misleading[key] = words.map(\.lower)
      }
    }
    guard !misleading.isEmpty else { return tokens }
    var kept: [ChoiceToken] = []
    var i = 0
    while i < tokens.count {
      kept.append(tokens[i])
      i += 1
      guard let key = letter(kept[kept.count - 1], anyCase: true), let words = misleading[key] else { continue }
      var end = i
      var matched = 0
      while end < tokens.count, matched < words.count {
        if tokens[end].kind == .word {
          guard tokens[end].lower == words[matched] else { break }
          matched += 1
        }
        end += 1
      }
      if matched == words.count {
        kept[kept.count - 1].isNamed = true
        i = end
      }
    }
    return kept
  }

  /// "A B", "A; B": several letters and nothing else.
  private func isOnlyLetters(_ tokens: [ChoiceToken]) -> Bool {
    let words = tokens.filter { $0.kind == .word }
    let found = words.compactMap { letter($0) }
    let isJudged = tokens.contains { ChoiceMarks.judgements.contains($0.text) }
    // "B or C? C.": the question is answered.
    if let asked = tokens.lastIndex(where: { $0.text == "?" }), tokens.last(where: { $0.kind != .line })?.text != "?" {
      let answers = tokens[asked...].compactMap { letter($0) }
      if Set(answers).count == 1 { return false }
    }
    return Set(found).count > 1 && !isJudged
      && words.allSatisfy { letter($0) != nil || ["and", "or"].contains($0.lower) }
  }

  /// Whether boxes submit different letters, and nothing between the last two of them takes the first back.
  private func boxesDiffer(_ text: String) -> Bool {
    let parts = text.replacing("\\fbox", with: "\\boxed").components(separatedBy: "\\boxed").dropFirst()
    guard let last = parts.last.flatMap(letter(in:)) else { return false }
    for (i, part) in parts.dropLast().enumerated() where letter(in: part).map({ $0 != last }) ?? false {
      let between = parts.dropFirst(i).dropLast().map { String($0.drop { $0 != "}" }) }.joined(separator: " ")
      let words = ChoiceToken.tokens(of: between).map(\.lower)
      if !words.contains(where: { ChoiceWords.corrections.contains($0) || ChoiceWords.rethinking.contains($0) }) {
        return true
      }
    }
    return false
  }

  /// `<answer>A</answer><answer>B</answer>`: several letters handed in with nothing between them.
  private func tagsDiffer(_ response: String) -> Bool {
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
  private func letter(in box: String) -> String? {
    options.alone(ChoiceToken.tokens(of: String(box.drop { $0 == "{" || $0 == " " }.prefix { $0 != "}" })))
  }

  /// The option a one-letter word names; lower case only where `anyCase`.
  func letter(_ token: ChoiceToken, anyCase: Bool = false) -> String? { options.letter(token, anyCase: anyCase) }

  /// "A, C" and "A or B": a second letter follows the first at once.
  private func goesOn(_ tokens: [ChoiceToken]) -> Bool {
    let bare = tokens.filter { !["(", ")", "[", "]", "{", "}", "\""].contains($0.text) && $0.kind != .line }
    guard bare.count >= 3, let first = letter(bare[0]), let third = letter(bare[2]) else { return false }
    return first != third && [",", ";", "/", "&", "and", "or", "und", "oder"].contains(bare[1].lower)
  }

  /// The letter a text begins with: `C. …`, `(C) …`, `C) …`, `C: …`, `C - …`.
  private func leading(_ tokens: [ChoiceToken]) -> String? {
    var i = 0
    while i < tokens.count, tokens[i].text != "(",
      tokens[i].kind == .line || (tokens[i].kind == .mark && ChoiceMarks.harmless.contains(tokens[i].text))
    {
      i += 1
    }
    var bracketed = false
    if i < tokens.count, tokens[i].text == "(" {
      bracketed = true
      i += 1
    }
    let start = i
    if i + 1 < tokens.count, ["option", "choice"].contains(tokens[i].lower) { i += 1 }
    // "c) magnetism": a small letter counts before its own option's text.
    let isNamed =
      i + 1 < tokens.count && [")", "."].contains(tokens[i + 1].text)
      && options.isText(of: tokens[i].text.uppercased(), tokens, from: i + 2)
    guard i < tokens.count, let letter = letter(tokens[i], anyCase: bracketed || isNamed) else { return nil }
    guard i + 1 < tokens.count else { return letter }
    let next = tokens[i + 1]
    if bracketed { return next.text == ")" ? letter : nil }
    if next.kind == .line || tokens[i].isSetOff { return letter }
    if next.kind == .word, ["because", "since"].contains(next.lower), tokens[i].text == letter { return letter }
    if i > start, next.kind == .word { return nil }
    guard next.kind == .mark, !(next.text == "." && i + 2 < tokens.count && isAbbreviation(tokens, at: i)) else {
      return nil
    }
    if next.text == "-" || next.text == "–" || next.text == "—" { return next.isSpaced ? letter : nil }
    // "B (beta blockers)" and nothing more.
    if next.text == "(", next.isSpaced, letter != "A", letter != "I" {
      let line = tokens[(i + 1)...].prefix { $0.kind != .line }
      let end = line.last { $0.text != "." }
      return end?.text == ")" && line.count(where: { $0.text == "(" }) == 1 ? letter : nil
    }
    if next.text == "/", next.isSpaced, beginsText(of: letter, after: tokens[(i + 2)...]) { return letter }
    return [".", ")", ":", ",", "]", "}", ";", "!"].contains(next.text) ? letter : nil
  }

  /// Whether the words up to the line's end are how the option's text begins.
  private func beginsText(of letter: String, after rest: ArraySlice<ChoiceToken>) -> Bool {
    let said = rest.prefix { $0.kind != .line }.filter { $0.kind == .word }.map(\.lower)
    let text = ChoiceToken.tokens(of: texts[letter] ?? "").filter { $0.kind == .word }.map(\.lower)
    return !said.isEmpty && text.starts(with: said)
  }

  /// `B.C. …`, `E. coli`, `A.M.`: a letter and a dot that belong to a name.
  private func isAbbreviation(_ tokens: [ChoiceToken], at i: Int) -> Bool {
    let after = tokens[i + 2]
    guard after.kind == .word else { return false }
    if !after.isSpaced { return after.text.count == 1 }
    // "E. coli": a lower-case word after a capital and a dot, unless it is how the option itself begins.
    guard let initial = after.text.first, initial.isLowercase else { return false }
    return ["coli", "elegans", "albicans", "faecalis", "burgdorferi"].contains(after.lower)
  }

  /// The letter the answer begins with, unless several lines begin with letters (then it recites the options).
  private func first(_ tokens: [ChoiceToken]) -> String? {
    var starts: [String] = []
    for line in lines(tokens) {
      if let letter = leading(line), !starts.contains(letter) { starts.append(letter) }
    }
    guard starts.count == 1, !goesOn(tokens) else { return nil }
    guard let line = lines(tokens).first(where: { $0.contains { $0.kind == .word } }), !isList(line) else { return nil }
    return leading(tokens).flatMap { denied(tokens) ? nil : $0 }
  }

  /// "A, B, C": a list of letters submits none of them.
  private func isList(_ line: [ChoiceToken]) -> Bool {
    let listed = line.indices.filter { letter(line[$0]) != nil && ($0 + 1 >= line.count || line[$0 + 1].kind != .word) }
    return Set(listed.map { line[$0].text }).count > 1 && line.count <= 4 * listed.count
  }

  /// Whether the first sentence denies what it begins with: "B is wrong", "(B) cannot be".
  private func denied(_ tokens: [ChoiceToken]) -> Bool {
    let sentence = tokens.drop { $0.kind == .line }.prefix { $0.kind != .line && !($0.text == "." && $0.isSpaced) }
    var words = sentence.filter { $0.kind == .word }
    if let text = words.first.flatMap({ texts[$0.text.uppercased()] }) {
      // A denial in the option's own text ("B. not noticeable") denies nothing.
      let own = ChoiceToken.tokens(of: text).filter { $0.kind == .word }.map(\.lower)
      if words.dropFirst().prefix(own.count).map(\.lower) == own { words.removeSubrange(1..<(1 + own.count)) }
    }
    // "B, not A, …" denies A.
    return words.prefix(5).indices.contains { k in
      ChoiceWords.denials.contains(words[k].lower) && !(k + 1 < words.count && letter(words[k + 1]) != nil)
    }
  }

  /// A single set-off letter, or a leading one, in the last line with words.
  private func final(_ tokens: [ChoiceToken]) -> String? {
    guard let line = lines(tokens).last(where: { $0.contains { $0.kind == .word } }) else { return nil }
    if line.contains(where: { ChoiceWords.denials.contains($0.lower) }) { return nil }
    if let letter = options.alone(line) { return letter }
    var found: [String] = []
    for (i, token) in line.enumerated() {
      // "(C)" and "(option C)".
      let open = i > 1 && ["option", "choice", "answer"].contains(line[i - 1].lower) ? i - 2 : i - 1
      let inBrackets =
        open >= 0 && i + 1 < line.count && ["(", "["].contains(line[open].text)
        && [")", "]"].contains(line[i + 1].text)
      guard token.isSetOff || inBrackets, let letter = letter(token) else { continue }
      if !found.contains(letter) { found.append(letter) }
    }
    if found.count == 1 { return found[0] }
    let starts = lines(tokens).compactMap(leading)
    if found.isEmpty, Set(starts).count < 2, let letter = withText(line) { return letter }
    return found.isEmpty && Set(starts).count == 1 && !isList(line) && !goesOn(line) ? leading(line) : nil
  }

  /// "It is classified as D. decomposer.": the one letter before its option's text, and nothing after that.
  private func withText(_ line: [ChoiceToken]) -> String? {
    let named = line.indices.dropLast(2).filter { i in
      guard let letter = letter(line[i]), [".", ")", ":"].contains(line[i + 1].text), line[i + 2].isSpaced else {
        return false
      }
      return options.isText(of: letter, line, from: i + 2)
    }
    guard named.count == 1, let own = texts[line[named[0]].text] else { return nil }
    let length = ChoiceToken.tokens(of: own).count { $0.kind == .word }
    return line[named[0]...].count { $0.kind == .word } == length + 1 ? line[named[0]].text : nil
  }

  private func lines(_ tokens: [ChoiceToken]) -> [[ChoiceToken]] {
    tokens.split { $0.kind == .line }.map(Array.init)
  }

  /// What stands in the last `\boxed{…}`; `\boxed C` too.
  static func lastBox(in text: String) -> String? {
    guard
      let open = ["\\boxed", "\\fbox"].compactMap({ text.range(of: $0, options: .backwards) }).max(by: {
        $0.lowerBound < $1.lowerBound
      })
    else { return nil }
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
}
