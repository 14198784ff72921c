import StrictJSON

/// Keyword overlap with guards: an answer must say the keywords, and must be an answer.
struct KeywordOverlap: Sendable, Equatable {
  /// Each keyword as the list of its accepted spellings.
  var keywords: [[String]]
  /// Words that must not occur.
  var forbidden: [String] = []
  /// The share of keywords that must occur, over 0 and up to 1.
  var minimumShare = 1.0
  /// The most words an answer may have.
  var maximumWords = 400

  /// What was found.
  struct Finding: Equatable {
    var share: Double
    var missing: [String]
    /// The guard that refused the answer, in words; nil when none did.
    var refusal: String?
  }

  /// Measures an answer.
  func finding(in answer: String, prompt: String) -> Finding {
    let words = Self.words(answer)
    let missing = keywords.filter { spellings in !spellings.contains { Self.contains(words, Self.words($0)) } }
    let share = keywords.isEmpty ? 0 : Double(keywords.count - missing.count) / Double(keywords.count)
    return Finding(share: share, missing: missing.map { $0[0] }, refusal: refusal(words, prompt: Self.words(prompt)))
  }

  private func refusal(_ words: [String], prompt: [String]) -> String? {
    if words.isEmpty { return "the answer is empty" }
    if words.count > maximumWords { return "\(words.count) words; at most \(maximumWords) are accepted" }
    for word in forbidden where Self.contains(words, Self.words(word)) {
      return "it says \"\(word)\", which is excluded"
    }
    if Self.copies(words, prompt) { return "it repeats the prompt" }
    var counts: [String: Int] = [:]
    for word in words { counts[word, default: 0] += 1 }
    let own = Set(keywords.flatMap { $0.flatMap(Self.words) })
    // Repetition: a short loop instead of sentences.
    if words.count >= 12, Double(counts.count) / Double(words.count) < 0.25 { return "it repeats itself" }
    let most = own.map { counts[$0] ?? 0 }.max() ?? 0
    if most > 3 + words.count / 12 { return "it repeats a keyword \(most) times" }
    // A list of candidate words without the small words of a sentence guesses instead of answering.
    let listed = words.filter { !own.contains($0) && !Self.small.contains($0) }.count
    let small = words.filter(Self.small.contains).count
    if listed >= 5 + 2 * keywords.count, Double(small) < 0.12 * Double(words.count) {
      return "it lists words instead of answering"
    }
    return nil
  }

  /// Whether an answer is (nearly) all taken from the prompt, in runs of three words.
  private static func copies(_ words: [String], _ prompt: [String]) -> Bool {
    guard words.count >= 8, prompt.count >= 8 else { return false }
    func runs(_ words: [String]) -> [String] {
      (0..<(words.count - 2)).map { words[$0...($0 + 2)].joined(separator: " ") }
    }
    let known = Set(runs(prompt))
    let all = runs(words)
    return Double(all.filter(known.contains).count) >= 0.85 * Double(all.count)
  }

  /// Lower-case words, articles kept.
  static func words(_ text: String) -> [String] {
    text.lowercased().replacing("'", with: "").replacing("’", with: "").split { !($0.isLetter || $0.isNumber) }.map(
      String.init)
  }

  /// Whether `phrase` occurs as a run of whole words; a plural or possessive "s" may follow its last word.
  static func contains(_ words: [String], _ phrase: [String]) -> Bool {
    guard let last = phrase.last, words.count >= phrase.count else { return false }
    for start in 0...(words.count - phrase.count) {
      let end = words[start + phrase.count - 1]
      guard end == last || end == last + "s" || end == last + "es" else { continue }
      if words[start..<(start + phrase.count - 1)].elementsEqual(phrase.dropLast()) { return true }
    }
    return false
  }

  private static let small: Set<String> = [
    "a", "an", "the", "and", "or", "but", "of", "in", "on", "at", "to", "for", "from", "by", "with", "as", "is", "are",
    "was", "were", "be", "been", "it", "its", "this", "that", "these", "those", "he", "she", "they", "we", "you", "i",
    "his", "her", "their", "our", "not", "no", "so", "if", "then", "than", "because", "which", "who", "what", "when",
    "where", "how", "can", "could", "will", "would", "has", "have", "had", "do", "does", "did", "there", "also", "into",
  ]
}
