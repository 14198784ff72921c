import RunStore
import StrictJSON

/// `step-srpo runs`: what runs there are and how they stand.
enum RunsCommand: Command {
  static let description = CommandDescription(
    name: "runs", summary: "List the runs.",
    options: [
      CommandDescription.runsOption,
      .flag("--json", "one JSON object per run and line instead of a table"),
    ])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let runsFolder = arguments.string("--runs") ?? RunFolder.defaultRunsFolder
    let folders = try RunFolder.all(in: runsFolder)
    var summaries: [RunSummary] = []
    var damaged = 0
    for folder in folders {
      do { summaries.append(try RunSummary(folder)) } catch {
        damaged += 1
        console.note("step-srpo: \(folder.name): \(error)")
      }
    }
    if arguments.flag("--json") {
      for summary in summaries { console.out(json(summary).text() + "\n") }
    } else if summaries.isEmpty {
      console.note("no runs in \(runsFolder). `step-srpo run CONFIG` makes one")
    } else {
      console.out(table(summaries))
    }
    return damaged == 0 ? .success : .failure
  }

  static func json(_ summary: RunSummary) -> JSON {
    [
      "run": .string(summary.info.name), "state": .string(summary.state), "step": .int(summary.step),
      "total_steps": summary.info.totalSteps.map { .int($0) } ?? .null,
      "checkpoint": summary.checkpoint.map { .int($0) } ?? .null,
      "think_on_rate": summary.thinkOnRate.map { .double($0) } ?? .null,
      "accuracy": summary.accuracy.map { .double($0) } ?? .null, "seed": .int(summary.info.seed),
      "code_version": .string(summary.info.codeVersion), "created": .string(summary.info.created),
      "detail": summary.info.statusDetail.map { .string($0) } ?? .null,
    ]
  }

  static func table(_ summaries: [RunSummary]) -> String {
    let heading = ["run", "state", "step", "checkpoint", "think-on", "accuracy", "seed", "created"]
    let rows = summaries.map { summary -> [String] in
      let total = summary.info.totalSteps.map { "/\($0)" } ?? ""
      return [
        summary.info.name, summary.state, "\(summary.step)\(total)", summary.checkpoint.map(String.init) ?? "-",
        summary.thinkOnRate.map { NumberText.percent($0) } ?? "-",
        summary.accuracy.map { NumberText.percent($0) } ?? "-", String(summary.info.seed), summary.info.created,
      ]
    }
    return TextTable.text(heading: heading, rows: rows, rightAligned: [2, 3, 4, 5, 6])
  }
}
