import LanguageModel

/// How much one repetition of a workload does.
struct BenchSize: Equatable {
  /// Sequences (rollout, train) or checks (verify).
  var batch: Int
  /// Tokens of each prompt.
  var promptLength: Int
  /// Tokens sampled after, or trained on behind, each prompt.
  var newTokens: Int
  /// Prompts of a full step.
  var groups: Int
  /// Rollouts of each prompt of a full step.
  var groupSize: Int
  /// Threads that share the work.
  var threads: Int
  /// Timed repetitions after the warm-up.
  var repetitions: Int

  /// The usual size for a model: 64 x (32 + 128) tokens, and 8 x (64 + 32) from 100 million parameters on.
  static func usual(for configuration: ModelConfiguration, threads: Int) -> BenchSize {
    let isLarge = configuration.parameterCount >= 100_000_000
    return BenchSize(
      batch: isLarge ? 8 : 64, promptLength: isLarge ? 64 : 32, newTokens: isLarge ? 32 : 128, groups: isLarge ? 2 : 16,
      groupSize: isLarge ? 4 : 8, threads: threads, repetitions: 5)
  }
}
