import StrictJSON

/// Scores multiple-choice answers: 1 when the submitted option's letter is the key, else 0 (report: "first letter of the
/// submitted option against the key"). The letter that was read is always reported.
///
/// The row may bring `choices`, a list (lettered A, B, …) or an object from letter to text; without it the letters A to J
/// are accepted. The reference is a letter, a 0-based index into `choices`, or the text of one choice.
public struct ScienceVerifier: Verifier {
  /// The name a data row picks this verifier by.
  public let name = "science"
  /// Accepts a response that names no letter and ends with the text of one choice; a row asks for it with
  /// `"choice_text": true`. Off by default: the report's rule is about the letter.
  public let acceptsChoiceText: Bool

  /// A verifier.
  public init(acceptsChoiceText: Bool = false) { self.acceptsChoiceText = acceptsChoiceText }

  /// One verdict per request, in order.
  public func verify(_ requests: [VerifyRequest]) -> [Verdict] { requests.map(verdict) }

  private func verdict(on request: VerifyRequest) -> Verdict {
    let options: Options
    let keys: [String]
    do {
      options = try Options(request.fields["choices"])
      keys = try request.references.map(options.key)
    } catch let failure as VerifierFailure {
      return .failed(failure)
    } catch {
      return .failed(VerifierFailure(.badReference, "\(error)"))
    }
    guard !keys.isEmpty else {
      return .failed(VerifierFailure(.badReference, "no reference; expected the letter of the right choice"))
    }
    let choice = ChoiceLetter(letters: options.letters, texts: options.texts)
    var found = choice.find(in: request.response)
    if found == nil, acceptsChoiceText || request.fields["choice_text"] == true {
      found = ChoiceText(choice: choice).find(in: request.response).map { ($0, "choice text") }
    }
    guard let found else {
      return .score(0, VerdictDetail(outcome: "no_answer", reason: "no single option letter was submitted"))
    }
    let isRight = keys.contains(found.letter)
    return .score(
      isRight ? 1 : 0,
      VerdictDetail(
        extracted: found.letter, outcome: isRight ? "correct" : "incorrect",
        reason: "read from the \(found.rule); the key is \(keys.joined(separator: " or "))"))
  }
}

/// The options of a multiple-choice row.
struct Options {
  /// Letters in order.
  var letters: [String]
  /// Texts by letter.
  var texts: [String: String] = [:]

  private static let alphabet = "ABCDEFGHIJ".map(String.init)

  /// Reads the `choices` column.
  /// - Throws: `VerifierFailure` (`badReference`).
  init(_ column: JSON?) throws {
    switch column {
    case nil, .null?: letters = Self.alphabet
    case .array(let choices)?:
      guard (1...Self.alphabet.count).contains(choices.count) else {
        throw VerifierFailure(.badReference, #""choices" has \#(choices.count) elements, expected 1 to 10"#)
      }
      letters = Array(Self.alphabet.prefix(choices.count))
      for (letter, choice) in zip(letters, choices) { texts[letter] = choice.string ?? choice.text() }
    case .object(let choices)?:
      // The published ARC form: {"label": ["A", …], "text": […]}.
      if let labels = choices["label"]?.array, let choiceTexts = choices["text"]?.array,
        labels.count == choiceTexts.count
      {
        letters = labels.compactMap(\.string)
        for (label, text) in zip(letters, choiceTexts) { texts[label] = text.string ?? text.text() }
      } else {
        letters = choices.keys
        for (letter, text) in choices.pairs { texts[letter] = text.string ?? text.text() }
      }
      guard !letters.isEmpty, letters.allSatisfy({ Self.alphabet.contains($0) }), Set(letters).count == letters.count
      else {
        throw VerifierFailure(.badReference, #""choices" has the keys \#(letters), expected letters from A to J"#)
      }
    default:
      throw VerifierFailure(.badReference, #""choices" is \#(column?.kind ?? "nothing"), expected a list or an object"#)
    }
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
