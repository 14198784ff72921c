/// RLOO, REINFORCE with a leave-one-out baseline (arXiv 2402.14740) **[peer]**.
///
///     R_i = r_i - beta sum_t (log pi_old - log ref)
///     A_i = R_i - mean of the other R
///     L   = -(1/Q) sum_q (1/G) sum_i sum_t rho A
///
/// The log-probabilities of a sequence are summed, not averaged: a response is one action. The KL term stands in the
/// reward, where k1 is the right form.
public struct RLOO: SequenceAlgorithm, Equatable {
  /// What it is, in a line.
  public static let summary = "leave-one-out baseline, no deviation, no clip"
  /// Where its formulas come from.
  public static let source = "arXiv 2402.14740 [peer]; k1 in the reward with weight 0.05 is TRL's default"

  /// Reward, baseline and scale.
  public let credit: SequenceCredit

  /// Sets the parts that differ from Step-SRPO's.
  public static func setDefaults(_ configuration: inout RunConfiguration) {
    configuration.setPlainRollouts()
    configuration.algorithm.setSequenceLoss()
    configuration.algorithm.aggregation = .sums
    configuration.algorithm.baseline = .leaveOneOut
    configuration.algorithm.scale = .none
    configuration.algorithm.clip = .none
    configuration.algorithm.gateClip = .none
    configuration.algorithm.kl = .k1InReward
    configuration.algorithm.klWeight = 0.05
  }

  /// The algorithm with this credit.
  public init(credit: SequenceCredit) { self.credit = credit }
}
