/// A line of tiny bars.
public enum Sparkline {
  static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  static let ascii: [Character] = ["_", ".", ":", "-", "=", "+", "*", "#"]

  /// The values as bars, the newest at the right; more values than columns are averaged in equal shares.
  ///
  /// - Parameters:
  ///   - range: what the lowest and the highest bar stand for; the range of the values when nil.
  ///   - unicode: bars of Unicode blocks, otherwise of ASCII characters.
  /// - Returns: at most `columns` characters; a value that is not finite is a space.
  public static func text(
    _ values: [Double], columns: Int, range: ClosedRange<Double>? = nil, unicode: Bool = true
  ) -> String {
    guard columns > 0, !values.isEmpty else { return "" }
    let shares = min(columns, values.count)
    let means = (0..<shares).map { share -> Double in
      let slice = values[share * values.count / shares..<(share + 1) * values.count / shares].filter(\.isFinite)
      return slice.isEmpty ? .nan : slice.reduce(0, +) / Double(slice.count)
    }
    let finite = means.filter(\.isFinite)
    guard let lowest = range?.lowerBound ?? finite.min(), let highest = range?.upperBound ?? finite.max() else {
      return String(repeating: " ", count: shares)
    }
    let bars = unicode ? blocks : ascii
    return String(
      means.map { mean -> Character in
        guard mean.isFinite else { return " " }
        guard highest > lowest else { return bars[bars.count / 2] }
        let height = (mean - lowest) / (highest - lowest)
        return bars[min(bars.count - 1, max(0, Int((height * Double(bars.count - 1)).rounded())))]
      })
  }
}
