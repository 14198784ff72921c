import AutoThink

/// HGPO, hybrid group policy optimization of Large Hybrid-Reasoning Models (arXiv 2505.14631). The two rewards and the
/// margin are **[peer]**, read in descriptions of the paper (second-hand); the loss parts are GRPO's **[ours]**.
///
///     inter   1 in the better mode, else 0; on is better iff mean_on > mean_off + 0.2
///     intra   1 for the best outcomes of each mode, else 0; nobody is best where all fail
///     J, g    A = alpha z(inter) + z(intra),   alpha = 1, z over the group
///     Y       A = z(intra)
///
/// Half of the responses are forced to each mode, so the better mode is always known. J is among the mode tokens
/// **[ours]**: HGPO has no rationale.
public struct HGPO: Algorithm, Equatable {
  /// What it is, in a line.
  public static let summary = "inter-mode reward on the mode tokens, intra-mode reward on all"
  /// Where its formulas come from.
  public static let source = "arXiv 2505.14631 [peer], second-hand; loss parts and ties [ours]"
  /// The keys of the section `algorithm` it reads beside those of the loss.
  public static let keys: Set<String> = ["deviation_floor", "mode_margin", "mode_weight", "forced_gate"]

  private let floor: Double
  private let margin: Double
  private let weight: Double
  private let forcedGate: ForcedGate

  /// Sets the parts that differ from Step-SRPO's.
  public static func setDefaults(_ configuration: inout RunConfiguration) {
    configuration.setPlainRollouts()
    configuration.rollout.freeRollouts = 0
    configuration.rollout.forcedPerMode = 4
    configuration.algorithm.setSequenceLoss()
    configuration.algorithm.aggregation = .sequences
    configuration.algorithm.forcedGate = .policy
    configuration.algorithm.kl = .k3
    configuration.algorithm.klWeight = 0.001
  }

  /// The algorithm a configuration describes; `longest` is the budget of a response in tokens.
  public init(_ section: AlgorithmSection, longest: Int) {
    floor = section.deviationFloor
    margin = section.modeMargin
    weight = section.modeWeight
    forcedGate = section.forcedGate
  }

  /// Rewards and advantages of one group.
  public func callAsFunction(_ rollouts: [JudgedRollout], of query: QueryHistory) -> GroupAdvantages {
    let scored = rollouts.indices.filter { rollouts[$0].outcome != nil }
    func outcomes(_ mode: ThinkMode) -> [Double] {
      scored.filter { rollouts[$0].gate == mode }.map { rollouts[$0].outcome! }
    }
    var better: ThinkMode?
    // What the user asks for is the better mode. [ours]
    if let requested = query.requestedMode {
      better = requested
    } else if let on = outcomes(.on).meanIfAny, let off = outcomes(.off).meanIfAny {
      better = on > off + margin ? .on : .off
    }
    let intra = scored.map { i -> Double in
      guard let gate = rollouts[i].gate, let best = outcomes(gate).max(), best > 0 else { return 0 }
      return rollouts[i].outcome == best ? 1 : 0
    }
    let inter = scored.map { better != nil && rollouts[$0].gate == better ? 1.0 : 0 }
    let (intraScores, interScores) = (zScores(intra), zScores(inter))
    var advantages = rollouts.map { _ in PerSegment(repeating: 0.0) }
    for (place, i) in scored.enumerated() {
      advantages[i].answer = intraScores[place]
      guard rollouts[i].kind == .free || forcedGate != .silent else { continue }
      advantages[i].judge = weight * interScores[place] + intraScores[place]
      advantages[i].gate = advantages[i].judge
    }
    return GroupAdvantages(
      evidence: ModeEvidence(of: rollouts, requested: query.requestedMode), judgeRewards: rollouts.map { _ in nil },
      answerRewards: rollouts.indices.map { i in scored.firstIndex(of: i).map { intra[$0] + inter[$0] } },
      advantages: advantages, contributes: advantages.contains { !$0.isZero })
  }

  private func zScores(_ values: [Double]) -> [Double] {
    guard !values.isEmpty else { return [] }
    let (mean, deviation) = (values.mean, values.standardDeviation)
    return values.map { deviation > 0 ? ($0 - mean) / (deviation + floor) : 0 }
  }
}
