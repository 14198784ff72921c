/// SRPO, two-staged history-resampling policy optimization (arXiv 2504.14286) **[peer]**.
///
///     A_i = (r_i - mu) / (sigma + 1e-4), 0 for a response cut at its budget
///     L   = -(1 / sum_i |o_i|) sum_i sum_t min(rho A, clip(rho, 0.8, 1.2) A)          no KL
///
/// At each epoch's end the prompts whose rollouts were all right are dropped (`resampling.rule: "srpo"`). Its two stages,
/// mathematics first, then mathematics and code, are a stage list of the tasks: see `tasks.stages`.
public struct SRPO: SequenceAlgorithm, Equatable {
  /// What it is, in a line.
  public static let summary =
    "GRPO's advantage, token-level loss, no KL, over-long responses silent, history resampling"
  /// Where its formulas come from.
  public static let source = "arXiv 2504.14286 [peer]; the floor of 1e-4 is [ours]"

  /// Reward, baseline and scale.
  public let credit: SequenceCredit

  /// Sets the parts that differ from Step-SRPO's.
  public static func setDefaults(_ configuration: inout RunConfiguration) {
    configuration.setPlainRollouts()
    configuration.algorithm.setSequenceLoss()
    configuration.algorithm.aggregation = .tokens
    configuration.algorithm.overlong = .zero
    configuration.resampling.enabled = true
    configuration.resampling.rule = .srpo
  }

  /// The algorithm with this credit.
  public init(credit: SequenceCredit) { self.credit = credit }
}
