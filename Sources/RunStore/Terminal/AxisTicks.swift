import Foundation

/// Round numbers along an axis.
public struct AxisTicks: Sendable, Equatable {
  /// The ticks in rising order, evenly spaced by 1, 2, 2.5 or 5 times a power of ten.
  public let values: [Double]
  /// Decimals that tell the ticks apart.
  public let decimals: Int

  /// Ticks that cover `range`, about `count` of them; a range of one point is widened.
  public init(covering range: ClosedRange<Double>, count: Int, wholeNumbers: Bool = false) {
    var (low, high) = (range.lowerBound, range.upperBound)
    if !(high - low > max(abs(low), abs(high)) * 1e-12) {
      let margin = low == 0 ? 0.5 : abs(low) * 0.1
      (low, high) = (low - margin, high + margin)
    }
    let rough = (high - low) / Double(max(1, count))
    let power = pow(10, floor(log10(rough)))
    let factor = [1, 2, 2.5, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10
    var step = factor * power
    if wholeNumbers { step = max(1, step.rounded(.up)) }
    let first = floor(low / step + 1e-9)
    let last = ceil(high / step - 1e-9)
    values = (0...Int(min(100, max(1, last - first)))).map { (first + Double($0)) * step }
    let magnitude = floor(log10(step) + 1e-9)
    let isQuarter = abs(step / pow(10, magnitude) - 2.5) < 1e-6
    decimals = wholeNumbers ? 0 : max(0, min(12, Int(-magnitude) + (isQuarter ? 1 : 0)))
  }

  /// A tick as text; very large and very small ones with an exponent.
  public func label(_ value: Double) -> String {
    let size = values.map(abs).max() ?? 0
    if size >= 1e6 || decimals > 5 { return value == 0 ? "0" : String(format: "%.2g", value) }
    return NumberText.fixed(value, decimals)
  }
}
