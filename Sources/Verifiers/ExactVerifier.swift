import Foundation
import StrictJSON

/// The answer to the letter: 1 where it is one of the references byte for byte, outer white space apart, else 0. **[ours]**
///
/// The strictest reading there is. It fits rows whose answer has one spelling, and as an audit of verifiers that know many: what
/// it refuses is either another right form or an answer that only the verifier takes for one.
public struct ExactVerifier: Verifier {
  /// `exact`.
  public let name = "exact"

  /// A verifier.
  public init() {}

  /// One verdict per request, in order. A row without a reference that is a text or a number is abstained from.
  public func verify(_ requests: [VerifyRequest]) -> [Verdict] { requests.map(Self.verdict) }

  private static func verdict(_ request: VerifyRequest) -> Verdict {
    let references = request.references.compactMap { reference -> String? in
      if case .number(let number) = reference { return number.text }
      return reference.string.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
    }
    guard !references.isEmpty else {
      return .abstain(reason: "the row has no reference that is a text or a number")
    }
    let answer = ResponseText.answer(of: request.response).trimmingCharacters(in: .whitespacesAndNewlines)
    let isSame = references.contains { ExactText($0) == ExactText(answer) }
    return .score(
      isSame ? 1 : 0,
      VerdictDetail(
        extracted: String(answer.prefix(500)), outcome: answer.isEmpty ? "no_answer" : isSame ? "equal" : "different",
        reason: isSame ? "the reference to the letter" : "not the reference to the letter"))
  }
}
