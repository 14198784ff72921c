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
