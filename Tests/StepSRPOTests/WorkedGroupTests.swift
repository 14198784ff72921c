import AutoThink
import Testing

@testable import StepSRPO

/// The worked group of the algorithm's definition, to four decimals.
///
/// Free: 6 on with r = 1,1,1,1,1,0 and 2 off with r = 1,0. Probes: 2 off with r = 1,1.
@Suite struct WorkedGroupTests {
  static let rollouts: [JudgedRollout] =
    [1, 1, 1, 1, 1, 0].map { JudgedRollout(kind: .free, gate: .on, valid: true, outcome: $0) }
    + [1, 0].map { JudgedRollout(kind: .free, gate: .off, valid: true, outcome: $0) }
    + [1, 1].map { JudgedRollout(kind: .probe, gate: .off, valid: true, outcome: $0) }

  private func credit(floor: Double = 0) -> SegmentCredit {
    var credit = SegmentCredit()
    credit.deviationFloor = floor
    return credit
  }

  @Test func evidence() throws {
    let evidence = credit()(Self.rollouts).evidence
    #expect(abs(evidence.accuracyOn! - 0.8333) < 5e-5)
    #expect(evidence.accuracyOff == 0.75)
    #expect(abs(evidence.delta! - 0.0333) < 5e-5)
    #expect(evidence.rightMode == .on)
  }

  @Test func judgeAdvantages() {
    let advantages = credit()(Self.rollouts).advantages
    for i in 0..<6 { #expect(abs(advantages[i].judge - 0.25) < 1e-12) }
    for i in 6..<8 { #expect(abs(advantages[i].judge + 0.75) < 1e-12) }
    for i in 8..<10 { #expect(advantages[i].judge == 0, "a probe's J gets no gradient from its outcome") }
  }

  @Test func counterfactualGateTerm() {
    let advantages = credit()(Self.rollouts).advantages
    // 10 gate tokens, 6 on and 4 off: each mode carries half of the query's weight.
    #expect(abs((advantages[0].gate - advantages[0].judge) - 0.0663 * 10 / 12) < 5e-5)
    #expect(abs((advantages[8].gate - advantages[8].judge) + 0.0663 * 10 / 8) < 5e-5)
    let total = advantages.reduce(0) { $0 + $1.gate - $1.judge }
    #expect(abs(total) < 1e-12)
  }

  @Test func judgeTakesItsShareOfTheAnswersAdvantageAndTheGateDoesNot() {
    var sharing = credit()
    sharing.judgeAnswerShare = 0.5
    let shared = sharing(Self.rollouts).advantages
    let plain = credit()(Self.rollouts).advantages
    #expect(abs(shared[0].judge - (0.25 + 0.5 * 0.4472)) < 5e-5)
    #expect(abs(shared[5].judge - (0.25 - 0.5 * 2.2361)) < 5e-5, "the right mode, a wrong answer")
    #expect(abs(shared[7].judge - (-0.75 - 0.5 * 1.2124)) < 5e-5)
    #expect(abs(shared[9].judge - 0.5 * 0.4041) < 5e-5, "a probe's J wrote what its answer followed")
    #expect(shared.map(\.gate) == plain.map(\.gate) && shared.map(\.answer) == plain.map(\.answer))
  }

  @Test func pressureFadesTowardsTheSettledProbability() {
    func gate(_ probability: Double, settled: Double = 0.97) -> Double {
      var credit = SegmentCredit()
      credit.settledProbability = settled
      return credit(
        Self.rollouts.map {
          var rollout = $0
          rollout.thinkOnProbability = probability
          return rollout
        }
      ).advantages[8].gate
    }
    // log-odds of .97 are 3.476, of .9 2.197: (3.476 - 2.197) / 2 = .6395 of the pressure is left.
    #expect(abs(gate(0.9) / gate(0.5) - 0.6395) < 1e-3)
    #expect(gate(0.75) == gate(0.5) && gate(0) == gate(0.5), "more than two nats away: all of it")
    #expect(gate(0.98) == 0 && gate(1, settled: 1) == 0)
  }

  @Test func softJudgeReward() {
    let evidence = credit()(Self.rollouts).evidence
    let reward = JudgeReward(form: .soft, temperature: 0.25)
    #expect(abs(reward(.on, evidence) - 0.5333) < 5e-5)
    #expect(abs(reward(.off, evidence) - 0.4667) < 5e-5)
  }

  @Test func answerAdvantagesAreModeLocal() {
    let plain = credit()(Self.rollouts).advantages
    #expect(abs(plain[0].answer - 0.4472) < 5e-5)
    #expect(abs(plain[5].answer + 2.2361) < 5e-5)
    #expect(abs(plain[6].answer - 0.4041) < 5e-5)
    #expect(abs(plain[7].answer + 1.2124) < 5e-5)
    #expect(abs(plain[9].answer - 0.4041) < 5e-5)
    let floored = credit(floor: 0.1)(Self.rollouts).advantages
    #expect(abs(floored[5].answer + 2.2361 * 0.37268 / 0.47268) < 5e-5)
    #expect(abs(floored[7].answer + 1.2124 * 0.43301 / 0.53301) < 5e-5)
  }

  @Test func answerRewards() {
    let rewards = credit()(Self.rollouts).answerRewards
    let expected: [Double?] = [1, 1, 1, 1, 1, 0, 0.7, 0, 0.7, 0.7]
    #expect(rewards == expected)
  }
}

@Suite struct DegenerateGroupTests {
  private func rollouts(on: [Double?], off: [Double?], pOn: Double = 0.5) -> [JudgedRollout] {
    on.map { JudgedRollout(kind: .free, gate: .on, valid: true, outcome: $0, thinkOnProbability: pOn) }
      + off.map { JudgedRollout(kind: .free, gate: .off, valid: true, outcome: $0, thinkOnProbability: pOn) }
  }

  @Test func allFailAbstains() {
    let result = SegmentCredit()(rollouts(on: [0, 0], off: [0, 0]))
    #expect(result.evidence.rightMode == nil)
    let indifferent: [Double?] = [0.5, 0.5, 0.5, 0.5]
    #expect(result.judgeRewards == indifferent)
    #expect(!result.contributes)
    #expect(result.advantages.allSatisfy { $0.isZero })
  }

  @Test func oneModeWithoutEvidenceAbstains() {
    let result = SegmentCredit()(rollouts(on: [1, 0], off: []))
    #expect(result.evidence.delta == nil)
    #expect(result.advantages[0].judge == 0)
    #expect(result.advantages[0].answer > 0, "the answers still differ")
    #expect(result.contributes)
  }

  @Test func flatAnswersStillTeachTheGate() {
    let result = SegmentCredit()(rollouts(on: [1, 1], off: [1, 1]))
    #expect(result.evidence.rightMode == .off, "ties go to off")
    #expect(result.contributes)
    #expect(result.advantages[0].gate < 0 && result.advantages[2].gate > 0)
    #expect(result.advantages.allSatisfy { $0.answer == 0 })
  }

  @Test func settledFlatGroupRests() {
    let result = SegmentCredit()(rollouts(on: [1], off: [1, 1, 1], pOn: 0.01))
    #expect(!result.contributes)
    #expect(result.advantages.allSatisfy { $0.isZero })
  }

  @Test func unparsableGateIsPunishedAndIsNoEvidence() {
    let broken = JudgedRollout(kind: .free, gate: nil, valid: false, outcome: 0)
    let result = SegmentCredit()(rollouts(on: [1, 1], off: [1, 1]) + [broken])
    #expect(result.advantages[4].judge == -1 && result.advantages[4].gate == -1)
    #expect(result.evidence.accuracyOn == 1 && result.evidence.accuracyOff == 1)
    #expect(result.judgeRewards[4] == nil)
  }

  @Test func brokenAnswerKeepsOutOfTheEvidenceButLosesWithinItsMode() {
    let broken = JudgedRollout(kind: .free, gate: .off, valid: false, outcome: 0)
    let result = SegmentCredit()(rollouts(on: [1], off: [1, 1]) + [broken])
    #expect(result.evidence.accuracyOff == 1)
    #expect(result.advantages[3].answer < 0 && result.advantages[1].answer > 0)
  }

  @Test func failedVerdictsAreNotZeros() {
    let with = SegmentCredit()(rollouts(on: [1, 1, nil], off: [1, 0, nil]))
    let without = SegmentCredit()(rollouts(on: [1, 1], off: [1, 0]))
    #expect(with.evidence == without.evidence)
    #expect(with.advantages[2].answer == 0 && with.answerRewards[2] == nil)
    #expect(with.advantages[3].answer == without.advantages[2].answer)
  }

  @Test func historyShrinksTheEvidence() {
    let evidence = ModeEvidence(
      [(.on, 1), (.on, 1), (.off, 1), (.off, 0)], priceOfThinking: 0.05, history: [.off: 1], historyWeight: 2)
    #expect(evidence.accuracyOff == 0.75)
    #expect(evidence.accuracyOn == 1)
  }
}
