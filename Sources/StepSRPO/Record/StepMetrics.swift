import AutoThink
import Foundation
import Tasks
import Verifiers

/// The metrics of a step that follow from its rollouts alone, so that a stored run can be measured again.
///
/// A mean over nothing is absent.
public enum StepMetrics {
  /// Metrics over all groups, and the mode metrics also by domain and difficulty.
  public static func of(_ groups: [GroupRecord]) -> [Metric: Double] {
    var metrics = modeMetrics(groups)
    metrics.merge(batchMetrics(groups)) { first, _ in first }
    let cells = Dictionary(grouping: groups) { Cell(domain: $0.item.domain.rawValue, level: $0.item.difficultyLabel) }
    for (cell, members) in cells {
      for (metric, value) in modeMetrics(members) {
        metrics[metric.by(domain: cell.domain, difficulty: cell.level)] = value
      }
    }
    return metrics
  }

  private struct Cell: Hashable {
    let domain: String
    let level: String
  }

  private static func batchMetrics(_ groups: [GroupRecord]) -> [Metric: Double] {
    let rollouts = groups.flatMap(\.rollouts)
    let free = rollouts.filter { $0.kind == .free }
    let rewards = groups.map { $0.rollouts.compactMap(\.answerReward) }.filter { !$0.isEmpty }
    var metrics: [Metric: Double] = [:]
    metrics[.reward] = rewards.flatMap { $0 }.meanIfAny
    metrics[.rewardStd] = rewards.map(\.standardDeviation).meanIfAny
    metrics[.fracRewardZeroStd] = rewards.map { $0.standardDeviation == 0 ? 1 : 0 }.meanIfAny
    metrics[.meanLength] = free.map { Double($0.length) }.meanIfAny
    metrics[.clippedRatio] = free.map { $0.truncated ? 1 : 0 }.meanIfAny
    metrics[.accuracy] = free.compactMap(\.outcome).meanIfAny
    metrics[.effectiveBatchRatio] = groups.map { $0.contributes ? 1 : 0 }.meanIfAny
    metrics[.unscorableRatio] = rollouts.map { $0.outcome == nil ? 1 : 0 }.meanIfAny
    metrics[.auditUnscorableRatio] = rollouts.compactMap(\.audit).map { $0.score == nil ? 1 : 0 }.meanIfAny
    return metrics
  }

  private static func modeMetrics(_ groups: [GroupRecord]) -> [Metric: Double] {
    let rollouts = groups.flatMap(\.rollouts)
    let free = rollouts.filter { $0.kind == .free }
    let chosen = free.filter { $0.mode != nil }
    var metrics: [Metric: Double] = [:]
    metrics[.thinkOnRate] = chosen.map { $0.mode == .on ? 1 : 0 }.meanIfAny
    metrics[.invalidRate] = free.map { $0.mode == nil ? 1 : 0 }.meanIfAny
    for (mode, accuracy, length) in [
      (ThinkMode.on, Metric.accuracyOn, Metric.lengthOn), (.off, .accuracyOff, .lengthOff),
    ] {
      let members = rollouts.filter { $0.mode == mode }
      metrics[accuracy] = members.compactMap(\.outcome).meanIfAny
      metrics[length] = members.map { Double($0.length) }.meanIfAny
    }
    metrics[.auditDisagreement] = Audit.disagreement(rollouts.map { ($0.verdict, $0.audit) })
    metrics[.judgeReward] = free.compactMap(\.judgeReward).meanIfAny
    metrics[.judgeAccuracy] =
      groups.flatMap { group in
        group.rollouts.filter { $0.kind == .free && $0.mode != nil }.compactMap { rollout in
          group.rightMode.map { $0 == rollout.mode ? 1.0 : 0 }
        }
      }.meanIfAny
    metrics[.advantageGap] = groups.compactMap(advantageGap).meanIfAny
    metrics[.gateEntropy] = free.compactMap(\.thinkOnProbability).map(binaryEntropy).meanIfAny
    let modes = groups.map { Set($0.rollouts.filter { $0.kind == .free }.compactMap(\.mode)) }.filter { !$0.isEmpty }
    metrics[.singleModeGroupRatio] = modes.map { $0.count == 1 ? 1 : 0 }.meanIfAny
    metrics[.abstainRatio] = groups.map { $0.rightMode == nil ? 1 : 0 }.meanIfAny
    return metrics
  }

  /// Mean gate advantage of think-on minus that of think-off; nil unless the group has both.
  private static func advantageGap(_ group: GroupRecord) -> Double? {
    func mean(_ mode: ThinkMode) -> Double? {
      group.rollouts.filter { $0.mode == mode }.compactMap(\.gateAdvantage).meanIfAny
    }
    guard let on = mean(.on), let off = mean(.off) else { return nil }
    return on - off
  }

  private static func binaryEntropy(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return 0 }
    return -p * log(p) - (1 - p) * log(1 - p)
  }
}
