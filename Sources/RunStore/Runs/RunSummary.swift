import StepSRPO

/// One line of the list of runs.
public struct RunSummary: Sendable, Equatable {
  /// The run as a whole.
  public let info: RunInfo
  /// How it stands in a word: a status, or `interrupted` for a run nobody is running any more.
  public let state: String
  /// The last recorded reinforcement step.
  public let step: Int
  /// The step of the newest checkpoint; nil without one.
  public let checkpoint: Int?
  /// The last think-on rate; nil before the first.
  public let thinkOnRate: Double?
  /// The last accuracy; nil before the first.
  public let accuracy: Double?

  /// Reads a run's database and lock.
  /// - Throws: ``RunStoreError`` or ``SQLiteError``.
  public init(_ folder: RunFolder) throws {
    let reader = try RunReader(folder)
    info = try reader.info()
    state = info.status == .running && !folder.isRunning ? "interrupted" : info.status.rawValue
    step = try reader.lastStep()
    checkpoint = try CheckpointFolder(of: folder).newest()?.step
    thinkOnRate = try reader.series(Metric.thinkOnRate.name).last?.value
    accuracy = try reader.series(Metric.accuracy.name).last?.value
  }
}
