import RunStore
import StepSRPO

/// `step-srpo resume`: continues a run from its newest checkpoint.
enum ResumeCommand: Command {
  static let description = CommandDescription(
    name: "resume", summary: "Continue an interrupted run from its newest checkpoint.",
    positionals: [.init(name: "RUN", help: "the run's name, or the path of its folder")],
    options: [CommandDescription.runsOption],
    notes: """
      The configuration is the one stored with the run. What was recorded after the checkpoint is rolled
      back and computed again, with the same numbers. A run stopped during its cold start begins it again.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let runs = arguments.string("--runs") ?? RunFolder.defaultRunsFolder
    let folder = try RunFolder.open(arguments.positionals[0], in: runs)
    let stored = try RunReader(folder).config().text()
    let configuration: RunConfiguration
    do {
      configuration = try ConfigurationFile(resolved: stored, source: "\(folder.databasePath) (config)").configuration
    } catch let error as ConfigurationError {
      throw CommandFailure(code: .failure, description: "\(error). The run was made by another version")
    }
    let session = try TrainingSession(configuration, console)
    let (recorder, checkpoint) = try RunRecorder.resume(folder)
    if let checkpoint {
      if checkpoint.step >= configuration.train.steps {
        try recorder.setStatus(.completed)
        console.note("run \"\(folder.name)\" has finished all \(configuration.train.steps) steps; nothing to resume")
        return .success
      }
      console.note("resuming \"\(folder.name)\" after step \(checkpoint.step)")
    } else {
      console.note("\"\(folder.name)\" has no checkpoint yet: starting from the beginning")
    }
    return try session.train(recorder: recorder, resuming: checkpoint?.path)
  }
}
