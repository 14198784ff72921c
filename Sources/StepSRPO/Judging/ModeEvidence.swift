import AutoThink
import Foundation

/// What a group's rollouts say about the two modes of one query. **[ours]**, consistent with the report's words
/// "overall correctness of the model's reasoning activation decisions".
///
///     p_m   = (sum of outcomes r in mode m + k0 h_m) / (n_m + k0)
///     Delta = p_on - p_off - delta
///     m*    = on if Delta > 0, else off
///
/// Where the user asks for a mode, that mode is right whatever it costs: Delta is 1 or -1, as if it always succeeded and
/// the other never did.
///
/// The group abstains where a mode has no evidence, or where neither mode ever succeeds: an all-fail tie must not
/// teach "do not think".
public struct ModeEvidence: Sendable, Equatable {
  /// What a query teaches when neither mode ever succeeds.
  public enum AllFail: String, Sendable, ConfigurationChoice {
    /// Nothing.
    case abstain
    /// A tie like any other, which goes to off: the ablation that shows why the default is to abstain.
    case off
  }

  /// Success rate with thinking; nil without evidence.
  public let accuracyOn: Double?
  /// Success rate without thinking; nil without evidence.
  public let accuracyOff: Double?
  /// The advantage of thinking after its price; nil where the group abstains.
  public let delta: Double?

  /// The right mode m*, ties going to off; nil where the group abstains.
  public var rightMode: ThinkMode? { delta.map { $0 > 0 ? .on : .off } }

  /// Evidence from `(mode, outcome)` of every valid, scored rollout, free and probe.
  ///
  /// - Parameters:
  ///   - priceOfThinking: delta, in accuracy.
  ///   - history: h_m, the query's earlier success rate by mode; used only with `historyWeight`.
  ///   - historyWeight: k0, the number of rollouts the history counts for.
  ///   - allFail: what a group without a single success says.
  ///   - requested: the mode the user asks for, where one is asked for.
  public init(
    _ outcomes: [(mode: ThinkMode, outcome: Double)], priceOfThinking: Double, history: [ThinkMode: Double] = [:],
    historyWeight: Double = 0, allFail: AllFail = .abstain, requested: ThinkMode? = nil
  ) {
    func accuracy(_ mode: ThinkMode) -> Double? {
      let values = outcomes.filter { $0.mode == mode }.map(\.outcome)
      guard !values.isEmpty else { return nil }
      guard historyWeight > 0, let past = history[mode] else { return values.mean }
      return (values.reduce(0, +) + historyWeight * past) / (Double(values.count) + historyWeight)
    }
    accuracyOn = accuracy(.on)
    accuracyOff = accuracy(.off)
    if let requested {
      delta = requested == .on ? 1 : -1
    } else if let accuracyOn, let accuracyOff, allFail == .off || outcomes.contains(where: { $0.outcome > 0 }) {
      delta = accuracyOn - accuracyOff - priceOfThinking
    } else {
      delta = nil
    }
  }
}
