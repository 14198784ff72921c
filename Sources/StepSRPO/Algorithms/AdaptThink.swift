/// AdaptThink (arXiv 2505.13417) **[peer]**, the ratio as its code has it.
///
///     A_i = 1[off] delta + r_i - r_ref
///     s_i = exp((1/|o_i|) sum_t log rho_t), the gate's rho being pi(gate) / (1/2)
///     L   = -(1/Q) sum_q (1/G) sum_i min(s A, clip(s, 0.8, 1.2) A)                     no KL
///
/// Half of the responses are forced to each mode; r_ref is the mean outcome of K = 16 responses of the reference policy.
/// The paper writes the ratio of whole sequences; its code takes the geometric mean over tokens, which is what stands
/// here. delta = 0.05 is that of the published scripts. The reference responses are drawn when a query is first asked and
/// in the mode the reference policy chooses **[ours]**: the paper draws all of them before training, all thinking.
public struct AdaptThink: SequenceAlgorithm, Equatable {
  /// What it is, in a line.
  public static let summary = "both modes forced half and half; reward over the reference policy's, plus delta for off"
  /// Where its formulas come from.
  public static let source = "arXiv 2505.13417 and its code [peer]; reference responses drawn on demand [ours]"

  /// Reward, baseline and scale.
  public let credit: SequenceCredit

  /// Sets the parts that differ from Step-SRPO's.
  public static func setDefaults(_ configuration: inout RunConfiguration) {
    configuration.setPlainRollouts()
    configuration.rollout.freeRollouts = 0
    configuration.rollout.forcedPerMode = 4
    configuration.algorithm.setSequenceLoss()
    configuration.algorithm.aggregation = .sequences
    configuration.algorithm.ratio = .sequence
    configuration.algorithm.baseline = .reference
    configuration.algorithm.scale = .none
    configuration.algorithm.offBonus = 0.05
    configuration.algorithm.forcedGate = .half
  }

  /// The algorithm with this credit.
  public init(credit: SequenceCredit) { self.credit = credit }
}
