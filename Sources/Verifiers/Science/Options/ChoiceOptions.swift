import StrictJSON

/// The options of a multiple-choice row.
struct ChoiceOptions {
  /// Letters in order.
  let letters: [String]
  /// Texts by letter, where the row gives them.
  let texts: [String: String]
  /// The texts cut up.
  let tokens: [String: [ChoiceToken]]
  /// The words of the texts that have any.
  let words: [String: [String]]

  private static let alphabet = "ABCDEFGHIJ".map(String.init)

  private init(letters: [String], texts: [String: String] = [:]) {
    self.letters = letters
    self.texts = texts
    tokens = texts.mapValues(ChoiceToken.tokens)
    words = tokens.mapValues(\.words).filter { !$0.value.isEmpty }
  }

  /// Reads the `choices` column.
  /// - Throws: `VerifierFailure` (`badReference`).
  init(_ column: JSON?) throws {
    switch column {
    case nil, .null?: self.init(letters: Self.alphabet)
    case .array(let choices)?:
      guard (1...Self.alphabet.count).contains(choices.count) else {
        throw VerifierFailure(.badReference, #""choices" has \#(choices.count) elements, expected 1 to 10"#)
      }
      self.init(lettered: zip(Self.alphabet, choices))
    case .object(let choices)?:
      // The published ARC form: {"label": ["A", …], "text": […]}.
      if let labels = choices["label"]?.array, let texts = choices["text"]?.array, labels.count == texts.count {
        self.init(lettered: zip(labels.compactMap(\.string), texts))
      } else {
        self.init(lettered: choices.pairs)
      }
      guard !letters.isEmpty, letters.allSatisfy(Self.alphabet.contains), Set(letters).count == letters.count else {
        throw VerifierFailure(.badReference, #""choices" has the keys \#(letters), expected letters from A to J"#)
      }
    default:
      throw VerifierFailure(.badReference, #""choices" is \#(column?.kind ?? "nothing"), expected a list or an object"#)
    }
  }

  private init(lettered choices: some Sequence<(String, JSON)>) {
    let texts = choices.map { ($0, $1.string ?? $1.text()) }
    self.init(letters: texts.map(\.0), texts: Dictionary(texts) { $1 })
  }

  /// The letter a reference means.
  /// - Throws: `VerifierFailure` (`badReference`).
  func key(_ reference: JSON) throws -> String {
    switch reference {
    case .string(let text):
      let bare = text.filter { !$0.isWhitespace && !"()[].:".contains($0) }.uppercased()
      if bare.count == 1, letters.contains(bare) { return bare }
      let matches = letters.filter { texts[$0] == text }
      if matches.count == 1 { return matches[0] }
      if let index = Int(bare), letters.indices.contains(index), !texts.isEmpty { return letters[index] }
      throw VerifierFailure(
        .badReference, "the reference \"\(text.prefix(60))\" is none of \(letters.joined(separator: ", "))")
    case .number(let number):
      guard let index = number.int, letters.indices.contains(index) else {
        throw VerifierFailure(.badReference, "the reference \(number.text) is no index into \(letters.count) choices")
      }
      return letters[index]
    default: throw VerifierFailure(.badReference, "the reference is \(reference.kind), expected a letter or an index")
    }
  }
}
