import ColdStart
import LanguageModel
import StepSRPO

/// What a run will do, in words, with the memory it will take.
struct RunPlan {
  /// The plan, one fact a line.
  let text: String

  init(_ configuration: RunConfiguration, _ data: PipelineData) {
    let model = configuration.model
    let origin =
      model.checkpoint.isEmpty
      ? "\(model.layers) layers, width \(model.hiddenSize), \(model.heads) heads over \(model.keyValueHeads), from random weights"
      : "from \(model.checkpoint)"
    let rollout = configuration.rollout
    let forced = rollout.forcedPerMode > 0 ? " and \(rollout.forcedPerMode) forced per mode" : ""
    let probes = rollout.minimumPerMode > 0 ? ", probes to \(rollout.minimumPerMode) per mode" : ""
    let held = data.evaluation.map { "\($0.name) (\($0.items.count))" }.joined(separator: ", ")
    text = """
      policy      \(origin)
      cold start  \(configuration.coldStart.steps) steps of \(configuration.coldStart.batchSize) traces
      training    \(configuration.train.steps) steps of \(rollout.queriesPerStep) queries from \(data.queries.count), \
      \(rollout.freeRollouts) free rollouts\(forced) each\(probes)
      algorithm   \(configuration.algorithm.preset.rawValue)
      held out    \(held)
      """
  }
}
