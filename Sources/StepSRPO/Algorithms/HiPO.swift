import AutoThink

/// HiPO, hybrid policy optimization (arXiv 2509.23967), the same group's later algorithm. **All formulas second-hand**:
/// taken from descriptions, not checked against the paper. Loss parts (token mean, DAPO's bounds, no KL) are **[ours]**.
///
///     R_i     = r_i + 0.2 format
///     mean'_m = mean of mode m; that of off is raised by omega mean_on where it lies within omega mean_on below mean_on
///     J, g    A = (mean'_m - mean) / sigma + gamma (R_i - mean) / sigma,   gamma = 0.3
///     Y       A = (R_i - mean_m) / sigma_m
public struct HiPO: Algorithm, Equatable {
  /// What it is, in a line.
  public static let summary = "judge tokens get their mode's mean against the group's, answers a z-score in their mode"
  /// Where its formulas come from.
  public static let source = "arXiv 2509.23967, formulas second-hand; loss parts [ours]"
  /// The keys of the section `algorithm` it reads beside those of the loss.
  public static let keys: Set<String> = [
    "reward_on", "reward_off", "reward_wrong", "format_reward", "off_bonus", "overlong", "overlong_buffer",
    "deviation_floor", "judge_share", "off_bias",
  ]

  private let reward: RewardShape
  private let floor: Double
  private let share: Double
  private let bias: Double

  /// Sets the parts that differ from Step-SRPO's.
  public static func setDefaults(_ configuration: inout RunConfiguration) {
    configuration.setPlainRollouts()
    configuration.algorithm.setSequenceLoss()
    configuration.algorithm.aggregation = .tokens
    configuration.algorithm.clipHigh = 0.28
    configuration.algorithm.formatReward = 0.2
  }

  /// The algorithm a configuration describes; `longest` is the budget of a response in tokens.
  public init(_ section: AlgorithmSection, longest: Int) {
    reward = RewardShape(section, longest: longest)
    floor = section.deviationFloor
    share = section.judgeShare
    bias = section.offBias
  }

  /// Rewards and advantages of one group.
  public func callAsFunction(_ rollouts: [JudgedRollout], of query: QueryHistory) -> GroupAdvantages {
    let rewards = rollouts.map { reward($0, requested: query.requestedMode) }
    let all = rewards.compactMap { $0 }
    var advantages = rollouts.map { _ in PerSegment(repeating: 0.0) }
    var modes: [ThinkMode: [Double]] = [:]
    for (rollout, reward) in zip(rollouts, rewards) {
      if let gate = rollout.gate, let reward { modes[gate, default: []].append(reward) }
    }
    if let mean = all.meanIfAny {
      let deviation = all.standardDeviation
      for (i, rollout) in rollouts.enumerated() {
        guard let own = rewards[i] else { continue }
        if deviation > 0, rollout.kind == .free {
          // An unparsable gate has no mode whose mean it could share: it is judged by its own reward alone.
          let judged = rollout.gate.flatMap { judgedMean($0, modes, query.requestedMode) } ?? own
          advantages[i].judge = (judged - mean + share * (own - mean)) / (deviation + floor)
          advantages[i].gate = advantages[i].judge
        }
        guard let gate = rollout.gate, let peers = modes[gate], peers.standardDeviation > 0 else { continue }
        advantages[i].answer = (own - peers.mean) / (peers.standardDeviation + floor)
      }
    }
    if reward.overlong == .zero {
      for i in rollouts.indices where rollouts[i].truncated { advantages[i] = PerSegment(repeating: 0) }
    }
    return GroupAdvantages(
      evidence: ModeEvidence(of: rollouts, requested: query.requestedMode), judgeRewards: rollouts.map { _ in nil },
      answerRewards: rewards,
      advantages: advantages, contributes: advantages.contains { !$0.isZero })
  }

  private func judgedMean(_ mode: ThinkMode, _ modes: [ThinkMode: [Double]], _ requested: ThinkMode?) -> Double? {
    guard let own = modes[mode]?.mean else { return nil }
    // The bias to off ends where the user asks to think. [ours]
    guard mode == .off, requested != .on, let on = modes[.on]?.mean, own <= on, on - own <= bias * on else {
      return own
    }
    return own + bias * on
  }
}
