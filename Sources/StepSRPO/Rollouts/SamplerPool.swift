import Dispatch
import LanguageModel
import Synchronization

/// Samples many prompt groups on a few threads. A row's result is a function of its prompt, its stream and the weights,
/// so neither the number of threads nor the grouping changes it.
public struct SamplerPool: Sendable {
  private let workers: Int
  private let rows: Int

  /// A pool of `workers` threads, each decoding about `rows` rows together.
  public init(workers: Int, rows: Int) {
    self.workers = max(1, workers)
    self.rows = max(1, rows)
  }

  /// The continuations of every group, in order.
  /// - Throws: `GenerationError`.
  public func generate(
    _ groups: [PromptGroup], model: LanguageModel, options: SamplingOptions
  ) throws -> [[Generation]] {
    let weights = DecodingWeights(model)
    let chunks = chunks(of: groups)
    let results = Mutex([Result<[[Generation]], any Error>?](repeating: nil, count: chunks.count))
    let nextChunk = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: min(workers, max(1, chunks.count))) { _ in
      let engine = GenerationEngine(weights, options: options, rows: rows)
      while true {
        let index = nextChunk.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < chunks.count else { return }
        let result = Result { try engine.generate(Array(groups[chunks[index]])) }
        results.withLock { $0[index] = result }
      }
    }
    return try results.withLock { $0 }.flatMap { try $0?.get() ?? [] }
  }

  /// Neighbouring groups: two shares a worker, so that one finishing early takes work from the others, and no share so
  /// small that rows stay empty.
  private func chunks(of groups: [PromptGroup]) -> [Range<Int>] {
    let total = groups.reduce(0) { $0 + $1.requests.count }
    let rows = max(self.rows, (total + 2 * workers - 1) / (2 * workers))
    var chunks: [Range<Int>] = []
    var start = 0
    var count = 0
    for (index, group) in groups.enumerated() {
      if count > 0, count + group.requests.count > rows {
        chunks.append(start..<index)
        start = index
        count = 0
      }
      count += group.requests.count
    }
    if start < groups.count { chunks.append(start..<groups.count) }
    return chunks
  }
}
