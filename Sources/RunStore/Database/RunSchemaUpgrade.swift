import StepSRPO
import Tasks

/// The steps from one version of a run's tables to the next.
enum RunSchemaUpgrade {
  /// Version 4: queries are known by digests, evaluations say what an audit found, checkpoints have the digest of their manifest.
  static let fromVersion3 = DatabaseKind.Upgrade(
    from: 3,
    views: """
      CREATE TEMP VIEW evaluations AS
        SELECT *, NULL AS audited_accuracy, NULL AS audit_disagreement FROM main.evaluations;
      """
  ) { database in
    try queriesGetDigests(database)
    try database.execute(
      """
      ALTER TABLE evaluations ADD COLUMN audited_accuracy REAL;
      ALTER TABLE evaluations ADD COLUMN audit_disagreement REAL;
      ALTER TABLE checkpoints ADD COLUMN digest TEXT;
      """)
  }

  private static func queriesGetDigests(_ database: SQLiteDatabase) throws {
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
