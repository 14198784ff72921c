import AutoThink
import LanguageModel
import TensorCore

/// Requests for responses under a ``ModeControl``: outside training, where a user decides about mode and cost.
public struct ControlledRequests: Sendable {
  /// Who chooses the mode, and the budgets.
  public let control: ModeControl
  private let codec: ResponseCodec
  private let maxNewTokens: Int
  private let offBudget: Int?
  private let positions: Int

  /// Requests for a policy.
  ///
  /// - Parameters:
  ///   - maxNewTokens: the most tokens of a response; one that reaches it is cut and counts as truncated. A smaller
  ///     `control.budget` closes it properly instead.
  ///   - offBudget: the most tokens after `<think_off>`, as in training; nil sets no limit.
  public init(_ policy: Policy, control: ModeControl, maxNewTokens: Int, offBudget: Int? = nil) {
    self.control = control
    codec = policy.codec
    self.maxNewTokens = maxNewTokens
    self.offBudget = offBudget
    positions = min(policy.model.configuration.maxPositions, DecodingWeights.standardPositions)
  }

  /// The least budget that closes every part properly, for `--budget`.
  public var leastBudget: Int { BudgetShares.least(closing: codec.closing) }

  /// Whether a prompt of `count` tokens leaves room for a response.
  public func fits(promptTokens count: Int) -> Bool { count + leastBudget <= positions }

  /// A request behind a prompt of `promptTokens`; `forcing` goes before the control's own choice.
  public func request(stream: RandomStream, promptTokens: Int, forcing mode: ThinkMode? = nil) -> GenerationRequest {
    let room = max(1, min(maxNewTokens, positions - promptTokens))
    var rules: [TokenRule] = []
    if let offBudget, control.budget == nil { rules.append(TokenRule(after: codec.gate(.off), budget: offBudget)) }
    if let mode = mode ?? control.forcedMode {
      rules.append(TokenRule(after: codec.token(.judgeClose), force: codec.gate(mode)))
    }
    var threshold: ThresholdRule?
    if case .threshold(let value) = control.choice, mode == nil {
      threshold = ThresholdRule(
        after: codec.token(.judgeClose), first: codec.gate(.on), second: codec.gate(.off), threshold: value)
    }
    return GenerationRequest(
      stream: stream, maxNewTokens: min(room, control.budget.map { max($0, leastBudget) } ?? room),
      stopTokens: [codec.endToken], rules: rules,
      watch: TokenWatch(after: codec.token(.judgeClose), tokens: [codec.gate(.on), codec.gate(.off)]),
      threshold: threshold, deadlines: deadlines(room: room))
  }

  private func deadlines(room: Int) -> [TokenDeadline] {
    var deadlines: [TokenDeadline] = []
    let closeThink = codec.tokens(codec.template.closingThink)
    if let budget = control.thinkBudget {
      // An empty thought is no thought: the form asks for at least one token.
      deadlines.append(
        TokenDeadline(
          after: codec.token(.thinkOpen), budget: max(1, budget), unless: [codec.token(.thinkClose), codec.endToken],
          force: closeThink))
    }
    guard let budget = control.budget else { return deadlines }
    let shares = BudgetShares(budget: min(budget, room), closing: codec.closing)
    deadlines.append(
      TokenDeadline(
        after: nil, budget: shares.judgeEnd, unless: [codec.token(.judgeClose), codec.endToken],
        force: codec.tokens(codec.template.closingJudge)))
    deadlines.append(
      TokenDeadline(
        after: codec.token(.thinkOpen), budget: shares.thinkEnd, countsFromStart: true,
        unless: [codec.token(.thinkClose), codec.token(.answerOpen), codec.endToken], force: closeThink))
    deadlines.append(
      TokenDeadline(
        after: codec.token(.answerOpen), budget: shares.answerEnd, countsFromStart: true,
        unless: [codec.token(.answerClose), codec.endToken], force: codec.tokens(codec.template.closingAnswer)))
    return deadlines
  }
}

extension ResponseCodec {
  /// Tokens of pieces as the template lays them out.
  func tokens(_ pieces: [Piece]) -> [Int32] {
    pieces.flatMap { piece -> [Int32] in
      switch piece {
      case .tag(let tag): [token(tag)]
      case .text(let bytes): tokenizer.encode(String(decoding: bytes, as: UTF8.self), parsingAddedTokens: false)
      case .end: [endToken]
      case .special: []
      }
    }
  }

  /// How many tokens closing each part takes.
  var closing: BudgetShares.Closing {
    BudgetShares.Closing(
      judge: tokens(template.closingJudge).count, think: tokens(template.closingThink).count,
      answer: tokens(template.closingAnswer).count)
  }
}
