import Foundation
import StrictJSON
import Verifiers

/// 1 when the answer is a palindrome of at least the row's `min_length` letters, else 0.
struct PalindromeVerifier: Verifier {
  let name = "palindrome"

  func verify(_ requests: [VerifyRequest]) -> [Verdict] { requests.map(judge) }

  private func judge(_ request: VerifyRequest) -> Verdict {
    // A row that lacks what is needed is a failure or an abstention, never a 0: the response is not to blame.
    guard let least = request.fields["min_length"]?.int, least > 0 else {
      return .abstain(reason: "the row has no \"min_length\"")
    }
    let answer = request.response.components(separatedBy: "</think>").last ?? ""
    let letters = answer.lowercased().filter(\.isLetter)
    let isRight = letters.count >= least && letters == String(letters.reversed())
    return .score(
      isRight ? 1 : 0,
      VerdictDetail(
        extracted: letters, outcome: isRight ? "palindrome" : "other",
        metrics: ["letters": Double(letters.count)]))
  }
}

let registry = VerifierRegistry([ScienceVerifier(), GeneralVerifier(), PalindromeVerifier()])
