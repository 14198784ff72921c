import RunStore
import StepSRPO
import StrictJSON

/// `step-srpo explain`: one rollout from text to gradient.
enum ExplainCommand: Command {
  static let description = CommandDescription(
    name: "explain", summary: "Show the whole arithmetic of one rollout, from text to loss.",
    positionals: [
      .init(name: "RUN", help: "a run's name, or the path of its folder"),
      .init(name: "ROLLOUT", help: "STEP.GROUP.SAMPLE, as `step-srpo samples` names it"),
    ],
    options: [.flag("--json", "one JSON object"), CommandDescription.runsOption],
    notes: """
      Every number is computed again from what the run stored and compared with the stored one; the last
      line says whether it adds up. It exits with 1 when it does not.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let folder = try RunFolder.open(
      arguments.positionals[0], in: arguments.string("--runs") ?? RunFolder.defaultRunsFolder)
    let reader = try RunReader(folder)
    let id = arguments.positionals[1]
    let explanation = try explanation(id, reader, arguments)
    if arguments.flag("--json") {
      console.out(explanation.json.text() + "\n")
    } else {
      let page = SamplePage(columns: min(120, console.columns()), colour: console.usesColour)
      if let stored = try reader.rollout(id) { console.out(page.text(stored)) }
      console.out(explanation.text(columns: min(120, console.columns())))
    }
    return explanation.addsUp ? .success : .failure
  }

  private static func explanation(
    _ id: String, _ reader: RunReader, _ arguments: ParsedArguments
  ) throws -> Explanation {
    let parts = id.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 3, let step = parts[0], let group = parts[1], let sample = parts[2] else {
      throw arguments.usage("ROLLOUT: found \"\(id)\", expected STEP.GROUP.SAMPLE, for example 12.0.3")
    }
    let groups = try reader.groups(step: step)
    guard groups.indices.contains(group), groups[group].rollouts.indices.contains(sample) else {
      let last = try reader.lastStep()
      let found =
        groups.isEmpty
        ? "no step \(step); the run holds steps 1 to \(last)"
        : groups.indices.contains(group)
          ? "no sample \(sample); group \(group) of step \(step) holds samples 0 to \(groups[group].rollouts.count - 1)"
          : "no group \(group); step \(step) holds groups 0 to \(groups.count - 1)"
      throw CommandFailure(code: .usage, description: "ROLLOUT \(id): \(found)")
    }
    let stored = try reader.config().text()
    let configuration = try ConfigurationFile(resolved: stored, source: reader.folder.databasePath).configuration
    let loss = try reader.series(Metric.loss.name, stage: .train).first { $0.step == step }?.value
    return Explanation(id: id, configuration, groups, group: group, sample: sample, loss: loss)
  }
}
