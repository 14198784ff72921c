import LanguageModel

/// How long a prompt may be, so that a response behind it has a chance. **[ours]**
///
/// Prompt and response share the model's positions, and a response is cut where they end. `rollout.max_new_tokens` need
/// not fit in full: most responses are far shorter. What must fit is the budget of think-off, in which an answer has to
/// be possible, and at least ``least`` tokens, which the tags alone take; never more than `rollout.max_new_tokens`.
public struct PromptRoom: Sendable, Equatable {
  /// The fewest tokens that can hold a rationale, a gate and an answer with their tags.
  public static let least = 16

  /// The positions that prompt and response share.
  public let positions: Int
  /// The tokens that are kept for a response.
  public let response: Int

  /// The room of a policy.
  ///
  /// - Parameters:
  ///   - positions: the model's longest sequence.
  ///   - rollout: the budgets of a response.
  public init(positions: Int, _ rollout: RolloutSection) {
    self.positions = positions
    response = min(rollout.maxNewTokens, max(Self.least, rollout.thinkOffBudget))
  }

  /// The most tokens of a prompt; 0 or less where the model is too small for any.
  public var longestPrompt: Int { positions - response }

  /// Whether a prompt of `count` tokens leaves enough.
  public func fits(_ count: Int) -> Bool { count <= longestPrompt }
}

extension RolloutSection {
  /// The most tokens after `<think_off>`: `off_budget`, or a quarter of `max_new_tokens`.
  public var thinkOffBudget: Int { offBudget > 0 ? offBudget : max(1, maxNewTokens / 4) }
}
