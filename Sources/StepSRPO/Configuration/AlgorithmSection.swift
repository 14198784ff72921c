/// The algorithm: a preset's parts, each of which can be overridden.
///
/// A preset sets every key it uses (`Algorithm.setDefaults`); a key it does not use is an error beside it, so a
/// configuration never says something that nothing reads. The defaults here are Step-SRPO's.
public struct AlgorithmSection: Codable, Sendable, Equatable {
  /// The presets; `AlgorithmSection.Preset.type` is what each one is.
  public enum Preset: String, ConfigurationChoice {
    case stepSRPO = "step-srpo"
    case srpo, grpo, dapo
    case drGRPO = "dr-grpo"
    case gspo, cispo, rloo, hipo
    case adaptThink = "adapt-think"
    case thinkless, hgpo
  }

  /// The preset.
  public var preset = Preset.stepSRPO

  // Mode evidence and Step-SRPO's rewards.

  /// delta, the price of thinking in accuracy.
  public var priceOfThinking = 0.05
  /// What a query teaches about the modes when neither ever succeeds.
  public var allFail = ModeEvidence.AllFail.abstain
  /// k0, the number of rollouts a query's history counts for in its evidence.
  public var historyWeight = 0.0
  /// The form of the judge reward R^J.
  public var judgeReward = JudgeReward.Form.hard
  /// kappa, the temperature of the soft judge reward and of the counterfactual gate term.
  public var kappa = 0.25
  /// eta, the price of a right answer in the wrong mode.
  public var eta = 0.3

  // Step-SRPO's segment credit.

  /// Whether J, g and Y are credited apart or share one advantage.
  public var credit = SegmentCredit.Credit.segments
  /// What A^Y is normalised over.
  public var answerBaseline = SegmentCredit.AnswerBaseline.mode
  /// xi, the share of A^Y that the judge segment takes beside its own advantage; 0 leaves it with the mode alone.
  public var judgeAnswerShare = 0.0
  /// Scale of the counterfactual gate term.
  public var counterfactualScale = 0.5
  /// The counterfactual term rests once pi(m*) exceeds this.
  public var settledProbability = 0.97

  // The reward of the presets that credit a whole sequence.

  /// Reward of a right think-on answer.
  public var rewardOn = 1.0
  /// Reward of a right think-off answer.
  public var rewardOff = 1.0
  /// Reward of a wrong answer.
  public var rewardWrong = 0.0
  /// Added to the reward of a valid format.
  public var formatReward = 0.0
  /// Added to the reward of think-off: AdaptThink's delta.
  public var offBonus = 0.0
  /// What happens to a response that nears or reaches its budget.
  public var overlong = RewardShape.Overlong.none
  /// Tokens before `rollout.max_new_tokens` over which `overlong: "penalty"` grows from 0 to 1.
  public var overlongBuffer = 32

  // Its advantage.

  /// What is subtracted from a reward.
  public var baseline = SequenceCredit.Baseline.group
  /// What the difference is divided by.
  public var scale = SequenceCredit.Scale.deviation
  /// Added to every standard deviation.
  public var deviationFloor = 0.1
  /// K, rollouts of the reference policy a query's reference reward is the mean of.
  public var referenceRollouts = 16
  /// What a forced gate token learns from its outcome.
  public var forcedGate = ForcedGate.silent
  /// gamma, the share of a response's own reward in HiPO's judge advantage.
  public var judgeShare = 0.3
  /// omega, HiPO's bias to think-off, as a share of the mean think-on reward.
  public var offBias = 0.01
  /// The accuracy by which thinking must be better to be HGPO's better mode.
  public var modeMargin = 0.2
  /// alpha, the weight of HGPO's inter-mode advantage on the mode tokens.
  public var modeWeight = 1.0

  // The loss.

  /// How token losses become one number.
  public var aggregation = PolicyLoss.Aggregation.segments
  /// Whether the gate token has its own normaliser; always so with `aggregation: "segments"`.
  public var gateNormaliser = PolicyLoss.GateNormaliser.own
  /// lambda_J, weight of the judge segment's loss.
  public var judgeLossWeight = 0.05
  /// lambda_g, weight of the gate token's loss.
  public var gateLossWeight = 0.01
  /// What importance ratios are taken over.
  public var ratio = PolicyLoss.RatioLevel.token
  /// How ratios are held, for all tokens but the gate.
  public var clip = PolicyLoss.Clip.ppo
  /// The same for the gate token.
  public var gateClip = PolicyLoss.Clip.cispo
  /// What the gate token's probability is taken over; `modes` needs `gate_clip: "cispo"`.
  public var gateChoice = PolicyLoss.GateChoice.modes
  /// beta_f, weight of the term that keeps the two gates likely where one stands; needs `gate_choice: "modes"`, which says
  /// nothing of how likely they are together. 0 switches it off.
  public var gateFormWeight = 0.0
  /// The lower clip bound: ratios below 1 - clip_low are held.
  public var clipLow = 0.2
  /// The upper clip bound: ratios above 1 + clip_high are held.
  public var clipHigh = 0.28
  /// Cap of the importance weight between sampler and trainer.
  public var importanceCap = 2.0
  /// The Kullback-Leibler term to the reference policy.
  public var kl = KLForm.none
  /// beta, its weight.
  public var klWeight = 0.0
  /// A Hugging Face folder with the reference policy; empty takes the policy as it is before the first step.
  public var referenceCheckpoint = ""
  /// Weight of an entropy bonus over all tokens; 0 switches it off.
  public var entropyBonus = 0.0
  /// Weight of an entropy bonus on the gate token alone; 0 switches it off.
  public var gateEntropyBonus = 0.0

  /// Step-SRPO's.
  public init() {}

  /// Whether rewards are compared with the reference policy's.
  public var usesReferenceReward: Bool { baseline == .reference && preset.keys.contains("baseline") }

  /// Whether a reference policy is needed.
  public var needsReference: Bool { kl != .none || usesReferenceReward }
}

/// What a forced gate token learns from its outcome.
public enum ForcedGate: String, Sendable, ConfigurationChoice {
  /// Nothing: it was not the policy's choice. **[ours]**
  case silent
  /// As if the policy had chosen it: the ratio is to its own earlier probability.
  case policy
  /// With the ratio to the probability it was really drawn with, one half (AdaptThink).
  case half
}
