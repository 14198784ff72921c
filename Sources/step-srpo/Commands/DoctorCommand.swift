import RunStore
import StrictJSON

/// `step-srpo doctor`: why does it not learn?
enum DoctorCommand: Command {
  static let description = CommandDescription(
    name: "doctor", summary: "Look through a run for the known reasons why it does not learn.",
    positionals: [.init(name: "RUN", help: "a run's name, or the path of its folder")],
    options: [.flag("--json", "one JSON object"), CommandDescription.runsOption],
    notes: """
      Looks at the last \(Doctor.window) steps: truncated or invalid responses, unparsable gates, groups without
      variance or of one mode, failing verifiers and references, a learning rate of 0, ratios, entropy
      and divergence out of range. Each finding comes with its evidence and what to try next.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let folder = try RunFolder.open(
      arguments.positionals[0], in: arguments.string("--runs") ?? RunFolder.defaultRunsFolder)
    let doctor = try Doctor(RunReader(folder))
    let findings = try doctor.findings()
    if arguments.flag("--json") {
      let json: JSON = [
        "run": .string(folder.name), "scope": .string(doctor.scope), "findings": .array(findings.map(\.json)),
      ]
      console.out(json.text() + "\n")
      return .success
    }
    if findings.isEmpty {
      console.out("\(folder.name), \(doctor.scope): no known disease found\n")
      return .success
    }
    console.out("\(folder.name), \(doctor.scope): \(findings.count) finding\(findings.count == 1 ? "" : "s")\n")
    let columns = min(110, console.columns())
    for finding in findings {
      let mark = finding.severity == .dead ? "DEAD" : "warning"
      let colour = finding.severity == .dead ? 31 : 33
      let head = console.usesColour ? "\u{1B}[1;\(colour)m\(mark)\u{1B}[0m" : mark
      console.out("\n\(head)  \(finding.name)\n")
      console.out(ParagraphText.wrapped(finding.evidence, columns: columns, indent: "  "))
      for advice in finding.advice {
        console.out(ParagraphText.wrapped(advice, columns: columns, indent: "    ", first: "  - "))
      }
    }
    return .success
  }
}
