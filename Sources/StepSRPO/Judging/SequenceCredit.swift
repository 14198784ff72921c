import AutoThink

/// One advantage for every token of a response: reward, baseline, scale.
///
///     A_i = (R_i - b_i) / (sigma + floor)      or      A_i = R_i - b_i
///
/// The parts of GRPO and what followed it; each preset's file says which it takes.
public struct SequenceCredit: Sendable, Equatable {
  /// What is subtracted from a reward.
  public enum Baseline: String, Sendable, ConfigurationChoice {
    /// The group's mean.
    case group
    /// The mean of the response's mode in the group.
    case mode
    /// The mean of the *other* responses.
    case leaveOneOut = "leave-one-out"
    /// The reference policy's mean reward on the query; without one, the rollout has no advantage.
    case reference
    /// Nothing.
    case none
  }

  /// What the difference is divided by.
  public enum Scale: String, Sendable, ConfigurationChoice {
    /// The population standard deviation of the rewards the baseline is over, plus the floor.
    case deviation
    /// Nothing.
    case none
  }

  /// R.
  public var reward = RewardShape()
  /// b.
  public var baseline = Baseline.group
  /// sigma.
  public var scale = Scale.deviation
  /// Added to sigma.
  public var deviationFloor = 1e-4
  /// What a forced gate learns.
  public var forcedGate = ForcedGate.silent

  /// GRPO's.
  public init() {}

  /// The credit of a configuration; `longest` is the budget of a response.
  public init(_ section: AlgorithmSection, longest: Int) {
    reward = RewardShape(section, longest: longest)
    baseline = section.baseline
    scale = section.scale
    deviationFloor = section.deviationFloor
    forcedGate = section.forcedGate
  }

  /// Rewards and advantages of one group.
  public func callAsFunction(_ rollouts: [JudgedRollout], of query: QueryHistory = QueryHistory()) -> GroupAdvantages {
    let rewards = rollouts.map { reward($0, requested: query.requestedMode) }
    var advantages = advantages(rollouts, rewards, query).map { PerSegment(repeating: $0) }
    for i in rollouts.indices {
      if reward.overlong == .zero, rollouts[i].truncated { advantages[i] = PerSegment(repeating: 0) }
      if rollouts[i].kind == .probe, forcedGate == .silent {
        advantages[i].judge = 0
        advantages[i].gate = 0
      }
    }
    return GroupAdvantages(
      evidence: ModeEvidence(of: rollouts, requested: query.requestedMode), judgeRewards: rollouts.map { _ in nil },
      answerRewards: rewards,
      advantages: advantages, contributes: advantages.contains { !$0.isZero })
  }

  private func advantages(
    _ rollouts: [JudgedRollout], _ rewards: [Double?], _ query: QueryHistory
  ) -> [Double] {
    rollouts.indices.map { i in
      guard let own = rewards[i] else { return 0 }
      let peers = rollouts.indices.filter {
        rewards[$0] != nil && (baseline != .mode || rollouts[$0].gate == rollouts[i].gate)
      }
      let values = peers.map { rewards[$0]! }
      let center: Double?
      switch baseline {
      case .group, .mode: center = values.mean
      case .leaveOneOut: center = peers.filter { $0 != i }.map { rewards[$0]! }.meanIfAny
      case .reference: center = query.referenceReward
      case .none: center = 0
      }
      guard let center else { return 0 }
      guard scale == .deviation else { return own - center }
      let deviation = values.standardDeviation
      return deviation > 0 ? (own - center) / (deviation + deviationFloor) : 0
    }
  }
}

extension ModeEvidence {
  /// The evidence of a group as a monitor, for algorithms that do not learn from it: delta 0.05, no history.
  init(of rollouts: [JudgedRollout], requested: ThinkMode?) {
    self.init(
      rollouts.compactMap { rollout in
        guard rollout.valid, let gate = rollout.gate, let outcome = rollout.outcome else { return nil }
        return (gate, outcome)
      }, priceOfThinking: AlgorithmSection().priceOfThinking, requested: requested)
  }
}
