import ColdStart
import LanguageModel
import Platform
import StepSRPO

/// What a run will do, in words, with the memory it will take.
struct RunPlan {
  /// The plan, one fact a line.
  let text: String

  /// - Throws: `ConfigurationError`, `CheckpointError` or `ResponseCodecError` for a policy that cannot be built, and
  ///   `ConfigurationError` for one that does not fit in memory.
  init(_ configuration: RunConfiguration, _ data: PipelineData) throws {
    let model = configuration.model
    let shape = try model.policyShape()
    try model.checkTrained(in: shape)
    let memory = MemoryEstimate(configuration, shape: shape, promptTokens: data.longestPrompt)
    try memory.check(configuration)
    let origin =
      model.checkpoint.isEmpty
      ? "\(model.layers) layers, width \(model.hiddenSize), \(model.heads) heads over \(model.keyValueHeads), from random weights"
      : "from \(model.checkpoint)"
    let rollout = configuration.rollout
    let forced = rollout.forcedPerMode > 0 ? " and \(rollout.forcedPerMode) forced per mode" : ""
    let probes = rollout.minimumPerMode > 0 ? ", probes to \(rollout.minimumPerMode) per mode" : ""
    let held = data.evaluation.map { "\($0.name) (\($0.items.count))" }.joined(separator: ", ")
    let generating = max(memory.samplingWeights, memory.evaluationWeights) + memory.samplingRows
    let reference = memory.reference > 0 ? ", reference \(ByteCount.text(memory.reference))" : ""
    text = """
      policy      \(origin)
      cold start  \(configuration.coldStart.steps) steps of \(configuration.coldStart.batchSize) traces
      training    \(configuration.train.steps) steps of \(rollout.queriesPerStep) queries from \(data.queries.count), \
      \(rollout.freeRollouts) free rollouts\(forced) each\(probes)
      algorithm   \(configuration.algorithm.preset.rawValue)
      held out    \(held)
      trained     \(Self.trained(model, shape))
      memory      about \(ByteCount.text(memory.peak)): weights \(ByteCount.text(memory.weights))\(reference), \
      optimizer \(ByteCount.text(memory.optimizer)), sampling \(ByteCount.text(generating)) or \
      training \(ByteCount.text(memory.gradients + memory.pass))
      """
  }

  /// Which parameters, in words.
  private static func trained(_ model: ModelSection, _ shape: ModelConfiguration) -> String {
    let all = shape.parameterCount
    if model.lora.rank > 0 {
      let targets = model.lora.targetModules.joined(separator: ", ")
      return "an adapter of rank \(model.lora.rank) on \(targets); \(ModelFolders.count(all)) parameters frozen"
        + (model.frozenPrecision == .bf16 ? " in bfloat16" : "")
    }
    let frozen = shape.parameterShapes.reduce(0) { $0 + (model.freezes($1.name) ? $1.shape.reduce(1, *) : 0) }
    return "\(ModelFolders.count(all - frozen)) of \(ModelFolders.count(all)) parameters"
  }
}
