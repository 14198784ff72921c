import AutoThink
import StrictJSON

/// What forcing both modes on every item says about the policy's own choice: judge accuracy as a measurement. **[ours]**
///
/// An item takes part where both modes have a scored response. A mode is *right* on an item where more than half of its
/// responses are; with one response a mode that is the plain 2 x 2 table. The right mode m* is the one of the training
/// signal: on where p_on - p_off exceeds the price of thinking, else off; where neither mode is ever right, no mode is.
public struct ProbeReport: Sendable {
  /// The price of thinking, in accuracy, that m* allows for.
  public let priceOfThinking: Double
  /// Items that take part.
  public let count: Int
  /// Items on which both modes are right.
  public let bothRight: Int
  /// Items on which only thinking is.
  public let onlyOnRight: Int
  /// Items on which only answering at once is.
  public let onlyOffRight: Int
  /// Items on which neither is.
  public let neitherRight: Int
  /// Items with an m* and a free response that chose a mode.
  public let judged: Int
  /// Share of free choices that are m*, over the items of ``judged``; nil over nothing.
  public let judgeAccuracy: Double?
  /// Its interval.
  public let judgeInterval: ConfidenceInterval?
  /// Accuracy of always thinking.
  public let accuracyOn: Double?
  /// Accuracy of never thinking.
  public let accuracyOff: Double?
  /// Accuracy of the policy's own choices.
  public let accuracyChosen: Double?
  /// Accuracy of m*, off where there is none.
  public let accuracyRightMode: Double?
  /// Accuracy of the better mode of every item.
  public let accuracyBest: Double?
  /// Mean tokens of always thinking.
  public let tokensOn: Double?
  /// Mean tokens of never thinking.
  public let tokensOff: Double?
  /// Mean tokens of the policy's own choices.
  public let tokensChosen: Double?
  /// Mean tokens of m*.
  public let tokensRightMode: Double?
  /// Mean accuracy the policy's choices lose against the better mode of every item.
  public let regret: Double?
  /// Mean tokens its choices cost more than m* would; negative where they cost less.
  public let tokenCost: Double?
  /// Accuracy, think-on rate and tokens along the threshold on p(think_on).
  public let curve: [Point]

  /// One threshold of the curve.
  public struct Point: Sendable, Equatable {
    /// Think where p(think_on) reaches this.
    public let threshold: Double
    /// Share of items that think.
    public let thinkOnRate: Double
    /// Mean accuracy.
    public let accuracy: Double
    /// Mean tokens.
    public let tokens: Double
  }

  private struct Case {
    var on: Double
    var off: Double
    var tokensOn: Double
    var tokensOff: Double
    /// Share of the free responses that chose on; nil without a readable gate.
    var chosenOn: Double?
    var probability: Double?
    var best: Double { max(on, off) }

    func accuracy(_ on: Double) -> Double { on * self.on + (1 - on) * off }
    func tokens(_ on: Double) -> Double { on * tokensOn + (1 - on) * tokensOff }

    func rightMode(_ price: Double) -> ThinkMode? { best <= 0 ? nil : on - off - price > 0 ? .on : .off }
  }

  /// The report of an evaluation with probes.
  public init(_ items: [EvaluatedItem], priceOfThinking: Double = 0.05) {
    self.priceOfThinking = priceOfThinking
    let cases = items.compactMap(Self.makeCase)
    count = cases.count
    bothRight = cases.count { $0.on > 0.5 && $0.off > 0.5 }
    onlyOnRight = cases.count { $0.on > 0.5 && $0.off <= 0.5 }
    onlyOffRight = cases.count { $0.on <= 0.5 && $0.off > 0.5 }
    neitherRight = cases.count { $0.on <= 0.5 && $0.off <= 0.5 }
    let hits = cases.compactMap { item -> Double? in
      guard let chosen = item.chosenOn, let right = item.rightMode(priceOfThinking) else { return nil }
      return right == .on ? chosen : 1 - chosen
    }
    judged = hits.count
    judgeAccuracy = hits.meanIfAny
    judgeInterval = ConfidenceInterval(ofMean: hits)
    accuracyOn = cases.map(\.on).meanIfAny
    accuracyOff = cases.map(\.off).meanIfAny
    accuracyBest = cases.map(\.best).meanIfAny
    accuracyRightMode = cases.map { $0.accuracy($0.rightMode(priceOfThinking) == .on ? 1 : 0) }.meanIfAny
    tokensOn = cases.map(\.tokensOn).meanIfAny
    tokensOff = cases.map(\.tokensOff).meanIfAny
    tokensRightMode = cases.map { $0.tokens($0.rightMode(priceOfThinking) == .on ? 1 : 0) }.meanIfAny
    let chosen = cases.compactMap { item in item.chosenOn.map { (item, $0) } }
    accuracyChosen = chosen.map { $0.accuracy($1) }.meanIfAny
    tokensChosen = chosen.map { $0.tokens($1) }.meanIfAny
    regret = chosen.map { $0.best - $0.accuracy($1) }.meanIfAny
    tokenCost = chosen.map { $0.tokens($1) - $0.tokens($0.rightMode(priceOfThinking) == .on ? 1 : 0) }.meanIfAny
    curve = Self.curve(cases)
  }

  private static func makeCase(_ item: EvaluatedItem) -> Case? {
    guard let on = item.forced[.on]?.meanScore, let off = item.forced[.off]?.meanScore,
      let tokensOn = item.forced[.on]?.map({ Double($0.length) }).meanIfAny,
      let tokensOff = item.forced[.off]?.map({ Double($0.length) }).meanIfAny
    else { return nil }
    return Case(
      on: on, off: off, tokensOn: tokensOn, tokensOff: tokensOff,
      chosenOn: item.free.compactMap(\.gate).map { $0 == .on ? 1.0 : 0 }.meanIfAny,
      probability: item.free.compactMap(\.thinkOnProbability).meanIfAny)
  }

  /// Every threshold gives the outcome of the mode it picks: the gate is all it decides.
  private static func curve(_ cases: [Case]) -> [Point] {
    let known = cases.filter { $0.probability != nil }
    guard !known.isEmpty else { return [] }
    return [0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01].map { threshold in
      let on = known.map { ($0.probability ?? 0) >= threshold ? 1.0 : 0 }
      return Point(
        threshold: threshold, thinkOnRate: on.mean, accuracy: zip(known, on).map { $0.accuracy($1) }.mean,
        tokens: zip(known, on).map { $0.tokens($1) }.mean)
    }
  }

  /// The object `probe` of a data set in `eval --json`.
  public var json: JSON {
    var object = JSONObject([
      ("n", .int(count)), ("both_right", .int(bothRight)), ("only_on_right", .int(onlyOnRight)),
      ("only_off_right", .int(onlyOffRight)), ("neither_right", .int(neitherRight)), ("judged", .int(judged)),
      ("price_of_thinking", .double(priceOfThinking)),
    ])
    let numbers: [(String, Double?)] = [
      ("judge_accuracy", judgeAccuracy), ("regret", regret), ("token_cost", tokenCost), ("accuracy_on", accuracyOn),
      ("accuracy_off", accuracyOff), ("accuracy_chosen", accuracyChosen), ("accuracy_right_mode", accuracyRightMode),
      ("accuracy_best", accuracyBest), ("tokens_on", tokensOn), ("tokens_off", tokensOff),
      ("tokens_chosen", tokensChosen), ("tokens_right_mode", tokensRightMode),
    ]
    for (key, value) in numbers { object[key] = value.map { .double($0) } }
    object["judge_interval"] = judgeInterval.map {
      ["low": .double($0.low), "high": .double($0.high), "level": 0.95, "method": .string($0.method.rawValue)]
    }
    object["threshold_curve"] = .array(
      curve.map {
        [
          "threshold": .double($0.threshold), "think_on_rate": .double($0.thinkOnRate),
          "accuracy": .double($0.accuracy), "tokens": .double($0.tokens),
        ]
      })
    return .object(object)
  }
}
