import RunStore
import StrictJSON

/// `step-srpo query`: read-only SQL over a run.
enum QueryCommand: Command {
  static let description = CommandDescription(
    name: "query", summary: "Ask a run's database by SQL; nothing can be changed.",
    positionals: [
      .init(name: "RUN", help: "a run's name, or the path of its folder"),
      .init(name: "SQL", help: "one statement"),
    ],
    options: [
      .flag("--csv", "comma-separated values"), .flag("--json", "one JSON object per row and line"),
      CommandDescription.runsOption,
    ],
    notes: """
      Tables: runs, steps, metrics (stage, step, name, value), queries, groups, rollouts, verdicts,
      evaluations, events, checkpoints. `SELECT sql FROM sqlite_master` shows their columns.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    if arguments.flag("--csv"), arguments.flag("--json") {
      throw arguments.usage("--csv and --json exclude each other")
    }
    let folder = try RunFolder.open(
      arguments.positionals[0], in: arguments.string("--runs") ?? RunFolder.defaultRunsFolder)
    let reader = try RunReader(folder)
    let statement: SQLiteStatement
    do { statement = try reader.database.newStatement(arguments.positionals[1]) } catch let error as SQLiteError {
      throw CommandFailure(code: .usage, description: "SQL: \(error.message)")
    }
    guard statement.isReadOnly else {
      throw CommandFailure(
        code: .usage, description: "SQL: the statement would change the run; only reading is allowed")
    }
    let columns = statement.columns
    if arguments.flag("--json") {
      try statement.forEachRow { row in
        console.out(JSON.object(JSONObject(zip(columns, row.values).map { ($0, json($1)) })).text() + "\n")
      }
    } else if arguments.flag("--csv") {
      console.out(columns.map(MetricTable.field).joined(separator: ",") + "\n")
      try statement.forEachRow { row in
        console.out(row.values.map { MetricTable.field(text($0, null: "")) }.joined(separator: ",") + "\n")
      }
    } else {
      let rows = try statement.rows()
      let numeric = columns.indices.filter { column in rows.contains { $0[column].double != nil } }
      console.out(
        TextTable.text(
          heading: columns, rows: rows.map { $0.values.map { text($0, null: "-") } }, rightAligned: Set(numeric)))
    }
    return .success
  }

  private static func json(_ value: SQLiteValue) -> JSON {
    switch value {
    case .null: .null
    case .integer(let number): .int(Int(number))
    case .real(let number): .double(number)
    case .text(let text): .string(text)
    case .blob(let bytes): .array(bytes.map { .int(Int($0)) })
    }
  }

  private static func text(_ value: SQLiteValue, null: String) -> String {
    switch value {
    case .null: null
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): text
    case .blob(let bytes): "\(bytes.count) bytes"
    }
  }
}
