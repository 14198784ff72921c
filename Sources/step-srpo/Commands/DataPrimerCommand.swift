import AutoThink
import StrictJSON
import Tasks

/// `step-srpo data primer`: the built-in suite as a task file.
enum DataPrimerCommand: Command {
  static let description = CommandDescription(
    name: "data primer", summary: "Write tasks of the built-in suite as JSON lines.",
    options: [
      .value(
        "--split", "NAME", "the part that is written (default: train)", choices: TaskSplit.allCases.map(\.rawValue)),
      .value(
        "--domain", "NAME", "only of this domain (default: all)", isRepeated: true,
        choices: Domain.allCases.map(\.rawValue)),
      .value(
        "--level", "N", "only of this level (default: all)", isRepeated: true, choices: Primer.levels.map(String.init)),
      .value("--count", "N", "tasks in all, shared evenly among domains and levels (default: 100)"),
      .value("--seed", "N", "the seed of the draws (default: 1)"),
      .flag("--traces", "each task twice, with a worked \"response\" in think-on and in think-off mode"),
    ],
    notes: "The splits never share a task, whatever the seed.")

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let split = arguments.string("--split").flatMap(TaskSplit.init) ?? .train
    let count = try arguments.int("--count", in: 1...10_000_000) ?? 100
    let seed = try arguments.int("--seed", in: Int.min...Int.max) ?? 1
    let domains = Domain.allCases.filter { arguments.strings("--domain").contains($0.rawValue) }
    let levels = Set(arguments.strings("--level").compactMap { Int($0) })
    let options = PrimerOptions(
      seed: seed, domains: domains.isEmpty ? Domain.allCases : domains,
      levelWeights: Primer.levels.map { levels.isEmpty || levels.contains($0) ? 1 : 0 })
    let items: [TaskItem]
    do { items = try Primer(options).items(split, count: count) } catch let error as PrimerError {
      throw CommandFailure(code: .usage, description: "\(error)")
    }
    for item in items {
      if arguments.flag("--traces") {
        for mode in ThinkMode.allCases {
          console.out(line(item, trace: try Primer.trace(item, mode: mode)).text() + "\n")
        }
      } else {
        console.out(line(item).text() + "\n")
      }
    }
    return .success
  }

  /// A row of a task file; a row with a trace says its mode, also in its id, which must not repeat.
  static func line(_ item: TaskItem, trace: AutoThinkResponse? = nil) -> JSON {
    var row = JSONObject([
      ("id", .string(trace.map { "\(item.id)/\($0.mode.rawValue)" } ?? item.id)), ("prompt", .string(item.prompt)),
      ("domain", .string(item.domain.rawValue)), ("verifier", .string(item.verifier)), ("reference", item.reference),
      ("source", .string(item.source)),
    ])
    if let difficulty = item.difficulty { row["difficulty"] = .double(difficulty) }
    for (key, value) in item.fields.pairs { row[key] = value }
    if let trace {
      row["mode"] = .string(trace.mode.rawValue)
      row["response"] = .string(trace.text())
    }
    return .object(row)
  }
}
