import Foundation
import Testing

/// A folder with the configuration of the smallest run that has everything: a cold start, both modes, evaluations,
/// checkpoints. Gone after the test.
///
/// Mathematics only unless told otherwise: no sandbox is needed, so the tests pass on any machine.
final class TinyRun {
  /// The folder; runs are in it.
  let root: String
  /// The configuration file.
  let config: String

  /// The parts that differ between tests are given as the file would have them.
  init(
    model: String =
      "hidden_size: 32, layers: 1, heads: 2, key_value_heads: 1, feed_forward_size: 32, max_positions: 96",
    tasks: String = #"domains: ["math"], train_queries: 16"#,
    coldStart: String = "steps: 12, batch_size: 6, learning_rate: 1e-2, warmup_steps: 2",
    rollout: String = "queries_per_step: 2, free_rollouts: 2, minimum_per_mode: 1, max_new_tokens: 32",
    steps: Int, evaluation: String = "items_per_cell: 1", checkpoint: String = "every: 2", more: String = ""
  ) throws {
    root = NSTemporaryDirectory() + "step-srpo-tiny-" + UUID().uuidString
    config = root + "/tiny.json"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    try """
    {
      runs_folder: "\(root)",
      model: { \(model) },
      tasks: { \(tasks) },
      cold_start: { \(coldStart) },
      rollout: { \(rollout) },
      train: { steps: \(steps) },
      evaluation: { \(evaluation) },
      checkpoint: { \(checkpoint) },
      \(more)
    }
    """.write(toFile: config, atomically: true, encoding: .utf8)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// The folder of a run.
  func path(_ name: String) -> String { "\(root)/\(name)" }

  /// `run` under a name, with keys that are set otherwise.
  func run(_ name: String, _ settings: [String] = []) throws -> ProgramRunner.Result {
    try ProgramRunner.run(["run", config, "--name", name] + settings.flatMap { ["--set", $0] })
  }

  /// `resume` of a run.
  func resume(_ name: String, _ words: String...) throws -> ProgramRunner.Result {
    try ProgramRunner.run(["resume", path(name)] + words)
  }

  /// Every recorded number but wall time, as text.
  func numbers(_ name: String) throws -> String {
    let result = try ProgramRunner.run([
      "query", path(name),
      "SELECT stage, step, name, value FROM metrics WHERE name NOT LIKE 'time/%' AND name NOT LIKE '%/seconds_%' "
        + "ORDER BY 1, 2, 3",
    ])
    #expect(result.code == 0, "\(result.error)")
    return result.out
  }
}
