import AutoThink
import Foundation
import LanguageModel
import Tasks
import TensorCore

/// Samples the groups of a step: free rollouts, then probes of the modes that are short of evidence. **[ours]**
///
/// Probes exist because a group of one mode says nothing about the other, and a gate near 0 or 1 has no gradient of its
/// own. Think-off has a token budget of its own, so that reasoning cannot leak into the answer.
public struct RolloutPool: Sendable {
  private let policy: Policy
  private let options: RolloutSection
  private let seed: UInt64
  private let sampler: SamplerPool

  /// A pool that samples from `policy`.
  public init(policy: Policy, options: RolloutSection, seed: Int) {
    self.policy = policy
    self.options = options
    self.seed = UInt64(seed)
    sampler = SamplerPool(
      workers: options.workers, rows: options.batchSize, storage: PackedMatrix.Storage(options.weightPrecision))
  }

  /// The groups of `queries` (index in the training pool, item), in order.
  ///
  /// Random numbers depend on (seed, step, place in the batch, sample, token) alone; `first` is the place of the first
  /// query in the step's batch, above 0 in the later rounds of dynamic sampling.
  /// - Throws: `GenerationError`, for example for a prompt that leaves no room for a response.
  public func sample(
    _ queries: [(index: Int, item: TaskItem)], step: Int, from first: Int = 0
  ) throws -> [RolloutGroup] {
    let rules = ResponseRules(policy.codec, options)
    var groups = queries.map {
      RolloutGroup(query: $0.index, item: $0.item, prompt: policy.codec.prompt($0.item), rollouts: [])
    }
    let free = groups.enumerated().map { place, group in
      PromptGroup(
        prompt: group.prompt,
        requests: (0..<options.freeRollouts).map { sample in
          rules.request(
            stream: RandomStream(seed: seed, purpose: .freeRollout, step: step, query: first + place, sample: sample))
        })
    }
    try add(free.map { $0.requests.map { _ in nil } }, sampling: free, to: &groups)
    guard options.minimumPerMode > 0 || options.forcedPerMode > 0 else { return groups }

    let forced = groups.map { deficits(of: $0) }
    let probes = groups.enumerated().map { place, group in
      PromptGroup(
        prompt: group.prompt,
        requests: forced[place].enumerated().map { sample, mode in
          rules.request(
            stream: RandomStream(seed: seed, purpose: .probe, step: step, query: first + place, sample: sample),
            forcing: mode)
        })
    }
    try add(forced, sampling: probes, to: &groups)
    return groups
  }

  /// The modes to force: `forcedPerMode` of each in any case, and more where one has fewer than `minimumPerMode` rollouts
  /// whose gate can be read.
  private func deficits(of group: RolloutGroup) -> [ThinkMode?] {
    ThinkMode.allCases.flatMap { mode in
      let have = group.rollouts.count { $0.response.gate == mode }
      return Array(repeating: mode, count: max(options.forcedPerMode, options.minimumPerMode - have))
    }
  }

  private func add(_ forced: [[ThinkMode?]], sampling prompts: [PromptGroup], to groups: inout [RolloutGroup]) throws {
    let asked = prompts.indices.filter { !prompts[$0].requests.isEmpty }
    let sampling = SamplingOptions(temperature: Float(options.temperature), topP: Float(options.topP))
    let results = try sampler.generate(asked.map { prompts[$0] }, model: policy.model, options: sampling)
    for (place, generations) in zip(asked, results) {
      for (mode, generation) in zip(forced[place], generations) {
        let sample = groups[place].rollouts.count
        groups[place].rollouts.append(
          Rollout(generation, sample: sample, kind: mode == nil ? .free : .probe, codec: policy.codec))
      }
    }
  }
}

extension RandomPurpose {
  /// Rollouts in which the policy chooses its mode.
  public static let freeRollout: RandomPurpose = "free rollout"
  /// Rollouts with a forced gate.
  public static let probe: RandomPurpose = "probe"
}

extension Rollout {
  init(_ generation: Generation, sample: Int, kind: RolloutKind, codec: ResponseCodec) {
    let truncated = generation.finish != .stop
    self.init(
      sample: sample, kind: kind, tokens: generation.tokens, logProbs: generation.logProbs, truncated: truncated,
      thinkOnProbability: Self.thinkOnProbability(generation),
      response: codec.parse(generation.tokens, truncated: truncated),
      text: codec.text(generation.tokens), verdict: nil)
  }

  /// pi(think_on) relative to both gates, where the gate was reached.
  public static func thinkOnProbability(_ generation: Generation) -> Double? {
    guard let watched = generation.watched, watched.count == 2 else { return nil }
    return 1 / (1 + exp(Double(watched[1]) - Double(watched[0])))
  }
}
