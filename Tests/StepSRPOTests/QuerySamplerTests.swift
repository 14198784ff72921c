import AutoThink
import Foundation
import Tasks
import Testing

@testable import StepSRPO

@Suite struct QuerySamplerTests {
  @Test func anEpochAsksEveryQueryOnce() {
    var sampler = QuerySampler(count: 10, seed: 3)
    let first = sampler.next(4) + sampler.next(6)
    #expect(first.sorted() == Array(0..<10))
    #expect(sampler.epoch == 0)
    let second = sampler.next(10)
    #expect(second.sorted() == Array(0..<10) && second != first)
  }

  @Test func orderIsAFunctionOfTheSeed() {
    var a = QuerySampler(count: 50, seed: 3)
    var b = QuerySampler(count: 50, seed: 3)
    var c = QuerySampler(count: 50, seed: 4)
    let order = a.next(120)
    #expect(order == b.next(120))
    #expect(order != c.next(120))
  }

  @Test func onlySettledThinkOffRests() {
    var rules = ResamplingSection()
    rules.readmission = 0
    var sampler = QuerySampler(count: 4, seed: 1, rules: rules)
    _ = sampler.next(4)
    let right: [(mode: ThinkMode, outcome: Double)] = [(.on, 1), (.off, 1)]
    sampler.record(query: 0, outcomes: right, thinkOff: 0.95)  // rests
    sampler.record(query: 1, outcomes: right, thinkOff: 0.5)  // the gate still has to learn
    sampler.record(query: 2, outcomes: [(.on, 1), (.off, 0)], thinkOff: 0.95)  // off is not always right
    sampler.record(query: 3, outcomes: [(.on, 1)], thinkOff: 0.95)  // no evidence about off
    #expect(sampler.next(3).sorted() == [1, 2, 3])
  }

  @Test func restingQueriesComeBack() {
    var rules = ResamplingSection()
    rules.readmission = 1
    var sampler = QuerySampler(count: 2, seed: 1, rules: rules)
    _ = sampler.next(2)
    sampler.record(query: 0, outcomes: [(.off, 1)], thinkOff: 1)
    #expect(sampler.next(2).sorted() == [0, 1])
  }

  @Test func alwaysWrongRestsForOneEpoch() {
    var sampler = QuerySampler(count: 2, seed: 1)
    for _ in 0..<3 {
      _ = sampler.next(2)
      sampler.record(query: 0, outcomes: [(.on, 0), (.off, 0)], thinkOff: nil)
      sampler.record(query: 1, outcomes: [(.on, 1), (.off, 0)], thinkOff: nil)
    }
    #expect(sampler.next(1) == [1], "after three epochs of only wrong answers query 0 rests")
    #expect(sampler.next(2).sorted() == [0, 1], "and is back in the epoch after")
  }

  @Test func aPoolThatRestsAltogetherIsAskedAnyway() {
    var rules = ResamplingSection()
    rules.readmission = 0
    var sampler = QuerySampler(count: 2, seed: 1, rules: rules)
    _ = sampler.next(2)
    for query in 0..<2 { sampler.record(query: query, outcomes: [(.off, 1)], thinkOff: 1) }
    #expect(sampler.next(2).sorted() == [0, 1])
  }

  @Test func historyGivesSuccessRates() {
    var sampler = QuerySampler(count: 1, seed: 1)
    sampler.record(query: 0, outcomes: [(.on, 1), (.on, 0), (.off, 1)], thinkOff: nil)
    #expect(sampler.successRates(of: 0) == [.on: 0.5, .off: 1])
  }

  @Test func srpoDropsWhatIsAllRightAndOnlyThat() {
    var rules = ResamplingSection()
    rules.rule = .srpo
    var sampler = QuerySampler(count: 3, seed: 1, rules: rules)
    for _ in 0..<4 {
      _ = sampler.next(3)
      sampler.record(query: 0, outcomes: [(.on, 1), (.off, 1)], thinkOff: 0)
      sampler.record(query: 1, outcomes: [(.on, 1), (.off, 0)], thinkOff: 1)
      sampler.record(query: 2, outcomes: [(.on, 0), (.off, 0)], thinkOff: nil)
    }
    #expect(Set(sampler.next(4)) == [1, 2], "0 is gone for good, 2 never rests")
  }

  private func stage(_ steps: Int, _ domains: [Domain], _ mix: MixSection = MixSection()) -> StageSection {
    var stage = StageSection()
    stage.steps = steps
    stage.domains = domains
    stage.mix = mix
    return stage
  }

  /// 6 math and 4 code queries, the first three of each easy.
  private func pool(_ stages: [StageSection]) -> QuerySampler {
    let queries = (0..<10).map { i -> (domain: Domain, difficulty: Double?) in
      (i < 6 ? .math : .code, [0, 1, 2, 6, 7, 8].contains(i) ? 0.1 : 0.9)
    }
    return QuerySampler(queries: queries, stages: stages, seed: 5, rules: ResamplingSection())
  }

  @Test func stagesFollowOneAnother() {
    var sampler = pool([stage(2, [.math]), stage(0, [.math, .code])])
    #expect(sampler.next(4, step: 1).allSatisfy { $0 < 6 })
    #expect(sampler.next(4, step: 2).allSatisfy { $0 < 6 })
    #expect(sampler.next(10, step: 3).sorted() == Array(0..<10), "the second stage begins with an epoch of its own")
    #expect(sampler.stage == 1 && QuerySampler.stage(at: 99, sampler.stages) == 1)
  }

  @Test func mixesWeighDomainsAndDifficulty() {
    var mix = MixSection()
    mix.code = 0
    mix.easyShare = 0.25
    var sampler = pool([stage(0, [], mix)])
    let drawn = sampler.next(6_000)
    #expect(drawn.allSatisfy { $0 < 6 })
    let easy = Double(drawn.count { $0 < 3 }) / 6_000
    #expect(abs(easy - 0.25) < 0.03, "\(easy)")

    mix = MixSection()
    mix.hardBias = 2
    var hard = pool([stage(0, [.math], mix)])
    let times = hard.next(6_000).reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    // 1 + 2 * .9 = 2.8 against 1 + 2 * .1 = 1.2.
    let ratio = Double(times[4] ?? 0) / Double(times[0] ?? 1)
    #expect(abs(ratio - 2.8 / 1.2) < 0.25, "\(ratio)")
  }

  /// Weights whose sum is no number ask every query once.
  @Test func weightsThatOverflowAreNone() {
    var mix = MixSection()
    (mix.math, mix.hardBias, mix.easyShare) = (1e308, 1e308, 0.5)
    var sampler = pool([stage(0, [.math], mix)])
    #expect(Set(sampler.next(20)).count > 1)
  }

  @Test func difficultyFollowsThePassRate() {
    var sampler = pool([StageSection()])
    sampler.record(query: 0, outcomes: [(.on, 1)], thinkOff: nil, passRate: 0.5)
    #expect(abs(sampler.history[0].difficulty! - 0.3) < 1e-12, "halfway between .1 and .5")
    var unknown = QuerySampler(count: 1, seed: 1)
    unknown.record(query: 0, outcomes: [(.on, 1)], thinkOff: nil, passRate: 0.75)
    #expect(unknown.history[0].difficulty == 0.25)
  }

  @Test func aStoredSamplerGoesOnAlike() throws {
    var mix = MixSection()
    mix.hardBias = 1
    mix.easyShare = 0.3
    var sampler = pool([stage(3, [.math]), stage(0, [], mix)])
    for step in 1...4 {
      for query in sampler.next(5, step: step) {
        sampler.record(query: query, outcomes: [(.on, 1)], thinkOff: 0.2, passRate: Double(query) / 10)
      }
    }
    var restored = try JSONDecoder().decode(QuerySampler.self, from: JSONEncoder().encode(sampler))
    for step in 5...12 { #expect(sampler.next(5, step: step) == restored.next(5, step: step)) }
  }
}
