/// Watches the shares of free responses that are cut or malformed: one that stands above its limit over a whole window
/// of steps ends the run. It is a part of every checkpoint, so that a run that is resumed often is watched like any
/// other.
public struct ShareMonitor: Codable, Sendable, Equatable {
  private var recent: [String: [Double]] = [:]

  /// A monitor that has seen nothing.
  public init() {}

  /// Takes a step's metrics in; returns the first limit they cross. The windows begin anew then: whoever resumes the
  /// run has seen them.
  mutating func observe(_ metrics: [Metric: Double], step: Int, limits: LimitsSection) -> RunLimitError? {
    let watched: [(key: String, metric: Metric, limit: Double)] = [
      ("truncated", .clippedRatio, limits.truncated), ("invalid_formats", .invalidRate, limits.invalidFormats),
    ]
    for (key, metric, limit) in watched where limit < 1 {
      guard let value = metrics[metric] else { continue }
      recent[key, default: []].append(value)
      recent[key] = recent[key]?.suffix(limits.window)
    }
    for (key, metric, limit) in watched where limit < 1 {
      guard let values = recent[key], values.count == limits.window, values.mean > limit else { continue }
      recent = [:]
      return .share(
        step: step, key: key, metric: metric.name, found: values.mean, limit: limit, window: limits.window)
    }
    return nil
  }
}
