import RunStore
import StrictJSON

/// `step-srpo diff`: where two runs part.
enum DiffCommand: Command {
  static let description = CommandDescription(
    name: "diff", summary: "Show what differs between two runs, and where their numbers part.",
    positionals: [
      .init(name: "RUN_A", help: "a run's name, or the path of its folder"),
      .init(name: "RUN_B", help: "the other"),
    ],
    options: [
      .value("--limit", "N", "rollouts to show (default: 5)"), .flag("--json", "one JSON object"),
      CommandDescription.runsOption,
    ],
    notes: """
      Configuration, program and data first, then the first step at which a number differs, the metrics
      that differ there and the rollouts they come from. Wall-clock times are left out.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let runs = arguments.string("--runs") ?? RunFolder.defaultRunsFolder
    let limit = try arguments.int("--limit", in: 0...1_000_000) ?? 5
    let readers = try arguments.positionals.map { try RunReader(RunFolder.open($0, in: runs)) }
    let difference = try RunDifference(readers[0], readers[1])
    if arguments.flag("--json") {
      console.out(json(difference, readers.map(\.folder.name), limit: limit).text() + "\n")
      return .success
    }
    console.out("\(readers[0].folder.name) -> \(readers[1].folder.name)\n")
    for fact in difference.facts { console.out("  \(TerminalText.neutralised(fact, keepingNewlines: false))\n") }
    for change in difference.configuration { console.out("  \(change)\n") }
    if difference.facts.isEmpty, difference.configuration.isEmpty {
      console.out("  the same configuration, program and data\n")
    }
    guard let first = difference.first.first else {
      console.out("\nno number differs in the \(difference.commonSteps) steps that both have recorded\n")
      return .success
    }
    let stage =
      switch first.stage {
      case .coldStart: "cold-start step \(first.step)"
      case .train: "step \(first.step)"
      case .evaluation: "the evaluation after step \(first.step)"
      }
    console.out("\nthe numbers part at \(stage):\n")
    console.out(
      TextTable.text(
        heading: ["metric", readers[0].folder.name, readers[1].folder.name],
        rows: difference.first.prefix(12).map { [$0.metric, number($0.values[0]), number($0.values[1])] },
        rightAligned: [1, 2]))
    if difference.first.count > 12 { console.out("and \(difference.first.count - 12) more\n") }
    rollouts(difference, limit, console)
    return .success
  }

  private static func rollouts(_ difference: RunDifference, _ limit: Int, _ console: Console) {
    guard difference.first.first?.stage == .train else { return }
    if difference.rollouts.isEmpty {
      console.out("\nall rollouts of that step are the same: what differs is the update itself\n")
      return
    }
    console.out("\n\(difference.rollouts.count) rollouts of that step differ:\n")
    for rollout in difference.rollouts.prefix(limit) {
      console.out("  \(rollout.id)\n")
      for text in rollout.differences {
        console.out("    \(TerminalText.neutralised(text, keepingNewlines: false))\n")
      }
    }
  }

  private static func number(_ value: Double?) -> String { value.map { JSON.double($0).text() } ?? "-" }

  private static func json(_ difference: RunDifference, _ names: [String], limit: Int) -> JSON {
    [
      "runs": .array(names.map { .string($0) }), "same_numbers": .bool(difference.sameNumbers),
      "common_steps": .int(difference.commonSteps), "facts": .array(difference.facts.map { .string($0) }),
      "configuration": .array(
        difference.configuration.map {
          ["key": .string($0.key), "a": $0.old ?? .null, "b": $0.new ?? .null]
        }),
      "first": .array(
        difference.first.map {
          [
            "stage": .string($0.stage.rawValue), "step": .int($0.step), "metric": .string($0.metric),
            "a": $0.values[0].map { .double($0) } ?? .null, "b": $0.values[1].map { .double($0) } ?? .null,
          ]
        }),
      "rollouts": .array(
        difference.rollouts.prefix(limit).map {
          ["rollout": .string($0.id), "differences": .array($0.differences.map { .string($0) })]
        }),
    ]
  }
}
