import AutoThink
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
}
