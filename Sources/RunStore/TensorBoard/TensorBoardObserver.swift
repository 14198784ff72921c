import Foundation
import StepSRPO

/// Writes a run's metrics as TensorBoard events while they come. Add it after the run's recorder: what it writes is what
/// the database holds.
///
/// When a run is resumed the file is written anew from the database, which has been rolled back to the checkpoint: no
/// event of a step that is made again stays behind. Events lie in files a reader may follow; what the file holds at the
/// end is what ``EventFile/write(_:names:to:)`` makes of the run.
public final class TensorBoardObserver: TrainingObserver {
  /// The file.
  public let path: String
  private let reader: RunReader
  private let file: FileHandle
  private var time: Double

  /// An observer of the run in `run` that writes into `folder/RUN/`.
  /// - Throws: ``RunStoreError`` for a folder that cannot be written; ``SQLiteError``.
  public init(_ run: RunFolder, in folder: String) throws {
    reader = try RunReader(run)
    path = try EventFile.write(reader, to: folder)
    time = try EventFile.endTime(reader)
    guard let file = FileHandle(forWritingAtPath: path) else {
      throw RunStoreError.unwritable(path: path, reason: FileSystem.lastError)
    }
    self.file = file
    try file.seekToEnd()
  }

  deinit { try? file.close() }

  /// Appends what the event recorded.
  /// - Throws: ``RunStoreError`` for a file that cannot be written; ``SQLiteError``.
  public func observe(_ event: TrainingEvent) throws -> ObserverDecision {
    switch event {
    case .coldStart(let step, _, _): try append(.coldStart, step) { _ in true }
    case .step(let report): try append(.train, report.step) { $0 != Metric.timeCheckpoint.name }
    case .checkpoint(let step, _): try append(.train, step) { $0 == Metric.timeCheckpoint.name }
    case .evaluation(let report):
      let prefix = "eval/\(report.dataset.replacing("/", with: "_"))/"
      try append(.evaluation, report.step) { $0.hasPrefix(prefix) }
    case .warning: break
    }
    return .continue
  }

  private func append(_ stage: MetricStage, _ step: Int, _ isMeant: (String) -> Bool) throws {
    let recorded = try EventFile.values(reader, stage: stage, step: step)
    if let seconds = recorded.first(where: { $0.name == Metric.timeStep.name })?.value, seconds.isFinite,
      isMeant(Metric.timeStep.name)
    {
      time += seconds
    }
    let values = recorded.filter { isMeant($0.name) && EventFile.isShown($0.name, in: stage) }
    guard !values.isEmpty else { return }
    do { try file.write(contentsOf: EventFile.record(step: step, time: time, values)) } catch {
      throw FileSystem.named(error, path)
    }
  }
}
