import LanguageModel
import TensorCore

/// Samples many prompt groups on a few threads. A row's result is a function of its prompt, its stream and the weights,
/// so neither the number of threads nor the grouping changes it.
public struct SamplerPool: Sendable {
  private let workers: Int
  private let rows: Int
  private let storage: PackedMatrix.Storage

  /// A pool of `workers` threads, each decoding about `rows` rows together; `storage` says how weights are kept.
  public init(workers: Int, rows: Int, storage: PackedMatrix.Storage = .f32) {
    self.workers = max(1, workers)
    self.rows = max(1, rows)
    self.storage = storage
  }

  /// The continuations of every group, in order.
  /// - Throws: `GenerationError`.
  public func generate(
    _ groups: [PromptGroup], model: LanguageModel, options: SamplingOptions
  ) throws -> [[Generation]] {
    // The model rests while it is sampled from, so its embedding table need not be copied.
    let longest = groups.reduce(1) { longest, group in
      max(longest, group.prompt.count + group.requests.reduce(0) { max($0, $1.maxNewTokens) } + 1)
    }
    let weights = DecodingWeights(model, storage: storage, maxPositions: longest, snapshot: false)
    return try GenerationPool.generate(groups, weights: weights, options: options, workers: workers, rows: rows)
  }
}

extension PackedMatrix.Storage {
  /// The storage of a configuration.
  init(_ precision: RolloutSection.WeightPrecision) {
    switch precision {
    case .f32: self = .f32
    case .bf16: self = .bf16
    case .int8: self = .int8
    }
  }
}
