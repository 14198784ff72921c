import AutoThink
import Foundation

/// What the advantage computation needs to know of one rollout.
public struct JudgedRollout: Sendable, Equatable {
  /// Free or probe.
  public var kind: RolloutKind
  /// The mode of its gate token; nil when the gate is unparsable.
  public var gate: ThinkMode?
  /// Whether its structure is valid.
  public var valid: Bool
  /// r in 0...1; nil when the verdict is no score (the rollout then leaves means, deviations and gradient).
  public var outcome: Double?
  /// pi(think_on) at the gate, where it was reached.
  public var thinkOnProbability: Double?
  /// Number of response tokens.
  public var length: Int
  /// Whether it was cut at its budget.
  public var truncated: Bool
  /// Sum over the tokens of log mu - log ref, in nats; nil without a reference policy.
  public var referenceDivergence: Double?

  /// A rollout with its outcome.
  public init(
    kind: RolloutKind, gate: ThinkMode?, valid: Bool, outcome: Double?, thinkOnProbability: Double? = nil,
    length: Int = 0, truncated: Bool = false, referenceDivergence: Double? = nil
  ) {
    self.kind = kind
    self.gate = gate
    self.valid = valid
    self.outcome = outcome
    self.thinkOnProbability = thinkOnProbability
    self.length = length
    self.truncated = truncated
    self.referenceDivergence = referenceDivergence
  }
}

/// Rewards and segment advantages of one group. **[ours]**; see each function for its formula.
public struct GroupAdvantages: Sendable, Equatable {
  /// The evidence the group gave.
  public let evidence: ModeEvidence
  /// R^J by rollout; nil where the gate is unparsable.
  public let judgeRewards: [Double?]
  /// R^A by rollout; nil where there is no outcome.
  public let answerRewards: [Double?]
  /// A^J, A^g, A^Y by rollout.
  public let advantages: [PerSegment<Double>]
  /// False for a group left out of the step: both modes flat, and no judge signal worth a step.
  public let contributes: Bool
}

/// Step-SRPO's credit assignment: J and g answer for the mode, Y for the answer. **[ours]**
public struct SegmentCredit: Sendable, Equatable {
  /// What the segments of a response share.
  public enum Credit: String, Sendable, ConfigurationChoice {
    /// J and g answer for the mode, Y for the answer.
    case segments
    /// Every token gets the z-score of R^A over the group: the ablation that shows what the segments are worth.
    case sequence
  }

  /// What the answer segment is normalised over.
  public enum AnswerBaseline: String, Sendable, ConfigurationChoice {
    /// w (r - mu_m) / (sigma_m + floor) over the rollouts of the same mode.
    case mode
    /// The z-score of R^A over the whole group: the plainest reading of the report.
    case group
  }

  /// What the segments share.
  public var credit = Credit.segments
  /// delta, the price of thinking in accuracy.
  public var priceOfThinking = 0.05
  /// What a query teaches when neither mode ever succeeds.
  public var allFail = ModeEvidence.AllFail.abstain
  /// k0, the number of rollouts a query's history counts for in its evidence.
  public var historyWeight = 0.0
  /// R^J.
  public var judgeReward = JudgeReward()
  /// R^A.
  public var answerReward = AnswerReward()
  /// What A^Y is normalised over.
  public var answerBaseline = AnswerBaseline.mode
  /// xi, the share of A^Y that the judge segment takes: what is judged, the answer is written after.
  public var judgeAnswerShare = 0.0
  /// Added to every standard deviation, so that a nearly flat group does not shout.
  public var deviationFloor = 0.1
  /// Scale of the counterfactual gate term; 0 switches it off.
  public var counterfactualScale = 0.5
  /// The counterfactual term rests once the policy gives the right mode this much probability.
  public var settledProbability = 0.97

  /// The defaults of `algorithm.md`.
  public init() {}

  /// Rewards and advantages of one group; `requested` is the mode the user asks for, where one is asked for.
  public func callAsFunction(
    _ rollouts: [JudgedRollout], history: [ThinkMode: Double] = [:], requested: ThinkMode? = nil
  ) -> GroupAdvantages {
    let evidence = ModeEvidence(
      rollouts.compactMap { rollout in
        guard rollout.valid, let gate = rollout.gate, let outcome = rollout.outcome else { return nil }
        return (gate, outcome)
      }, priceOfThinking: priceOfThinking, history: history, historyWeight: historyWeight, allFail: allFail,
      requested: requested)
    let judgeRewards = rollouts.map { rollout in rollout.gate.map { judgeReward($0, evidence) } }
    let answerRewards = zip(rollouts, judgeRewards).map { rollout, judge in
      rollout.outcome.map { answerReward(outcome: $0, judgeReward: judge ?? 0) }
    }
    var advantages = Array(repeating: PerSegment(repeating: 0.0), count: rollouts.count)
    addAnswerAdvantages(&advantages, rollouts, judgeRewards, answerRewards)
    if credit == .sequence {
      for i in rollouts.indices where rollouts[i].kind == .free {
        advantages[i].judge = advantages[i].answer
        advantages[i].gate = advantages[i].answer
      }
      return GroupAdvantages(
        evidence: evidence, judgeRewards: judgeRewards, answerRewards: answerRewards, advantages: advantages,
        contributes: advantages.contains { !$0.isZero })
    }
    let answersAreFlat = advantages.allSatisfy { $0.answer == 0 }
    addJudgeAdvantages(&advantages, rollouts, judgeRewards)
    addCounterfactual(&advantages, rollouts, evidence)
    addAnswerShare(&advantages)
    let contributes = !(answersAreFlat && (evidence.delta == nil || isSettled(rollouts, evidence)))
    let unparsable = rollouts.contains { $0.gate == nil && $0.outcome != nil }
    return GroupAdvantages(
      evidence: evidence, judgeRewards: judgeRewards, answerRewards: answerRewards,
      advantages: contributes || unparsable ? advantages : advantages.map { _ in PerSegment(repeating: 0.0) },
      contributes: contributes || unparsable)
  }
}

extension PerSegment<Double> {
  /// Whether no segment carries a gradient.
  public var isZero: Bool { judge == 0 && gate == 0 && answer == 0 }
}

// MARK: - The three segments

extension SegmentCredit {
  /// A^Y_i = w_i (r_i - mu_m) / (sigma_m + floor), over one mode's rollouts; or the z-score of R^A over the group.
  ///
  /// The weight comes *after* the normalisation: a factor that is constant in a mode cancels in a within-mode
  /// z-score, so applied before it would silently do nothing.
  private func addAnswerAdvantages(
    _ advantages: inout [PerSegment<Double>], _ rollouts: [JudgedRollout], _ judgeRewards: [Double?],
    _ answerRewards: [Double?]
  ) {
    switch credit == .sequence ? .group : answerBaseline {
    case .mode:
      for mode in ThinkMode.allCases {
        let members = rollouts.indices.filter { rollouts[$0].gate == mode && rollouts[$0].outcome != nil }
        let scores = members.map { rollouts[$0].outcome! }
        for (member, score) in zip(members, zScores(scores)) {
          advantages[member].answer = answerReward.weight(judgeReward: judgeRewards[member]!) * score
        }
      }
    case .group:
      let members = rollouts.indices.filter {
        (rollouts[$0].gate != nil || credit == .sequence) && answerRewards[$0] != nil
      }
      for (member, score) in zip(members, zScores(members.map { answerRewards[$0]! })) {
        advantages[member].answer = score
      }
    }
  }

  /// A^J_i = R^J_i - mean over free rollouts, no deviation; J and g share it. An unparsable gate gets -1.
  private func addJudgeAdvantages(
    _ advantages: inout [PerSegment<Double>], _ rollouts: [JudgedRollout], _ judgeRewards: [Double?]
  ) {
    let free = rollouts.indices.filter { rollouts[$0].kind == .free && judgeRewards[$0] != nil }
    if let mean = free.map({ judgeRewards[$0]! }).meanIfAny {
      for i in free {
        advantages[i].judge = judgeRewards[i]! - mean
        advantages[i].gate = advantages[i].judge
      }
    }
    for i in rollouts.indices where rollouts[i].gate == nil && rollouts[i].outcome != nil {
      advantages[i].judge = -1
      advantages[i].gate = -1
    }
  }

  /// +-fade scale tanh(Delta / kappa) on every gate token, + for on, weighted so that each mode has half the weight of
  /// the query whatever the policy's preference: a gate near 0 or 1 still learns.
  private func addCounterfactual(
    _ advantages: inout [PerSegment<Double>], _ rollouts: [JudgedRollout], _ evidence: ModeEvidence
  ) {
    guard let delta = evidence.delta, counterfactualScale > 0 else { return }
    let pressure = fade(rollouts, evidence) * pressure(delta)
    let members = rollouts.indices.filter { rollouts[$0].gate != nil && rollouts[$0].outcome != nil }
    for mode in ThinkMode.allCases {
      let sameMode = members.filter { rollouts[$0].gate == mode }
      let weight = Double(members.count) / Double(2 * max(1, sameMode.count))
      for i in sameMode { advantages[i].gate += weight * (mode == .on ? pressure : -pressure) }
    }
  }

  /// A^J_i += xi A^Y_i, on probes too. The judgement comes before the answer, so how good the answer is, for its mode, is
  /// part of its return; without it nothing holds a judgement that serves the mode and misleads the answer. The gate
  /// takes no part: A^Y says nothing of which mode is the better one.
  private func addAnswerShare(_ advantages: inout [PerSegment<Double>]) {
    guard judgeAnswerShare > 0 else { return }
    for i in advantages.indices { advantages[i].judge += judgeAnswerShare * advantages[i].answer }
  }

  /// What the counterfactual term pulls think-on with, before it fades: scale tanh(Delta / kappa).
  func pressure(_ delta: Double) -> Double { counterfactualScale * tanh(delta / judgeReward.temperature) }

  /// How much of the pressure is left: all of it up to two nats of log-odds before the settled probability, from there
  /// linearly less. A pressure that is there in full until it rests drives a gate past its mark and back. **[ours]**
  func fade(_ rollouts: [JudgedRollout], _ evidence: ModeEvidence) -> Double {
    guard let probability = rightProbability(rollouts, evidence) else { return 1 }
    func logOdds(_ p: Double) -> Double { log(p / (1 - p)) }
    let left = (logOdds(settledProbability) - logOdds(probability)) / 2
    return left.isNaN ? 0 : min(1, max(0, left))  // not a number where both are 1
  }

  /// Whether the policy already gives the right mode more than `settledProbability`.
  private func isSettled(_ rollouts: [JudgedRollout], _ evidence: ModeEvidence) -> Bool {
    rightProbability(rollouts, evidence).map { $0 > settledProbability } ?? false
  }

  /// pi(m*), the mean over free rollouts; nil without a right mode or a free rollout that reached its gate.
  func rightProbability(_ rollouts: [JudgedRollout], _ evidence: ModeEvidence) -> Double? {
    guard let right = evidence.rightMode,
      let on = rollouts.filter({ $0.kind == .free }).compactMap(\.thinkOnProbability).meanIfAny
    else { return nil }
    return right == .on ? on : 1 - on
  }

  private func zScores(_ values: [Double]) -> [Double] {
    guard !values.isEmpty else { return [] }
    let mean = values.mean
    let deviation = values.standardDeviation
    guard deviation > 0 else { return values.map { _ in 0 } }
    return values.map { ($0 - mean) / (deviation + deviationFloor) }
  }
}
