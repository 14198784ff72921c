import AutoThink
import Tasks
import Verifiers

/// One response of an evaluation, with its score: what tables are made of and what a store keeps.
public struct EvaluatedSample: Sendable, Equatable {
  /// The mode that was forced, for probes; nil where the evaluation's own control decided.
  public var forced: ThinkMode?
  /// From 0.
  public var sample: Int
  /// The mode of a valid response.
  public var mode: ThinkMode?
  /// The gate, also of a response that is invalid later on.
  public var gate: ThinkMode?
  /// Tokens, the end token included.
  public var length: Int
  /// Whether it was cut at its limit.
  public var truncated: Bool
  /// Why its form is invalid; nil for a valid one.
  public var invalidReason: String?
  /// The policy's p(think_on), relative to both gates, where the gate was reached.
  public var thinkOnProbability: Double?
  /// `score`, `abstain` or `failed`; nil where no verifier was asked because the form is invalid.
  public var verdict: String?
  /// The score: 0 for an invalid form, nil where the verifier gave none.
  public var score: Double?
  /// The audit's score of a right answer; nil where it was not asked or gave none.
  public var auditScore: Double?
  /// The answer as the verifier read it.
  public var extracted: String?
  /// Why the verifier judged so, or could not.
  public var reason: String?
  /// The response, tags spelled out.
  public var text: String

  /// A sample without a verdict yet.
  init(_ rollout: Rollout, forced: ThinkMode?) {
    self.forced = forced
    sample = rollout.sample
    mode = rollout.response.mode
    gate = rollout.response.gate
    length = rollout.tokens.count
    truncated = rollout.truncated
    invalidReason = rollout.response.invalidReason?.rawValue
    thinkOnProbability = rollout.thinkOnProbability
    text = rollout.text
    if !rollout.response.isValid { score = 0 }
  }

  /// A sample as a store kept it.
  public init(
    forced: ThinkMode?, sample: Int, mode: ThinkMode?, gate: ThinkMode?, length: Int, truncated: Bool,
    invalidReason: String?, thinkOnProbability: Double?, verdict: String?, score: Double?, extracted: String?,
    reason: String?, text: String
  ) {
    self.forced = forced
    self.sample = sample
    self.mode = mode
    self.gate = gate
    self.length = length
    self.truncated = truncated
    self.invalidReason = invalidReason
    self.thinkOnProbability = thinkOnProbability
    self.verdict = verdict
    self.score = score
    self.extracted = extracted
    self.reason = reason
    self.text = text
  }

  mutating func take(_ verdict: Verdict) {
    switch verdict {
    case .score(let value, let detail):
      self.verdict = "score"
      score = value
      extracted = detail.extracted
      reason = detail.reason
    case .abstain(let text):
      self.verdict = "abstain"
      reason = text
    case .failed(let failure):
      self.verdict = "failed"
      reason = failure.description
    }
  }
}

/// An item with its responses.
public struct EvaluatedItem: Sendable, Equatable {
  /// The item.
  public let item: TaskItem
  /// Responses under the evaluation's control.
  public var free: [EvaluatedSample]
  /// Responses with a forced gate, by mode; empty unless the evaluation probes.
  public var forced: [ThinkMode: [EvaluatedSample]]

  /// An item with its responses.
  public init(item: TaskItem, free: [EvaluatedSample], forced: [ThinkMode: [EvaluatedSample]] = [:]) {
    self.item = item
    self.free = free
    self.forced = forced
  }

  /// All responses.
  public var samples: [EvaluatedSample] { free + ThinkMode.allCases.flatMap { forced[$0] ?? [] } }
}

extension EvaluatedSample {
  /// Whether the audit refuses an answer that was rewarded; nil where it had no say.
  public var isRefused: Bool? { auditScore.map { $0 < Audit.threshold } }

  /// The score, 0 where the audit refuses what it was given for.
  public var auditedScore: Double? { isRefused == true ? 0 : score }
}

extension Collection where Element == EvaluatedSample {
  /// The mean score of those that have one, or nil.
  var meanScore: Double? { compactMap(\.score).meanIfAny }
}
