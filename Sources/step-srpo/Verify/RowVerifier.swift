import StrictJSON
import Verifiers

/// Asks for each request the verifier that its row's own `verifier` column names.
struct RowVerifier: Verifier {
  /// What `step-srpo verify` calls it.
  static let keyword = "row"

  let name = RowVerifier.keyword
  let registry: VerifierRegistry

  func verify(_ requests: [VerifyRequest]) -> [Verdict] {
    var verdicts = [Verdict?](repeating: nil, count: requests.count)
    var members: [VerifierChoice: [Int]] = [:]
    for (i, request) in requests.enumerated() {
      do throws(VerifierFailure) {
        members[try VerifierChoice(column: request.fields["verifier"] ?? .null), default: []].append(i)
      } catch {
        verdicts[i] = .failed(error)
      }
    }
    for (choice, indices) in members {
      do {
        let verifier = try registry.verifier(describedBy: choice.column)
        for (i, verdict) in zip(indices, verifier.verify(indices.map { requests[$0] })) { verdicts[i] = verdict }
      } catch {
        let failure = error as? VerifierFailure ?? VerifierFailure(.unavailable, "\(error)")
        for i in indices { verdicts[i] = .failed(failure) }
      }
    }
    return verdicts.map { $0 ?? .failed(VerifierFailure(.badReply, "the verifier gave no verdict")) }
  }
}
