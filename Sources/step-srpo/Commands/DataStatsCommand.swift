import RunStore
import StrictJSON
import Tasks

/// `step-srpo data stats`: what is in data files.
enum DataStatsCommand: Command {
  static let description = CommandDescription(
    name: "data stats", summary: "Say what data files hold, and why rows are left out.",
    positionals: [.init(name: "FILE", help: "JSON lines or a JSON array, plain or gzip", isRepeated: true)],
    options: DataArguments.options + [.flag("--json", "one JSON object a file instead of a table")],
    notes: DataArguments.notes)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let reading = try DataArguments.reading(arguments)
    var rows: [[String]] = []
    var unreadable = 0
    for path in arguments.positionals {
      do {
        let file = try DataFile.read(path, reading)
        if arguments.flag("--json") {
          console.out(json(path, file).text() + "\n")
        } else {
          rows.append(row(path, file))
        }
        for (reason, errors) in reasons(file).prefix(8) {
          console.note("\(path): \(errors.count) rows left out: \(reason) (first: line \(errors[0].line ?? 0))")
        }
      } catch {
        unreadable += 1
        console.note("\(error)")
      }
    }
    if !rows.isEmpty {
      console.out(
        TextTable.text(
          heading: ["file", "format", "items", "left out", "domain", "verifier", "difficulty", "prompt", "longest"],
          rows: rows, rightAligned: [2, 3, 7, 8]))
    }
    return unreadable == 0 ? .success : .usage
  }

  /// Reasons with their rows, the most frequent first.
  private static func reasons(_ file: DataFile) -> [(String, [TaskFileError])] {
    Dictionary(grouping: file.rejected) { error in
      (error.field.map { "field \"\($0)\": " } ?? "") + "found \(error.found.prefix(60)), expected \(error.expected)"
    }.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
  }

  private static func row(_ path: String, _ file: DataFile) -> [String] {
    let lengths = file.items.map(\.prompt.count)
    let difficulties = file.items.compactMap(\.difficulty)
    let range = difficulties.min().map { "\(NumberText.fixed($0, 2))-\(NumberText.fixed(difficulties.max() ?? $0, 2))" }
    return [
      path, file.format?.rawValue ?? "columns", String(file.items.count), String(file.rejected.count),
      names(file.items.map(\.domain.rawValue)), names(file.items.map(\.verifier)), range ?? "-",
      String(lengths.reduce(0, +) / max(1, lengths.count)), String(lengths.max() ?? 0),
    ]
  }

  private static func names(_ values: [String]) -> String { Set(values).sorted().joined(separator: " ") }

  private static func json(_ path: String, _ file: DataFile) -> JSON {
    func counts(_ values: [String]) -> JSON {
      let groups = Dictionary(grouping: values) { $0 }
      return .object(JSONObject(groups.sorted { $0.key < $1.key }.map { ($0.key, .int($0.value.count)) }))
    }
    return [
      "file": .string(path), "format": .string(file.format?.rawValue ?? "columns"), "items": .int(file.items.count),
      "left_out": .int(file.rejected.count), "domains": counts(file.items.map(\.domain.rawValue)),
      "verifiers": counts(file.items.map(\.verifier)), "difficulties": counts(file.items.map(\.difficultyLabel)),
      "reasons": .array(
        reasons(file).map { ["reason": .string($0), "rows": .int($1.count), "first_line": .int($1[0].line ?? 0)] }),
    ]
  }
}
