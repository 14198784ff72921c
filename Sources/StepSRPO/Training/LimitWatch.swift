import Foundation
import Platform

/// Watches the limits of what a run uses up: wall time and disk space.
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
    let watch = Stopwatch()
    self.minutesPassed = minutesPassed ?? { watch.seconds / 60 }
    self.freeMegabytes = freeMegabytes ?? { Self.freeMegabytes(at: folder) }
  }

  /// Checks the limits after each step.
  public func observe(_ event: TrainingEvent) -> ObserverDecision {
    switch event {
    case .coldStart(let step, _, _): checkResources(step)
    case .step(let report): checkResources(report.step)
    case .evaluation, .checkpoint, .warning: break
    }
    return crossed == nil ? .continue : .stop
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
