import AutoThink
import Foundation

/// The judge reward R^J: was the chosen mode the right one for this query? **[ours]**
public struct JudgeReward: Sendable, Equatable {
  /// How evidence becomes a reward.
  public enum Form: String, Sendable, ConfigurationChoice {
    /// R^J = 1 in the right mode, 0 in the other.
    case hard
    /// R^J_on = sigmoid(Delta / kappa), R^J_off = 1 - R^J_on.
    case soft
  }

  /// The form.
  public var form: Form
  /// kappa, the temperature of the soft form and of the counterfactual gate term, in accuracy.
  public var temperature: Double

  /// A judge reward.
  public init(form: Form = .hard, temperature: Double = 0.25) {
    self.form = form
    self.temperature = temperature
  }

  /// R^J of a rollout in `mode`: in 0...1, and 1/2 where the group abstains.
  public func callAsFunction(_ mode: ThinkMode, _ evidence: ModeEvidence) -> Double {
    guard let delta = evidence.delta else { return 0.5 }
    switch form {
    case .hard: return mode == evidence.rightMode ? 1 : 0
    case .soft:
      let on = 1 / (1 + exp(-delta / temperature))
      return mode == .on ? on : 1 - on
    }
  }
}

/// The answer reward R^A = r (1 - eta (1 - R^J)): the outcome, modulated by the judge reward as the report words it;
/// the formula is **[ours]**. Wrong: 0; right in the wrong mode: 1 - eta; right in the right mode: 1. A right answer
/// always beats a wrong one.
public struct AnswerReward: Sendable, Equatable {
  /// eta in 0...1, the price of answering in the wrong mode.
  public var modulation: Double

  /// An answer reward.
  public init(modulation: Double = 0.3) { self.modulation = modulation }

  /// The weight w = 1 - eta (1 - R^J) that modulates an outcome.
  public func weight(judgeReward: Double) -> Double { 1 - modulation * (1 - judgeReward) }

  /// R^A of an outcome r in 0...1.
  public func callAsFunction(outcome: Double, judgeReward: Double) -> Double {
    outcome * weight(judgeReward: judgeReward)
  }
}
