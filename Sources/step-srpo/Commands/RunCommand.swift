import ColdStart
import Foundation
import RunStore
import StepSRPO

/// `step-srpo run`: a run from its configuration.
enum RunCommand: Command {
  static let description = CommandDescription(
    name: "run", summary: "Launch a run from a configuration file.",
    positionals: [.init(name: "CONFIG", help: "a JSON file; comments and trailing commas are fine")],
    options: [
      .value("--set", "KEY.PATH=VALUE", "override one key of the configuration", isRepeated: true),
      .value("--name", "RUN", "the run's name; an existing one is refused (default: the file's name, numbered)"),
      .flag("--dry-run", "print the resolved configuration and the plan, make all checks, and do nothing else"),
    ],
    notes: """
      The run's folder is RUNS_FOLDER/RUN. Ctrl-C finishes the step, writes a checkpoint and exits with
      130; `step-srpo resume RUN` continues. A second Ctrl-C exits at once and loses the steps since the
      last checkpoint.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let path = arguments.positionals[0]
    let file: ConfigurationFile
    do {
      file = try ConfigurationFile(path: path, overrides: arguments.strings("--set"))
    } catch let error as ConfigurationError {
      throw CommandFailure(code: .usage, description: "\(error)")
    }
    let configuration = file.configuration
    let base = configuration.name.isEmpty ? Self.baseName(of: path) : configuration.name
    let name = arguments.string("--name") ?? RunFolder.freeName(base, in: configuration.runsFolder)
    try RunFolder.checkNew(name, in: configuration.runsFolder)
    let session = try TrainingSession(configuration, console)
    if arguments.flag("--dry-run") {
      console.out(file.resolved.text(pretty: true) + "\n")
      console.note(session.plan.text)
      try session.preflight()
      return .success
    }
    try session.preflight()
    let recorder = try RunRecorder(
      creating: name, in: configuration.runsFolder, seed: configuration.seed, codeVersion: StepSRPOCommand.version,
      config: file.resolved, build: ProgramBuild.fingerprint, dataHash: session.dataHash)
    return try session.train(recorder: recorder, resuming: nil)
  }

  /// `configs/quickstart.json` is `quickstart`.
  private static func baseName(of path: String) -> String {
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    return name.isEmpty ? "run" : name
  }
}
