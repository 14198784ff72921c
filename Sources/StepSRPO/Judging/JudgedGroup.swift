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
  /// What was remembered of the query when the group was judged.
  public let history: QueryHistory
  /// Whether dynamic sampling left it out of the step.
  public var isSetAside = false

  /// Judges a scored group.
  ///
  /// An invalid structure is an outcome of 0 (r = c f). An abstention is no outcome. A failed verdict follows
  /// `failurePolicy`; `.abort` is the caller's to act on and counts as no outcome here.
  public init(
    _ group: RolloutGroup, algorithm: any Algorithm, failurePolicy: VerificationSection.FailurePolicy,
    history: QueryHistory = QueryHistory()
  ) {
    outcomes = Self.outcomes(
      group.rollouts.map { ($0.response.isValid, $0.verdict) }, failurePolicy: failurePolicy)
    let judged = zip(group.rollouts, outcomes).map { rollout, outcome in
      JudgedRollout(
        kind: rollout.kind, gate: rollout.response.gate, valid: rollout.response.isValid, outcome: outcome,
        thinkOnProbability: rollout.thinkOnProbability, length: rollout.tokens.count, truncated: rollout.truncated,
        referenceDivergence: rollout.referenceDivergence)
    }
    self.history = history
    result = algorithm(judged, of: history)
    self.group = group
  }

  /// Whether it has both right and wrong answers: 0 < right < G, what dynamic sampling keeps.
  public var isMixed: Bool {
    let scored = outcomes.compactMap { $0 }
    return scored.contains { $0 > 0 } && scored.contains { $0 < 1 }
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

  /// The mean outcome of free rollouts, or of all where none is free; nil without a score.
  public var passRate: Double? {
    func mean(_ kinds: Set<RolloutKind>) -> Double? {
      zip(group.rollouts, outcomes).compactMap { kinds.contains($0.0.kind) ? $0.1 : nil }.meanIfAny
    }
    return mean([.free]) ?? mean([.probe])
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
      record.audit = rollout.audit
      record.outcome = outcomes[i]
      record.judgeReward = result.judgeRewards[i]
      record.answerReward = result.answerRewards[i]
      record.judgeAdvantage = result.advantages[i].judge
      record.gateAdvantage = result.advantages[i].gate
      record.answerAdvantage = result.advantages[i].answer
      record.thinkOnProbability = rollout.thinkOnProbability
      record.referenceDivergence = rollout.referenceDivergence
      return record
    }
    var record = GroupRecord(
      item: group.item, accuracyOn: result.evidence.accuracyOn, accuracyOff: result.evidence.accuracyOff,
      delta: result.evidence.delta, rightMode: result.evidence.rightMode,
      contributes: result.contributes && !isSetAside,
      rollouts: rollouts)
    record.history = history.successRates
    record.referenceReward = history.referenceReward
    return record
  }
}
