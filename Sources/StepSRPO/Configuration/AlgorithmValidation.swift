import Tasks

extension RunConfiguration {
  /// Ranges of the algorithm's parts, and parts that do not go together.
  func validateAlgorithm(_ error: (String, String) -> ConfigurationError) throws {
    func require(_ holds: Bool, _ key: String, _ found: some Any, _ expected: String) throws {
      guard holds else { throw error("algorithm.\(key)", "found \(found), expected \(expected)") }
    }
    for (value, key) in [
      (algorithm.eta, "eta"), (algorithm.settledProbability, "settled_probability"), (algorithm.offBias, "off_bias"),
      (algorithm.modeMargin, "mode_margin"), (algorithm.judgeShare, "judge_share"),
      (algorithm.judgeAnswerShare, "judge_answer_share"),
    ] { try require((0...1).contains(value), key, value, "a number between 0 and 1") }
    try require(algorithm.kappa > 0, "kappa", algorithm.kappa, "a positive number")
    for (value, key) in [
      (algorithm.priceOfThinking, "price_of_thinking"), (algorithm.deviationFloor, "deviation_floor"),
      (algorithm.counterfactualScale, "counterfactual_scale"), (algorithm.historyWeight, "history_weight"),
      (algorithm.judgeLossWeight, "judge_loss_weight"), (algorithm.gateLossWeight, "gate_loss_weight"),
      (algorithm.clipLow, "clip_low"), (algorithm.clipHigh, "clip_high"), (algorithm.klWeight, "kl_weight"),
      (algorithm.entropyBonus, "entropy_bonus"), (algorithm.gateEntropyBonus, "gate_entropy_bonus"),
      (algorithm.modeWeight, "mode_weight"), (algorithm.formatReward, "format_reward"),
      (algorithm.gateFormWeight, "gate_form_weight"),
    ] { try require(value.isFinite && value >= 0, key, value, "a number of 0 or more") }
    for (value, key) in [
      (algorithm.rewardOn, "reward_on"), (algorithm.rewardOff, "reward_off"), (algorithm.rewardWrong, "reward_wrong"),
      (algorithm.offBonus, "off_bonus"),
    ] { try require(value.isFinite, key, value, "a finite number") }
    try require(
      algorithm.gateChoice == .vocabulary || algorithm.gateClip == .cispo, "gate_choice", algorithm.gateChoice.rawValue,
      "\"vocabulary\" with gate_clip \"\(algorithm.gateClip.rawValue)\": a choice between the modes takes \"cispo\"")
    try require(
      algorithm.gateFormWeight == 0 || algorithm.gateChoice == .modes, "gate_form_weight", algorithm.gateFormWeight,
      "0 with gate_choice \"vocabulary\", which holds the gates' probability itself")
    try require(algorithm.importanceCap >= 1, "importance_cap", algorithm.importanceCap, "1 or more")
    try require(algorithm.overlongBuffer > 0, "overlong_buffer", algorithm.overlongBuffer, "a positive number")
    try require(algorithm.referenceRollouts > 0, "reference_rollouts", algorithm.referenceRollouts, "a positive number")
    try require(
      algorithm.kl != .k1InReward || preset.keys.contains("reward_wrong"), "kl", algorithm.kl.rawValue,
      "a form that stands in the loss (k2, k3, rho-k3): \(preset.rawValue) has no reward of a sequence to put it in")
    try require(
      algorithm.forcedGate != .half || rollout.forcedPerMode > 0, "forced_gate", "half",
      "\"silent\" or \"policy\", or else rollout.forced_per_mode above 0: only then is a gate drawn half and half")
    try require(
      algorithm.forcedGate != .half || rollout.minimumPerMode <= rollout.forcedPerMode, "forced_gate", "half",
      "rollout.minimum_per_mode of at most forced_per_mode: topped-up modes are not drawn half and half")
  }

  private var preset: AlgorithmSection.Preset { algorithm.preset }

  /// Mixes and stages.
  func validateStages(_ error: (String, String) -> ConfigurationError) throws {
    func check(_ mix: MixSection, _ key: String) throws {
      for (value, name) in [
        (mix.math, "math"), (mix.code, "code"), (mix.science, "science"), (mix.general, "general"),
        (mix.hardBias, "hard_bias"),
      ] where !(value.isFinite && value >= 0) {
        throw error("\(key).\(name)", "found \(value), expected a number of 0 or more")
      }
      for (value, name) in [(mix.easyShare, "easy_share"), (mix.easyBelow, "easy_below")]
      where !(0..<1).contains(value) { throw error("\(key).\(name)", "found \(value), expected a number in [0, 1)") }
      guard Domain.allCases.contains(where: { mix.weight(of: $0) > 0 }) else {
        throw error(key, "found the weight 0 for every domain, expected one above 0")
      }
    }
    try check(tasks.mix, "tasks.mix")
    if !tasks.stages.isEmpty, tasks.mix != MixSection() {
      throw error("tasks.mix", "found a mix beside tasks.stages, expected each stage to have its own")
    }
    for (place, stage) in tasks.stages.enumerated() {
      let key = "tasks.stages.\(place)"
      try check(stage.mix, "\(key).mix")
      let isLast = place == tasks.stages.count - 1
      guard stage.steps > 0 || (isLast && stage.steps == 0) else {
        throw error(
          "\(key).steps", "found \(stage.steps), expected a positive number: only the last stage may leave its end open"
        )
      }
    }
  }
}
