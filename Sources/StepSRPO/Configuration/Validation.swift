import StrictJSON
import Tasks

extension RunConfiguration {
  /// Checks every range, so that a wrong number is found before anything is computed with it.
  func validate(error: (String, String) -> ConfigurationError) throws {
    func require(_ holds: Bool, _ key: String, _ found: some Any, _ expected: String) throws {
      guard holds else { throw error(key, "found \(found), expected \(expected)") }
    }
    func positive(_ value: Int, _ key: String) throws { try require(value > 0, key, value, "a positive number") }
    func notNegative(_ value: Int, _ key: String) throws { try require(value >= 0, key, value, "0 or more") }
    func share(_ value: Double, _ key: String) throws {
      try require((0...1).contains(value), key, value, "a number between 0 and 1")
    }
    func rate(_ value: Double, _ key: String) throws {
      try require(value.isFinite && value >= 0, key, value, "a number of 0 or more")
    }
    try require(
      !name.contains("/") && !name.hasPrefix("."), "name", "\"\(name)\"", "a name without '/' or a leading '.'")
    try require(seed >= 0, "seed", seed, "0 or more")

    for (value, key) in [
      (model.hiddenSize, "hidden_size"), (model.layers, "layers"), (model.heads, "heads"),
      (model.keyValueHeads, "key_value_heads"), (model.feedForwardSize, "feed_forward_size"),
      (model.maxPositions, "max_positions"),
    ] { try positive(value, "model.\(key)") }
    try require(
      (0...65_536).contains(model.lora.rank), "model.lora.rank", model.lora.rank, "0 (no adapter) to 65536")
    try require(
      model.lora.alpha > 0 && model.lora.alpha.isFinite, "model.lora.alpha", model.lora.alpha, "a number above 0")
    if model.lora.rank > 0 {
      try require(!model.lora.targetModules.isEmpty, "model.lora.target_modules", "[]", "names of linear layers")
      try require(
        !model.checkpoint.isEmpty, "model.lora.rank", model.lora.rank,
        "0 without model.checkpoint: an adapter is kept apart from the weights it adapts, so these have to be a folder "
          + "(`step-srpo model init` writes random ones)")
      try require(
        model.freeze.isEmpty, "model.freeze", model.freeze, "[] beside model.lora.rank: an adapter freezes all weights")
      for (choice, key) in [(train.optimizer, "train.optimizer"), (coldStart.optimizer, "cold_start.optimizer")] {
        try require(
          choice == .adamw, key, choice.rawValue,
          "adamw beside model.lora.rank: the two thin matrices of an adapter are no hidden layer to make orthogonal")
      }
    }
    if model.heads > 0, model.keyValueHeads > 0 {
      try require(
        model.heads % model.keyValueHeads == 0, "model.heads", model.heads, "a multiple of key_value_heads")
      try require(
        model.hiddenSize % (2 * model.heads) == 0, "model.hidden_size", model.hiddenSize, "an even multiple of heads")
    }
    try require(!tasks.domains.isEmpty, "tasks.domains", "[]", "at least one domain")
    let ownWeights = Domain.allCases.filter { !coldStart.byDomain[$0].levelWeights.isEmpty }.map {
      (coldStart.byDomain[$0].levelWeights, "cold_start.by_domain.\($0.rawValue).level_weights")
    }
    for (weights, key) in [
      (tasks.levelWeights, "tasks.level_weights"), (coldStart.levelWeights, "cold_start.level_weights"),
    ] + ownWeights {
      try require(
        !weights.isEmpty && weights.allSatisfy { $0 >= 0 } && weights.contains { $0 > 0 }, key, weights,
        "weights of 0 or more, one of them positive")
    }
    try positive(tasks.trainQueries, "tasks.train_queries")
    try validateStages(error)
    try share(tasks.intentShare, "tasks.intent_share")

    try notNegative(coldStart.steps, "cold_start.steps")
    try positive(coldStart.batchSize, "cold_start.batch_size")
    try rate(coldStart.learningRate, "cold_start.learning_rate")
    try notNegative(coldStart.warmupSteps, "cold_start.warmup_steps")
    try require(!coldStart.thinkOnShare.isEmpty, "cold_start.think_on_share", "[]", "a share for each level")
    for (level, value) in coldStart.thinkOnShare.enumerated() { try share(value, "cold_start.think_on_share.\(level)") }
    try share(coldStart.randomModeShare, "cold_start.random_mode_share")
    let ownShares = Domain.allCases.map {
      (coldStart.byDomain[$0].givenOffShare, "cold_start.by_domain.\($0.rawValue).given_off_share")
    }
    for (shares, key) in [(coldStart.givenOffShare, "cold_start.given_off_share")] + ownShares {
      for (level, value) in shares.enumerated() { try share(value, "\(key).\(level)") }
    }
    try require(
      tasks.suite == .primer || coldStart.byDomain == ColdStartSection.ByDomain(), "cold_start.by_domain",
      "lists", "none for a suite without domains; primer has them")

    try positive(rollout.queriesPerStep, "rollout.queries_per_step")
    try notNegative(rollout.freeRollouts, "rollout.free_rollouts")
    try notNegative(rollout.minimumPerMode, "rollout.minimum_per_mode")
    try notNegative(rollout.forcedPerMode, "rollout.forced_per_mode")
    try require(
      rollout.freeRollouts + rollout.forcedPerMode > 0, "rollout.free_rollouts", 0,
      "at least one rollout a query: free_rollouts or forced_per_mode above 0")
    try positive(rollout.samplingRounds, "rollout.sampling_rounds")
    try require(
      rollout.temperature > 0, "rollout.temperature", rollout.temperature, "a positive number: rollouts must explore")
    try require(rollout.topP > 0 && rollout.topP <= 1, "rollout.top_p", rollout.topP, "a number in (0, 1]")
    try positive(rollout.maxNewTokens, "rollout.max_new_tokens")
    try require(
      rollout.maxNewTokens < model.maxPositions, "rollout.max_new_tokens", rollout.maxNewTokens,
      "less than model.max_positions (\(model.maxPositions)), which prompt and response share")
    try notNegative(rollout.offBudget, "rollout.off_budget")
    try positive(rollout.workers, "rollout.workers")
    try positive(rollout.batchSize, "rollout.batch_size")

    try validateAlgorithm(error)

    try notNegative(train.steps, "train.steps")
    try rate(train.learningRate, "train.learning_rate")
    try notNegative(train.warmupSteps, "train.warmup_steps")
    try positive(train.minibatches, "train.minibatches")
    for (value, key) in [(train.beta1, "beta1"), (train.beta2, "beta2")] {
      try require((0..<1).contains(value), "train.\(key)", value, "a number in [0, 1)")
    }
    try require((0..<1).contains(train.muonMomentum), "train.muon_momentum", train.muonMomentum, "a number in [0, 1)")
    try rate(train.weightDecay, "train.weight_decay")
    try require(train.epsilon > 0, "train.epsilon", train.epsilon, "a positive number")
    try require(train.maxGradNorm > 0, "train.max_grad_norm", train.maxGradNorm, "a positive number")
    try positive(train.microBatchTokens, "train.micro_batch_tokens")

    try share(resampling.settledOff, "resampling.settled_off")
    try share(resampling.readmission, "resampling.readmission")
    try positive(resampling.allWrongEpochs, "resampling.all_wrong_epochs")
    try notNegative(evaluation.every, "evaluation.every")
    try positive(evaluation.itemsPerCell, "evaluation.items_per_cell")
    try rate(evaluation.temperature, "evaluation.temperature")
    try positive(checkpoint.every, "checkpoint.every")
    try positive(checkpoint.keep, "checkpoint.keep")
    try positive(checkpoint.coldStartEvery, "checkpoint.cold_start_every")
    try notNegative(checkpoint.keepBest, "checkpoint.keep_best")
    if MetricRegistry.definition(of: checkpoint.bestMetric) == nil {
      let hint = nearestName(to: checkpoint.bestMetric, in: MetricRegistry.definitions.map(\.name))
      throw error(
        "checkpoint.best_metric",
        "found \"\(checkpoint.bestMetric)\", expected a metric of `step-srpo metrics`"
          + (hint.map { "; did you mean \"\($0)\"?" } ?? ""))
    }
    try share(limits.verifierFailures, "limits.verifier_failures")
    try share(limits.truncated, "limits.truncated")
    try share(limits.invalidFormats, "limits.invalid_formats")
    try positive(limits.window, "limits.window")
    try rate(limits.wallTimeMinutes, "limits.wall_time_minutes")
    try notNegative(limits.freeDiskMegabytes, "limits.free_disk_megabytes")
    try positive(verification.workers, "verification.workers")
    try positive(verification.sandboxProcesses, "verification.sandbox_processes")
    try share(verification.auditShare, "verification.audit_share")
    try require(!verification.pluginsFolder.isEmpty, "verification.plugins_folder", "\"\"", "a folder")
  }
}
