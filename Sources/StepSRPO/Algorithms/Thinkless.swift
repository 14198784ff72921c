/// Thinkless, decoupled GRPO (arXiv 2505.13379) **[peer]**, aggregation and KL as its code has them.
///
///     R_i = 1 (right, off), 0.5 (right, on), -1 (wrong);  A_i = R_i - mu
///     L   = alpha L_g / N_g + L_rest / N_rest + 1e-3 k3,   alpha = 1e-3,   PPO's clip at 0.2
///
/// Its control token is the first of the response; ours is the gate. The rationale before the gate, which Thinkless does
/// not have, is among the rest **[ours]**. The paper writes 1/T_i per response; the published code takes the mean over
/// all tokens, which is what stands here.
public struct Thinkless: SequenceAlgorithm, Equatable {
  /// What it is, in a line.
  public static let summary = "short right 1, long right 0.5, wrong -1; the control token has its own normaliser"
  /// Where its formulas come from.
  public static let source = "arXiv 2505.13379 and its code [peer]; the rationale counted as response [ours]"

  /// Reward, baseline and scale.
  public let credit: SequenceCredit

  /// Sets the parts that differ from Step-SRPO's.
  public static func setDefaults(_ configuration: inout RunConfiguration) {
    configuration.setPlainRollouts()
    configuration.algorithm.setSequenceLoss()
    configuration.algorithm.aggregation = .tokens
    configuration.algorithm.gateNormaliser = .own
    configuration.algorithm.gateLossWeight = 1e-3
    configuration.algorithm.scale = .none
    configuration.algorithm.rewardOn = 0.5
    configuration.algorithm.rewardWrong = -1
    configuration.algorithm.kl = .k3
    configuration.algorithm.klWeight = 1e-3
  }

  /// The algorithm with this credit.
  public init(credit: SequenceCredit) { self.credit = credit }
}
