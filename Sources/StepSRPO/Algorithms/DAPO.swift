/// DAPO (arXiv 2503.14476) **[peer]**.
///
///     R_i = r_i - penalty(length);  A_i = (R_i - mu) / (sigma + 1e-4)
///     L   = -(1 / sum_i |o_i|) sum_i sum_t min(rho A, clip(rho, 0.8, 1.28) A)         no KL
///
/// Dynamic sampling keeps groups with 0 < right < G and asks more queries until the batch is full, in at most
/// `rollout.sampling_rounds` rounds **[ours]**; DAPO itself sets no bound.
public struct DAPO: SequenceAlgorithm, Equatable {
  /// What it is, in a line.
  public static let summary =
    "asymmetric clip, token-level loss over the batch, dynamic sampling, soft over-long penalty"
  /// Where its formulas come from.
  public static let source = "arXiv 2503.14476 [peer]; the buffer's default and the bound on rounds are [ours]"

  /// Reward, baseline and scale.
  public let credit: SequenceCredit

  /// Sets the parts that differ from Step-SRPO's.
  public static func setDefaults(_ configuration: inout RunConfiguration) {
    configuration.setPlainRollouts()
    configuration.algorithm.setSequenceLoss()
    configuration.algorithm.aggregation = .tokens
    configuration.algorithm.clipHigh = 0.28
    configuration.algorithm.overlong = .penalty
    configuration.rollout.samplingRounds = 4
  }

  /// The algorithm with this credit.
  public init(credit: SequenceCredit) { self.credit = credit }
}
