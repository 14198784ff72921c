import Foundation
import RunStore
import Testing

@Suite struct SQLiteDatabaseTests {
  let folder = TemporaryFolder()
  var path: String { folder.path + "/a.sqlite" }

  @Test func valuesReturnAsTheyWereStored() throws {
    let database = try SQLiteDatabase(path: path, access: .create)
    try database.execute("CREATE TABLE t (a, b, c, d, e, f)")
    let values: [SQLiteValue] = [
      .int(Int.min), .real(0.1), .text("a\u{0}b \u{1F600}"), .null, .blob([0, 255]), .text(""),
    ]
    try database.run("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", values)
    #expect(try database.rows("SELECT * FROM t").map(\.values) == [values])
    #expect(SQLiteValue.double(.nan) == .null)
    #expect(try database.rows("SELECT * FROM t")[0][17] == .null)
  }

  @Test func aFailedTransactionLeavesNothing() throws {
    let database = try SQLiteDatabase(path: path, access: .create)
    try database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)")
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try database.transaction {
        try database.run("INSERT INTO t VALUES (1)")
        throw Stop()
      }
    }
    try database.transaction { try database.run("INSERT INTO t VALUES (2)") }
    #expect(try database.rows("SELECT a FROM t").map { $0[0].int } == [2])
  }

  @Test func errorsNameTheFileAndSQLitesReason() throws {
    let database = try SQLiteDatabase(path: path, access: .create)
    let error = #expect(throws: SQLiteError.self) { try database.execute("SELECT nonsense FROM nowhere") }
    #expect(error?.description.contains(path) == true)
    #expect(error?.description.contains("no such table: nowhere") == true)
    #expect(throws: SQLiteError.self) { try database.run("SELECT ?", []) }
    let missing = #expect(throws: SQLiteError.self) { try SQLiteDatabase(path: folder.path + "/x/y", access: .create) }
    #expect(missing?.description.contains("check that its folder exists") == true)
    try "no database, but long enough to be looked at by SQLite as one".write(
      toFile: path + "2", atomically: true, encoding: .utf8)
    let damaged = #expect(throws: SQLiteError.self) { try SQLiteDatabase(path: path + "2", access: .read) }
    #expect(damaged?.description.contains("damaged or no run database") == true)
  }

  @Test func aFullDiskIsNamedAndKeepsWhatWasCommitted() throws {
    let database = try SQLiteDatabase(path: path, access: .create)
    try database.execute("CREATE TABLE t (a TEXT)")
    try database.run("INSERT INTO t VALUES ('kept')")
    try database.execute("PRAGMA max_page_count = 4")
    let error = #expect(throws: SQLiteError.self) {
      try database.transaction {
        for _ in 0..<100 { try database.run("INSERT INTO t VALUES (?)", [.text(String(repeating: "x", count: 4000))]) }
      }
    }
    #expect(error?.isDiskFull == true)
    #expect(error?.description.contains("free some space, then resume") == true)
    #expect(try database.rows("SELECT a FROM t").map { $0[0].string } == ["kept"])
  }

  /// What follows the first statement would be left out without a word.
  @Test(arguments: [
    ("SELECT 1; DROP TABLE t", "DROP TABLE t"), ("SELECT 1; SELECT 2", "SELECT 2"), ("SELECT 1; nonsense", "nonsense"),
    ("SELECT 1 ; ; SELECT 2", "SELECT 2"),
  ]) func onlyOneStatementIsTaken(sql: String, rest: String) throws {
    let database = try SQLiteDatabase(path: path, access: .create)
    let error = #expect(throws: SQLiteError.self) { try database.newStatement(sql) }
    #expect(error?.message.contains(rest) == true && error?.message.contains("expected one statement") == true)
  }

  @Test(arguments: ["SELECT 1", "SELECT 1;", "SELECT 1; -- done", "SELECT 1 /* ; */ ;\n\n", "-- a\nSELECT ';';"])
  func oneStatementWithItsCommentsIsTaken(sql: String) throws {
    #expect(try SQLiteDatabase(path: path, access: .create).newStatement(sql).rows().count == 1)
  }

  @Test func whatIsNoFileIsNotWaitedFor() throws {
    #expect(mkfifo(path, 0o644) == 0)
    for access in [SQLiteDatabase.Access.read, .write, .create] {
      let error = #expect(throws: RunStoreError.self) { try SQLiteDatabase(path: path, access: access) }
      #expect(error?.description == "\(path) cannot be read: is a named pipe, expected a regular file")
    }
    let error = #expect(throws: RunStoreError.self) { try SQLiteDatabase(path: folder.path, access: .create) }
    #expect(error?.description.contains("is a folder") == true)
  }

  /// A database is known by both numbers in its header; another program's is left as it is, to the byte.
  @Test(arguments: [
    "CREATE TABLE cookies (a)", "PRAGMA user_version = 3", "CREATE TABLE x (y); PRAGMA user_version = 3",
    "PRAGMA application_id = 1397903439", "CREATE TABLE x (y); PRAGMA application_id = 1; PRAGMA user_version = 1",
  ]) func anotherProgramsDatabaseIsRefusedUntouched(sql: String) throws {
    let run = folder.path + "/other"
    try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
    let file = run + "/run.sqlite"
    let database = try SQLiteDatabase(path: file, access: .create)
    try database.execute("PRAGMA journal_mode = DELETE; " + sql)
    database.close()
    let before = FileManager.default.contents(atPath: file)
    let reading = #expect(throws: RunStoreError.self) { try RunReader(RunFolder.open("other", in: folder.path)) }
    let isOurs = sql.contains("1397903439")
    #expect(reading?.description.contains(isOurs ? "older step-srpo" : "not of this program; expected a run") == true)
    #expect(throws: RunStoreError.self) { try RunRecorder(resuming: RunFolder.open("other", in: folder.path)) }
    let store = #expect(throws: RunStoreError.self) { try EvaluationStore(path: file) }
    #expect(store?.description.contains("expected a store of evaluations") == true)
    #expect(FileManager.default.contents(atPath: file) == before)
  }

  @Test func aReaderDoesNotBlockTheWriter() throws {
    let writer = try SQLiteDatabase(path: path, access: .create)
    try writer.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)")
    let reader = try SQLiteDatabase(path: path, access: .read)
    var seen = 0
    try reader.newStatement("SELECT a FROM t").forEachRow { _ in
      seen += 1
      try writer.run("INSERT INTO t VALUES (3)")
    }
    #expect(seen == 2)
    #expect(try reader.rows("SELECT count(*) FROM t")[0][0].int == 4)
    #expect(throws: SQLiteError.self) { try reader.run("INSERT INTO t VALUES (4)") }
  }
}
