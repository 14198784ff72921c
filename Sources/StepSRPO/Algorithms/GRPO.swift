/// GRPO, Shao et al., DeepSeekMath (arXiv 2402.03300) **[peer]**.
///
///     A_i = (r_i - mu) / (sigma + 1e-4)
///     L   = -(1/Q) sum_q (1/G) sum_i (1/|o_i|) sum_t [ min(rho A, clip(rho, 0.8, 1.2) A) - 0.04 k3 ]
///
/// k3 stands outside the clip, with its own gradient (the forward KL's). The floor of 1e-4 is TRL's.
public struct GRPO: SequenceAlgorithm, Equatable {
  /// What it is, in a line.
  public static let summary = "group z-score for every token, mean per sequence, k3 to the reference policy"
  /// Where its formulas come from.
  public static let source = "arXiv 2402.03300 [peer]"

  /// Reward, baseline and scale.
  public let credit: SequenceCredit

  /// Sets the parts that differ from Step-SRPO's.
  public static func setDefaults(_ configuration: inout RunConfiguration) {
    configuration.setPlainRollouts()
    configuration.algorithm.setSequenceLoss()
    configuration.algorithm.aggregation = .sequences
    configuration.algorithm.kl = .k3
    configuration.algorithm.klWeight = 0.04
  }

  /// The algorithm with this credit.
  public init(credit: SequenceCredit) { self.credit = credit }
}
