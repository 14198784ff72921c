import StrictJSON
import Tasks

extension RunConfiguration {
  /// Checks what the range of a single number cannot say: texts, lists, and keys that depend on each other.
  func checkRelations(error: (String, String) -> ConfigurationError) throws {
    func require(_ holds: Bool, _ key: String, _ found: some Any, _ expected: String) throws {
      guard holds else { throw error(key, "found \(found), expected \(expected)") }
    }
    try require(
      !name.contains("/") && !name.hasPrefix("."), "name", "\"\(name)\"", "a name without '/' or a leading '.'")
    try checkModel(require)
    try checkTasks(require)
    try require(
      rollout.freeRollouts + rollout.forcedPerMode > 0, "rollout.free_rollouts", 0,
      "at least one rollout a query: free_rollouts or forced_per_mode above 0")
    try require(
      rollout.maxNewTokens < model.maxPositions || !model.checkpoint.isEmpty, "rollout.max_new_tokens",
      rollout.maxNewTokens, "less than model.max_positions (\(model.maxPositions)), which prompt and response share")
    try checkAlgorithm(error)
    if MetricRegistry.definition(of: checkpoint.bestMetric) == nil {
      let hint = nearestName(to: checkpoint.bestMetric, in: MetricRegistry.definitions.map(\.name))
      throw error(
        "checkpoint.best_metric",
        "found \"\(checkpoint.bestMetric)\", expected a metric of `step-srpo metrics`"
          + (hint.map { "; did you mean \"\($0)\"?" } ?? ""))
    }
    try require(!verification.pluginsFolder.isEmpty, "verification.plugins_folder", "\"\"", "a folder")
  }

  private typealias Require = (_ holds: Bool, _ key: String, _ found: Any, _ expected: String) throws -> Void

  private func checkModel(_ require: Require) throws {
    try require(
      model.heads % model.keyValueHeads == 0, "model.heads", model.heads,
      "a multiple of key_value_heads (\(model.keyValueHeads))")
    try require(
      model.hiddenSize % (2 * model.heads) == 0, "model.hidden_size", model.hiddenSize,
      "an even multiple of heads (\(model.heads))")
    guard model.lora.rank > 0 else { return }
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

  private func checkTasks(_ require: Require) throws {
    try require(!tasks.domains.isEmpty, "tasks.domains", "[]", "at least one domain")
    let ownWeights = Domain.allCases.filter { !coldStart.byDomain[$0].levelWeights.isEmpty }.map {
      (coldStart.byDomain[$0].levelWeights, "cold_start.by_domain.\($0.rawValue).level_weights")
    }
    let most = Primer.levels.count
    for (weights, key) in [
      (tasks.levelWeights, "tasks.level_weights"), (coldStart.levelWeights, "cold_start.level_weights"),
    ] + ownWeights {
      try require(
        weights.count <= most && weights.contains { $0 > 0 }, key, weights,
        "one to \(most) weights, easiest level first, one of them above 0")
    }
    try checkStages(require)
    try require(!coldStart.thinkOnShare.isEmpty, "cold_start.think_on_share", "[]", "a share for each level")
    try require(
      tasks.suite == .primer || coldStart.byDomain == ColdStartSection.ByDomain(), "cold_start.by_domain",
      "lists", "none for a suite without domains; primer has them")
  }

  /// Mixes and stages.
  private func checkStages(_ require: Require) throws {
    func check(_ mix: MixSection, _ key: String) throws {
      try require(
        Domain.allCases.contains { mix.weight(of: $0) > 0 }, key, "the weight 0 for every domain", "one above 0")
    }
    try check(tasks.mix, "tasks.mix")
    try require(
      tasks.stages.isEmpty || tasks.mix == MixSection(), "tasks.mix", "a mix beside tasks.stages",
      "each stage to have its own")
    for (place, stage) in tasks.stages.enumerated() {
      let key = "tasks.stages.\(place)"
      try check(stage.mix, "\(key).mix")
      try require(
        stage.steps > 0 || place == tasks.stages.count - 1, "\(key).steps", stage.steps,
        "a positive number: only the last stage may leave its end open")
    }
  }
}
