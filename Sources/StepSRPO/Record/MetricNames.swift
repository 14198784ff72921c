/// The names code records by. Each must exist in the registry; `MetricTests` checks all of them.
extension Metric {
  /// The metric of a plain registry name. Traps on an unknown one: names are written in this file only.
  static func named(_ name: String, _ parts: String...) -> Metric {
    guard let definition = MetricRegistry.definitions.first(where: { $0.name == name }) else {
      preconditionFailure("metric \"\(name)\" is not in the registry")
    }
    return Metric(definition, filling: parts)
  }

  /// Training loss of the step, all segments weighted as configured.
  public static let loss = named("loss")
  /// Mean answer reward R^A of free and probe rollouts.
  public static let reward = named("reward")
  /// Mean over groups of the standard deviation of the reward.
  public static let rewardStd = named("reward_std")
  /// Share of groups in which all rewards are equal.
  public static let fracRewardZeroStd = named("frac_reward_zero_std")
  /// Mean tokens of a response.
  public static let meanLength = named("completions/mean_length")
  /// Share of responses cut at their budget.
  public static let clippedRatio = named("completions/clipped_ratio")
  /// Share of tokens held back by the lower clip bound.
  public static let clipRatioLow = named("clip_ratio/low_mean")
  /// Share of tokens held back by the upper clip bound.
  public static let clipRatioHigh = named("clip_ratio/high_mean")
  /// Share of judge tokens held by either clip bound.
  public static let clipRatioJudge = named("clip_ratio/judge")
  /// Share of gate tokens held by either clip bound.
  public static let clipRatioGate = named("clip_ratio/gate")
  /// Share of answer tokens held by either clip bound.
  public static let clipRatioAnswer = named("clip_ratio/answer")
  /// Mean k3 estimate between the policy and the reference policy.
  public static let kl = named("kl")
  /// Mean entropy of the next-token distribution.
  public static let entropy = named("entropy")
  /// Global norm of the gradient before clipping.
  public static let gradNorm = named("grad_norm")
  /// Learning rate of the step.
  public static let learningRate = named("learning_rate")
  /// Sampled tokens since the start of the run.
  public static let numTokens = named("num_tokens")
  /// Share of free rollouts whose answer is right.
  public static let accuracy = named("accuracy")
  /// Share of sampled groups that carried a gradient.
  public static let effectiveBatchRatio = named("effective_batch_ratio")
  /// Mean |log-prob of the sampler - of the trainer|.
  public static let logpDifferenceMean = named("sampling/logp_difference/mean")
  /// Largest |log-prob of the sampler - of the trainer|.
  public static let logpDifferenceMax = named("sampling/logp_difference/max")
  /// Mean k3 between sampler and trainer.
  public static let samplerK3 = named("sampling/k3")
  /// Rounds of dynamic sampling.
  public static let samplingRounds = named("sampling/rounds")
  /// Load-balancing loss of the routers of a mixture of experts.
  public static let routerAuxiliaryLoss = named("router/auxiliary_loss")
  /// Cross-entropy of the supervised stage.
  public static let coldStartLoss = named("cold_start/loss")

  /// Share of think-on among modes the policy chose.
  public static let thinkOnRate = named("mode/think_on_rate")
  /// Share of responses that break the format.
  public static let invalidRate = named("mode/invalid_rate")
  /// p_on averaged over rollouts.
  public static let accuracyOn = named("mode/accuracy_on")
  /// p_off averaged over rollouts.
  public static let accuracyOff = named("mode/accuracy_off")
  /// Mean tokens of a think-on response.
  public static let lengthOn = named("mode/length_on")
  /// Mean tokens of a think-off response.
  public static let lengthOff = named("mode/length_off")
  /// Mean judge reward R^J.
  public static let judgeReward = named("mode/judge_reward")
  /// Share that chose the right mode m*.
  public static let judgeAccuracy = named("mode/judge_accuracy")
  /// Mean pressure on the gate: advantage for think-on minus for think-off.
  public static let advantageGap = named("mode/advantage_gap")
  /// Mean entropy of the choice between the two gate tokens.
  public static let gateEntropy = named("mode/gate_entropy")
  /// Share of groups whose free rollouts chose one mode.
  public static let singleModeGroupRatio = named("mode/single_mode_group_ratio")
  /// Share of groups without a judge signal.
  public static let abstainRatio = named("mode/abstain_ratio")

  /// Mean probability of think-on at the gate.
  public static let thinkOnProbability = named("mode/think_on_probability")
  /// Share of groups left out of the step.
  public static let degenerateRatio = named("mode/degenerate_ratio")
  /// Mean tokens of the judge rationale.
  public static let lengthJudge = named("mode/length_judge")
  /// Mean tokens after the gate of a think-on response, thought and answer.
  public static let lengthAnswerOn = named("mode/length_answer_on")
  /// Mean tokens after the gate of a think-off response.
  public static let lengthAnswerOff = named("mode/length_answer_off")

  /// Mean score of one verifier.
  public static func verifierMean(_ verifier: String) -> Metric { named("rewards/{verifier}/mean", verifier) }
  /// Share of requests the verifier failed on.
  public static func errorRatio(_ verifier: String) -> Metric { named("verifier/{verifier}/error_ratio", verifier) }
  /// Share of requests that ran out of time.
  public static func timeoutRatio(_ verifier: String) -> Metric { named("verifier/{verifier}/timeout_ratio", verifier) }
  /// Median time of a request, batch time shared evenly.
  public static func secondsP50(_ verifier: String) -> Metric { named("verifier/{verifier}/seconds_p50", verifier) }
  /// 99th percentile of the time of a request.
  public static func secondsP99(_ verifier: String) -> Metric { named("verifier/{verifier}/seconds_p99", verifier) }
  /// Share of right answers whose form nobody wrote in the first steps.
  public static func newFormRatio(_ verifier: String) -> Metric {
    named("verifier/{verifier}/new_form_ratio", verifier)
  }
  /// Share of the rewarded rollouts it read that the audit refuses.
  public static let auditDisagreement = named("audit/disagreement")
  /// Share of the rollouts the audit was asked about that it gave no score.
  public static let auditUnscorableRatio = named("audit/unscorable_ratio")
  /// Share of rollouts without a score (abstained or failed).
  public static let unscorableRatio = named("unscorable_ratio")

  /// Accuracy on a held-out set; responses are drawn at `evaluation.temperature`.
  public static func evalAccuracy(_ dataset: String) -> Metric { named("eval/{dataset}/accuracy", dataset) }
  /// Accuracy on a held-out set where a right answer that the audit refuses counts as wrong.
  public static func evalAuditedAccuracy(_ dataset: String) -> Metric {
    named("eval/{dataset}/audited_accuracy", dataset)
  }
  /// Share of the right answers on a held-out set that the audit refuses.
  public static func evalAuditDisagreement(_ dataset: String) -> Metric {
    named("eval/{dataset}/audit_disagreement", dataset)
  }
  /// Share of think-on on a held-out set.
  public static func evalThinkOnRate(_ dataset: String) -> Metric { named("eval/{dataset}/think_on_rate", dataset) }
  /// Mean tokens of a response on a held-out set.
  public static func evalMeanLength(_ dataset: String) -> Metric { named("eval/{dataset}/mean_length", dataset) }
  /// Share of responses that break the format.
  public static func evalInvalidRate(_ dataset: String) -> Metric { named("eval/{dataset}/invalid_rate", dataset) }

  /// Wall time of the whole step.
  public static let timeStep = named("time/step")
  /// Wall time of sampling.
  public static let timeGenerate = named("time/generate")
  /// Wall time of verification.
  public static let timeScore = named("time/score")
  /// Wall time of the policy update.
  public static let timeTrain = named("time/train")
  /// Wall time of writing a checkpoint.
  public static let timeCheckpoint = named("time/checkpoint")
}
