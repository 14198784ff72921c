import AutoThink
import Tasks
import Verifiers

/// One sampled response, read but not judged.
public struct Rollout: Sendable {
  /// Position in its group, from 0; free rollouts first.
  public let sample: Int
  /// Free or probe.
  public let kind: RolloutKind
  /// The response's tokens, the stop token included where it was reached.
  public let tokens: [Int32]
  /// log mu of each token under the sampler.
  public let logProbs: [Float]
  /// Whether the response was cut at its budget.
  public let truncated: Bool
  /// pi(think_on) relative to both gate tokens, where the gate was reached.
  public let thinkOnProbability: Double?
  /// What the response says, by segment; its piece indices are token indices.
  public let response: ParsedResponse
  /// The response as text, tags spelled out.
  public let text: String
  /// The verifier's verdict; nil for an invalid structure, which is not asked about.
  public var verdict: Verdict?
  /// What the audit said of a rewarded response; nil where it was not read.
  public var audit: Verdict?
  /// log ref of each token under the reference policy; nil without one.
  public var referenceLogProbs: [Float]?

  /// Sum over the tokens the policy chose of log mu - log ref, in nats; nil without a reference policy.
  public var referenceDivergence: Double? {
    guard let referenceLogProbs else { return nil }
    return zip(logProbs, referenceLogProbs).enumerated().reduce(0) { sum, token in
      let isForced = kind == .probe && response.segment(of: token.offset) == .gate
      return isForced ? sum : sum + Double(token.element.0) - Double(token.element.1)
    }
  }
}

/// The rollouts of one query in one step.
public struct RolloutGroup: Sendable {
  /// The query's index in the training pool.
  public let query: Int
  /// The query.
  public let item: TaskItem
  /// The prompt's tokens, the opening of the response included.
  public let prompt: [Int32]
  /// Free rollouts, then probes.
  public var rollouts: [Rollout]
}
