import Testing

@testable import StepSRPO

@Suite struct MetricTests {
  @Test func everyNameIsInTheRegistry() {
    let names: [Metric] = [
      .loss, .reward, .rewardStd, .fracRewardZeroStd, .meanLength, .clippedRatio, .clipRatioLow, .clipRatioHigh, .kl,
      .entropy, .gradNorm, .learningRate, .numTokens, .accuracy, .effectiveBatchRatio, .logpDifferenceMean,
      .logpDifferenceMax, .routerAuxiliaryLoss, .coldStartLoss, .thinkOnRate, .invalidRate, .accuracyOn, .accuracyOff,
      .lengthOn, .lengthOff,
      .judgeReward, .judgeAccuracy, .clipRatioJudge, .clipRatioGate, .clipRatioAnswer, .samplerK3, .samplingRounds,
      .thinkOnProbability, .degenerateRatio, .lengthJudge, .lengthAnswerOn, .lengthAnswerOff,
      .advantageGap, .gateEntropy, .singleModeGroupRatio, .abstainRatio,
      .verifierMean("math"), .errorRatio("math"), .timeoutRatio("math"), .secondsP50("math"), .secondsP99("math"),
      .unscorableRatio, .evalAccuracy("primer"), .evalThinkOnRate("primer"), .evalMeanLength("primer"),
      .evalInvalidRate("primer"), .evalAuditedAccuracy("primer"), .evalAuditDisagreement("primer"), .auditDisagreement,
      .auditUnscorableRatio, .newFormRatio("math"), .timeStep, .timeGenerate, .timeScore, .timeTrain, .timeCheckpoint,
    ]
    #expect(Set(names).count == MetricRegistry.definitions.count, "a definition lacks a name to record it by")
    for metric in names { #expect(MetricRegistry.definition(of: metric.name)?.name == metric.base) }
  }

  @Test func qualifiedNamesFindTheirDefinition() {
    let name = Metric.thinkOnRate.by(domain: "math", difficulty: "3").name
    #expect(name == "mode/think_on_rate/math/3")
    #expect(MetricRegistry.definition(of: name)?.name == "mode/think_on_rate")
    #expect(MetricRegistry.definition(of: "eval/gsm8k/accuracy")?.unit == "ratio")
    #expect(MetricRegistry.definition(of: "made/up") == nil)
  }

  @Test func definitionsAreUnique() {
    let names = MetricRegistry.definitions.map(\.name)
    #expect(Set(names).count == names.count)
  }
}
