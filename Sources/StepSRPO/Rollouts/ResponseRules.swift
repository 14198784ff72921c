import AutoThink
import LanguageModel
import TensorCore

/// What every request for a response has in common: where it stops, what it may cost, what is watched.
public struct ResponseRules: Sendable {
  private let codec: ResponseCodec
  private let maxNewTokens: Int
  private let offBudget: Int

  /// Rules with the budgets of a configuration's rollouts.
  public init(_ codec: ResponseCodec, _ rollout: RolloutSection) {
    self.codec = codec
    maxNewTokens = rollout.maxNewTokens
    offBudget = rollout.thinkOffBudget
  }

  /// A request; with `forcing` the gate token after `</judge>` is not the policy's choice.
  public func request(stream: RandomStream, forcing mode: ThinkMode? = nil) -> GenerationRequest {
    var rules = [TokenRule(after: codec.gate(.off), budget: offBudget)]
    if let mode { rules.append(TokenRule(after: codec.token(.judgeClose), force: codec.gate(mode))) }
    return GenerationRequest(
      stream: stream, maxNewTokens: maxNewTokens, stopTokens: [codec.endToken], rules: rules,
      watch: TokenWatch(after: codec.token(.judgeClose), tokens: [codec.gate(.on), codec.gate(.off)]))
  }
}
