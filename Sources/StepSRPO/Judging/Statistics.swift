/// Population statistics of small samples.
extension Collection where Element == Double {
  /// The mean; meaningless for an empty collection, which callers must exclude.
  var mean: Double { reduce(0, +) / Double(count) }

  /// The mean, or nil over nothing.
  var meanIfAny: Double? { isEmpty ? nil : mean }

  /// The population standard deviation.
  var standardDeviation: Double {
    let center = mean
    return (reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(count)).squareRoot()
  }

  /// The value below which `fraction` of the sorted sample lies (nearest rank), or nil over nothing.
  func quantile(_ fraction: Double) -> Double? {
    guard !isEmpty else { return nil }
    let sorted = self.sorted()
    return sorted[Swift.min(sorted.count - 1, Int(fraction * Double(sorted.count)))]
  }
}
