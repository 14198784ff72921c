import ColdStart
import Foundation
import RunStore
import StepSRPO
import StrictJSON
import Tasks
import Verifiers

/// What `run` and `resume` share: data and verifiers from a configuration, observers, the end of a run.
final class TrainingSession {
  /// What will happen.
  let plan: RunPlan
  private let configuration: RunConfiguration
  private let console: Console
  private let data: PipelineData
  private let registry: VerifierRegistry

  /// Prepares a run without writing anything.
  /// - Throws: `CommandFailure` with code 2 for data that cannot be read or a verifier that cannot work here.
  init(_ configuration: RunConfiguration, _ console: Console) throws {
    self.configuration = configuration
    self.console = console
    do {
      data = try PipelineData(configuration)
    } catch {
      throw CommandFailure(code: .usage, description: "\(error)")
    }
    registry = BuiltInVerifiers.registry(sandboxProcesses: configuration.verification.sandboxProcesses)
    plan = RunPlan(configuration, data)
  }

  /// Trains to the end or to an interruption.
  func train(recorder: RunRecorder, resuming folder: String?) throws -> ExitCode {
    let interrupt = Interrupt()
    let progress = ProgressDisplay(
      ProgressDisplay.Output(
        isTerminal: console.errorIsTerminal, columns: { [console] in console.columns() },
        unicode: console.usesUnicode, write: { [console] in console.noteRaw($0) }))
    let run = recorder.folder
    do {
      try Preflight.check(data.queries + data.evaluation.flatMap(\.items), registry: registry, console: console)
      console.note(plan.text)
      let keeper = CheckpointWriter(CheckpointFolder(of: run), keep: configuration.checkpoint.keep)
      let pipeline = TrainingPipeline(
        configuration: configuration, data: data, registry: registry, checkpoints: keeper,
        observers: [recorder, progress, interrupt])
      let (outcome, _) = try pipeline.run(resuming: folder)
      progress.finish()
      switch outcome {
      case .finished:
        try recorder.setStatus(.completed)
        try summarise(run)
        return .success
      case .stopped(let step):
        try recorder.setStatus(.stopped, detail: "after step \(step)")
        console.note("stopped after step \(step). Continue with `step-srpo resume \(run.name)`")
        return .interrupted
      }
    } catch {
      progress.finish()
      try? recorder.setStatus(.failed, detail: "\(error)")
      throw Self.failure(error, run)
    }
  }

  /// The table a user ran it for, and where to look next.
  private func summarise(_ run: RunFolder) throws {
    let reports = try RunReader(run).evaluations()
    for name in data.evaluation.map(\.name) {
      let own = reports.filter { $0.dataset == name }
      guard let first = own.first, let last = own.last else { continue }
      console.out(EvaluationTable.text([("before", first), ("after", last)]) + "\n")
    }
    console.note("run \"\(run.name)\" finished. Next: step-srpo curves \(run.name), step-srpo samples \(run.name)")
  }

  private static func failure(_ error: any Error, _ run: RunFolder) -> any Error {
    let place = "\(error). What happened until then is in \(run.path)"
    switch error {
    case is CommandFailure: return error
    case is RunLimitError, is UpdateError: return CommandFailure(code: .limit, description: place)
    default: return CommandFailure(code: .failure, description: place)
    }
  }
}

/// Writes checkpoints and keeps the newest ones.
private final class CheckpointWriter: CheckpointKeeper {
  private let folder: CheckpointFolder
  private let keep: Int

  init(_ folder: CheckpointFolder, keep: Int) {
    self.folder = folder
    self.keep = keep
  }

  func write(step: Int, content: (_ folder: String) throws -> Void) throws {
    try folder.write(step: step, content)
    try folder.prune(keepLast: keep)
  }
}
