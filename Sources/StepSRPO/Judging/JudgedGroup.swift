import AutoThink
import Verifiers

/// A group with its verdicts turned into outcomes, rewards and advantages.
public struct JudgedGroup: Sendable {
  /// The rollouts.
  public let group: RolloutGroup
  /// r by rollout; nil where there is no score.
  public let outcomes: [Double?]
  /// Rewards and advantages.
  public let result: GroupAdvantages
  /// h_m, the earlier success rates that were counted as evidence.
  public let history: [ThinkMode: Double]

  /// Judges a scored group.
  ///
  /// An invalid structure is an outcome of 0 (r = c f). An abstention is no outcome. A failed verdict follows
  /// `failurePolicy`; `.abort` is the caller's to act on and counts as no outcome here.
  public init(
    _ group: RolloutGroup, credit: SegmentCredit, failurePolicy: VerificationSection.FailurePolicy,
    history: [ThinkMode: Double] = [:], historyWeight: Double = 0
  ) {
    outcomes = Self.outcomes(
      group.rollouts.map { ($0.response.isValid, $0.verdict) }, failurePolicy: failurePolicy)
    let judged = zip(group.rollouts, outcomes).map { rollout, outcome in
      JudgedRollout(
        kind: rollout.kind, gate: rollout.response.gate, valid: rollout.response.isValid, outcome: outcome,
        thinkOnProbability: rollout.thinkOnProbability)
    }
    self.history = historyWeight > 0 ? history : [:]
    result = credit(judged, history: history, historyWeight: historyWeight)
    self.group = group
  }

  /// r = c f of each rollout of a group, from its validity and its verdict.
  public static func outcomes(
    _ rollouts: [(isValid: Bool, verdict: Verdict?)], failurePolicy: VerificationSection.FailurePolicy
  ) -> [Double?] {
    let failed = rollouts.contains { $0.verdict?.failure != nil }
    return rollouts.map { isValid, verdict in
      if failed, failurePolicy == .dropGroup { return nil }
      guard isValid else { return 0 }
      switch verdict {
      case .score(let score, _): return score
      case .failed: return failurePolicy == .zero ? 0 : nil
      case .abstain, nil: return nil
      }
    }
  }

  /// Mode and outcome of every valid, scored rollout: the evidence.
  public var evidence: [(mode: ThinkMode, outcome: Double)] {
    zip(group.rollouts, outcomes).compactMap { rollout, outcome in
      guard let mode = rollout.response.mode, let outcome else { return nil }
      return (mode, outcome)
    }
  }

  /// Mean pi(think_off) over free rollouts that reached the gate; nil without any.
  public var thinkOffProbability: Double? {
    group.rollouts.filter { $0.kind == .free }.compactMap { $0.thinkOnProbability.map { 1 - $0 } }.meanIfAny
  }

  /// What the run keeps of this group.
  public var record: GroupRecord {
    let rollouts = group.rollouts.enumerated().map { i, rollout in
      var record = RolloutRecord(
        sample: rollout.sample, kind: rollout.kind, text: rollout.text, length: rollout.tokens.count,
        truncated: rollout.truncated, mode: rollout.response.mode,
        invalidReason: rollout.response.invalidReason?.rawValue)
      record.answer = rollout.response.isValid ? rollout.response.answer ?? "" : nil
      record.gate = rollout.response.gate
      for index in rollout.tokens.indices {
        if let segment = rollout.response.segment(of: index) { record.segmentTokens[segment] += 1 }
      }
      record.verdict = rollout.verdict
      record.outcome = outcomes[i]
      record.judgeReward = result.judgeRewards[i]
      record.answerReward = result.answerRewards[i]
      record.judgeAdvantage = result.advantages[i].judge
      record.gateAdvantage = result.advantages[i].gate
      record.answerAdvantage = result.advantages[i].answer
      record.thinkOnProbability = rollout.thinkOnProbability
      return record
    }
    var record = GroupRecord(
      item: group.item, accuracyOn: result.evidence.accuracyOn, accuracyOff: result.evidence.accuracyOff,
      delta: result.evidence.delta, rightMode: result.evidence.rightMode, contributes: result.contributes,
      rollouts: rollouts)
    record.history = history
    return record
  }
}
