import AutoThink
import LanguageModel
import TensorCore

/// What every request for a response has in common: where it stops, what it may cost, what is watched.
public struct ResponseRules: Sendable {
  private let codec: ResponseCodec
  private let maxNewTokens: Int
  private let offBudget: Int

  /// Rules; an `offBudget` of 0 is a quarter of `maxNewTokens`.
  public init(_ codec: ResponseCodec, maxNewTokens: Int, offBudget: Int) {
    self.codec = codec
    self.maxNewTokens = maxNewTokens
    self.offBudget = offBudget > 0 ? offBudget : max(1, maxNewTokens / 4)
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
