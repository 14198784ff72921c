import AutoThink
import StepSRPO
import StrictJSON
import Tasks
import TensorCore

extension PipelineData {
  /// The data a configuration names: task files where it lists them, the built-in suite elsewhere.
  ///
  /// - Throws: `PrimerError`, the task file reader's errors, or `ConfigurationError` where files and cold start do not
  ///   fit together.
  public init(_ configuration: RunConfiguration) throws {
    let tasks = configuration.tasks
    let primer = try Primer(
      PrimerOptions(seed: configuration.seed, domains: tasks.domains, levelWeights: tasks.levelWeights))
    let coldStart = DualRegimeData(primer: primer, options: configuration.coldStart, seed: configuration.seed)
    // Every level is measured, whatever the training mix leaves out.
    let held = try Primer(PrimerOptions(seed: configuration.seed, domains: tasks.domains))
    self.init(
      queries: try primer.items(.train, count: tasks.trainQueries), demonstrations: { coldStart.batch(step: $0) },
      evaluation: [
        EvaluationSet(name: "primer", items: try held.items(.test, perCell: configuration.evaluation.itemsPerCell))
      ])
  }
}
