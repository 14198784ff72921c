import AutoThink
import Foundation
import LanguageModel
import Tasks
import TensorCore

/// A fixed copy of the policy that a KL term or a baseline refers to.
///
/// Unless the configuration names a folder it is the policy before the first reinforcement step; every checkpoint then
/// holds a copy under `reference/`, so a run folder can be moved and resumed.
public final class ReferencePolicy {
  private let policy: Policy
  private let rollout: RolloutSection
  private let seed: UInt64
  private let microBatchTokens: Int
  private static let folderName = "reference"

  /// A reference over its own copy of the weights.
  ///
  /// - Parameters:
  ///   - folder: where the copy is read from.
  ///   - configuration: the run's, for budgets, workers and the seed.
  /// - Throws: what reading a Hugging Face folder throws.
  public init(folder: String, configuration: RunConfiguration) throws {
    policy = try Policy(folder: folder)
    rollout = configuration.rollout
    seed = UInt64(configuration.seed)
    microBatchTokens = configuration.train.microBatchTokens
  }

  /// The reference a run needs; nil when its algorithm needs none.
  ///
  /// - Parameters:
  ///   - policy: the policy as the run begins; copied when neither a folder is named nor a checkpoint resumed, and by a
  ///     fork from before the first step that asks for a reference where the run it comes from had none.
  ///   - checkpoint: the checkpoint folder a run resumes from.
  ///   - step: its step.
  /// - Throws: what reading a Hugging Face folder throws; `ConfigurationError` where a later checkpoint holds none.
  static func of(_ policy: Policy, _ configuration: RunConfiguration, resuming checkpoint: String?, step: Int) throws
    -> ReferencePolicy?
  {
    guard configuration.algorithm.needsReference else { return nil }
    let named = configuration.algorithm.referenceCheckpoint
    if !named.isEmpty { return try ReferencePolicy(folder: named, configuration: configuration) }
    if let kept = checkpoint.map({ "\($0)/\(folderName)" }) {
      if FileManager.default.fileExists(atPath: kept) {
        return try ReferencePolicy(folder: kept, configuration: configuration)
      }
      guard step == 0 else {
        throw ConfigurationError(
          source: kept, key: "algorithm.reference_checkpoint",
          message: "found none, and the run had no reference policy until step \(step); expected a model's folder")
      }
    }
    let copy = NSTemporaryDirectory() + "step-srpo-reference-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: copy) }
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    try policy.save(to: copy)
    return try ReferencePolicy(folder: copy, configuration: configuration)
  }

  /// Writes the copy into a checkpoint.
  func save(into checkpoint: String) throws {
    let folder = "\(checkpoint)/\(Self.folderName)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try policy.save(to: folder)
  }

  /// Sets log ref of every token of every rollout.
  func score(_ groups: inout [RolloutGroup]) {
    var place: (group: Int, rollout: Int) = (0, 0)
    var pass = PackedBatch()
    var members: [(group: Int, rollout: Int)] = []
    func flush(_ groups: inout [RolloutGroup]) {
      guard !members.isEmpty else { return }
      let values = policy.model.tokenLogProbs(
        pass, temperature: Float(rollout.temperature), tape: Tape(recording: false)
      ).logProb.values
      var next = 0
      for member in members {
        let count = groups[member.group].rollouts[member.rollout].tokens.count
        groups[member.group].rollouts[member.rollout].referenceLogProbs = Array(values[next..<next + count])
        next += count
      }
      pass = PackedBatch()
      members = []
    }
    while place.group < groups.count {
      let group = groups[place.group]
      if !members.isEmpty, pass.rows > microBatchTokens { flush(&groups) }
      pass.appendGroup(prompt: group.prompt, responses: group.rollouts.map(\.tokens))
      members += group.rollouts.indices.map { (place.group, $0) }
      place.group += 1
    }
    flush(&groups)
  }

  /// The mean outcome of `count` responses of the reference policy to each item, in order; nil where none has a score.
  /// A response in another mode than the one its user asks for is wrong, as in the rewards.
  ///
  /// Draws depend on (seed, the query's index in the pool, sample) alone, so it does not matter when a query is asked.
  func meanOutcomes(_ queries: [(index: Int, item: TaskItem)], count: Int, scorer: Scorer) throws -> [Double?] {
    try PassRates(policy: policy, rollout: rollout, scorer: scorer, seed: Int(seed), purpose: .reference)(
      queries, samples: count, obeying: true)
  }
}

extension RandomPurpose {
  /// Responses of the reference policy.
  public static let reference: RandomPurpose = "reference"
}
