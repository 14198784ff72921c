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

  /// The quantile by nearest rank: the smallest value that at least `fraction` of the sample does not exceed, so always
  /// one of the sample. The 99th percentile of 1...100 is 99, the median of 1 and 2 is 1. Nil over nothing.
  public func quantile(_ fraction: Double) -> Double? {
    // Without the allowance a product such as 0.07 x 100 would be past its rank by rounding.
    let rank = Int((fraction * Double(count) - 1e-9).rounded(.up))
    return isEmpty ? nil : sorted()[Swift.min(count, Swift.max(1, rank)) - 1]
  }
}
