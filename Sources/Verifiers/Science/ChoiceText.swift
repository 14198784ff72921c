import Foundation

/// Finds the option whose text a response ends with, for responses that name no letter: "So it's evaporation.",
/// "= 3000 N", "nitrogen cycle i think".
///
/// Only the last sentence counts, and of it only what stands behind its last "so", "=", ":": there exactly one option's
/// text must be said, undenied, at the end or before its reason. Anything else submits nothing. In this order:
/// 1. Letters that contradict each other, a question at the end, options said again: none.
/// 2. What the last sentence concludes, its last conclusion first; one that only denies is passed over.
/// 3. The sentence before the last, where it says nothing but the option.
struct ChoiceText {
  let options: ChoiceOptions

  /// A place where an option's text stands.
  private struct Mention {
    var letter: String
    var range: Range<Int>
  }

  /// The longest answer that is read; of a longer one its end.
  private static let limit = 4000

  /// The letter of the option, or nil.
  func find(in response: String) -> String? {
    let answer = ResponseText.answer(of: response)
    // Letters that contradict each other are not mended by a text.
    let tokens = ChoiceToken.tokens(of: String(answer.suffix(Self.limit)))
    if ChoiceReading(options: options, tokens: tokens).claimed() == .several { return nil }
    let values = ChoiceToken.values(of: String((ChoiceLetter.lastBox(in: answer) ?? answer).suffix(Self.limit)))
    let sentences = Self.sentences(values).filter { $0.contains { $0.kind == .word } }
    let texts = comparedTexts()
    guard let last = sentences.last, last.last?.text != "?", !recites(sentences, texts) else { return nil }
    for start in conclusions(of: last) {
      let tail = Array(last[start...])
      let mentions = mentions(in: tail, texts)
      if mentions.allSatisfy({ isDenied($0.range, in: tail) }) || isInList(last, at: start, texts) { continue }
      return submitted(mentions, in: tail, isResult: start > 0 && last[start - 1].isOne(of: ChoiceTextWords.results))
    }
    return sentences.dropLast().last.flatMap { bareOption(in: $0, texts) }
  }

  // MARK: - The options' texts

  /// The options' texts without an article, and without the "They are" that all of them begin with.
  private func comparedTexts() -> [String: [String]] {
    var texts = options.texts.mapValues { ChoiceToken.values(of: $0).words }
    while let first = texts.values.first?.first, ChoiceTextWords.openings.contains(first),
      texts.values.allSatisfy({ $0.first == first && $0.count > 1 })
    {
      texts = texts.mapValues { Array($0.dropFirst()) }
    }
    return texts.mapValues { $0.count > 1 && ChoiceTextWords.articles.contains($0[0]) ? Array($0.dropFirst()) : $0 }
  }

  /// Every place where an option's text stands, the longest one where several do.
  private func mentions(in tail: [ChoiceToken], _ texts: [String: [String]]) -> [Mention] {
    var found: [Mention] = []
    var k = 0
    while k < tail.count {
      let here = texts.compactMap { letter, words -> Mention? in
        guard words.first == tail[k].lower, tail[k].kind == .word else { return nil }
        return tail.end(of: words, from: k).map { Mention(letter: letter, range: k..<$0) }
      }
      let longest = here.map(\.range.upperBound).max()
      found += here.filter { $0.range.upperBound == longest }
      k = longest ?? k + 1
    }
    return found
  }

  /// Whether the response says its options again, a line for each.
  private func recites(_ sentences: [[ChoiceToken]], _ texts: [String: [String]]) -> Bool {
    let lines = sentences.map(\.words)
    let whole = texts.values.count { text in
      lines.contains { $0.count <= text.count + 1 && $0.suffix(text.count) == text[...] }
    }
    return whole > 1
  }

  // MARK: - Sentences and what they conclude

  /// The tokens between two ends; a question keeps its mark.
  private static func sentences(_ tokens: [ChoiceToken]) -> [[ChoiceToken]] {
    var sentences: [[ChoiceToken]] = [[]]
    for token in tokens {
      if token.kind != .line || token.text == "?" { sentences[sentences.count - 1].append(token) }
      if token.kind == .line { sentences.append([]) }
    }
    return sentences
  }

  /// Where what is concluded may begin, the last place first.
  private func conclusions(of sentence: [ChoiceToken]) -> [Int] {
    sentence.indices.filter { sentence[$0].isOne(of: ChoiceTextWords.concluding) }.map { $0 + 1 }.reversed() + [0]
  }

  /// "Evaporation, condensation": a comma also stands between the things of a list.
  private func isInList(_ sentence: [ChoiceToken], at start: Int, _ texts: [String: [String]]) -> Bool {
    guard start > 0, sentence[start - 1].text == "," else { return false }
    let head = Array(sentence[..<start])
    return mentions(in: head, texts).contains { !isDenied($0.range, in: head) }
  }

  /// "Still 0 °C. The amount does not matter.": a sentence that says nothing but the option, before a reason.
  private func bareOption(in sentence: [ChoiceToken], _ texts: [String: [String]]) -> String? {
    guard sentence.last?.text != "?" else { return nil }
    let mentions = mentions(in: sentence, texts)
    let isBare = sentence.indices.allSatisfy { k in
      sentence[k].kind != .word || sentence[k].isOne(of: ChoiceTextWords.fillers)
        || mentions.contains { $0.range.contains(k) }
    }
    return isBare ? submitted(mentions, in: sentence, isResult: false) : nil
  }

  // MARK: - What a conclusion submits

  private func submitted(_ said: [Mention], in tail: [ChoiceToken], isResult: Bool) -> String? {
    let meant = said.filter { !isDenied($0.range, in: tail) }
    guard Set(meant.map(\.letter)).count == 1, let one = meant.last, !namesAnother(than: one.letter, in: tail, said)
    else { return nil }
    let before = tail[..<one.range.lowerBound].filter { $0.kind == .word }
    let after = tail[one.range.upperBound...].filter { $0.kind == .word && $0.text != "but" }
    let isFirst = before.allSatisfy { $0.isOne(of: ChoiceTextWords.fillers) }
    if after.allSatisfy({ $0.isOne(of: ChoiceTextWords.fillers) }) {
      // "The process is called condensation", but not "clouds form by condensation": that is about the matter.
      let run = before.reversed().prefix {
        $0.isOne(of: ChoiceTextWords.fillers) || $0.isOne(of: ChoiceTextWords.copulas)
      }
      if isFirst || isResult || run.contains(where: { $0.isOne(of: ChoiceTextWords.copulas) }) { return one.letter }
    }
    guard isFirst else { return nil }
    // "I would say nitrogen, about 78 percent."
    if before.contains(where: { $0.isOne(of: ChoiceTextWords.opining) }) { return one.letter }
    guard let next = after.first else { return nil }
    // "Friction, not gravity": what follows only denies others.
    let onlyDenies = meant.count < said.count && next.isOne(of: ChoiceTextWords.denials)
    return onlyDenies || next.isOne(of: ChoiceTextWords.reasons) ? one.letter : nil
  }

  /// Whether the letter of another option stands outside the options' texts.
  private func namesAnother(than letter: String, in tail: [ChoiceToken], _ said: [Mention]) -> Bool {
    tail.indices.contains { k in
      guard let other = options.letter(tail[k]), other != letter, other != "A", other != "I" else { return false }
      return !said.contains { $0.range.contains(k) }
    }
  }

  /// "not gravity", "gravity is wrong".
  private func isDenied(_ range: Range<Int>, in tail: [ChoiceToken]) -> Bool {
    let clause = tail[..<range.lowerBound].lastIndex { $0.isOne(of: ChoiceTextWords.contrasts) } ?? 0
    if tail[clause..<range.lowerBound].contains(where: { $0.isOne(of: ChoiceTextWords.denials) }) { return true }
    let after = Array(tail[range.upperBound...].lazy.filter { $0.kind == .word }.prefix(2))
    guard let next = after.first else { return false }
    if next.isOne(of: ChoiceTextWords.denialsRightBehind) { return true }
    return after.count == 2 && next.isOne(of: ChoiceTextWords.deniableVerbs)
      && after[1].isOne(of: ChoiceTextWords.denials)
  }
}
