import Foundation
import StepSRPO

/// Writes a run's checkpoints and keeps the newest and the best of them.
public final class CheckpointRetention: CheckpointKeeper {
  private let folder: CheckpointFolder
  private let rules: CheckpointSection
  private let run: RunFolder

  /// The checkpoints of `run` under the given rules.
  public init(_ run: RunFolder, rules: CheckpointSection) {
    self.run = run
    self.rules = rules
    folder = CheckpointFolder(of: run)
  }

  /// Writes a checkpoint atomically, then deletes those that are neither new nor good enough.
  /// - Throws: what `content` throws, ``RunStoreError`` or ``SQLiteError``.
  public func write(step: Int, content: (_ folder: String) throws -> Void) throws {
    try folder.write(step: step, content)
    try prune()
  }

  /// Deletes the checkpoints that are neither new nor good enough. A run that is killed between a checkpoint and this
  /// keeps one too many, which its `resume` deletes.
  /// - Throws: ``RunStoreError`` or ``SQLiteError``.
  public func prune() throws {
    let steps = try folder.all().map(\.step)
    guard steps.count > rules.keep else { return }
    try folder.prune(keepLast: rules.keep, protecting: rules.keepBest > 0 ? try best(of: steps) : [])
  }

  /// Writes a checkpoint of a cold-start step atomically; only the newest stays.
  /// - Throws: what `content` throws, or ``RunStoreError``.
  public func writeColdStart(step: Int, content: (_ folder: String) throws -> Void) throws {
    try folder.writeColdStart(step: step, content)
  }

  /// The steps that stand best by the metric's mean since the regular checkpoint before; of equals the earlier one. A
  /// checkpoint without a value is never best.
  func best(of steps: [Int]) throws -> Set<Int> {
    let points = try RunReader(run).series(rules.bestMetric)
    let sign = rules.bestIs == .highest ? -1.0 : 1
    let scored = steps.compactMap { step -> (badness: Double, step: Int)? in
      let values = points.filter { $0.step > step - rules.every && $0.step <= step && $0.value.isFinite }.map(\.value)
      return values.isEmpty ? nil : (sign * values.reduce(0, +) / Double(values.count), step)
    }
    return Set(scored.sorted { ($0.badness, $0.step) < ($1.badness, $1.step) }.prefix(rules.keepBest).map(\.step))
  }
}
