import AutoThink
import Tasks

/// The metrics of a step that need its tokens: lengths by segment, the gate's probabilities, the divergence from the
/// reference policy. Those of a mode also by domain and difficulty. A mean over nothing is absent.
public enum RolloutMetrics {
  /// Metrics of all groups of a step.
  public static func of(_ groups: [JudgedGroup]) -> [Metric: Double] {
    var metrics = modeMetrics(groups)
    metrics[.kl] = divergence(groups)
    let cells = Dictionary(grouping: groups) {
      [$0.group.item.domain.rawValue, $0.group.item.difficultyLabel]
    }
    for (cell, members) in cells {
      for (metric, value) in modeMetrics(members) { metrics[metric.by(domain: cell[0], difficulty: cell[1])] = value }
    }
    return metrics
  }

  private static func modeMetrics(_ groups: [JudgedGroup]) -> [Metric: Double] {
    let rollouts = groups.flatMap(\.group.rollouts)
    func answerLength(_ mode: ThinkMode) -> Double? {
      rollouts.filter { $0.response.mode == mode }.map { Double($0.response.answerRange.count) }.meanIfAny
    }
    var metrics: [Metric: Double] = [:]
    metrics[.thinkOnProbability] = rollouts.compactMap(\.thinkOnProbability).meanIfAny
    metrics[.degenerateRatio] = groups.map { $0.result.contributes && !$0.isSetAside ? 0 : 1 }.meanIfAny
    metrics[.lengthJudge] =
      rollouts.filter(\.response.isGateParsable)
      .map { Double($0.response.judgeRange.count) }.meanIfAny
    metrics[.lengthAnswerOn] = answerLength(.on)
    metrics[.lengthAnswerOff] = answerLength(.off)
    return metrics
  }

  /// Mean k3 of the policy that sampled against the reference, over all sampled tokens.
  private static func divergence(_ groups: [JudgedGroup]) -> Double? {
    groups.flatMap(\.group.rollouts).flatMap { rollout in
      zip(rollout.logProbs, rollout.referenceLogProbs ?? []).map { KLForm.k3(Double($0) - Double($1)) }
    }.meanIfAny
  }
}
