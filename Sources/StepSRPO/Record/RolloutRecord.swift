import AutoThink
import Tasks
import Verifiers

/// How a rollout came to its mode.
public enum RolloutKind: String, Sendable, Codable {
  /// The policy chose.
  case free
  /// The gate token was forced, to gather evidence on a mode the policy would not have tried.
  case probe
}

/// Everything worth keeping of one rollout, from text to advantage. What is not known is nil, never 0.
public struct RolloutRecord: Sendable, Equatable {
  /// Position in its group, from 0; free rollouts first.
  public var sample: Int
  /// Free or probe.
  public var kind: RolloutKind
  /// The response as text, special tokens spelled out.
  public var text: String
  /// The answer as it was sent to the verifier; nil when the structure is invalid.
  public var answer: String?
  /// Number of response tokens.
  public var length: Int
  /// Whether the response was cut at its budget.
  public var truncated: Bool
  /// The mode in the response; nil when its structure is invalid.
  public var mode: ThinkMode?
  /// Why the structure is invalid; nil when it is valid.
  public var invalidReason: String?
  /// The mode of the gate token, also where a later part of the response is invalid; nil when it cannot be read.
  public var gate: ThinkMode?
  /// Tokens of J, g and Y.
  public var segmentTokens = PerSegment(repeating: 0)
  /// The verifier's verdict on the answer; nil when the structure is invalid (the outcome is then 0).
  public var verdict: Verdict?
  /// What the audit said of a rewarded answer; nil where it was not read. It touches neither outcome nor advantage.
  public var audit: Verdict?
  /// Outcome r = c * f in 0...1; nil when the verdict is no score.
  public var outcome: Double?
  /// Judge reward R^J; nil without evidence for the group's modes.
  public var judgeReward: Double?
  /// Answer reward R^A; nil when the outcome is.
  public var answerReward: Double?
  /// Advantage of the judge segment J.
  public var judgeAdvantage: Double?
  /// Advantage of the gate token g: chosen part plus counterfactual part.
  public var gateAdvantage: Double?
  /// Advantage of the answer segment Y.
  public var answerAdvantage: Double?
  /// The policy's probability of think-on at the gate, where the gate was reached.
  public var thinkOnProbability: Double?
  /// Sum over the tokens of log mu - log ref, in nats; nil without a reference policy.
  public var referenceDivergence: Double?
  /// What each segment gave to the step's loss; nil for one without a gradient.
  public var contributions = PerSegment<SegmentContribution?>(repeating: nil)

  /// An unscored rollout.
  public init(
    sample: Int, kind: RolloutKind, text: String, length: Int, truncated: Bool, mode: ThinkMode?,
    invalidReason: String?
  ) {
    self.sample = sample
    self.kind = kind
    self.text = text
    self.length = length
    self.truncated = truncated
    self.mode = mode
    self.invalidReason = invalidReason
    gate = mode
  }
}

/// One query's rollouts in one step, with the evidence they gave.
public struct GroupRecord: Sendable, Equatable {
  /// The query.
  public var item: TaskItem
  /// p_on over valid, scored think-on rollouts; nil without any.
  public var accuracyOn: Double?
  /// p_off over valid, scored think-off rollouts; nil without any.
  public var accuracyOff: Double?
  /// Delta = p_on - p_off - delta; nil where the group abstains.
  public var delta: Double?
  /// The right mode m*; nil where the group abstains.
  public var rightMode: ThinkMode?
  /// h_m, the query's earlier success rate by mode, where it was counted as evidence.
  public var history: [ThinkMode: Double] = [:]
  /// The reference policy's mean outcome on the query, where the algorithm asked for it.
  public var referenceReward: Double?
  /// Whether the group carried a gradient.
  public var contributes: Bool
  /// The rollouts, free ones first.
  public var rollouts: [RolloutRecord]

  /// A group.
  public init(
    item: TaskItem, accuracyOn: Double?, accuracyOff: Double?, delta: Double?, rightMode: ThinkMode?,
    contributes: Bool, rollouts: [RolloutRecord]
  ) {
    self.item = item
    self.accuracyOn = accuracyOn
    self.accuracyOff = accuracyOff
    self.delta = delta
    self.rightMode = rightMode
    self.contributes = contributes
    self.rollouts = rollouts
  }
}
