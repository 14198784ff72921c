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
  /// The steps from earlier versions to this one, oldest first.
  var upgrades: [Upgrade] = []

  /// One step from a version to the next.
  struct Upgrade: Sendable {
    /// The version it begins with.
    let from: Int
    /// Views in memory that make tables of that version look like the next one's, for readers.
    var views = ""
    /// Changes the tables; part of one transaction.
    let run: @Sendable (SQLiteDatabase) throws -> Void
  }

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
    if access == .read { try adapt(database) } else { try upgrade(database) }
    return database
  }

  /// Makes a file of an earlier version readable without changing it.
  private func adapt(_ database: SQLiteDatabase) throws {
    let found = try database.schemaVersion()
    let views = upgrades.filter { $0.from >= found }.map(\.views).joined()
    guard !views.isEmpty else { return }
    // A temporary view goes before the table of its name.
    try database.execute("PRAGMA query_only = OFF; PRAGMA temp_store = MEMORY; \(views) PRAGMA query_only = ON;")
  }

  /// Brings the tables of an earlier version to this one, in one transaction.
  private func upgrade(_ database: SQLiteDatabase) throws {
    guard try database.schemaVersion() < version else { return }
    // Tables are made anew under the names that others refer to; SQLite allows that only where it does not look after them.
    try database.execute("PRAGMA foreign_keys = OFF")
    try database.transaction {
      // Another process may have been first.
      let found = try database.schemaVersion()
      for upgrade in upgrades where upgrade.from >= found { try upgrade.run(database) }
      try database.execute("PRAGMA user_version = \(version)")
    }
    try database.execute("PRAGMA foreign_keys = ON")
  }

  private func check(_ database: SQLiteDatabase) throws {
    let owner = try database.rows("PRAGMA application_id").first?[0].int
    guard owner == applicationID else { throw RunStoreError.foreign(path: database.path, expected: name) }
    let found = try database.schemaVersion()
    guard found == version || upgrades.contains(where: { $0.from == found }) else {
      throw RunStoreError.schema(path: database.path, found: found, expected: version)
    }
  }
}
