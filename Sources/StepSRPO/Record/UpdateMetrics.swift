extension UpdateReport {
  /// The metrics of the update.
  var metrics: [Metric: Double] {
    var metrics: [Metric: Double] = [.learningRate: learningRate]
    metrics[.loss] = gradientNorm == nil ? nil : loss
    metrics[.gradNorm] = gradientNorm
    metrics[.entropy] = entropy
    metrics[.clipRatioLow] = clippedLow
    metrics[.clipRatioHigh] = clippedHigh
    metrics[.logpDifferenceMean] = samplerDifferenceMean
    metrics[.logpDifferenceMax] = samplerDifferenceMax
    metrics[.samplerK3] = samplerK3
    metrics[.clipRatioJudge] = held.judge
    metrics[.clipRatioGate] = held.gate
    metrics[.clipRatioAnswer] = held.answer
    metrics[.routerAuxiliaryLoss] = routerLoss
    return metrics
  }
}

extension VerifierUsage {
  /// The metrics of a scoring pass, by verifier.
  static func metrics(_ usage: [String: VerifierUsage]) -> [Metric: Double] {
    var metrics: [Metric: Double] = [:]
    for (name, use) in usage where use.requests > 0 {
      metrics[.verifierMean(name)] = use.scores.meanIfAny
      metrics[.errorRatio(name)] = Double(use.failures) / Double(use.requests)
      metrics[.timeoutRatio(name)] = Double(use.timeouts) / Double(use.requests)
      metrics[.secondsP50(name)] = use.seconds.quantile(0.5)
      metrics[.secondsP99(name)] = use.seconds.quantile(0.99)
    }
    return metrics
  }
}
