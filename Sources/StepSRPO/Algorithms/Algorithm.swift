import AutoThink

/// What the run remembers of a query when its group is judged.
public struct QueryHistory: Sendable, Equatable {
  /// h_m, the query's success rate by mode so far.
  public var successRates: [ThinkMode: Double]
  /// The mean outcome of the reference policy on it, where it was asked.
  public var referenceReward: Double?
  /// The mode its user asks for, where one is asked for.
  public var requestedMode: ThinkMode?

  /// A history; nothing by default.
  public init(successRates: [ThinkMode: Double] = [:], referenceReward: Double? = nil, requestedMode: ThinkMode? = nil)
  {
    self.requestedMode = requestedMode
    self.successRates = successRates
    self.referenceReward = referenceReward
  }
}

/// A member of the family: a small value that turns a group's outcomes into advantages, and the defaults of every part
/// beside it (rollout plan, reward shaping, baseline, scale, credit, aggregation, ratio, clip, KL, resampling).
///
/// A new one is one file with a type that conforms, a word in `AlgorithmSection.Preset` and a line in `Preset.type`.
public protocol Algorithm: Sendable {
  /// What it is, in a line.
  static var summary: String { get }
  /// Where its formulas come from, and what of it is second-hand or this project's choice.
  static var source: String { get }
  /// The keys of the section `algorithm` it reads beside those of the loss (`AlgorithmKeys.loss`).
  static var keys: Set<String> { get }
  /// Sets the parts that differ from `RunConfiguration()`: keys of `algorithm`, `rollout` and `resampling`.
  static func setDefaults(_ configuration: inout RunConfiguration)

  /// The algorithm a configuration describes. `longest` is the budget of a response in tokens.
  init(_ section: AlgorithmSection, longest: Int)

  /// Rewards and advantages of one group.
  func callAsFunction(_ rollouts: [JudgedRollout], of query: QueryHistory) -> GroupAdvantages
}

/// Names of keys of the section `algorithm`, in the file's spelling.
public enum AlgorithmKeys {
  /// The parts every preset has.
  public static let loss: Set<String> = [
    "preset", "aggregation", "gate_normaliser", "judge_loss_weight", "gate_loss_weight", "ratio", "clip", "gate_clip",
    "gate_choice", "gate_form_weight", "clip_low", "clip_high", "importance_cap", "kl", "kl_weight",
    "reference_checkpoint", "entropy_bonus", "gate_entropy_bonus",
  ]
  /// The parts of a preset that gives a whole sequence one advantage.
  public static let sequence: Set<String> = [
    "reward_on", "reward_off", "reward_wrong", "format_reward", "off_bonus", "overlong", "overlong_buffer", "baseline",
    "scale", "deviation_floor", "reference_rollouts", "forced_gate",
  ]
}

extension AlgorithmSection.Preset {
  /// What the preset is.
  public var type: any Algorithm.Type {
    switch self {
    case .stepSRPO: SegmentCredit.self
    case .srpo: SRPO.self
    case .grpo: GRPO.self
    case .dapo: DAPO.self
    case .drGRPO: DrGRPO.self
    case .gspo: GSPO.self
    case .cispo: CISPO.self
    case .rloo: RLOO.self
    case .hipo: HiPO.self
    case .adaptThink: AdaptThink.self
    case .thinkless: Thinkless.self
    case .hgpo: HGPO.self
    }
  }

  /// The keys of the section `algorithm` that mean something beside this preset.
  public var keys: Set<String> { AlgorithmKeys.loss.union(type.keys) }
}

extension RunConfiguration {
  /// The defaults of a preset.
  public init(preset: AlgorithmSection.Preset) {
    self.init()
    algorithm.preset = preset
    preset.type.setDefaults(&self)
  }

  /// The algorithm of this configuration.
  public var credit: any Algorithm { algorithm.preset.type.init(algorithm, longest: rollout.maxNewTokens) }
}

extension AlgorithmSection {
  /// The parts that the single-advantage presets share: no segment weights, one normaliser, PPO's clip at 0.2 on every
  /// token.
  mutating func setSequenceLoss() {
    judgeLossWeight = 1
    gateLossWeight = 1
    gateNormaliser = .shared
    gateClip = .ppo
    gateChoice = .vocabulary
    clipHigh = 0.2
    deviationFloor = 1e-4
  }
}

extension RunConfiguration {
  /// The plan of the algorithms that know no modes: free rollouts only, every query in every epoch.
  mutating func setPlainRollouts() {
    rollout.minimumPerMode = 0
    resampling.enabled = false
  }
}
