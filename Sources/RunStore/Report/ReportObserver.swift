import StepSRPO

/// Writes the report anew at each evaluation and checkpoint and every few steps, so that an open page follows the run.
/// It takes at most a few per cent of a run's time. Add it after the run's recorder.
public final class ReportObserver: TrainingObserver {
  private let folder: RunFolder
  private let interval: Int
  private let now: () -> ContinuousClock.Instant
  private let complain: (String) -> Void
  private var last: ContinuousClock.Instant?
  private var cost = Duration.zero
  private var hasComplained = false

  /// An observer of the run in `folder`.
  ///
  /// - Parameters:
  ///   - interval: steps between reports.
  ///   - now: the time.
  ///   - complain: told once when a report cannot be written: a page is no reason to end a run.
  public init(
    _ folder: RunFolder, interval: Int = 10, now: @escaping () -> ContinuousClock.Instant = { .now },
    complain: @escaping (String) -> Void
  ) {
    self.folder = folder
    self.interval = max(1, interval)
    self.now = now
    self.complain = complain
  }

  /// Writes the report where it is due.
  public func observe(_ event: TrainingEvent) -> ObserverDecision {
    switch event {
    case .step(let report):
      if report.step % interval == 0 || report.step == 1 { writeUnlessBusy() }
    case .evaluation, .checkpoint: writeUnlessBusy()
    case .coldStart(let step, _, _): if step % 100 == 1 { writeUnlessBusy() }
    case .warning: break
    }
    return .continue
  }

  /// Writes it now: the last word of a run.
  public func finish() { write() }

  /// Thirty times what the last report cost must have passed since.
  private func writeUnlessBusy() {
    if let last, now() - last < cost * 30 { return }
    write()
  }

  private func write() {
    let start = now()
    do { try RunReport.write([folder]) } catch {
      if !hasComplained { complain("the report cannot be written: \(error)") }
      hasComplained = true
    }
    last = now()
    cost = now() - start
  }
}
