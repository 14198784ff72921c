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
    let options: ChoiceOptions
    let keys: [String]
    do {
      options = try ChoiceOptions(request.fields["choices"])
      keys = try request.references.map(options.key)
    } catch let failure as VerifierFailure {
      return .failed(failure)
    } catch {
      return .failed(VerifierFailure(.badReference, "\(error)"))
    }
    guard !keys.isEmpty else {
      return .failed(VerifierFailure(.badReference, "no reference; expected the letter of the right choice"))
    }
    var found = ChoiceLetter(options: options).find(in: request.response)
    if found == nil, acceptsChoiceText || request.fields["choice_text"] == true {
      found = ChoiceText(options: options).find(in: request.response).map { ($0, "choice text") }
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
