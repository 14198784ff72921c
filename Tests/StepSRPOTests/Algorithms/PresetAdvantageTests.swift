import AutoThink
import Tasks
import Testing
import Verifiers

@testable import StepSRPO

/// Advantages of every preset on the worked group's free rollouts, computed by hand:
/// 6 on with r = 1,1,1,1,1,0 and 2 off with r = 1,0; mean .75, population deviation .4330.
@Suite struct PresetAdvantageTests {
  static let free = Array(WorkedGroupTests.rollouts.prefix(8))

  /// A preset as it stands, with a deviation floor of 0 so that the numbers are round.
  private func result(
    _ preset: AlgorithmSection.Preset, _ rollouts: [JudgedRollout], reference: Double? = nil,
    _ change: (inout AlgorithmSection) -> Void = { _ in }
  ) -> GroupAdvantages {
    var configuration = RunConfiguration(preset: preset)
    configuration.algorithm.deviationFloor = 0
    configuration.rollout.maxNewTokens = 100
    change(&configuration.algorithm)
    let algorithm = configuration.credit
    return algorithm(rollouts, of: QueryHistory(referenceReward: reference))
  }

  private func expect(
    _ result: GroupAdvantages, _ segment: CreditSegment, onRight: Double, onWrong: Double, offRight: Double,
    offWrong: Double
  ) {
    let expected = Array(repeating: onRight, count: 5) + [onWrong, offRight, offWrong]
    for (advantage, value) in zip(result.advantages, expected) {
      #expect(abs(advantage[segment] - value) < 5e-5, "\(segment)")
    }
  }

  @Test(arguments: [AlgorithmSection.Preset.grpo, .srpo, .dapo, .gspo, .cispo], CreditSegment.allCases)
  func groupScores(preset: AlgorithmSection.Preset, segment: CreditSegment) {
    let judged = result(preset, Self.free)
    expect(judged, segment, onRight: 0.5774, onWrong: -1.7321, offRight: 0.5774, offWrong: -1.7321)
    #expect(judged.contributes)
  }

  @Test func differencesWithoutDeviation() {
    let judged = result(.drGRPO, Self.free)
    expect(judged, .answer, onRight: 0.25, onWrong: -0.75, offRight: 0.25, offWrong: -0.75)
  }

  /// Right: 1 - 5/7; wrong: 0 - 6/7.
  @Test func leaveOneOut() {
    let judged = result(.rloo, Self.free)
    expect(judged, .gate, onRight: 0.285714, onWrong: -0.857143, offRight: 0.285714, offWrong: -0.857143)
  }

  /// R = .5 on, 1 off, -1 wrong; their mean is (2.5 - 1 + 1 - 1) / 8 = .1875.
  @Test func thinkless() {
    let judged = result(.thinkless, Self.free)
    expect(judged, .gate, onRight: 0.3125, onWrong: -1.1875, offRight: 0.8125, offWrong: -1.1875)
    #expect(judged.answerRewards == [0.5, 0.5, 0.5, 0.5, 0.5, -1, 1, -1] as [Double?])
  }

  /// A = 1[off] .05 + r - .8.
  @Test func adaptThink() {
    let forced = Self.free.map { rollout in
      var rollout = rollout
      rollout.kind = .probe
      return rollout
    }
    let judged = result(.adaptThink, forced, reference: 0.8)
    expect(judged, .gate, onRight: 0.2, onWrong: -0.8, offRight: 0.25, offWrong: -0.75)
    let unknown = result(.adaptThink, forced)
    #expect(!unknown.contributes, "without a reference reward there is nothing to compare with")
  }

  /// r = right + .2: mean .95, deviation .4330, mean_on 1.0333, mean_off .70, as the definition works them.
  @Test func hipo() {
    let judged = result(.hipo, Self.free)
    expect(judged, .judge, onRight: 0.3657, onWrong: -0.3272, offRight: -0.4041, offWrong: -1.0970)
    expect(judged, .gate, onRight: 0.3657, onWrong: -0.3272, offRight: -0.4041, offWrong: -1.0970)
    expect(judged, .answer, onRight: 0.4472, onWrong: -2.2361, offRight: 1, offWrong: -1)
  }

  /// Both modes at 2/3 + .2: off is raised by a hundredth of that and its judge advantage is the greater.
  @Test func hipoLeansToOffWhereItTies() {
    let modes: [ThinkMode] = [.on, .on, .on, .off, .off, .off]
    let outcomes: [Double] = [1, 1, 0, 1, 1, 0]
    let all = zip(modes, outcomes).map { JudgedRollout(kind: .free, gate: $0, valid: true, outcome: $1) }
    let tied = result(.hipo, all).advantages
    let raised = 0.01 * (2.0 / 3 + 0.2) / 0.471_404_52
    #expect(abs(tied[3].judge - tied[0].judge - raised) < 1e-6)
    let none = result(.hipo, all) { $0.offBias = 0 }.advantages
    #expect(none[3].judge == none[0].judge)
  }

  /// p_on .8333 > p_off .5 + .2: on is better. inter: 6 ones, 2 zeros; intra: the right answers.
  @Test func hgpo() {
    let judged = result(.hgpo, Self.free)
    expect(judged, .judge, onRight: 1.1547, onWrong: -1.1547, offRight: -1.1547, offWrong: -3.4641)
    expect(judged, .answer, onRight: 0.5774, onWrong: -1.7321, offRight: 0.5774, offWrong: -1.7321)
    let wide = result(.hgpo, Self.free) { $0.modeMargin = 0.4 }.advantages
    #expect(wide[6].judge > wide[0].judge, "within the margin off is the better mode")
  }

  /// Budget 100, buffer 20: 80 tokens are free, 90 pay .5, a cut response pays 1.
  @Test func dapoPenalty() {
    var rollouts = (0..<3).map { _ in JudgedRollout(kind: .free, gate: .on, valid: true, outcome: 1) }
    rollouts[0].length = 80
    rollouts[1].length = 90
    rollouts[2].length = 100
    rollouts[2].truncated = true
    let judged = result(.dapo, rollouts) { $0.overlongBuffer = 20 }
    #expect(judged.answerRewards == [1, 0.5, 0] as [Double?])
    #expect(abs(judged.advantages[0].answer - 1.224745) < 1e-5)
  }

  @Test func srpoSilencesOverlongResponses() {
    var rollouts = Self.free
    rollouts[5].truncated = true
    let judged = result(.srpo, rollouts)
    #expect(judged.advantages[5].isZero)
    #expect(abs(judged.advantages[0].answer - 0.5774) < 5e-5, "it stays in the baseline")
  }

  /// R = r - .05 (sum of d): with d = 2 on one response the mean falls by .1 / 8 and its own reward by .1.
  @Test func k1InTheReward() {
    var rollouts = Self.free
    for i in rollouts.indices { rollouts[i].referenceDivergence = i == 0 ? 2 : 0 }
    let judged = result(.rloo, rollouts)
    #expect(abs(judged.answerRewards[0]! - 0.9) < 1e-12)
    #expect(abs(judged.advantages[0].answer - (0.9 - 5.0 / 7)) < 1e-12)
    #expect(abs(judged.advantages[1].answer - (1 - 4.9 / 7)) < 1e-12)
  }

  @Test(arguments: AlgorithmSection.Preset.allCases)
  func failedVerdictsLeaveMeansAndGradient(preset: AlgorithmSection.Preset) {
    let missing = JudgedRollout(kind: .free, gate: .on, valid: true, outcome: nil)
    let with = result(preset, Self.free + [missing], reference: 0.8)
    let without = result(preset, Self.free, reference: 0.8)
    #expect(Array(with.advantages.prefix(8)) == without.advantages || preset == .stepSRPO)
    #expect(with.advantages[8].answer == 0 && with.answerRewards[8] == nil)
  }

  /// Every answer is right; the users ask for one mode: whichever it is, its responses gain and the others lose.
  @Test(arguments: AlgorithmSection.Preset.allCases, ThinkMode.allCases)
  func whatUsersAskForIsLearnt(preset: AlgorithmSection.Preset, asked: ThinkMode) throws {
    let configuration = RunConfiguration(preset: preset)
    let kind: RolloutKind = configuration.rollout.freeRollouts > 0 ? .free : .probe
    let rollouts = (0..<8).map {
      JudgedRollout(
        kind: kind, gate: $0 < 4 ? .on : .off, valid: true, outcome: 1, thinkOnProbability: 0.5, length: 20)
    }
    let history = QueryHistory(referenceReward: 0.5, requestedMode: asked)
    let judged = configuration.credit(rollouts, of: history)
    #expect(judged.evidence.rightMode == asked)
    let obeying = asked == .on ? judged.advantages[0] : judged.advantages[7]
    let other = asked == .on ? judged.advantages[7] : judged.advantages[0]
    #expect(obeying.gate > other.gate + 0.05 && other.gate < 0, "\(obeying) \(other)")

    // And `explain` works the same numbers out again.
    var item = TaskItem(id: "q", prompt: "?", domain: .math, verifier: "math")
    item.mode = asked
    let records = rollouts.enumerated().map { i, rollout in
      var record = RolloutRecord(
        sample: i, kind: rollout.kind, text: "", length: rollout.length, truncated: false, mode: rollout.gate,
        invalidReason: nil)
      record.gate = rollout.gate
      record.verdict = .score(1, VerdictDetail())
      record.outcome = rollout.outcome
      record.thinkOnProbability = rollout.thinkOnProbability
      record.judgeReward = judged.judgeRewards[i]
      record.answerReward = judged.answerRewards[i]
      record.judgeAdvantage = judged.advantages[i].judge
      record.gateAdvantage = judged.advantages[i].gate
      record.answerAdvantage = judged.advantages[i].answer
      return record
    }
    var group = GroupRecord(
      item: item, accuracyOn: judged.evidence.accuracyOn, accuracyOff: judged.evidence.accuracyOff,
      delta: judged.evidence.delta, rightMode: judged.evidence.rightMode, contributes: judged.contributes,
      rollouts: records)
    group.referenceReward = 0.5
    for sample in records.indices {
      let arithmetic = try #require(CreditArithmetic(configuration, group, sample: sample))
      #expect(arithmetic.agreement.same == arithmetic.agreement.of)
      #expect(arithmetic.lines.allSatisfy { $0.agrees != false })
    }
  }

  @Test(arguments: AlgorithmSection.Preset.allCases)
  func nothingToLearnFromIsZero(preset: AlgorithmSection.Preset) {
    let flat = (0..<4).map { _ in JudgedRollout(kind: .free, gate: .on, valid: false, outcome: 0) }
    let judged = result(preset, flat, reference: 0)
    #expect(!judged.contributes && judged.advantages.allSatisfy(\.isZero))
  }
}

/// The ablations of Step-SRPO that configurations can name.
@Suite struct AblationTests {
  private func credit(_ change: (inout AlgorithmSection) -> Void) -> SegmentCredit {
    var section = AlgorithmSection()
    section.deviationFloor = 0
    change(&section)
    return SegmentCredit(section)
  }

  @Test func allFailTiesAsOff() {
    let rollouts = [ThinkMode.on, .on, .off, .off].map {
      JudgedRollout(kind: .free, gate: $0, valid: true, outcome: 0, thinkOnProbability: 0.5)
    }
    let result = credit { $0.allFail = .off }(rollouts)
    #expect(result.evidence.rightMode == .off && result.contributes)
    #expect(result.advantages[0].gate < 0 && result.advantages[2].gate > 0)
  }

  /// R^A on the worked group: 1 x5, 0, .7, 0, .7, .7; mean .71, deviation sqrt(.6470 - .5041) = .3780.
  @Test func sequenceCredit() {
    let result = credit { $0.credit = .sequence }(WorkedGroupTests.rollouts)
    for (i, value) in [0.7671, 0.7671, 0.7671, 0.7671, 0.7671, -1.8781, -0.0265, -1.8781].enumerated() {
      #expect(abs(result.advantages[i].answer - value) < 5e-4)
      #expect(result.advantages[i].judge == result.advantages[i].answer)
      #expect(result.advantages[i].gate == result.advantages[i].answer)
    }
    #expect(result.advantages[8].gate == 0 && result.advantages[8].answer != 0, "a probe's gate was not a choice")
  }
}
