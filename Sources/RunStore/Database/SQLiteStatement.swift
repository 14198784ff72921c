import CSQLite

/// One row of a result.
public struct SQLiteRow: Sendable, Equatable {
  /// The values, in the order of the columns.
  public let values: [SQLiteValue]

  /// The value of column `index`, from 0; null for a column that does not exist.
  public subscript(index: Int) -> SQLiteValue { values.indices.contains(index) ? values[index] : .null }
}

/// A prepared statement.
public final class SQLiteStatement {
  private let pointer: OpaquePointer
  private let sql: String
  private unowned let database: SQLiteDatabase

  init(_ pointer: OpaquePointer, sql: String, of database: SQLiteDatabase) {
    self.pointer = pointer
    self.sql = sql
    self.database = database
  }

  deinit { sqlite3_finalize(pointer) }

  /// The names of the result columns.
  public var columns: [String] {
    (0..<sqlite3_column_count(pointer)).map { sqlite3_column_name(pointer, $0).map { String(cString: $0) } ?? "" }
  }

  /// Whether the statement leaves every database unchanged.
  public var isReadOnly: Bool { sqlite3_stmt_readonly(pointer) != 0 }

  /// Runs the statement and drops any rows.
  /// - Throws: ``SQLiteError``.
  public func run(_ values: [SQLiteValue] = []) throws { try forEachRow(values) { _ in } }

  /// All rows.
  /// - Throws: ``SQLiteError``.
  public func rows(_ values: [SQLiteValue] = []) throws -> [SQLiteRow] {
    var rows: [SQLiteRow] = []
    try forEachRow(values) { rows.append($0) }
    return rows
  }

  /// Calls `body` with each row, one in memory at a time.
  /// - Throws: ``SQLiteError``, or what `body` throws.
  public func forEachRow(_ values: [SQLiteValue] = [], _ body: (SQLiteRow) throws -> Void) throws {
    // The reset after the last row must not hide the error of the step before it, so its code is not looked at.
    defer {
      sqlite3_reset(pointer)
      sqlite3_clear_bindings(pointer)
    }
    let expected = Int(sqlite3_bind_parameter_count(pointer))
    guard values.count == expected else {
      throw SQLiteError(
        code: SQLITE_MISUSE, message: "\(values.count) values for \(expected) parameters", path: database.path,
        statement: sql)
    }
    for (index, value) in values.enumerated() { try bind(value, at: Int32(index + 1)) }
    while true {
      let code = sqlite3_step(pointer)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { throw database.error(code, statement: sql) }
      try body(SQLiteRow(values: (0..<sqlite3_column_count(pointer)).map(column)))
    }
  }

  private func bind(_ value: SQLiteValue, at index: Int32) throws {
    let code =
      switch value {
      case .null: sqlite3_bind_null(pointer, index)
      case .integer(let value): sqlite3_bind_int64(pointer, index, value)
      case .real(let value): sqlite3_bind_double(pointer, index, value)
      case .text(var value):
        // With the length given, a NUL inside a completion is stored rather than ending it.
        value.withUTF8 { bytes in
          bytes.withMemoryRebound(to: CChar.self) { characters in
            sqlite3_bind_text64(
              pointer, index, characters.baseAddress ?? emptyText, UInt64(characters.count), csqlite_transient(),
              UInt8(SQLITE_UTF8))
          }
        }
      case .blob(let bytes):
        bytes.isEmpty
          ? sqlite3_bind_zeroblob(pointer, index, 0)
          : bytes.withUnsafeBytes {
            sqlite3_bind_blob64(pointer, index, $0.baseAddress, UInt64($0.count), csqlite_transient())
          }
      }
    guard code == SQLITE_OK else { throw database.error(code, statement: sql) }
  }

  private func column(_ index: Int32) -> SQLiteValue {
    switch sqlite3_column_type(pointer, index) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(pointer, index))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(pointer, index))
    case SQLITE_TEXT:
      guard let start = sqlite3_column_text(pointer, index) else { return .text("") }
      let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, index)))
      return .text(String(decoding: bytes, as: UTF8.self))
    case SQLITE_BLOB:
      guard let start = sqlite3_column_blob(pointer, index) else { return .blob([]) }
      return .blob(Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, index)))))
    default: return .null
    }
  }
}

/// SQLite takes a null pointer for NULL; an empty text needs a valid one.
private nonisolated(unsafe) let emptyText: UnsafePointer<CChar> = {
  let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
  pointer.pointee = 0
  return UnsafePointer(pointer)
}()
