import AutoThink
import Dispatch
import LanguageModel
import TensorCore

/// From a time a response may take to a token budget, by measuring this machine. **[ours]**
public struct LatencyTarget: Sendable, Equatable {
  /// Tokens a second of one response decoded alone.
  public let tokensPerSecond: Double
  /// The tokens that fit the target.
  public let budget: Int

  /// Measures the policy: the faster of two runs of one row. The prompt's own time is not counted.
  ///
  /// - Parameter seconds: the time a response may take.
  public init(seconds: Double, policy: Policy, weights: DecodingWeights) throws {
    let prompt = policy.codec.prompt([ChatMessage(.user, "Hello")])
    let tokens = min(48, max(1, policy.model.configuration.maxPositions - prompt.count))
    var fastest = Double.infinity
    let engine = GenerationEngine(weights, rows: 1)
    for lap in 0..<2 {
      let request = GenerationRequest(
        stream: RandomStream(seed: 1, purpose: .evaluation, sample: lap), maxNewTokens: tokens)
      let start = DispatchTime.now().uptimeNanoseconds
      let made = try engine.generate([PromptGroup(prompt: prompt, requests: [request])])[0][0].tokens.count
      let elapsed = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      fastest = min(fastest, elapsed / Double(max(1, made)))
    }
    tokensPerSecond = 1 / max(fastest, 1e-9)
    budget = Int(min(1e9, max(1, seconds * tokensPerSecond)))
  }
}
