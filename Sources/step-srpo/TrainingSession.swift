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
  /// A fingerprint of all queries.
  let dataHash: String
  /// The number of queries in the training pool.
  var queryCount: Int { data.queries.count }
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
      plan = try RunPlan(configuration, data)
    } catch {
      throw CommandFailure(code: .usage, description: "\(error)")
    }
    dataHash = data.fingerprint
    registry = try BuiltInVerifiers.registry(BuiltInVerifiers.Settings(configuration.verification))
  }

  /// Checks that every verifier works here and judges the data as it must, still without writing anything.
  /// - Throws: `CommandFailure` with code 2 and what does not.
  func preflight() throws {
    for set in data.leftOut { console.note("left out    \(set)") }
    try Preflight.check(
      data.queries + data.evaluation.flatMap(\.items), audit: Audit(configuration.verification), registry: registry,
      console: console)
  }

  /// Trains to the end or to an interruption; call ``preflight()`` first.
  func train(recorder: RunRecorder, resuming folder: String?) throws -> ExitCode {
    let interrupt = Interrupt()
    let progress = ProgressDisplay(
      ProgressDisplay.Output(
        isTerminal: console.errorIsTerminal, columns: { [console] in console.columns() },
        unicode: console.usesUnicode, write: { [console] in console.noteRaw($0) }))
    let run = recorder.folder
    let watch = LimitWatch(configuration.limits, folder: run.path)
    let tensorBoard = try tensorBoard(run)
    let report = ReportObserver(run) { [console] in console.note("step-srpo: \($0)") }
    defer {
      progress.finish()
      report.finish()
    }
    do {
      for set in data.leftOut { try recorder.noteOnce("left out", set.description) }
      console.note(plan.text)
      let pipeline = TrainingPipeline(
        configuration: configuration, data: data, registry: registry,
        checkpoints: CheckpointRetention(run, rules: configuration.checkpoint),
        observers: [recorder, watch, progress, interrupt, report] + tensorBoard)
      let (outcome, _) = try pipeline.run(resuming: folder)
      progress.finish()
      switch outcome {
      case .finished:
        try recorder.setStatus(.completed)
        try summarise(run)
        return .success
      case .stopped(let step):
        try recorder.setStatus(.stopped, detail: watch.crossed?.description ?? "after step \(step)")
        let next = "Continue with `\(Self.resumeCommand(run))`"
        if let crossed = watch.crossed { throw CommandFailure(code: .limit, description: "\(crossed). \(next)") }
        console.note("stopped after step \(step). \(next)")
        return .interrupted
      }
    } catch let failure as CommandFailure where watch.crossed != nil {
      throw failure
    } catch {
      progress.finish()
      try? recorder.setStatus(.failed, detail: "\(error)")
      throw Self.failure(error, run)
    }
  }

  private func tensorBoard(_ run: RunFolder) throws -> [any TrainingObserver] {
    let folder = configuration.output.tensorboardFolder
    return folder.isEmpty ? [] : [try TensorBoardObserver(run, in: folder)]
  }

  /// The table a user ran it for, and where to look next.
  private func summarise(_ run: RunFolder) throws {
    let reports = try RunReader(run).evaluations()
    for name in data.evaluation.map(\.name) {
      let own = reports.filter { $0.dataset == name }
      guard let first = own.first, let last = own.last else { continue }
      console.out(EvaluationTable.text([("before", first), ("after", last)]) + "\n")
    }
    console.note(
      "run \"\(run.name)\" finished. Next: step-srpo curves \(run.name), step-srpo doctor \(run.name), "
        + "or open \(run.reportPath)")
  }

  private static func failure(_ error: any Error, _ run: RunFolder) -> any Error {
    let place = "\(error). What happened until then is in \(run.path)"
    switch error {
    case is CommandFailure: return error
    case let broken as BrokenStep:
      let kept: String
      do { kept = "The batch is kept in \(try run.keepEvidence(broken))" } catch {
        kept = "The batch is lost: \(error)"
      }
      return CommandFailure(
        code: .limit,
        description: "\(broken).\n\(kept).\nThis reproduces the step: \(resumeCommand(run))\n"
          + "This goes on with other settings: \(resumeCommand(run)) --name NEW --set train.learning_rate=...")
    case is RunLimitError:
      return CommandFailure(code: .limit, description: "\(place). Continue with `\(resumeCommand(run))`")
    default: return CommandFailure(code: .failure, description: place)
    }
  }

  /// A path names a run wherever its folder is.
  private static func resumeCommand(_ run: RunFolder) -> String {
    "step-srpo resume " + (run.path == "\(RunFolder.defaultRunsFolder)/\(run.name)" ? run.name : run.path)
  }
}
