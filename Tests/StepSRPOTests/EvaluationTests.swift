import AutoThink
import StrictJSON
import Tasks
import Testing
import Verifiers

@testable import StepSRPO

/// The arithmetic of evaluations on made-up responses.
@Suite struct EvaluationTests {
  private func sample(
    _ score: Double?, mode: ThinkMode? = .on, forced: ThinkMode? = nil, length: Int = 10, answer: String? = nil,
    p: Double? = nil
  ) -> EvaluatedSample {
    EvaluatedSample(
      forced: forced, sample: 0, mode: mode, gate: mode, length: length, truncated: false,
      invalidReason: mode == nil ? "no_gate" : nil, thinkOnProbability: p, verdict: score == nil ? "abstain" : "score",
      score: score, extracted: answer, reason: nil, text: "")
  }

  private func item(_ free: [EvaluatedSample], _ forced: [ThinkMode: [EvaluatedSample]] = [:], mode: ThinkMode? = nil)
    -> EvaluatedItem
  {
    EvaluatedItem(
      item: TaskItem(id: "x", prompt: "?", domain: .math, verifier: "math", mode: mode), free: free, forced: forced)
  }

  private func summary(_ items: [EvaluatedItem]) -> EvaluationSummary {
    EvaluationSummary(EvaluationResults(items: items))
  }

  private func isNear(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    a.map { abs($0 - b) <= tolerance } ?? false
  }

  @Test func wilsonsIntervals() throws {
    // Newcombe 1998, Table I, method 3: 81/263, 15/148, 0/20, 1/29.
    for (r, n, low, high) in [
      (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718),
    ] {
      let interval = try #require(ConfidenceInterval(successes: r, of: n))
      #expect(isNear(interval.low, low, 5e-5) && isNear(interval.high, high, 5e-5), "\(r)/\(n): \(interval)")
    }
    #expect(ConfidenceInterval(successes: 0, of: 0) == nil)
    #expect(ConfidenceInterval(successes: 20, of: 20)?.high == 1)
    #expect(ConfidenceInterval(ofMean: [1, 0, 1])?.method == .wilson)
  }

  @Test func theBootstrapFindsTheSpreadOfAMean() throws {
    // 400 values with deviation 1: the mean's 95 % interval is about +-0.098 wide.
    let values = (0..<400).map { $0 % 2 == 0 ? 4.0 : 6.0 }
    let interval = try #require(ConfidenceInterval(ofMean: values))
    #expect(interval.method == .bootstrap)
    #expect(isNear(interval.low, 5 - 0.098, 0.02) && isNear(interval.high, 5 + 0.098, 0.02), "\(interval)")
    #expect(ConfidenceInterval(ofMean: values) == interval)
    #expect(ConfidenceInterval(bootstrapping: [1]) == nil && ConfidenceInterval(ofMean: []) == nil)
  }

  @Test func whatVerifiersCouldNotScoreIsCountedAndInNoMean() throws {
    var failed = sample(nil, answer: nil)
    (failed.verdict, failed.reason) = ("failed", "timeout: 5 s")
    var invalid = sample(0, mode: nil)
    invalid.verdict = nil
    var code = item([sample(1), failed, failed, sample(nil), invalid])
    code = EvaluatedItem(
      item: TaskItem(id: "c", prompt: "?", domain: .code, verifier: "code"), free: code.free)
    let summary = summary([code, item([sample(0)])])
    #expect(summary.verifiers.map(\.name) == ["code", "math"])
    let usage = summary.verifiers[0].usage
    #expect((usage.requests, usage.scores, usage.abstentions, usage.failures) == (4, 1, 1, 2))
    #expect(usage.firstFailure == "timeout: 5 s")
    // The mean of the item is over the scored response and the invalid one, (1 + 0) / 2.
    #expect(summary.accuracy == 0.25)
    let json = summary.json(seconds: 1)["verifiers"]
    #expect(json?["code"]?["failures"]?.int == 2 && json?["code"]?["first_failure"] == "timeout: 5 s")
    #expect(json?["math"]?["scores"]?.int == 1 && json?["math"]?["first_failure"] == nil)
    #expect(EvaluationSummary(EvaluationResults(items: [item([failed])])).accuracy == nil)
  }

  @Test func passAndMajority() {
    let four = item([
      sample(1, answer: "5"), sample(0, answer: "6"), sample(0, answer: "6"), sample(1, answer: "5"),
    ])
    let s = summary([four])
    #expect(s.ks == [1, 2, 4])
    #expect(isNear(s.pass(at: 1), 0.5) && isNear(s.pass(at: 2), 1 - 1.0 / 6) && isNear(s.pass(at: 4), 1))
    // 5 and 6 twice each: the earlier one counts. Of the first three, 6 wins.
    #expect(s.majority(at: 4) == 1 && s.majority(at: 3) == 0 && s.majority(at: 1) == 1)
    // Nobody votes; without a score an item is left out.
    #expect(summary([item([sample(0, mode: nil), sample(0, mode: nil)])]).majority(at: 2) == 0)
    #expect(summary([item([sample(nil), sample(nil)])]).majority(at: 2) == nil)
    #expect(summary([item([sample(nil), sample(nil)])]).pass(at: 1) == nil)
    #expect(summary([item([sample(1)])]).ks.isEmpty)
  }

  @Test func meansWeighItemsAlikeAndNothingIsAbsent() throws {
    let s = summary([
      item([sample(1), sample(1), sample(0, mode: .off, length: 4)]), item([sample(0, mode: nil), sample(nil)]),
    ])
    #expect(isNear(s.accuracy, (2.0 / 3 + 0) / 2))
    #expect(isNear(s.thinkOnRate, 0.75) && isNear(s.invalidRate, 0.2) && isNear(s.unscoredRate, 0.2))
    #expect(isNear(s.meanLength(in: .off), 4) && isNear(s.meanLength(in: .on), 10))
    let json = JSON.object(s.json(seconds: 1))
    #expect(json["n"]?.int == 2 && json["accuracy_interval"]?["method"]?.string == "bootstrap")
    let empty = JSON.object(summary([]).json(seconds: 0))
    #expect(empty["n"]?.int == 0)
    for key in ["accuracy", "think_on_rate", "mean_length", "invalid_rate", "accuracy_interval", "mean_length_on"] {
      #expect(empty[key] == nil, "\(key)")
    }
  }

  @Test func obedienceIsCountedOverWhoAsks() throws {
    let asked = [
      item([sample(1, mode: .off)], mode: .off), item([sample(1, mode: .on)], mode: .off),
      item([sample(0, mode: nil)], mode: .on), item([sample(1)]),
    ]
    let obeyed = try #require(summary(asked).obeyed)
    #expect(obeyed.count == 3 && isNear(obeyed.share, 1.0 / 3))
    #expect(summary([item([sample(1)])]).obeyed == nil)
  }

  @Test func theProbeOfFourItems() {
    func probed(_ on: Double, _ off: Double, chose mode: ThinkMode, p: Double) -> EvaluatedItem {
      item(
        [sample(mode == .on ? on : off, mode: mode, length: mode == .on ? 50 : 10, p: p)],
        [
          .on: [sample(on, mode: .on, forced: .on, length: 50)],
          .off: [sample(off, mode: .off, forced: .off, length: 10)],
        ])
    }
    let report = ProbeReport([
      probed(1, 1, chose: .on, p: 0.8), probed(1, 0, chose: .on, p: 0.9), probed(0, 1, chose: .off, p: 0.2),
      probed(0, 0, chose: .on, p: 0.6), probed(1, 0, chose: .off, p: 0.4),
    ])
    #expect(report.count == 5)
    #expect(
      [report.bothRight, report.onlyOnRight, report.onlyOffRight, report.neitherRight] == [1, 2, 1, 1])
    // The right modes are off, on, off, none, on; the choices on, on, off, on, off.
    #expect(report.judged == 4 && isNear(report.judgeAccuracy, 0.5))
    #expect(isNear(report.accuracyOn, 0.6) && isNear(report.accuracyOff, 0.4) && isNear(report.accuracyBest, 0.8))
    #expect(isNear(report.accuracyChosen, 0.6) && isNear(report.regret, 0.2))
    #expect(isNear(report.tokensChosen, 34) && isNear(report.tokensRightMode, 26) && isNear(report.tokenCost, 8))
    let half = report.curve.first { $0.threshold == 0.5 }
    #expect(isNear(half?.thinkOnRate, 0.6) && isNear(half?.accuracy, 0.6) && isNear(half?.tokens, 34))
    #expect(report.curve.first.map { isNear($0.accuracy, 0.6) && isNear($0.tokens, 50) } == true)
    #expect(report.curve.last.map { isNear($0.accuracy, 0.4) && isNear($0.tokens, 10) } == true)
    let nothing = ProbeReport([])
    #expect(nothing.judgeAccuracy == nil && nothing.regret == nil && nothing.curve.isEmpty)
    #expect(nothing.json["judge_accuracy"] == nil)
  }

  @Test func aComparisonIsItemByItem() {
    let own = [item([sample(1, length: 10)]), item([sample(0, length: 20)]), item([sample(nil, length: 99)])]
    let base = [item([sample(1, length: 40)]), item([sample(1, length: 20)]), item([sample(1, length: 40)])]
    let comparison = EvaluationComparison(own, baseline: base)
    #expect(comparison.count == 2 && isNear(comparison.accuracyDifference, -0.5))
    #expect(isNear(comparison.tokens, 15) && isNear(comparison.baselineTokens, 30) && isNear(comparison.saved, 0.5))
  }

  @Test func aRequestedModeIsTheRightOneWhateverTheEvidence() {
    let outcomes: [(mode: ThinkMode, outcome: Double)] = [(.on, 1), (.off, 0)]
    #expect(ModeEvidence(outcomes, priceOfThinking: 0.05).rightMode == .on)
    #expect(ModeEvidence(outcomes, priceOfThinking: 0.05, requested: .off).rightMode == .off)
    #expect(ModeEvidence([(.on, 0), (.off, 0)], priceOfThinking: 0.05, requested: .on).rightMode == .on)
    #expect(ModeEvidence([], priceOfThinking: 0.05, requested: .off).accuracyOn == nil)
  }
}
