import Foundation
import Verifiers

/// A declared limit was crossed: the run stops with exit code 3 and this evidence.
public enum RunLimitError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A verifier failed while the policy is `abort`.
  case verifierFailed(step: Int, verifier: String, evidence: String)
  /// More requests of a step failed than the limit allows.
  case failureBudget(step: Int, verifier: String, failed: Int, requests: Int, budget: Double, evidence: String)
  /// A share of the free responses stood above its limit for a whole window of steps.
  case share(step: Int, key: String, metric: String, found: Double, limit: Double, window: Int)
  /// The time of one `run` or `resume` is used up.
  case wallTime(step: Int, minutes: Double, limit: Double)
  /// The gate is about to choose one mode whatever the query, and `limits.collapse` is `stop`.
  case collapse(step: Int, evidence: String)
  /// The disk is nearly full.
  case freeDisk(step: Int, path: String, megabytes: Int, limit: Int)

  /// What was crossed, by how much, and the first failure.
  public var description: String {
    switch self {
    case .verifierFailed(let step, let verifier, let evidence):
      "step \(step): verifier \"\(verifier)\" failed and verification.failure_policy is abort: \(evidence)"
    case .failureBudget(let step, let verifier, let failed, let requests, let budget, let evidence):
      "step \(step): verifier \"\(verifier)\" failed on \(failed) of \(requests) requests, more than "
        + "limits.verifier_failures (\(budget)) allows; the first: \(evidence)"
    case .share(let step, let key, let metric, let found, let limit, let window):
      "step \(step): \(metric) was \(Self.rounded(found)) over the last \(window) steps, more than limits.\(key) "
        + "(\(limit)) allows"
    case .wallTime(let step, let minutes, let limit):
      "step \(step): \(Self.rounded(minutes)) minutes have passed, limits.wall_time_minutes is \(limit)"
    case .collapse(let step, let evidence): "step \(step): limits.collapse is \"stop\": \(evidence)"
    case .freeDisk(let step, let path, let megabytes, let limit):
      "step \(step): \(megabytes) MB are free on the disk of \(path), limits.free_disk_megabytes is \(limit)"
    }
  }

  private static func rounded(_ value: Double) -> String { String(format: "%.3g", value) }

  /// A verifier that is a metric only (weight 0) leaves no row without its verdict: it is counted and stops nothing.
  static func check(
    _ usage: [String: VerifierUsage], _ rules: VerificationSection, _ limits: LimitsSection, step: Int
  ) throws {
    for (name, use) in usage.sorted(by: { $0.key < $1.key }) where use.weightedFailures > 0 {
      let evidence = use.firstFailure ?? ""
      if rules.failurePolicy == .abort {
        throw RunLimitError.verifierFailed(step: step, verifier: name, evidence: evidence)
      }
      if Double(use.weightedFailures) > limits.verifierFailures * Double(use.weightedRequests) {
        throw RunLimitError.failureBudget(
          step: step, verifier: name, failed: use.weightedFailures, requests: use.weightedRequests,
          budget: limits.verifierFailures,
          evidence: evidence)
      }
    }
  }
}
