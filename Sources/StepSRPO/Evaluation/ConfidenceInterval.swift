import Foundation
import TensorCore

/// A 95 % confidence interval of a mean over items.
public struct ConfidenceInterval: Sendable, Equatable {
  /// How an interval is found.
  public enum Method: String, Sendable {
    /// Wilson's score interval: for shares of independent yes/no outcomes.
    case wilson
    /// The percentile bootstrap over items, 2,000 resamples: for means of anything else. Responses to one item depend on
    /// each other, so items are drawn whole.
    case bootstrap
  }

  /// The lower end.
  public let low: Double
  /// The upper end.
  public let high: Double
  /// How it was found.
  public let method: Method

  /// The two-sided 95 % point of the standard normal distribution.
  private static let z = 1.959_963_984_540_054
  private static let resamples = 2000

  /// The interval of the mean of `values`, one an item: Wilson where all are 0 or 1, else bootstrap. Nil over nothing, and
  /// for a bootstrap over fewer than two items, which says nothing.
  public init?(ofMean values: [Double]) {
    guard !values.isEmpty else { return nil }
    if values.allSatisfy({ $0 == 0 || $0 == 1 }) {
      self.init(successes: Int(values.reduce(0, +)), of: values.count)
    } else {
      self.init(bootstrapping: values)
    }
  }

  /// Wilson's interval of `successes` out of `count` (Wilson 1927, without continuity correction).
  public init?(successes: Int, of count: Int) {
    guard count > 0, (0...count).contains(successes) else { return nil }
    let n = Double(count)
    let p = Double(successes) / n
    let z2 = Self.z * Self.z
    let center = (p + z2 / (2 * n)) / (1 + z2 / n)
    let half = Self.z / (1 + z2 / n) * (p * (1 - p) / n + z2 / (4 * n * n)).squareRoot()
    // At the ends the exact values are 0 and 1; rounding must not push them inside.
    low = successes == 0 ? 0 : center - half
    high = successes == count ? 1 : center + half
    method = .wilson
  }

  /// The percentile bootstrap. The resamples depend on the number of values alone, so a result never changes between calls.
  public init?(bootstrapping values: [Double]) {
    guard values.count > 1 else { return nil }
    var stream = RandomStream(seed: UInt64(values.count), purpose: "bootstrap")
    var means: [Double] = []
    means.reserveCapacity(Self.resamples)
    for _ in 0..<Self.resamples {
      var sum = 0.0
      for _ in values.indices { sum += values[stream.nextIndex(below: values.count)] }
      means.append(sum / Double(values.count))
    }
    guard let low = means.quantile(0.025), let high = means.quantile(0.975) else { return nil }
    (self.low, self.high, method) = (low, high, .bootstrap)
  }
}
