import Foundation
import LanguageModel
import StepSRPO
import StrictJSON
import Verifiers

/// Writes a run's events into its database, one transaction per event: after a crash the database ends with a whole
/// step. Holds the run's lock for as long as it lives.
public final class RunRecorder: TrainingObserver {
  /// The run.
  public let folder: RunFolder
  let database: SQLiteDatabase
  private let lock: RunLock
  private var currentStep: Int

  /// Makes a new run with its folder, and starts its record.
  ///
  /// - Parameters:
  ///   - build: a fingerprint of the program.
  ///   - dataHash: a fingerprint of the queries.
  /// - Throws: ``RunStoreError`` or ``SQLiteError``; nothing is left of the run then.
  public init(
    creating name: String, in runsFolder: String = RunFolder.defaultRunsFolder, seed: Int, codeVersion: String,
    config: JSON, build: String? = nil, dataHash: String? = nil
  ) throws {
    let (folder, lock) = try RunFolder.create(name, in: runsFolder) { draft in
      // Closed before the folder is renamed: SQLite keeps the path of an open file.
      let database = try RunSchema.kind.open(draft.databasePath, .create)
      defer { database.close() }
      try database.run(
        """
        INSERT INTO runs (name, created, seed, code_version, status, config, build, data_hash)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .text(name), .text(Self.now()), .int(seed), .text(codeVersion), .text(RunStatus.running.rawValue),
          .text(config.text()), .string(build), .string(dataHash),
        ])
    }
    database = try RunSchema.kind.open(folder.databasePath, .write)
    self.folder = folder
    self.lock = lock
    currentStep = 0
  }

  /// Opens the record of an existing run to continue it. Call ``rollBack(to:)`` before the first event.
  /// - Throws: ``RunStoreError`` (`locked` while another process runs it) or ``SQLiteError``.
  public init(resuming folder: RunFolder) throws {
    self.folder = folder
    lock = try folder.lock()
    database = try RunSchema.kind.open(folder.databasePath, .write)
    currentStep = try database.rows("SELECT coalesce(max(step), 0) FROM steps").first?[0].int ?? 0
    guard try database.rows("SELECT 1 FROM runs").count == 1 else {
      throw RunStoreError.notARun(path: folder.databasePath)
    }
    // A folder that was copied or renamed keeps its rows; its name is the folder's.
    try database.run("UPDATE runs SET name = ? WHERE name <> ?", [.text(folder.name), .text(folder.name)])
  }

  /// Takes up an interrupted run: locks it, clears half-written checkpoints and rolls the database back to the newest
  /// checkpoint, which may stand within the cold start, or to the very beginning when there is none.
  ///
  /// - Parameter step: goes back to the checkpoint of this step; later ones are deleted.
  /// - Throws: ``RunStoreError``, before anything is rolled back also for a damaged checkpoint; ``SQLiteError``.
  public static func resume(
    _ folder: RunFolder, from step: Int? = nil
  ) throws -> (recorder: RunRecorder, checkpoint: StoredCheckpoint?) {
    let recorder = try RunRecorder(resuming: folder)
    let checkpoints = CheckpointFolder(of: folder)
    try checkpoints.repair()
    guard let checkpoint = try checkpoints.resumable(at: step) else {
      try recorder.rollBack(toColdStart: 0)
      return (recorder, nil)
    }
    try recorder.checkRecord(of: checkpoint)
    if checkpoint.isColdStart {
      try recorder.rollBack(toColdStart: checkpoint.step)
    } else {
      try checkpoints.removeAll(after: checkpoint.step)
      try recorder.rollBack(to: checkpoint.step)
    }
    return (recorder, checkpoint)
  }

  /// Whether a checkpoint is the one that this run recorded: one of another run may be whole as well.
  private func checkRecord(of checkpoint: StoredCheckpoint) throws {
    let rows = try database.rows("SELECT digest FROM checkpoints WHERE step = ?", [.int(checkpoint.step)])
    guard !checkpoint.isColdStart, let recorded = rows.first?[0].string,
      let found = try CheckpointManifest.digest(in: checkpoint.path), found != recorded
    else { return }
    throw RunStoreError.damagedCheckpoint(
      reason:
        "\(checkpoint.path)/\(CheckpointManifest.name): not the one that this run recorded at step \(checkpoint.step)",
      newestWhole: nil)
  }

  /// Deletes everything recorded after a checkpoint, in one transaction, so that the run continues as if it had never
  /// gone further. Step 0 is the state after the cold start and before the first reinforcement step.
  /// - Throws: ``RunStoreError`` (`rowsMissing`) when the database ends before `step`; ``SQLiteError``.
  public func rollBack(to step: Int) throws {
    let last = try database.rows("SELECT coalesce(max(step), 0) FROM steps").first?[0].int ?? 0
    guard last >= step else {
      throw RunStoreError.rowsMissing(path: folder.databasePath, lastStep: last, checkpoint: step)
    }
    try database.transaction {
      for table in ["rollouts", "segments", "verdicts", "groups", "steps", "evaluations", "events", "checkpoints"] {
        try database.run("DELETE FROM \(table) WHERE step > ?", [.int(step)])
      }
      try database.run("DELETE FROM metrics WHERE stage <> 'cold_start' AND step > ?", [.int(step)])
      try database.run("DELETE FROM queries WHERE first_step > ?", [.int(step)])
      // A run killed between putting a checkpoint in place and recording it has the folder but not the row.
      try database.run(
        "INSERT OR IGNORE INTO checkpoints (step, folder) VALUES (?, ?)",
        [.int(step), .text(CheckpointFolder.folderName(step))])
      try restart("resumed after step \(step)", at: step)
    }
  }

  /// Deletes everything recorded after cold-start step `step`, in one transaction; 0 forgets all but the run itself.
  /// - Throws: ``SQLiteError``.
  public func rollBack(toColdStart step: Int) throws {
    try database.transaction {
      for table in [
        "rollouts", "segments", "verdicts", "groups", "queries", "steps", "evaluations", "events", "checkpoints",
      ] {
        try database.execute("DELETE FROM \(table)")
      }
      try database.run("DELETE FROM metrics WHERE stage <> 'cold_start' OR step > ?", [.int(step)])
      try restart("resumed after step \(step) of the cold start", at: 0)
    }
  }

  private func restart(_ message: String, at step: Int) throws {
    currentStep = step
    try database.run("UPDATE runs SET status = 'running', status_detail = NULL")
    try insertEvent("resumed", message)
  }

  /// Stores a configuration that differs from the one before in nothing that changes a result.
  /// - Throws: ``SQLiteError``.
  public func setConfig(_ config: JSON, changes: [ConfigurationChange]) throws {
    guard !changes.isEmpty else { return }
    try database.transaction {
      try database.run("UPDATE runs SET config = ?", [.text(config.text())])
      try insertEvent("configured", changes.map(\.description).joined(separator: "; "))
    }
  }

  /// Notes something that happened outside the trainer.
  /// - Throws: ``SQLiteError``.
  public func note(_ kind: String, _ message: String) throws {
    try database.transaction { try insertEvent(kind, message) }
  }

  /// Notes something unless it is noted already: what is found again by every `resume`.
  /// - Throws: ``SQLiteError``.
  public func noteOnce(_ kind: String, _ message: String) throws {
    let known = try database.rows(
      "SELECT 1 FROM events WHERE kind = ? AND message = ?", [.text(kind), .text(message)])
    if known.isEmpty { try note(kind, message) }
  }

  /// Says how the run stands; call it when the run ends, whatever the reason.
  /// - Throws: ``SQLiteError``.
  public func setStatus(_ status: RunStatus, detail: String? = nil) throws {
    try database.transaction {
      try database.run(
        "UPDATE runs SET status = ?, status_detail = ?", [.text(status.rawValue), .string(detail)])
      if status != .running { try insertEvent(status.rawValue, detail ?? "") }
    }
  }

  /// Records the event.
  /// - Throws: ``SQLiteError``; the trainer must not go on unrecorded.
  public func observe(_ event: TrainingEvent) throws -> ObserverDecision {
    try database.transaction {
      switch event {
      case .coldStart(let step, _, let metrics): try insertMetrics(metrics, stage: .coldStart, step: step)
      case .step(let report): try insertStep(report)
      case .evaluation(let report): try insertEvaluation(report)
      case .checkpoint(let step, let seconds):
        try database.run(
          "INSERT OR REPLACE INTO checkpoints (step, folder, seconds, digest) VALUES (?, ?, ?, ?)",
          [
            .int(step), .text(CheckpointFolder.folderName(step)), .double(seconds),
            .string(
              try CheckpointManifest.digest(in: "\(folder.checkpointsPath)/\(CheckpointFolder.folderName(step))")),
          ])
        try insertMetrics([.timeCheckpoint: seconds], stage: .train, step: step)
      case .warning(let message): try insertEvent("warning", message)
      }
    }
    // Only now: a step that could not be written was not.
    if case .step(let report) = event { currentStep = report.step }
    return .continue
  }

  func insertMetrics(_ metrics: [Metric: Double], stage: MetricStage, step: Int) throws {
    let insert = try database.statement("INSERT OR REPLACE INTO metrics (stage, step, name, value) VALUES (?, ?, ?, ?)")
    for (metric, value) in metrics.sorted(by: { $0.key < $1.key }) {
      try insert.run([.text(stage.rawValue), .int(step), .text(metric.name), .double(value)])
    }
  }

  private func insertStep(_ report: StepReport) throws {
    let last = try database.rows("SELECT coalesce(max(step), 0) FROM steps").first?[0].int ?? 0
    guard last == currentStep else {
      throw RunStoreError.foreignStep(path: folder.databasePath, lastStep: last, expected: currentStep)
    }
    try database.run("UPDATE runs SET total_steps = ?", [.int(report.totalSteps)])
    try database.run(
      "INSERT INTO steps (step, groups, rollouts) VALUES (?, ?, ?)",
      [.int(report.step), .int(report.groups.count), .int(report.groups.reduce(0) { $0 + $1.rollouts.count })])
    try insertMetrics(report.metrics, stage: .train, step: report.step)
    for (index, group) in report.groups.enumerated() { try insertGroup(group, step: report.step, index: index) }
  }

  private func insertEvent(_ kind: String, _ message: String) throws {
    try database.run(
      "INSERT INTO events (step, kind, message, time) VALUES (?, ?, ?, ?)",
      [.int(currentStep), .text(kind), .text(message), .text(Self.now())])
  }

  private static func now() -> String { Date().formatted(.iso8601) }
}

/// What a metric's step counts.
public enum MetricStage: String, Sendable {
  /// Supervised steps of the cold start.
  case coldStart = "cold_start"
  /// Reinforcement steps.
  case train
  /// Reinforcement steps done before an evaluation.
  case evaluation
}
