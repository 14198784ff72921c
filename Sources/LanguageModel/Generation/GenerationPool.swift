import Foundation
import Synchronization

/// Several engines over one snapshot of weights, each on its own thread.
public enum GenerationPool {
  /// Serves all requests with `workers` engines. The result is that of one engine, bit for bit.
  ///
  /// Groups are handed out one by one as engines have room, in order.
  /// - Parameters:
  ///   - rows: the most rows in flight in one engine.
  ///   - isCancelled: asked by every engine before every step.
  /// - Throws: `GenerationError` before anything is generated; `CancellationError` when `isCancelled` said so.
  public static func generate(
    _ groups: [PromptGroup], weights: DecodingWeights, options: SamplingOptions = SamplingOptions(), workers: Int,
    rows: Int = 32, isCancelled: @Sendable () -> Bool = { false }
  ) throws -> [[Generation]] {
    try GenerationEngine.check(groups, options: options, weights: weights)
    let total = groups.reduce(0) { $0 + $1.requests.count }
    let workers = max(1, min(workers, groups.count))
    // No engine takes more than its share, or the first would leave the others idle.
    let rows = min(rows, (total + workers - 1) / workers)
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
