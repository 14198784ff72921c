import StrictJSON

/// Two evaluations of the same items, item by item: what choosing the mode costs and saves against a baseline, for example
/// one that always thinks (the report's Figure 9).
public struct EvaluationComparison: Sendable {
  /// Items with a score in both.
  public let count: Int
  /// Accuracy minus the baseline's, over those items.
  public let accuracyDifference: Double?
  /// Its interval, by bootstrap over items.
  public let accuracyInterval: ConfidenceInterval?
  /// Mean tokens.
  public let tokens: Double?
  /// Mean tokens of the baseline.
  public let baselineTokens: Double?
  /// Share of the baseline's tokens that are saved; negative where more are spent.
  public let saved: Double?

  /// Compares item by item; both lists are of the same items in the same order.
  public init(_ items: [EvaluatedItem], baseline: [EvaluatedItem]) {
    let pairs = zip(items, baseline).compactMap { own, other -> (Double, Double, Double, Double)? in
      guard let score = own.free.meanScore, let base = other.free.meanScore,
        let length = own.free.map({ Double($0.length) }).meanIfAny,
        let baseLength = other.free.map({ Double($0.length) }).meanIfAny
      else { return nil }
      return (score, base, length, baseLength)
    }
    count = pairs.count
    let differences = pairs.map { $0.0 - $0.1 }
    accuracyDifference = differences.meanIfAny
    accuracyInterval = ConfidenceInterval(bootstrapping: differences)
    tokens = pairs.map(\.2).meanIfAny
    baselineTokens = pairs.map(\.3).meanIfAny
    if let tokens, let baselineTokens, baselineTokens > 0 {
      saved = 1 - tokens / baselineTokens
    } else {
      saved = nil
    }
  }

  /// The object `against` of a data set in `eval --json`.
  public var json: JSON {
    var object = JSONObject([("n", .int(count))])
    object["accuracy_difference"] = accuracyDifference.map { .double($0) }
    object["accuracy_difference_interval"] = accuracyInterval.map {
      ["low": .double($0.low), "high": .double($0.high), "level": 0.95, "method": .string($0.method.rawValue)]
    }
    object["tokens"] = tokens.map { .double($0) }
    object["baseline_tokens"] = baselineTokens.map { .double($0) }
    object["tokens_saved"] = saved.map { .double($0) }
    return .object(object)
  }
}
