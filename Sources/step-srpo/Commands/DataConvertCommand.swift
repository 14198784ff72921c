import Foundation
import StrictJSON
import Tasks

/// `step-srpo data convert`: published formats as task files.
enum DataConvertCommand: Command {
  static let description = CommandDescription(
    name: "data convert", summary: "Write data files of published formats as task files.",
    positionals: [.init(name: "FILE", help: "JSON lines or a JSON array, plain or gzip", isRepeated: true)],
    options: DataArguments.options + [
      .value("--source", "NAME", "the data set's name in ids (default: the folder's or the file's)"),
      .value("--out", "FILE", "the task file (default: standard output)"),
    ],
    notes: """
      Every row becomes an item, or is named on standard error with the reason; the exit code is 0
      where at least one row of every file could be used.

      """ + DataArguments.notes)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let reading = try DataArguments.reading(arguments)
    var items: [TaskItem] = []
    for path in arguments.positionals {
      let file: DataFile
      do { file = try DataFile.read(path, reading, source: arguments.string("--source")) } catch {
        throw CommandFailure(code: .usage, description: "\(error)")
      }
      for error in file.rejected { console.note("left out    \(error)") }
      let format = file.format.map { " as \($0.rawValue)" } ?? ""
      console.note("\(path)\(format): \(file.items.count) items, \(file.rejected.count) rows left out")
      items += file.items
    }
    var seen: Set<String> = []
    if let twice = items.first(where: { !seen.insert($0.id).inserted }) {
      throw CommandFailure(
        code: .usage, description: "two rows have the id \"\(twice.id)\"; convert the files one by one with --source")
    }
    guard let out = arguments.string("--out") else {
      for item in items { console.out(item.json.text() + "\n") }
      return .success
    }
    do { try TaskFile.write(items, to: out) } catch {
      throw CommandFailure(code: .failure, description: "\(error)")
    }
    return .success
  }
}
