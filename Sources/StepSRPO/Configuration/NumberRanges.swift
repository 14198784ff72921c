import Tasks

// The ranges of all numbers, section by section. A number without an entry here is refused, so that a new key cannot be
// forgotten. Upper ends are beyond what anybody will want and below what would overflow, wait for hours or fill a disk;
// what a machine's memory holds is `MemoryEstimate`'s to say.

extension RunConfiguration {
  /// All keys that hold numbers, in the order of the sections.
  public static let numbers: [NumericKey] =
    [NumericKey("seed", .whole(0...Int.max))]
    + ModelSection.numbers.under("model")
    + TaskSection.numbers.under("tasks")
    + ColdStartSection.numbers.under("cold_start")
    + RolloutSection.numbers.under("rollout")
    + AlgorithmSection.numbers.under("algorithm")
    + TrainSection.numbers.under("train")
    + ResamplingSection.numbers.under("resampling")
    + EvaluationSection.numbers.under("evaluation")
    + CheckpointSection.numbers.under("checkpoint")
    + VerificationSection.numbers.under("verification")
    + LimitsSection.numbers.under("limits")

  /// The most steps of anything.
  static let steps = 0...10_000_000
}

extension ModelSection {
  static let numbers = [
    NumericKey("hidden_size", .whole(2...131_072)),
    NumericKey("layers", .whole(1...1024)),
    NumericKey("heads", .whole(1...1024)),
    NumericKey("key_value_heads", .whole(1...1024)),
    NumericKey("feed_forward_size", .whole(1...1_048_576)),
    NumericKey("max_positions", .whole(2...1_048_576)),
    NumericKey("lora.rank", .whole(0...65_536), "0 trains the weights themselves"),
    NumericKey("lora.alpha", .real(1e-6...1e6)),
  ]
}

extension TaskSection {
  static let numbers =
    [
      NumericKey("intent_share", .share),
      NumericKey("level_weights.*", weight),
      NumericKey("train_queries", .whole(1...1_000_000)),
    ] + MixSection.numbers.under("mix") + StageSection.numbers.under("stages.*")

  /// A relative weight: of all weights of a list the smallest still counts beside the largest.
  static let weight = NumberRange.realOrZero(1e-6...1e6)
}

extension MixSection {
  static let numbers =
    Domain.allCases.map { NumericKey($0.rawValue, TaskSection.weight) } + [
      NumericKey("hard_bias", .real(0...1000)),
      NumericKey("easy_share", .real(0...0.999)),
      NumericKey("easy_below", .real(0...0.999)),
    ]
}

extension StageSection {
  static let numbers = [NumericKey("steps", .whole(RunConfiguration.steps))] + MixSection.numbers.under("mix")
}

extension ColdStartSection {
  static let numbers =
    [
      NumericKey("steps", .whole(RunConfiguration.steps), "0 skips the cold start"),
      NumericKey("batch_size", .whole(1...65_536)),
      NumericKey("learning_rate", TrainSection.learningRates),
      NumericKey("warmup_steps", .whole(RunConfiguration.steps)),
      NumericKey("level_weights.*", TaskSection.weight),
      NumericKey("think_on_share.*", .share),
      NumericKey("random_mode_share", .share),
      NumericKey("given_off_share.*", .share),
    ] + Domain.allCases.flatMap { DomainLists.numbers.under("by_domain.\($0.rawValue)") }
}

extension ColdStartSection.DomainLists {
  static let numbers = [
    NumericKey("level_weights.*", TaskSection.weight),
    NumericKey("given_off_share.*", .share),
  ]
}

extension RolloutSection {
  static let numbers = [
    NumericKey("queries_per_step", .whole(1...65_536)),
    NumericKey("free_rollouts", .whole(0...4096)),
    NumericKey("minimum_per_mode", .whole(0...4096), "0 switches probes off"),
    NumericKey("forced_per_mode", .whole(0...4096)),
    NumericKey("sampling_rounds", .whole(1...1000)),
    NumericKey("temperature", temperatures, "rollouts must explore"),
    NumericKey("top_p", .real(1e-6...1)),
    NumericKey("max_new_tokens", .whole(1...1_048_575)),
    NumericKey("off_budget", .whole(0...1_048_576), "0 means a quarter of max_new_tokens"),
    NumericKey("workers", .whole(1...1024)),
    NumericKey("batch_size", .whole(1...4096)),
  ]

  /// Logits divided by these are still apart, and still numbers.
  static let temperatures = NumberRange.real(1e-3...100)
}

extension AlgorithmSection {
  static let numbers = [
    NumericKey("price_of_thinking", .real(0...1000)),
    NumericKey("history_weight", .real(0...1e6)),
    NumericKey("kappa", .real(1e-6...1e6)),
    NumericKey("eta", .share),
    NumericKey("judge_answer_share", .share),
    NumericKey("counterfactual_scale", .real(0...1000)),
    NumericKey("settled_probability", .share),
    NumericKey("reward_on", .real(-1000...1000)),
    NumericKey("reward_off", .real(-1000...1000)),
    NumericKey("reward_wrong", .real(-1000...1000)),
    NumericKey("format_reward", .real(0...1000)),
    NumericKey("off_bonus", .real(-1000...1000)),
    NumericKey("overlong_buffer", .whole(1...1_048_576)),
    NumericKey("deviation_floor", .real(0...1000)),
    NumericKey("reference_rollouts", .whole(1...4096)),
    NumericKey("judge_share", .share),
    NumericKey("off_bias", .share),
    NumericKey("mode_margin", .share),
    NumericKey("mode_weight", .real(0...1000)),
    NumericKey("judge_loss_weight", .real(0...1e6)),
    NumericKey("gate_loss_weight", .real(0...1e6)),
    NumericKey("gate_form_weight", .real(0...1e6), "0 switches it off"),
    NumericKey("clip_low", .real(0...1e6)),
    NumericKey("clip_high", .real(0...1e6)),
    NumericKey("importance_cap", .real(1...1e6)),
    NumericKey("kl_weight", .real(0...1e6)),
    NumericKey("entropy_bonus", .real(0...1e6), "0 switches it off"),
    NumericKey("gate_entropy_bonus", .real(0...1e6), "0 switches it off"),
  ]
}

extension TrainSection {
  static let numbers = [
    NumericKey("steps", .whole(RunConfiguration.steps)),
    NumericKey("learning_rate", learningRates),
    NumericKey("warmup_steps", .whole(RunConfiguration.steps)),
    NumericKey("minibatches", .whole(1...65_536)),
    NumericKey("beta1", decays),
    NumericKey("beta2", decays),
    NumericKey("epsilon", .real(1e-30...1)),
    NumericKey("weight_decay", .real(0...1000)),
    NumericKey("muon_momentum", decays),
    NumericKey("max_grad_norm", .real(1e-6...1e12)),
    NumericKey("micro_batch_tokens", .whole(1...16_777_216)),
  ]

  /// 0 trains nothing; what is above 0 moves weights in single precision.
  static let learningRates = NumberRange.realOrZero(1e-12...10)
  /// Shares that are below 1 in single precision too: one of 1 never forgets, and its correction divides by 0.
  private static let decays = NumberRange.real(0...0.999999)
}

extension ResamplingSection {
  static let numbers = [
    NumericKey("settled_off", .share),
    NumericKey("readmission", .share),
    NumericKey("all_wrong_epochs", .whole(1...1_000_000)),
  ]
}

extension EvaluationSection {
  static let numbers = [
    NumericKey("every", .whole(RunConfiguration.steps), "0 evaluates before the first and after the last step only"),
    NumericKey("items_per_cell", .whole(1...10_000)),
    NumericKey("temperature", .realOrZero(1e-3...100), "0 is greedy"),
  ]
}

extension CheckpointSection {
  static let numbers = [
    NumericKey("every", .whole(1...RunConfiguration.steps.upperBound)),
    NumericKey("cold_start_every", .whole(1...RunConfiguration.steps.upperBound)),
    NumericKey("keep", .whole(1...1_000_000)),
    NumericKey("keep_best", .whole(0...1_000_000), "0 keeps none"),
  ]
}

extension VerificationSection {
  static let numbers = [
    NumericKey("workers", .whole(1...1024)),
    NumericKey("sandbox_processes", .whole(1...256)),
    NumericKey("audit_share", .share),
  ]
}

extension LimitsSection {
  static let numbers = [
    NumericKey("verifier_failures", .share),
    NumericKey("truncated", .share),
    NumericKey("invalid_formats", .share),
    NumericKey("window", .whole(1...1_000_000)),
    NumericKey("wall_time_minutes", .real(0...5_256_000), "0 sets no limit"),
    NumericKey("free_disk_megabytes", .whole(0...1_000_000_000_000), "0 sets no limit"),
    NumericKey("memory_megabytes", .whole(0...1_000_000_000_000), "0 takes the machine's own"),
  ]
}
