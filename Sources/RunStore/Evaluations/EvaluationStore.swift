import AutoThink
import Digests
import Foundation
import StepSRPO
import StrictJSON
import Tasks

/// The responses of evaluations, kept as they come, so that an evaluation that was stopped goes on where it was.
///
/// An evaluation is the same one where weights, items and settings are the same; how many threads it runs on is none of
/// that. Items are written whole, each batch in one transaction.
public final class EvaluationStore {
  /// The file.
  public let path: String
  private let database: SQLiteDatabase
  /// "SEVL" in ASCII marks the file as evaluations.
  private static let kind = DatabaseKind(
    name: "a store of evaluations", applicationID: 0x5345_564C, version: 2, tables: tables,
    upgrades: [
      DatabaseKind.Upgrade(from: 1) { try $0.execute("ALTER TABLE samples ADD COLUMN audit_score REAL") }
    ])

  /// An evaluation in the store.
  public struct Evaluation: Sendable, Equatable {
    /// Its number in the file.
    public let number: Int
    /// Seconds spent on it so far.
    public let seconds: Double
  }

  /// Opens the store at `path`, which is made where it is missing.
  /// - Throws: `RunStoreError` or `SQLiteError`.
  public init(path: String) throws {
    self.path = path
    database = try Self.kind.open(path, .create)
  }

  /// Where the evaluations of a checkpoint lie: in its run's folder, or in the checkpoint itself where it is of no run.
  public static func defaultPath(checkpoint folder: String) -> String {
    let folder = URL(fileURLWithPath: folder).standardizedFileURL
    let run = folder.deletingLastPathComponent().deletingLastPathComponent()
    let isInRun =
      folder.deletingLastPathComponent().lastPathComponent == "checkpoints"
      && FileManager.default.fileExists(atPath: run.path + "/run.sqlite")
    return (isInRun ? run.path : folder.path) + "/evaluations.sqlite"
  }

  private static let tables = """
    CREATE TABLE evaluations (
      evaluation INTEGER PRIMARY KEY, checkpoint TEXT NOT NULL, weights TEXT NOT NULL, dataset TEXT NOT NULL,
      data TEXT NOT NULL, settings TEXT NOT NULL, items INTEGER NOT NULL, seconds REAL NOT NULL, created TEXT NOT NULL,
      UNIQUE (weights, data, settings));
    CREATE TABLE samples (
      evaluation INTEGER NOT NULL REFERENCES evaluations (evaluation), item INTEGER NOT NULL, id TEXT NOT NULL,
      forced TEXT NOT NULL, sample INTEGER NOT NULL, mode TEXT, gate TEXT, length INTEGER NOT NULL,
      truncated INTEGER NOT NULL, invalid_reason TEXT, think_on_probability REAL, verdict TEXT, score REAL,
      extracted TEXT, reason TEXT, text TEXT NOT NULL, audit_score REAL,
      PRIMARY KEY (evaluation, item, forced, sample)) WITHOUT ROWID;
    """

  /// The evaluation of these weights, items and settings: the one that is there, or a new one.
  ///
  /// - Parameter fresh: whether what is there is thrown away.
  /// - Throws: `SQLiteError`.
  public func evaluation(
    checkpoint: String, weights: String, set: EvaluationSet, settings: EvaluationSettings, fresh: Bool
  ) throws -> Evaluation {
    var hash = SHA256()
    for item in set.items { hash.add(item.json.text()) }
    let key: [SQLiteValue] = [.text(weights), .text(hash.digest.text), .text(settings.identity.text())]
    return try database.transaction {
      let find = "SELECT evaluation, seconds FROM evaluations WHERE weights = ? AND data = ? AND settings = ?"
      if fresh, let row = try database.rows(find, key).first {
        try database.run("DELETE FROM samples WHERE evaluation = ?", [row[0]])
        try database.run("DELETE FROM evaluations WHERE evaluation = ?", [row[0]])
      }
      if try database.rows(find, key).isEmpty {
        try database.run(
          "INSERT INTO evaluations (weights, data, settings, checkpoint, dataset, items, seconds, created) "
            + "VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
          key + [
            .text(checkpoint), .text(set.name), .int(set.items.count), .text(Date().formatted(.iso8601)),
          ])
      }
      let row = try database.rows(find, key).first
      return Evaluation(number: row?[0].int ?? 0, seconds: row?[1].double ?? 0)
    }
  }

  /// The items that are done, by their place in the set.
  ///
  /// Items on which a verifier failed are forgotten here, so that they are done again: a failure is no result.
  /// - Throws: `SQLiteError`.
  public func items(of evaluation: Evaluation, set: EvaluationSet) throws -> [Int: EvaluatedItem] {
    let number = SQLiteValue.int(evaluation.number)
    try database.run(
      "DELETE FROM samples WHERE evaluation = ?1 AND item IN "
        + "(SELECT item FROM samples WHERE evaluation = ?1 AND verdict = 'failed')", [number])
    var samples: [Int: [EvaluatedSample]] = [:]
    let rows = try database.statement(
      "SELECT item, forced, sample, mode, gate, length, truncated, invalid_reason, think_on_probability, verdict, score, "
        + "extracted, reason, text, audit_score FROM samples WHERE evaluation = ? ORDER BY item, forced, sample")
    try rows.forEachRow([number]) { row in
      var sample = EvaluatedSample(
        forced: ThinkMode(rawValue: row[1].string ?? ""), sample: row[2].int ?? 0,
        mode: ThinkMode(rawValue: row[3].string ?? ""), gate: ThinkMode(rawValue: row[4].string ?? ""),
        length: row[5].int ?? 0, truncated: row[6].int == 1, invalidReason: row[7].string,
        thinkOnProbability: row[8].double, verdict: row[9].string, score: row[10].double, extracted: row[11].string,
        reason: row[12].string, text: row[13].string ?? "")
      sample.auditScore = row[14].double
      samples[row[0].int ?? 0, default: []].append(sample)
    }
    var items: [Int: EvaluatedItem] = [:]
    for (place, samples) in samples where set.items.indices.contains(place) {
      let forced = samples.filter { $0.forced != nil }
      items[place] = EvaluatedItem(
        item: set.items[place], free: samples.filter { $0.forced == nil },
        forced: Dictionary(grouping: forced) { $0.forced ?? .on })
    }
    return items
  }

  /// Keeps some items, in one transaction.
  /// - Throws: `SQLiteError`.
  public func add(_ items: [(place: Int, item: EvaluatedItem)], to evaluation: Evaluation, seconds: Double) throws {
    try database.transaction {
      let insert = try database.statement(
        "INSERT INTO samples (evaluation, item, id, forced, sample, mode, gate, length, truncated, invalid_reason, "
          + "think_on_probability, verdict, score, extracted, reason, text, audit_score) "
          + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      for (place, item) in items {
        for sample in item.samples {
          try insert.run([
            .int(evaluation.number), .int(place), .text(item.item.id), .text(sample.forced?.rawValue ?? ""),
            .int(sample.sample), .string(sample.mode?.rawValue), .string(sample.gate?.rawValue), .int(sample.length),
            .bool(sample.truncated), .string(sample.invalidReason), .double(sample.thinkOnProbability),
            .string(sample.verdict), .double(sample.score), .string(sample.extracted), .string(sample.reason),
            .text(sample.text), .double(sample.auditScore),
          ])
        }
      }
      try database.run(
        "UPDATE evaluations SET seconds = seconds + ? WHERE evaluation = ?",
        [.double(seconds), .int(evaluation.number)])
    }
  }

  /// Seconds spent on an evaluation so far.
  /// - Throws: `SQLiteError`.
  public func seconds(of evaluation: Evaluation) throws -> Double {
    try database.rows("SELECT seconds FROM evaluations WHERE evaluation = ?", [.int(evaluation.number)]).first?[0]
      .double
      ?? 0
  }
}
