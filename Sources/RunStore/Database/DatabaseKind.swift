/// What a database file is, by the two numbers that SQLite keeps in its header for programs.
struct DatabaseKind: Sendable {
  /// What is in it, in words: `a run`.
  let name: String
  /// `PRAGMA application_id`.
  let applicationID: Int
  /// `PRAGMA user_version`.
  let version: Int
  /// The tables of a new one.
  let tables: String

  /// Opens a file of this kind; with `create` a file that is missing or empty becomes one.
  ///
  /// Nothing is written into a file that is another program's, not even the way it keeps its journal.
  /// - Throws: ``RunStoreError`` for another program's file or another version; ``SQLiteError``.
  func open(_ path: String, _ access: SQLiteDatabase.Access) throws -> SQLiteDatabase {
    let database = try SQLiteDatabase(path: path, access: access) { database in
      let isNew = try access == .create && database.isEmpty()
      if !isNew { try check(database) }
    }
    if try access == .create && database.isEmpty() {
      try database.transaction {
        try database.execute(tables)
        try database.execute("PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
      }
    }
    return database
  }

  private func check(_ database: SQLiteDatabase) throws {
    let owner = try database.rows("PRAGMA application_id").first?[0].int
    guard owner == applicationID else { throw RunStoreError.foreign(path: database.path, expected: name) }
    let found = try database.schemaVersion()
    guard found == version else {
      throw RunStoreError.schema(path: database.path, found: found, expected: version)
    }
  }
}
