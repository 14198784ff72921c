import StepSRPO
import Tasks

/// The steps from one version of the tables to the next. Each runs inside the transaction of ``RunSchema/upgrade(_:)``.
enum RunSchemaUpgrade {
  /// Version 4: evaluations say what an audit found.
  static let evaluationsGetAudits = """
    ALTER TABLE evaluations ADD COLUMN audited_accuracy REAL;
    ALTER TABLE evaluations ADD COLUMN audit_disagreement REAL;
    """

  /// Version 4: checkpoints are known by the digest of their manifest.
  static let checkpointsGetDigests = "ALTER TABLE checkpoints ADD COLUMN digest TEXT"

  /// The tables of version 3 as version 4 reads them.
  static let views = """
    PRAGMA query_only = OFF; PRAGMA temp_store = MEMORY;
    CREATE TEMP VIEW evaluations AS
      SELECT *, NULL AS audited_accuracy, NULL AS audit_disagreement FROM main.evaluations;
    PRAGMA query_only = ON;
    """

  /// Version 4: a query is known by the digest of its row, no longer by its source and id.
  static func queriesGetDigests(_ database: SQLiteDatabase) throws {
    try database.execute(
      """
      CREATE TABLE queries_4 (
        query INTEGER PRIMARY KEY, id TEXT NOT NULL, source TEXT NOT NULL, domain TEXT NOT NULL, verifier TEXT NOT NULL,
        difficulty REAL, prompt TEXT NOT NULL, reference TEXT NOT NULL, fields TEXT NOT NULL, first_step INTEGER NOT NULL,
        digest TEXT NOT NULL UNIQUE)
      """)
    let rows = try database.rows(
      """
      SELECT id, source, domain, verifier, difficulty, prompt, reference, fields, query, first_step FROM queries
      ORDER BY query
      """)
    for row in rows {
      let item = StoredQuery.item(row)
      try database.run(
        """
        INSERT INTO queries_4 (id, source, domain, verifier, difficulty, prompt, reference, fields, query, first_step,
          digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, row.values + [.text(StoredQuery.digest(item))])
    }
    try database.execute("DROP TABLE queries; ALTER TABLE queries_4 RENAME TO queries")
  }
}
