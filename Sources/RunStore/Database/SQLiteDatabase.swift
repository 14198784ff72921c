import CSQLite
import Platform

/// One connection to an SQLite file. Not thread-safe: a connection belongs to one thread, like the observer that owns it.
public final class SQLiteDatabase {
  /// How a file is opened.
  public enum Access: Sendable {
    /// Creates the file when it is missing.
    case create
    /// The file must exist.
    case write
    /// The file must exist and is never changed, nor is a writer held up.
    case read
  }

  /// The file.
  public let path: String
  private var handle: OpaquePointer?
  private var prepared: [String: SQLiteStatement] = [:]

  /// Opens `path`; writers use write-ahead logging and synchronise every commit, so that a committed step survives a
  /// power cut and readers never block the writer.
  ///
  /// - Parameter check: looks at the file before anything is written into it.
  /// - Throws: ``SQLiteError``, ``RunStoreError`` for what is no file, and what `check` throws.
  public init(path: String, access: Access, check: (SQLiteDatabase) throws -> Void = { _ in }) throws {
    self.path = path
    if let kind = InputFile.irregularity(of: path) {
      let error = FileError(path: path, irregular: kind)
      throw RunStoreError.unreadable(path: path, reason: error.reason)
    }
    switch access {
    case .create: try open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
    case .write: try open(path, SQLITE_OPEN_READWRITE)
    case .read: try openForReading()
    }
    try check(self)
    if access == .read {
      try execute("PRAGMA query_only = ON")
    } else {
      try execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
    }
  }

  deinit { close() }

  /// Closes the connection; statements of it must not be used any more.
  public func close() {
    prepared = [:]
    sqlite3_close_v2(handle)
    handle = nil
  }

  /// A reader of a write-ahead log needs its shared-memory file, which cannot be made on a read-only medium; there
  /// nobody can be writing either, so the file is read as it stands.
  private func openForReading() throws {
    do {
      try open(path, SQLITE_OPEN_READONLY)
      try execute("SELECT count(*) FROM sqlite_master")
    } catch let error as SQLiteError where error.primaryCode == SQLITE_CANTOPEN || error.primaryCode == SQLITE_READONLY
    {
      close()
      do {
        try open("file:\(Self.percentEncoded(path))?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
        try execute("SELECT count(*) FROM sqlite_master")
      } catch {
        throw SQLiteError(code: (error as? SQLiteError)?.code ?? SQLITE_CANTOPEN, message: "\(error)", path: path)
      }
    }
  }

  private static func percentEncoded(_ path: String) -> String {
    path.utf8.map { byte in
      let isPlain = byte > 0x20 && byte < 0x7F && !"%?#\"".utf8.contains(byte)
      return isPlain ? String(UnicodeScalar(byte)) : "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }

  private func open(_ name: String, _ flags: Int32) throws {
    let code = sqlite3_open_v2(name, &handle, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK else {
      let error = error(code)
      close()
      throw error
    }
    sqlite3_extended_result_codes(handle, 1)
    // Before the first statement: even a reader meets a lock for an instant where the last writer is closing.
    sqlite3_busy_timeout(handle, 10_000)
  }

  /// The current error of the connection.
  func error(_ code: Int32, statement: String? = nil) -> SQLiteError {
    let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
    let extended = handle.map { sqlite3_extended_errcode($0) } ?? code
    return SQLiteError(
      code: extended & 0xFF == code & 0xFF ? extended : code, message: message, path: path, statement: statement)
  }

  /// Runs statements without parameters, separated by semicolons.
  /// - Throws: ``SQLiteError``.
  public func execute(_ sql: String) throws {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw error(code, statement: sql) }
  }

  /// A statement that is kept for the life of the connection and only reset between uses.
  /// - Throws: ``SQLiteError`` on a syntax error.
  public func statement(_ sql: String) throws -> SQLiteStatement {
    if let statement = prepared[sql] { return statement }
    let statement = try newStatement(sql)
    prepared[sql] = statement
    return statement
  }

  /// The one statement in `sql`, not kept.
  /// - Throws: ``SQLiteError`` on a syntax error, and where more than white space and comments follows the statement:
  ///   it would not be run.
  public func newStatement(_ sql: String) throws -> SQLiteStatement {
    var first: OpaquePointer?
    let rest = try sql.withCString { start in
      var tail: UnsafePointer<CChar>?
      let code = sqlite3_prepare_v2(handle, start, -1, &first, &tail)
      guard code == SQLITE_OK else { throw error(code, statement: sql) }
      return tail.map { String(cString: $0) } ?? ""
    }
    guard let first else {
      throw SQLiteError(code: SQLITE_MISUSE, message: "no SQL statement in \"\(sql)\"", path: path)
    }
    let statement = SQLiteStatement(first, sql: sql, of: self)
    var second: OpaquePointer?
    let code = sqlite3_prepare_v2(handle, rest, -1, &second, nil)
    sqlite3_finalize(second)
    guard code == SQLITE_OK, second == nil else {
      let text = rest.drop { $0.isWhitespace }.prefix(60)
      throw SQLiteError(
        code: SQLITE_MISUSE, message: "found \"\(text)\" after the first statement, expected one statement", path: path)
    }
    return statement
  }

  /// Whether nothing was ever put into the file.
  /// - Throws: ``SQLiteError``.
  public func isEmpty() throws -> Bool {
    let tables = try rows("SELECT count(*) FROM sqlite_master").first?[0].int
    return try tables == 0 && schemaVersion() == 0 && rows("PRAGMA application_id").first?[0].int == 0
  }

  /// Runs one statement with its parameters.
  /// - Throws: ``SQLiteError``.
  public func run(_ sql: String, _ values: [SQLiteValue] = []) throws { try statement(sql).run(values) }

  /// All rows of a query.
  /// - Throws: ``SQLiteError``.
  public func rows(_ sql: String, _ values: [SQLiteValue] = []) throws -> [SQLiteRow] {
    try statement(sql).rows(values)
  }

  /// Runs `body` as one transaction: all of it is on disk afterwards, or none of it.
  /// - Throws: what `body` throws, or ``SQLiteError`` from the commit.
  public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try execute("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // A full disk may already have rolled the transaction back; then there is nothing left to undo.
      if sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
      throw error
    }
  }

  /// The version number of the schema, 0 in a new file.
  /// - Throws: ``SQLiteError``.
  public func schemaVersion() throws -> Int { try rows("PRAGMA user_version").first?[0].int ?? 0 }
}
