import Platform

extension MemoryEstimate {
  /// Refuses a plan that takes more memory than there is: it would be ended by the kernel somewhere in its middle.
  ///
  /// - Parameters:
  ///   - limit: what there is; `limits.memory_megabytes` goes before it. Nil where the system does not say.
  /// - Throws: `ConfigurationError` naming the keys that the largest part comes from, and both sizes.
  public func check(_ configuration: RunConfiguration, limit: MachineMemory? = .limit) throws {
    var limit = limit
    if configuration.limits.memoryMegabytes > 0 {
      let (bytes, overflow) = configuration.limits.memoryMegabytes.multipliedReportingOverflow(by: 1_000_000)
      limit = MachineMemory(bytes: overflow ? .max : bytes, holder: "limits.memory_megabytes allows")
    }
    guard let limit, peak > limit.bytes else { return }
    let (part, size, keys) = largestPart(configuration)
    throw ConfigurationError(
      source: "the plan", key: keys.joined(separator: ", "),
      message:
        "the run would take about \(ByteCount.text(peak)) of memory, \(ByteCount.text(size)) of it for \(part), and "
        + "\(limit.holder) \(ByteCount.text(limit.bytes)). Lower these keys; with swap, "
        + "`--set limits.memory_megabytes=N` says what a run may take")
  }

  /// The part of the peak that takes most, with the keys it comes from.
  private func largestPart(_ configuration: RunConfiguration) -> (name: String, bytes: Int, keys: [String]) {
    let shape =
      configuration.model.checkpoint.isEmpty
      ? ["model.hidden_size", "model.layers", "model.feed_forward_size"] : ["model.checkpoint"]
    let group = ["rollout.queries_per_step", "rollout.free_rollouts", "rollout.minimum_per_mode"]
    let isTraining = peak == training
    let parts: [(name: String, bytes: Int, keys: [String])] = [
      ("weights and what is kept beside them", aroundWeights(isTraining), shape),
      (
        "the rows in flight", isTraining ? 0 : samplingRows,
        ["rollout.workers", "rollout.batch_size", "rollout.max_new_tokens"] + shape
      ),
      ("the responses of a step", responses, group + ["rollout.forced_per_mode", "rollout.max_new_tokens"]),
      ("a forward and backward pass", isTraining ? pass : 0, ["train.micro_batch_tokens"] + shape),
    ]
    return parts.max { $0.bytes < $1.bytes } ?? parts[0]
  }

  private func aroundWeights(_ isTraining: Bool) -> Int {
    let fixed = Self.sum(weights, reference, optimizer)
    return Self.sum(fixed, isTraining ? gradients : peak == sampling ? samplingWeights : evaluationWeights)
  }
}
