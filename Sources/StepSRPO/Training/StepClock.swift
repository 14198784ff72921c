import Dispatch

/// Wall time of a step's phases.
final class StepClock {
  private let start = DispatchTime.now().uptimeNanoseconds
  private var last = DispatchTime.now().uptimeNanoseconds
  private var laps: [Metric: Double] = [:]

  /// Ends a phase; a phase that comes several times is summed.
  func lap(_ phase: Metric) {
    let now = DispatchTime.now().uptimeNanoseconds
    laps[phase, default: 0] += Double(now - last) / 1e9
    last = now
  }

  /// The phases and the whole step so far, in seconds.
  var metrics: [Metric: Double] {
    var all = laps
    all[.timeStep] = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    return all
  }
}
