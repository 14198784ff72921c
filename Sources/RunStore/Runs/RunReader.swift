import StepSRPO
import StrictJSON

/// Reads a run's database; never changes it and never holds up the run.
public final class RunReader {
  /// The run.
  public let folder: RunFolder
  /// The connection, for queries this type has no method for.
  public let database: SQLiteDatabase

  /// Opens a run for reading.
  /// - Throws: ``RunStoreError`` for a database of another schema; ``SQLiteError``.
  public init(_ folder: RunFolder) throws {
    self.folder = folder
    database = try RunSchema.kind.open(folder.databasePath, .read)
  }

  /// What is known of the run as a whole.
  /// - Throws: ``RunStoreError`` (`notARun`) or ``SQLiteError``.
  public func info() throws -> RunInfo {
    let rows = try database.rows(
      """
      SELECT created, seed, code_version, status, status_detail, total_steps, config, build, data_hash, forked_from
      FROM runs
      """)
    guard let row = rows.first, let status = row[3].string.flatMap(RunStatus.init) else {
      throw RunStoreError.notARun(path: folder.databasePath)
    }
    var info = RunInfo(
      name: folder.name, created: row[0].string ?? "", seed: row[1].int ?? 0, codeVersion: row[2].string ?? "",
      status: status, statusDetail: row[4].string, totalSteps: row[5].int, config: row[6].string ?? "")
    info.build = row[7].string
    info.dataHash = row[8].string
    info.forkedFrom = row[9].string
    return info
  }

  /// The resolved configuration.
  /// - Throws: `JSONError`, ``RunStoreError`` or ``SQLiteError``.
  public func config() throws -> JSON { try JSON.parse(info().config) }

  /// The last recorded reinforcement step, 0 before the first.
  /// - Throws: ``SQLiteError``.
  public func lastStep() throws -> Int {
    try database.rows("SELECT coalesce(max(step), 0) FROM steps").first?[0].int ?? 0
  }

  /// The names of all recorded metrics, sorted.
  /// - Throws: ``SQLiteError``.
  public func metricNames() throws -> [String] {
    try database.rows("SELECT DISTINCT name FROM metrics ORDER BY name").compactMap { $0[0].string }
  }

  /// A metric by step; empty when it was never recorded. A value that was not a number is NaN.
  ///
  /// Where a name was recorded in the cold start as well as in training (`learning_rate`), training is meant.
  /// - Throws: ``SQLiteError``.
  public func series(_ metric: String) throws -> [MetricPoint] {
    for stage in [MetricStage.train, .evaluation, .coldStart] {
      let points = try series(metric, stage: stage)
      if !points.isEmpty { return points }
    }
    return []
  }

  /// A metric of one stage by step.
  /// - Throws: ``SQLiteError``.
  public func series(_ metric: String, stage: MetricStage) throws -> [MetricPoint] {
    try database.rows(
      "SELECT step, value FROM metrics WHERE name = ? AND stage = ? ORDER BY step",
      [.text(metric), .text(stage.rawValue)]
    ).map { MetricPoint(step: $0[0].int ?? 0, value: $0[1].double ?? .nan) }
  }

  /// All evaluations by step and data set.
  /// - Throws: ``SQLiteError``.
  public func evaluations() throws -> [EvaluationReport] {
    let rows = try database.rows(
      """
      SELECT step, dataset, domain, difficulty, count, accuracy, think_on_rate, mean_length, invalid_rate,
        audited_accuracy, audit_disagreement
      FROM evaluations ORDER BY step, dataset, cell
      """)
    var reports: [(step: Int, dataset: String, cells: [EvaluationCell])] = []
    for row in rows {
      let step = row[0].int ?? 0
      let dataset = row[1].string ?? ""
      var cell = EvaluationCell(
        domain: row[2].string, difficulty: row[3].string, count: row[4].int ?? 0, accuracy: row[5].double,
        thinkOnRate: row[6].double, meanLength: row[7].double, invalidRate: row[8].double)
      cell.auditedAccuracy = row[9].double
      cell.auditDisagreement = row[10].double
      if let last = reports.last, last.step == step, last.dataset == dataset {
        reports[reports.count - 1].cells.append(cell)
      } else {
        reports.append((step, dataset, [cell]))
      }
    }
    return reports.map {
      EvaluationReport(
        step: $0.step, dataset: $0.dataset, total: $0.cells[0], cells: Array($0.cells.dropFirst()), seconds: 0)
    }
  }

  /// Warnings and what else happened, in order.
  /// - Throws: ``SQLiteError``.
  public func events() throws -> [RunEvent] {
    try database.rows("SELECT step, kind, message, time FROM events ORDER BY event").map {
      RunEvent(
        step: $0[0].int ?? 0, kind: $0[1].string ?? "", message: $0[2].string ?? "", time: $0[3].string ?? "")
    }
  }
}

/// One value of a metric.
public struct MetricPoint: Sendable, Equatable {
  /// The step it was recorded at.
  public let step: Int
  /// The value; NaN when what was recorded was no number.
  public let value: Double

  /// A point.
  public init(step: Int, value: Double) {
    self.step = step
    self.value = value
  }
}

/// A warning, a resume or an end.
public struct RunEvent: Sendable, Equatable {
  /// The step during or after which it happened.
  public let step: Int
  /// `warning`, `resumed`, `stopped`, `completed` or `failed`.
  public let kind: String
  /// What happened.
  public let message: String
  /// When, ISO 8601 in UTC.
  public let time: String
}
