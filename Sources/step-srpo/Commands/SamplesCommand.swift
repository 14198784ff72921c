import RunStore
import StrictJSON

/// `step-srpo samples`: what the policy wrote and what it got for it.
enum SamplesCommand: Command {
  static let description = CommandDescription(
    name: "samples", summary: "Show responses with their verdicts, rewards and advantages.",
    positionals: [.init(name: "RUN", help: "a run's name, or the path of its folder")],
    options: [
      .value("--step", "N", "of this step (default: the last, or all steps with --query)"),
      .value("--query", "ID", "to this query"),
      .value("--mode", "MODE", "in this mode", choices: ["on", "off"]),
      .value("--limit", "N", "at most this many (default: 8; all with --json)"),
      .flag("--json", "one JSON object per response and line"),
      CommandDescription.runsOption,
    ])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let folder = try RunFolder.open(
      arguments.positionals[0], in: arguments.string("--runs") ?? RunFolder.defaultRunsFolder)
    let reader = try RunReader(folder)
    var filter = RolloutFilter(
      step: try arguments.int("--step"), query: arguments.string("--query"), mode: arguments.string("--mode"),
      limit: try arguments.int("--limit", in: 1...Int.max))
    let last = try reader.lastStep()
    if filter.step == nil, filter.query == nil { filter.step = last }
    if let step = filter.step, step > last || step < 1 {
      throw CommandFailure(
        code: .usage,
        description: last == 0
          ? "run \"\(folder.name)\" has no steps yet"
          : "--step: found \(step), but run \"\(folder.name)\" holds steps 1 to \(last)")
    }
    let isJSON = arguments.flag("--json")
    if !isJSON, filter.limit == nil { filter.limit = 8 }
    let page = SamplePage(columns: min(120, console.columns()), colour: console.usesColour)
    var count = 0
    try reader.forEachRollout(filter) { rollout in
      count += 1
      console.out(isJSON ? JSON.object(rollout.values).text() + "\n" : page.text(rollout))
    }
    if count == 0 { console.note("no response fits") }
    if let query = filter.query, count == 0, let nearest = try nearestQuery(query, reader) {
      console.note("no query \"\(query)\"; did you mean \"\(nearest)\"?")
    }
    return .success
  }

  /// The nearest known id, when the wanted one does not exist.
  private static func nearestQuery(_ query: String, _ reader: RunReader) throws -> String? {
    let ids = try reader.database.rows("SELECT DISTINCT id FROM queries ORDER BY id").compactMap { $0[0].string }
    return ids.contains(query) ? nil : nearestName(to: query, in: ids)
  }
}
