/// GSPO (arXiv 2507.18071) **[peer]**.
///
///     s_i = exp((1/|o_i|) sum_t log rho_t);  A_i = (r_i - mu) / (sigma + 1e-4)
///     L   = -(1/Q) sum_q (1/G) sum_i min(s A, clip(s, 1 - 3e-4, 1 + 4e-4) A)           no KL
///
/// With one update a batch every ratio is 1 and GSPO is GRPO without KL; it differs with `train.minibatches` above 1.
public struct GSPO: SequenceAlgorithm, Equatable {
  /// What it is, in a line.
  public static let summary = "one ratio a sequence, the geometric mean of its tokens' ratios"
  /// Where its formulas come from.
  public static let source = "arXiv 2507.18071 [peer]"

  /// Reward, baseline and scale.
  public let credit: SequenceCredit

  /// Sets the parts that differ from Step-SRPO's.
  public static func setDefaults(_ configuration: inout RunConfiguration) {
    configuration.setPlainRollouts()
    configuration.algorithm.setSequenceLoss()
    configuration.algorithm.aggregation = .sequences
    configuration.algorithm.ratio = .sequence
    configuration.algorithm.clipLow = 3e-4
    configuration.algorithm.clipHigh = 4e-4
  }

  /// The algorithm with this credit.
  public init(credit: SequenceCredit) { self.credit = credit }
}
