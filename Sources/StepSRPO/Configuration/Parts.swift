import LanguageModel
import TensorCore

/// The parts of the algorithm as a configuration sets them.
extension SegmentCredit {
  /// The credit rule of a configuration.
  public init(_ section: AlgorithmSection) {
    self.init()
    credit = section.credit
    priceOfThinking = section.priceOfThinking
    allFail = section.allFail
    historyWeight = section.historyWeight
    judgeReward = JudgeReward(form: section.judgeReward, temperature: section.kappa)
    answerReward = AnswerReward(modulation: section.eta)
    answerBaseline = section.answerBaseline
    judgeAnswerShare = section.judgeAnswerShare
    deviationFloor = section.deviationFloor
    counterfactualScale = section.counterfactualScale
    settledProbability = section.settledProbability
  }
}

extension PolicyLoss {
  /// The loss of a configuration; `longest` is the budget of a response in tokens, Dr. GRPO's constant.
  public init(_ section: AlgorithmSection, longest: Int = 0) {
    self.init()
    aggregation = section.aggregation
    gateNormaliser = section.gateNormaliser
    constantLength = max(1, longest)
    ratio = section.ratio
    clip = section.clip
    gateClip = section.gateClip
    gateChoice = section.gateChoice
    gateFormWeight = section.gateFormWeight
    clipLow = section.clipLow
    clipHigh = section.clipHigh
    importanceCap = section.importanceCap
    judgeWeight = section.judgeLossWeight
    gateWeight = section.gateLossWeight
    forcedGate = section.forcedGate
    kl = section.kl
    klWeight = section.klWeight
    entropyBonus = section.entropyBonus
    gateEntropyBonus = section.gateEntropyBonus
  }
}

extension AdamW.Configuration {
  /// The optimizer of a configuration.
  public init(_ section: TrainSection) {
    self.init(
      beta1: Float(section.beta1), beta2: Float(section.beta2), epsilon: Float(section.epsilon),
      weightDecay: Float(section.weightDecay), maximumNorm: Float(section.maxGradNorm))
  }
}

extension Policy {
  /// A new optimizer of what is trained.
  public func optimizer(_ choice: OptimizerChoice, _ section: TrainSection) -> any Optimizer {
    let (parameters, constants) = (model.trainableParameters, AdamW.Configuration(section))
    switch choice {
    case .adamw: return AdamW(parameters: parameters, configuration: constants)
    case .muon:
      return Muon(
        parameters: parameters, orthogonal: model.configuration.linearWeights.contains,
        momentum: Float(section.muonMomentum), configuration: constants)
    }
  }
}

extension LearningRateSchedule {
  /// The schedule of a configuration.
  public init(_ section: TrainSection) {
    let shape: Shape =
      switch section.schedule {
      case .constant: .constant
      case .cosine: .cosine
      case .linear: .linear
      }
    self.init(
      shape, peak: section.learningRate, warmupSteps: section.warmupSteps, totalSteps: section.steps,
      finalFraction: 0.1)
  }
}
