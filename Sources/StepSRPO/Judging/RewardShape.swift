import AutoThink

/// From an outcome to the reward of a whole response, for the presets with one advantage a sequence.
///
///     R = wrong + r (right_m - wrong) + format f + bonus 1[off] - penalty(length) - beta sum_t k1_t
///
/// Where the user asks for a mode, a response in the other one is wrong whatever it answers, and has no bonus: it is not
/// what was asked for. **[ours]**
public struct RewardShape: Sendable, Equatable {
  /// What happens to a response that nears or reaches its budget.
  public enum Overlong: String, Sendable, ConfigurationChoice {
    /// Nothing beyond being cut, which breaks the format.
    case none
    /// DAPO's soft penalty: 0 at budget - buffer, growing linearly to 1 at the budget; a cut response pays 1. **[peer]**
    case penalty
    /// SRPO's: a cut response stays in the baseline and has advantage 0. **[peer]**
    case zero
  }

  /// Reward of a right think-on answer.
  public var rightOn = 1.0
  /// Reward of a right think-off answer.
  public var rightOff = 1.0
  /// Reward of a wrong answer.
  public var wrong = 0.0
  /// Added for a valid format.
  public var format = 0.0
  /// Added for think-off.
  public var offBonus = 0.0
  /// Over-long responses.
  public var overlong = Overlong.none
  /// Tokens over which the penalty grows.
  public var overlongBuffer = 32
  /// The budget of a response, in tokens.
  public var longest = 0
  /// beta of a k1 penalty in the reward; 0 without.
  public var klWeight = 0.0

  /// The outcome itself.
  public init() {}

  /// The shape of a configuration; `longest` is the budget of a response.
  public init(_ section: AlgorithmSection, longest: Int) {
    rightOn = section.rewardOn
    rightOff = section.rewardOff
    wrong = section.rewardWrong
    format = section.formatReward
    offBonus = section.offBonus
    overlong = section.overlong
    overlongBuffer = section.overlongBuffer
    klWeight = section.kl == .k1InReward ? section.klWeight : 0
    self.longest = longest
  }

  /// R of a rollout; nil without an outcome. `requested` is the mode the user asks for, where one is asked for.
  public func callAsFunction(_ rollout: JudgedRollout, requested: ThinkMode? = nil) -> Double? {
    guard let answered = rollout.outcome else { return nil }
    let obeys = requested == nil || rollout.gate == requested
    let outcome = obeys ? answered : 0
    let right = rollout.gate == .off ? rightOff : rightOn
    var reward = wrong + outcome * (right - wrong)
    if rollout.valid { reward += format }
    if rollout.gate == .off, obeys { reward += offBonus }
    if overlong == .penalty { reward -= lengthPenalty(rollout) }
    if klWeight > 0 { reward -= klWeight * (rollout.referenceDivergence ?? 0) }
    return reward
  }

  private func lengthPenalty(_ rollout: JudgedRollout) -> Double {
    if rollout.truncated { return 1 }
    let over = Double(rollout.length - (longest - overlongBuffer))
    return min(1, max(0, over / Double(max(1, overlongBuffer))))
  }
}
