import AutoThink
import Foundation
import LanguageModel
import StrictJSON
import Tasks
import Testing
import Verifiers

@testable import StepSRPO

@Suite struct CollapseMonitorTests {
  private let codec: ResponseCodec

  init() throws { codec = try ResponseCodec(tokenizer: ByteTokenizer(), template: PromptTemplate(.compact)) }

  /// A group of two responses a mode at a difficulty, with success rates 0, 1/2 or 1 by mode.
  private func group(
    _ difficulty: String, on: Double, off: Double, thinkOn: Double, preset: AlgorithmSection.Preset,
    allFail: ModeEvidence.AllFail = .abstain
  ) -> JudgedGroup {
    var configuration = RunConfiguration(preset: preset)
    configuration.algorithm.allFail = allFail
    var rollouts: [Rollout] = []
    for (mode, rate) in [(ThinkMode.on, on), (.off, off)] {
      for place in 0..<2 {
        let tokens = codec.response(AutoThinkResponse(judge: "j", mode: mode, think: "t", answer: "a"))
        var rollout = Rollout(
          sample: rollouts.count, kind: .free, tokens: tokens, logProbs: tokens.map { _ in -1 }, truncated: false,
          thinkOnProbability: thinkOn, response: codec.parse(tokens, truncated: false), text: "")
        rollout.verdict = .score(Double(place) < 2 * rate ? 1 : 0, VerdictDetail())
        rollouts.append(rollout)
      }
    }
    let item = TaskItem(
      id: difficulty, prompt: "q", domain: .math, verifier: "exact",
      fields: JSONObject([("level", .string(difficulty))]))
    return JudgedGroup(
      RolloutGroup(query: 0, item: item, prompt: [1], rollouts: rollouts), algorithm: configuration.credit,
      failurePolicy: .dropSample)
  }

  private func raised(by groups: [JudgedGroup], steps: Int = 3) -> CollapseMonitor.Alarm? {
    var monitor = CollapseMonitor()
    var last: CollapseMonitor.Alarm?
    for _ in 0..<steps { last = monitor.observe(groups, price: 0.05, window: 3) ?? last }
    return last
  }

  /// Outcome reward alone: thinking helps on hard queries and is no worse on easy ones, so all pressure is to think.
  @Test func alwaysThinkIsSeenBeforeTheRateMoves() throws {
    let groups = [
      group("easy", on: 1, off: 1, thinkOn: 0.9, preset: .grpo),
      group("hard", on: 1, off: 0, thinkOn: 0.9, preset: .grpo),
    ]
    let alarm = try #require(raised(by: groups))
    #expect(alarm.mode == .on && alarm.against == ["easy"] && alarm.pressure > 0.5)
    #expect(abs(alarm.thinkOn - 0.9) < 1e-12)
    #expect(alarm.text.contains("always-think") && alarm.text.contains("easy"))
  }

  /// Ties of two failures counted as "off is right": never-think on the hardest queries, at a rate still of 90 %.
  @Test func neverThinkIsSeenBeforeTheRateMoves() throws {
    let groups = [
      group("easy", on: 1, off: 1, thinkOn: 0.9, preset: .stepSRPO, allFail: .off),
      group("hard", on: 0, off: 0, thinkOn: 0.9, preset: .stepSRPO, allFail: .off),
    ]
    let alarm = try #require(raised(by: groups))
    #expect(alarm.mode == .off && alarm.against == ["hard"] && alarm.pressure < -0.5)
  }

  /// Step-SRPO pushes easy queries to off and hard ones to on: nothing collapses.
  @Test func learningIsNotCollapse() {
    let groups = [
      group("easy", on: 1, off: 1, thinkOn: 0.9, preset: .stepSRPO),
      group("hard", on: 1, off: 0, thinkOn: 0.9, preset: .stepSRPO),
    ]
    #expect(raised(by: groups) == nil)
  }

  /// Where thinking pays everywhere, all leaning to on is right.
  @Test func agreeingWithTheEvidenceIsNotCollapse() {
    let groups = ["easy", "hard"].map { group($0, on: 1, off: 0, thinkOn: 0.9, preset: .stepSRPO) }
    #expect(raised(by: groups) == nil)
  }

  /// Half as many answers more with thinking: worth a price of 0.05, not one of 0.6.
  @Test func evidenceIsJudgedByTheRunsPriceOfThinking() throws {
    let groups = ["easy", "hard"].map { group($0, on: 1, off: 0.5, thinkOn: 0.9, preset: .grpo) }
    func alarm(price: Double) -> CollapseMonitor.Alarm? {
      var monitor = CollapseMonitor()
      return (1...3).compactMap { _ in monitor.observe(groups, price: price, window: 3) }.first
    }
    #expect(alarm(price: 0.05) == nil, "thinking pays everywhere")
    #expect(alarm(price: 0.6)?.against == ["easy", "hard"], "nowhere does it pay its price")
  }

  /// The trainer hands the run's own price on: at a price of all accuracy thinking is never worth it.
  @Test(arguments: [0.0, 1]) func theTrainerKnowsThePrice(price: Double) throws {
    let fixture = TrainerTests()
    var configuration = fixture.configuration()
    configuration.algorithm.priceOfThinking = price
    let trainer = try fixture.trainer(configuration, fixture.policy(configuration), Recorder())
    _ = try trainer.train()
    let seen = String(decoding: try JSONEncoder().encode(trainer.state.collapse), as: UTF8.self)
    #expect(seen.contains(/"betterOn":[1-9]/) == (price == 0), "\(seen)")
  }

  @Test func anAlarmIsRaisedOnceAndOnlyOverAWholeWindow() throws {
    let groups = [
      group("easy", on: 1, off: 1, thinkOn: 0.9, preset: .grpo),
      group("hard", on: 1, off: 0, thinkOn: 0.9, preset: .grpo),
    ]
    var monitor = CollapseMonitor()
    var raised: [Int] = []
    for step in 1...8 {
      if step == 5 { monitor = try JSONDecoder().decode(CollapseMonitor.self, from: JSONEncoder().encode(monitor)) }
      if monitor.observe(groups, price: 0.05, window: 3) != nil { raised.append(step) }
    }
    #expect(raised == [3], "once, and a stored monitor remembers it")
  }

  /// Paid for not thinking whatever the outcome, every gate is pushed to off: the run warns, keeps a checkpoint, stops.
  @Test(arguments: [LimitsSection.Collapse.stop, .warn, .off])
  func aCollapseStopsTheRunWhereAsked(action: LimitsSection.Collapse) throws {
    let root = NSTemporaryDirectory() + "collapse-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    let fixture = TrainerTests()
    var configuration = fixture.configuration(preset: .drGRPO)
    configuration.algorithm.offBonus = 5
    configuration.limits.window = 2
    configuration.limits.collapse = action
    let recorder = Recorder()
    let keeper = FolderKeeper(root)
    let trainer = try fixture.trainer(configuration, fixture.policy(configuration), recorder, keeper: keeper)
    guard action == .stop else {
      #expect(try trainer.train() == .finished)
      #expect(recorder.warnings.isEmpty == (action == .off))
      return
    }
    var step = 0
    #expect {
      try trainer.train()
    } throws: { error in
      guard case RunLimitError.collapse(let at, let evidence) = error else { return false }
      step = at
      return evidence.contains("never-think")
    }
    #expect(recorder.warnings.count == 1 && step >= 2)
    #expect(FileManager.default.fileExists(atPath: "\(keeper.path(step))/trainer_state.json"))
  }
}
