import Verifiers

/// A declared limit was crossed: the run stops with exit code 3 and this evidence.
public enum RunLimitError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A verifier failed while the policy is `abort`.
  case verifierFailed(step: Int, verifier: String, evidence: String)
  /// More requests of a step failed than the budget allows.
  case failureBudget(step: Int, verifier: String, failed: Int, requests: Int, budget: Double, evidence: String)

  /// What was crossed, by how much, and the first failure.
  public var description: String {
    switch self {
    case .verifierFailed(let step, let verifier, let evidence):
      "step \(step): verifier \"\(verifier)\" failed and verification.failure_policy is abort: \(evidence)"
    case .failureBudget(let step, let verifier, let failed, let requests, let budget, let evidence):
      "step \(step): verifier \"\(verifier)\" failed on \(failed) of \(requests) requests, more than "
        + "verification.failure_budget (\(budget)) allows; the first: \(evidence)"
    }
  }

  static func check(_ usage: [String: VerifierUsage], _ rules: VerificationSection, step: Int) throws {
    for (name, use) in usage.sorted(by: { $0.key < $1.key }) where use.failures > 0 {
      let evidence = use.firstFailure ?? ""
      if rules.failurePolicy == .abort {
        throw RunLimitError.verifierFailed(step: step, verifier: name, evidence: evidence)
      }
      if Double(use.failures) > rules.failureBudget * Double(use.requests) {
        throw RunLimitError.failureBudget(
          step: step, verifier: name, failed: use.failures, requests: use.requests, budget: rules.failureBudget,
          evidence: evidence)
      }
    }
  }
}
