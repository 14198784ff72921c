import Foundation

/// Watches the limits that are seen from outside a step: truncation, invalid formats, wall time and disk space.
///
/// It asks the run to stop, so that the step is finished and a checkpoint written: such a run can be resumed. Add it
/// after the run's recorder.
public final class LimitWatch: TrainingObserver {
  /// The first limit crossed; nil while all hold.
  public private(set) var crossed: RunLimitError?

  private let limits: LimitsSection
  private let folder: String
  private let minutesPassed: () -> Double
  private let freeMegabytes: () -> Int?
  private var shares: [String: [Double]] = [:]

  /// A watch over a run.
  ///
  /// - Parameters:
  ///   - folder: the run's folder.
  ///   - minutesPassed: since the start of this `run` or `resume`; the time since this value was made when nil.
  ///   - freeMegabytes: on the disk of `folder`; asked of the system when nil.
  public init(
    _ limits: LimitsSection, folder: String, minutesPassed: (() -> Double)? = nil, freeMegabytes: (() -> Int?)? = nil
  ) {
    self.limits = limits
    self.folder = folder
    let start = ContinuousClock.now
    self.minutesPassed = minutesPassed ?? { (ContinuousClock.now - start) / .seconds(60) }
    self.freeMegabytes = freeMegabytes ?? { Self.freeMegabytes(at: folder) }
  }

  /// Checks the limits after each step.
  public func observe(_ event: TrainingEvent) -> ObserverDecision {
    switch event {
    case .coldStart(let step, _, _): checkResources(step)
    case .step(let report):
      check(.clippedRatio, "truncated", limits.truncated, report)
      check(.invalidRate, "invalid_formats", limits.invalidFormats, report)
      checkResources(report.step)
    case .evaluation, .checkpoint, .warning: break
    }
    return crossed == nil ? .continue : .stop
  }

  private func check(_ metric: Metric, _ key: String, _ limit: Double, _ report: StepReport) {
    guard limit < 1, let value = report.metrics[metric] else { return }
    var recent = shares[key] ?? []
    recent.append(value)
    if recent.count > limits.window { recent.removeFirst() }
    shares[key] = recent
    guard recent.count == limits.window, recent.mean > limit, crossed == nil else { return }
    crossed = .share(
      step: report.step, key: key, metric: metric.name, found: recent.mean, limit: limit, window: limits.window)
  }

  private func checkResources(_ step: Int) {
    guard crossed == nil else { return }
    if limits.wallTimeMinutes > 0 {
      let minutes = minutesPassed()
      if minutes >= limits.wallTimeMinutes {
        crossed = .wallTime(step: step, minutes: minutes, limit: limits.wallTimeMinutes)
        return
      }
    }
    if limits.freeDiskMegabytes > 0, let free = freeMegabytes(), free < limits.freeDiskMegabytes {
      crossed = .freeDisk(step: step, path: folder, megabytes: free, limit: limits.freeDiskMegabytes)
    }
  }

  private static func freeMegabytes(at path: String) -> Int? {
    var information = statvfs()
    guard statvfs(path, &information) == 0 else { return nil }
    return Int(information.f_bavail) * Int(information.f_frsize) / 1_000_000
  }
}
