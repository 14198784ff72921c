import AutoThink
import Foundation

/// One line of a rollout's arithmetic, from verdict to loss.
public struct ArithmeticLine: Sendable, Equatable {
  /// The stage of the computation: `outcome`, `evidence`, `rewards`, `advantages`, `loss`.
  public var stage: String
  /// What is computed, in the formulas' letters.
  public var symbol: String
  /// The formula with its numbers.
  public var text: String
  /// The result; nil where there is none.
  public var value: Double?
  /// Whether the run stored this number, so that it can be compared.
  public var isStored = false
  /// What the run stored.
  public var stored: Double?

  /// Whether the recomputed and the stored number are the same; nil where nothing is stored.
  public var agrees: Bool? {
    guard isStored else { return nil }
    guard let value, let stored else { return value == nil && stored == nil }
    return abs(value - stored) <= 1e-9 * max(1, abs(value), abs(stored))
  }
}

/// The arithmetic of one rollout, recomputed from what was stored: outcome, evidence, rewards and advantages.
///
/// Each line applies its formula to the numbers above it; ``recomputed`` is the whole group by the trainer's own credit
/// rule. Both must give what the run stored.
public struct CreditArithmetic {
  /// The group.
  public let group: GroupRecord
  /// The rollout.
  public let rollout: RolloutRecord
  /// The whole group by the trainer's credit rule.
  public let recomputed: GroupAdvantages
  /// Step-SRPO's rule, whose steps are shown one by one.
  let credit: SegmentCredit
  private let configuration: RunConfiguration
  private let index: Int

  /// The arithmetic of rollout `sample`; nil when the group has no such rollout.
  public init?(_ configuration: RunConfiguration, _ group: GroupRecord, sample: Int) {
    guard group.rollouts.indices.contains(sample) else { return nil }
    self.configuration = configuration
    self.group = group
    index = sample
    rollout = group.rollouts[sample]
    credit = SegmentCredit(configuration.algorithm)
    let algorithm = configuration.credit
    recomputed = algorithm(
      group.rollouts.map(\.judged),
      of: QueryHistory(
        successRates: group.history, referenceReward: group.referenceReward, requestedMode: group.item.mode))
  }

  /// All lines in order.
  public var lines: [ArithmeticLine] {
    outcome + evidence + (isStepByStep ? rewards + advantages : presetLines)
  }

  /// Whether the algorithm is Step-SRPO with its segments credited apart.
  private var isStepByStep: Bool {
    configuration.algorithm.preset == .stepSRPO && configuration.algorithm.credit == .segments
  }

  /// Rewards and advantages of any other algorithm: the results of its own rule, which its source file explains.
  private var presetLines: [ArithmeticLine] {
    let name = configuration.algorithm.credit == .sequence ? "sequence credit" : configuration.algorithm.preset.rawValue
    let rule = "by \(name)'s rule from the group's outcomes"
    let advantages = recomputed.advantages[index]
    return [
      line("rewards", "R", rule, recomputed.answerRewards[index], stored: rollout.answerReward),
      line("advantages", "A^J", rule, advantages.judge, stored: rollout.judgeAdvantage),
      line("advantages", "A^g", rule, advantages.gate, stored: rollout.gateAdvantage),
      line("advantages", "A^Y", rule, advantages.answer, stored: rollout.answerAdvantage),
    ]
  }

  /// How many numbers of the group the trainer's credit rule gives again, and how many there are.
  public var agreement: (same: Int, of: Int) {
    var same = 0
    var total = 0
    func compare(_ value: Double?, _ stored: Double?) {
      total += 1
      same +=
        ArithmeticLine(stage: "", symbol: "", text: "", value: value, isStored: true, stored: stored).agrees == true
        ? 1 : 0
    }
    compare(recomputed.evidence.accuracyOn, group.accuracyOn)
    compare(recomputed.evidence.accuracyOff, group.accuracyOff)
    compare(recomputed.evidence.delta, group.delta)
    for (i, rollout) in group.rollouts.enumerated() {
      compare(recomputed.judgeRewards[i], rollout.judgeReward)
      compare(recomputed.answerRewards[i], rollout.answerReward)
      compare(recomputed.advantages[i].judge, rollout.judgeAdvantage)
      compare(recomputed.advantages[i].gate, rollout.gateAdvantage)
      compare(recomputed.advantages[i].answer, rollout.answerAdvantage)
    }
    return (same, total)
  }
}

extension RolloutRecord {
  /// What the credit rule knows of this rollout.
  public var judged: JudgedRollout {
    JudgedRollout(
      kind: kind, gate: gate, valid: invalidReason == nil, outcome: outcome, thinkOnProbability: thinkOnProbability,
      length: length, truncated: truncated, referenceDivergence: referenceDivergence)
  }
}

// MARK: - Outcome, evidence, rewards

extension CreditArithmetic {
  private func number(_ value: Double?) -> String { value.map { String(format: "%.6g", $0) } ?? "none" }

  private func line(_ stage: String, _ symbol: String, _ text: String, _ value: Double?) -> ArithmeticLine {
    ArithmeticLine(stage: stage, symbol: symbol, text: text, value: value)
  }

  private func line(
    _ stage: String, _ symbol: String, _ text: String, _ value: Double?, stored: Double?
  ) -> ArithmeticLine {
    ArithmeticLine(stage: stage, symbol: symbol, text: text, value: value, isStored: true, stored: stored)
  }

  private var outcome: [ArithmeticLine] {
    let flag = rollout.invalidReason == nil ? 1.0 : 0
    let structure = line("outcome", "f", rollout.invalidReason.map { "invalid: \($0)" } ?? "valid structure", flag)
    let outcomes = JudgedGroup.outcomes(
      group.rollouts.map { ($0.invalidReason == nil, $0.verdict) },
      failurePolicy: configuration.verification.failurePolicy)
    guard flag == 1 else {
      return [structure, line("outcome", "r", "c f = 0", outcomes[index], stored: rollout.outcome)]
    }
    let verdict: String
    switch rollout.verdict {
    case .score(let score, _): verdict = "\(group.item.verifier) gives \(number(score))"
    case .abstain(let reason): verdict = "\(group.item.verifier) abstains (\(reason)): no outcome"
    case .failed(let failure):
      verdict = "\(group.item.verifier) failed (\(failure)): \(configuration.verification.failurePolicy.rawValue)"
    case nil: verdict = "no verdict"
    }
    return [
      line("outcome", "c", verdict, rollout.verdict?.score), structure,
      line("outcome", "r", "c f", outcomes[index], stored: rollout.outcome),
    ]
  }

  private func outcomes(of mode: ThinkMode) -> [Double] {
    group.rollouts.filter { $0.mode == mode }.compactMap(\.outcome)
  }

  private func accuracyLine(_ mode: ThinkMode, stored: Double?) -> ArithmeticLine {
    let symbol = "p_\(mode.rawValue)"
    let values = outcomes(of: mode)
    let weight = configuration.algorithm.historyWeight
    guard !values.isEmpty else {
      return line("evidence", symbol, "no scored think-\(mode.rawValue) rollout", nil, stored: stored)
    }
    let sum = values.map(number).joined(separator: " + ")
    guard weight > 0, let past = group.history[mode] else {
      return line("evidence", symbol, "(\(sum)) / \(values.count)", values.mean, stored: stored)
    }
    return line(
      "evidence", symbol,
      "(\(sum) + k0 h) / (n + k0), k0 = \(number(weight)), h = \(number(past)), n = \(values.count)",
      (values.reduce(0, +) + weight * past) / (Double(values.count) + weight), stored: stored)
  }

  private var evidence: [ArithmeticLine] {
    let on = accuracyLine(.on, stored: group.accuracyOn)
    let off = accuracyLine(.off, stored: group.accuracyOff)
    let price = configuration.algorithm.priceOfThinking
    if let mode = group.item.mode {
      let delta = mode == .on ? 1.0 : -1
      return [
        on, off, line("evidence", "Delta", "the user asks for think-\(mode.rawValue)", delta, stored: group.delta),
      ]
    }
    let anySuccess = (outcomes(of: .on) + outcomes(of: .off)).contains { $0 > 0 }
    guard let pOn = on.value, let pOff = off.value, anySuccess || configuration.algorithm.allFail == .off else {
      let why = anySuccess ? "a mode has no evidence" : "neither mode succeeded"
      return [on, off, line("evidence", "Delta", "abstains: \(why)", nil, stored: group.delta)]
    }
    let delta = pOn - pOff - price
    let right = delta > 0 ? "on" : "off"
    return [
      on, off,
      line(
        "evidence", "Delta",
        "p_on - p_off - delta = \(number(pOn)) - \(number(pOff)) - \(number(price)); right mode m* = \(right)", delta,
        stored: group.delta),
    ]
  }

  private var rewards: [ArithmeticLine] {
    guard let gate = rollout.gate else {
      return [
        line("rewards", "R^J", "the gate cannot be read", nil, stored: rollout.judgeReward),
        line(
          "rewards", "R^A", "r", rollout.outcome.map { credit.answerReward(outcome: $0, judgeReward: 0) },
          stored: rollout.answerReward),
      ]
    }
    let evidence = recomputed.evidence
    let judge = credit.judgeReward(gate, evidence)
    let judgeText: String
    switch (evidence.delta, credit.judgeReward.form) {
    case (nil, _): judgeText = "1/2, the group abstains"
    case (_, .hard): judgeText = "1[m = m*], m = \(gate.rawValue), m* = \(evidence.rightMode?.rawValue ?? "")"
    case (let delta?, .soft):
      judgeText =
        (gate == .on ? "" : "1 - ") + "sigmoid(Delta / kappa) = sigmoid(\(number(delta)) / "
        + "\(number(credit.judgeReward.temperature)))"
    }
    let eta = credit.answerReward.modulation
    let answer = rollout.outcome.map { $0 * (1 - eta * (1 - judge)) }
    return [
      line("rewards", "R^J", judgeText, judge, stored: rollout.judgeReward),
      line(
        "rewards", "R^A",
        rollout.outcome.map { "r (1 - eta (1 - R^J)) = \(number($0)) (1 - \(number(eta)) (1 - \(number(judge))))" }
          ?? "no outcome", answer, stored: rollout.answerReward),
    ]
  }
}

// MARK: - Advantages

extension CreditArithmetic {
  private var advantages: [ArithmeticLine] {
    guard recomputed.contributes else {
      return [("A^J", rollout.judgeAdvantage), ("A^g", rollout.gateAdvantage), ("A^Y", rollout.answerAdvantage)].map {
        line("advantages", $0, "the group is left out of the step", 0, stored: $1)
      }
    }
    if rollout.gate == nil, rollout.outcome != nil {
      return [
        line("advantages", "A^J", "-1, the gate cannot be read", -1, stored: rollout.judgeAdvantage),
        line("advantages", "A^g", "-1, the gate cannot be read", -1, stored: rollout.gateAdvantage),
        line("advantages", "A^Y", "no mode, no advantage", 0, stored: rollout.answerAdvantage),
      ]
    }
    let mode = modeAdvantage
    let gate = gateAdvantage(mode.value)
    let answer = answerAdvantage
    guard credit.judgeAnswerShare > 0, let own = answer.last?.value else {
      return [line("advantages", "A^J", mode.text, mode.value, stored: rollout.judgeAdvantage)] + gate + answer
    }
    let judge = line(
      "advantages", "A^J",
      "A^m + xi A^Y = \(number(mode.value)) + \(number(credit.judgeAnswerShare)) * \(number(own))",
      mode.value + credit.judgeAnswerShare * own, stored: rollout.judgeAdvantage)
    return answer + [line("advantages", "A^m", mode.text, mode.value), judge] + gate
  }

  /// What J and g have in common: R^J - mean, of free rollouts.
  private var modeAdvantage: (text: String, value: Double) {
    let free = zip(group.rollouts, recomputed.judgeRewards).filter { $0.0.kind == .free }.compactMap(\.1)
    guard rollout.kind == .free, let own = recomputed.judgeRewards[index], let mean = free.meanIfAny else {
      let why = rollout.kind == .probe ? "a probe did not choose its mode" : "no judge reward"
      return ("0, \(why)", 0)
    }
    return ("R^J - mean over \(free.count) free = \(number(own)) - \(number(mean))", own - mean)
  }

  /// The letters of what J and g have in common: it is J's advantage itself where J has no share in the answer's.
  private var sharedSymbol: String { credit.judgeAnswerShare > 0 ? "A^m" : "A^J" }

  private var judged: [JudgedRollout] { group.rollouts.map(\.judged) }

  private func gateAdvantage(_ judge: Double) -> [ArithmeticLine] {
    func result(_ text: String, _ value: Double) -> ArithmeticLine {
      line("advantages", "A^g", text, value, stored: rollout.gateAdvantage)
    }
    let rests: String?
    if recomputed.evidence.delta == nil {
      rests = "the group abstains"
    } else if credit.counterfactualScale == 0 {
      rests = "switched off"
    } else if let settled {
      rests = "pi(m*) = \(number(settled)) > \(number(credit.settledProbability))"
    } else {
      rests = rollout.outcome == nil ? "no outcome" : nil
    }
    guard rests == nil, let delta = recomputed.evidence.delta, let gate = rollout.gate else {
      return [result("\(sharedSymbol), no counterfactual term: \(rests ?? "no gate")", judge)]
    }
    let members = group.rollouts.filter { $0.gate != nil && $0.outcome != nil }
    let same = members.count { $0.gate == gate }
    let weight = Double(members.count) / Double(2 * max(1, same))
    let fade = credit.fade(judged, recomputed.evidence)
    let pressure = fade * credit.pressure(delta)
    let sign = gate == .on ? "+" : "-"
    return [
      line(
        "advantages", "pressure",
        "fade scale tanh(Delta / kappa) = \(number(fade)) * \(number(credit.counterfactualScale)) "
          + "tanh(\(number(delta)) / \(number(credit.judgeReward.temperature)))", pressure),
      line("advantages", "balance", "n / (2 n_\(gate.rawValue)) = \(members.count) / (2 * \(same))", weight),
      result(
        "\(sharedSymbol) \(sign) balance pressure = \(number(judge)) \(sign) \(number(weight)) * \(number(pressure))",
        judge + weight * (gate == .on ? pressure : -pressure)),
    ]
  }

  /// pi(m*) where it is so sure that the counterfactual term rests.
  private var settled: Double? {
    credit.rightProbability(judged, recomputed.evidence).flatMap { $0 > credit.settledProbability ? $0 : nil }
  }

  /// The lines of the answer segment; the last one is A^Y.
  private var answerAdvantage: [ArithmeticLine] {
    guard let gate = rollout.gate, let outcome = rollout.outcome else {
      return [line("advantages", "A^Y", "no outcome", 0, stored: rollout.answerAdvantage)]
    }
    let isByMode = credit.answerBaseline == .mode
    let values: [Double] =
      isByMode
      ? group.rollouts.filter { $0.gate == gate }.compactMap(\.outcome)
      : zip(group.rollouts, recomputed.answerRewards).filter { $0.0.gate != nil }.compactMap(\.1)
    let own = isByMode ? outcome : recomputed.answerRewards[index] ?? 0
    let over = isByMode ? "\(values.count) think-\(gate.rawValue)" : "\(values.count) of the group"
    let mean = values.mean
    let deviation = values.standardDeviation
    let floor = credit.deviationFloor
    let head = [
      line("advantages", "mu", "mean over \(over)", mean),
      line("advantages", "sigma", "population standard deviation over \(over)", deviation),
    ]
    guard deviation > 0 else {
      return head + [line("advantages", "A^Y", "0, all are equal", 0, stored: rollout.answerAdvantage)]
    }
    let score = (own - mean) / (deviation + floor)
    let z = "(\(number(own)) - \(number(mean))) / (\(number(deviation)) + \(number(floor)))"
    guard isByMode, let judge = recomputed.judgeRewards[index] else {
      return head + [
        line("advantages", "A^Y", "(R^A - mu) / (sigma + floor) = \(z)", score, stored: rollout.answerAdvantage)
      ]
    }
    let weight = credit.answerReward.weight(judgeReward: judge)
    return head + [
      line("advantages", "w", "1 - eta (1 - R^J)", weight),
      line(
        "advantages", "A^Y", "w (r - mu) / (sigma + floor) = \(number(weight)) \(z)", weight * score,
        stored: rollout.answerAdvantage),
    ]
  }
}
