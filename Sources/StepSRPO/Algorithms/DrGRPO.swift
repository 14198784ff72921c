/// Dr. GRPO, GRPO done right (arXiv 2503.20783) **[peer]**.
///
///     A_i = r_i - mu
///     L   = -(1/Q) sum_q (1/G) sum_i (1/L_max) sum_t min(rho A, clip(rho, 0.8, 1.2) A)    no KL
///
/// L_max is the constant `rollout.max_new_tokens`, so that a token weighs the same in a short and in a long response.
public struct DrGRPO: SequenceAlgorithm, Equatable {
  /// What it is, in a line.
  public static let summary = "r - mu with neither deviation nor length in the denominator"
  /// Where its formulas come from.
  public static let source = "arXiv 2503.20783 [peer]"

  /// Reward, baseline and scale.
  public let credit: SequenceCredit

  /// Sets the parts that differ from Step-SRPO's.
  public static func setDefaults(_ configuration: inout RunConfiguration) {
    configuration.setPlainRollouts()
    configuration.algorithm.setSequenceLoss()
    configuration.algorithm.aggregation = .constant
    configuration.algorithm.scale = .none
  }

  /// The algorithm with this credit.
  public init(credit: SequenceCredit) { self.credit = credit }
}
