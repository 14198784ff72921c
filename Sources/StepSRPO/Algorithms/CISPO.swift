/// CISPO of MiniMax-M1 (arXiv 2506.13585) **[peer]**.
///
///     A_i = (r_i - mu) / (sigma + 1e-4)
///     L   = -(1 / sum_i |o_i|) sum_i sum_t sg(min(rho, 1.28)) A log pi                 no KL
///
/// There is no lower bound, as in the paper, so `clip_low` has no effect with this form.
public struct CISPO: SequenceAlgorithm, Equatable {
  /// What it is, in a line.
  public static let summary = "the clipped ratio is a constant before A log pi: no token loses its gradient"
  /// Where its formulas come from.
  public static let source = "arXiv 2506.13585 [peer]; the upper bound 0.28 is [ours], the paper tunes it"

  /// Reward, baseline and scale.
  public let credit: SequenceCredit

  /// Sets the parts that differ from Step-SRPO's.
  public static func setDefaults(_ configuration: inout RunConfiguration) {
    configuration.setPlainRollouts()
    configuration.algorithm.setSequenceLoss()
    configuration.algorithm.aggregation = .tokens
    configuration.algorithm.clip = .cispo
    configuration.algorithm.gateClip = .cispo
    configuration.algorithm.clipHigh = 0.28
  }

  /// The algorithm with this credit.
  public init(credit: SequenceCredit) { self.credit = credit }
}
