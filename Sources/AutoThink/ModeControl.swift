/// Who decides whether a response thinks, and what it may cost. **[ours]**
///
/// Budgets are hard and closed properly: when one ends, the open part is closed for the model and the next one opened, so
/// that an answer still comes.
public struct ModeControl: Sendable, Equatable {
  /// Who chooses the mode.
  public enum Choice: Sendable, Equatable {
    /// The policy draws the gate like any other token.
    case auto
    /// Always think.
    case on
    /// Never think.
    case off
    /// Think where the policy's p(think_on), relative to both gates, reaches this value: 0 always thinks, 1 hardly ever.
    case threshold(Double)
  }

  /// Who chooses the mode.
  public var choice: Choice
  /// The most tokens between `<think>` and `</think>`; nil sets no limit of its own.
  public var thinkBudget: Int?
  /// The most tokens of a whole response, tags and end token included; nil sets no limit of its own.
  public var budget: Int?

  /// A control; by default the policy chooses and nothing is limited.
  public init(_ choice: Choice = .auto, thinkBudget: Int? = nil, budget: Int? = nil) {
    self.choice = choice
    self.thinkBudget = thinkBudget
    self.budget = budget
  }

  /// The mode, where it does not depend on the policy.
  public var forcedMode: ThinkMode? {
    switch choice {
    case .auto, .threshold: nil
    case .on: .on
    case .off: .off
    }
  }

  /// The choice as tables and stored settings name it: `auto`, `on`, `off`, `p>=0.3`.
  public var choiceName: String {
    switch choice {
    case .auto: "auto"
    case .on: "on"
    case .off: "off"
    case .threshold(let value): "p>=\(value)"
    }
  }
}

/// How the budget of a whole response is shared among its parts. **[ours]**
///
/// The rationale may take an eighth, at least 8 tokens. Thought ends while a quarter of the budget, at least 8 tokens, is
/// left for the answer. The answer ends in time for its own closing tag. Each part is closed at the latest; what one does
/// not use is the next one's.
public struct BudgetShares: Sendable, Equatable {
  /// Tokens of the response after which an open rationale is closed.
  public let judgeEnd: Int
  /// Tokens of the response after which an open thought is closed.
  public let thinkEnd: Int
  /// Tokens of the response after which an open answer is closed.
  public let answerEnd: Int

  /// The least budget that leaves every part a token, for closing tags of `closing` tokens.
  public static func least(closing: Closing) -> Int { 24 + closing.judge + closing.think + closing.answer }

  /// The tokens that closing each part takes, the opening of the next one included.
  public struct Closing: Sendable, Equatable {
    /// `</judge>` and what stands around it.
    public var judge: Int
    /// `</think>`, `<answer>` and what stands around them.
    public var think: Int
    /// `</answer>` and the end of the turn.
    public var answer: Int

    /// Token counts.
    public init(judge: Int, think: Int, answer: Int) {
      self.judge = judge
      self.think = think
      self.answer = answer
    }
  }

  /// The shares of `budget`; one below ``least(closing:)`` is treated as that.
  public init(budget: Int, closing: Closing) {
    let budget = max(budget, Self.least(closing: closing))
    answerEnd = budget - closing.answer
    thinkEnd = answerEnd - max(8, budget / 4) - closing.think
    judgeEnd = max(8, budget / 8)
  }
}
