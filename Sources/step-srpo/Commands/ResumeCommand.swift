import Foundation
import RunStore
import StepSRPO
import StrictJSON

/// `step-srpo resume`: continues a run from its newest checkpoint, or forks it.
enum ResumeCommand: Command {
  static let description = CommandDescription(
    name: "resume", summary: "Continue a run from its newest checkpoint, or fork it under another name.",
    positionals: [.init(name: "RUN", help: "the run's name, or the path of its folder")],
    options: [
      .value("--name", "NEW", "leave the run as it is and go on from its checkpoint as a new run"),
      .value("--from", "STEP", "go back to the checkpoint of this step (default: the newest)"),
      .value("--set", "KEY.PATH=VALUE", "change one key of the configuration", isRepeated: true),
      CommandDescription.runsOption,
    ],
    notes: """
      The configuration is the one stored with the run. What was recorded after the checkpoint is rolled
      back and computed again, with the same numbers.
      A change that could alter a number is refused unless --name makes it another run; limits,
      checkpoints and numbers of threads may be changed in place.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let runs = arguments.string("--runs") ?? RunFolder.defaultRunsFolder
    var folder = try RunFolder.open(arguments.positionals[0], in: runs)
    let info = try RunReader(folder).info()
    let file = try configuration(folder, info, arguments.strings("--set"))
    let stored = try configuration(folder, info, [])
    let changes = ConfigurationChange.between(stored.resolved, file.resolved)
    let session = try TrainingSession(file.configuration, console)
    let start = try arguments.int("--from", in: 0...Int.max)
    if let name = arguments.string("--name") {
      guard start == nil else {
        throw arguments.usage("--from and --name: a fork goes on from the newest checkpoint; leave one of them out")
      }
      try checkFork(changes, folder, session)
      try session.preflight()
      folder = try folder.fork(
        name, in: (folder.path as NSString).deletingLastPathComponent, config: file.resolved,
        seed: file.configuration.seed, dataHash: session.dataHash)
    } else {
      try checkInPlace(changes, info, session)
      try session.preflight()
    }
    let (recorder, checkpoint) = try RunRecorder.resume(folder, from: start)
    if arguments.string("--name") != nil {
      let text = changes.isEmpty ? "no change" : changes.map(\.description).joined(separator: "; ")
      try recorder.note("forked", "from \(info.name) after step \(checkpoint?.step ?? 0): \(text)")
      console.note("\"\(folder.name)\" is forked from \"\(info.name)\" after step \(checkpoint?.step ?? 0): \(text)")
    } else {
      try recorder.setConfig(file.resolved, changes: changes)
    }
    if let build = info.build, let own = ProgramBuild.fingerprint, build != own {
      let text = "the program is another build than the one that began the run: the last digits may differ from here"
      try recorder.note("warning", text)
      console.note("note: \(text)")
    }
    if let checkpoint, checkpoint.isColdStart {
      console.note("resuming \"\(folder.name)\" after step \(checkpoint.step) of the cold start")
    } else if let checkpoint {
      if checkpoint.step >= file.configuration.train.steps {
        try CheckpointRetention(folder, rules: file.configuration.checkpoint).prune()
        try recorder.setStatus(.completed)
        console.note(
          "run \"\(folder.name)\" has finished all \(file.configuration.train.steps) steps; nothing to resume")
        return .success
      }
      console.note("resuming \"\(folder.name)\" after step \(checkpoint.step)")
    } else {
      console.note("\"\(folder.name)\" has no checkpoint yet: starting from the beginning")
    }
    return try session.train(recorder: recorder, resuming: checkpoint?.path)
  }

  private static func configuration(
    _ folder: RunFolder, _ info: RunInfo, _ overrides: [String]
  ) throws -> ConfigurationFile {
    do {
      return try ConfigurationFile(
        resolved: info.config, source: "\(folder.databasePath) (config)", overrides: overrides)
    } catch let error as ConfigurationError {
      throw error.isOverride
        ? CommandFailure(code: .usage, description: "\(error)")
        : CommandFailure(code: .failure, description: "\(error). The run was made by another version")
    }
  }

  /// The same run goes on only if every number it will record is the one it would have recorded anyway.
  private static func checkInPlace(
    _ changes: [ConfigurationChange], _ info: RunInfo, _ session: TrainingSession
  ) throws {
    let decisive = changes.filter { !$0.isNeutral }
    guard decisive.isEmpty else {
      throw CommandFailure(
        code: .usage,
        description: "run \"\(info.name)\" cannot go on with another configuration:\n"
          + decisive.map { "  \($0)\n" }.joined() + "Fork it with --name NEW, or leave these keys as they are")
    }
    if let before = info.dataHash, before != session.dataHash {
      throw CommandFailure(
        code: .usage,
        description: "the queries are not those run \"\(info.name)\" began with (fingerprint \(before), now "
          + "\(session.dataHash)). Put the task files back as they were, or fork the run with --name NEW")
    }
  }

  /// A key that had its effect before the checkpoint would be changed for nothing.
  private static func checkFork(
    _ changes: [ConfigurationChange], _ folder: RunFolder, _ session: TrainingSession
  ) throws {
    guard let checkpoint = try CheckpointFolder(of: folder).newest() else { return }
    if let remembered = TrainerState.queryCount(in: checkpoint.path), remembered != session.queryCount {
      throw CommandFailure(
        code: .usage,
        description: "the checkpoint after step \(checkpoint.step) remembers what happened to \(remembered) queries, "
          + "found \(session.queryCount) in the fork's data, expected as many. A fork goes on with the same queries; "
          + "start a new run from its weights with `step-srpo run CONFIG --set model.checkpoint=\(checkpoint.path) "
          + "--set cold_start.steps=0`")
    }
    let late = changes.filter { $0.key.hasPrefix("model.") || $0.key.hasPrefix("cold_start.") }
    guard late.isEmpty else {
      throw CommandFailure(
        code: .usage,
        description: "these keys had their effect before the checkpoint, changing them now would do nothing:\n"
          + late.map { "  \($0)\n" }.joined() + "Start a new run with `step-srpo run`")
    }
  }
}
