import Foundation
import Synchronization
import TensorCore

/// Generation on several threads: an engine for each of them while the weights fit in their caches, else one engine
/// whose steps all threads share, so that the weights are read from memory once a step.
public enum GenerationPool {
  /// Weights from this size on are read by one engine only.
  private static let sharedWeightBytes = 16 << 20

  /// Serves all requests on `workers` threads. The result is that of one engine, bit for bit.
  ///
  /// Groups are handed out one by one as engines have room, in order.
  /// - Parameters:
  ///   - rows: the most rows in flight in one engine; by default what suits the model's size.
  ///   - isCancelled: asked by every engine before every step.
  /// - Throws: `GenerationError` before anything is generated; `CancellationError` when `isCancelled` said so.
  public static func generate(
    _ groups: [PromptGroup], weights: DecodingWeights, options: SamplingOptions = SamplingOptions(), workers: Int,
    rows: Int? = nil, isCancelled: @Sendable () -> Bool = { false }
  ) throws -> [[Generation]] {
    try GenerationEngine.check(groups, options: options, weights: weights)
    let total = groups.reduce(0) { $0 + $1.requests.count }
    if weights.bytes >= sharedWeightBytes, workers > 1 {
      let pool = workers == ThreadPool.shared.threadCount ? ThreadPool.shared : ThreadPool(threads: workers)
      defer { if pool !== ThreadPool.shared { pool.stop() } }
      return try GenerationEngine(weights, options: options, rows: rows, pool: pool)
        .generate(groups, isCancelled: isCancelled)
    }
    let workers = max(1, min(workers, groups.count))
    // No engine takes more than its share, or the first would leave the others idle.
    let rows = min(rows ?? GenerationEngine.defaultRows(weights), (total + workers - 1) / workers)
    let queue = Mutex(0)
    let results = Mutex(groups.map { Array(repeating: Generation(), count: $0.requests.count) })
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      let engine = GenerationEngine(weights, options: options, rows: rows)
      do {
        try engine.run(isCancelled: isCancelled) {
          let next = queue.withLock { index in
            defer { index += 1 }
            return index
          }
          return next < groups.count ? (next, groups[next]) : nil
        } deliver: { group, index, generation in
          results.withLock { $0[group][index] = generation }
        }
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return results.withLock { $0 }
  }
}
