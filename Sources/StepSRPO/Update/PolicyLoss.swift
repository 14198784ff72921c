import AutoThink
import Foundation

/// One value per credit segment.
public struct PerSegment<Value: Sendable & Equatable>: Sendable, Equatable {
  /// J.
  public var judge: Value
  /// g.
  public var gate: Value
  /// Y.
  public var answer: Value

  /// The same value for every segment.
  public init(repeating value: Value) {
    judge = value
    gate = value
    answer = value
  }

  /// The value of one segment.
  public subscript(segment: CreditSegment) -> Value {
    get {
      switch segment {
      case .judge: judge
      case .gate: gate
      case .answer: answer
      }
    }
    set {
      switch segment {
      case .judge: judge = newValue
      case .gate: gate = newValue
      case .answer: answer = newValue
      }
    }
  }
}

/// A response token that carries a gradient.
public struct ScoredToken: Sendable, Equatable {
  /// Index in the response.
  public var position: Int
  /// Its segment.
  public var segment: CreditSegment
  /// Its advantage.
  public var advantage: Double
  /// log mu, the log-probability under the sampler.
  public var samplerLogProb: Float
  /// log pi_old, the log-probability under the policy that the ratio is taken to; nil means the present policy
  /// (a ratio of exactly 1, as in the first update after sampling).
  public var oldLogProb: Float?

  /// A token.
  public init(
    position: Int, segment: CreditSegment, advantage: Double, samplerLogProb: Float, oldLogProb: Float? = nil
  ) {
    self.position = position
    self.segment = segment
    self.advantage = advantage
    self.samplerLogProb = samplerLogProb
    self.oldLogProb = oldLogProb
  }
}

/// Step-SRPO's loss over the tokens of a batch, each segment with its own normaliser. **[ours]**
///
///     L = L_Y / N_Y + lambda_J L_J / N_J + lambda_g L_g / N_g - beta_H H / N
///
/// with rho = pi / pi_old and w = min(pi_old / mu, cap), the truncated importance weight of sampler against trainer:
///
///     J, Y:  l = -w min(rho A, clip(rho, 1 - low, 1 + high) A)       (PPO's clip, DAPO's asymmetric bounds)
///     g:     l = -w sg(clip(rho, 0, 1 + high)) A log pi               (CISPO: no token loses its gradient)
///
/// The gate uses the second form because a forced token under a token-level PPO clip sticks between 0.4 and 0.6.
public struct PolicyLoss: Sendable, Equatable {
  /// Ratios below 1 - clipLow are held.
  public var clipLow = 0.2
  /// Ratios above 1 + clipHigh are held.
  public var clipHigh = 0.28
  /// Cap of the importance weight.
  public var importanceCap = 2.0
  /// lambda_J.
  public var judgeWeight = 0.05
  /// lambda_g.
  public var gateWeight = 0.01
  /// beta_H, weight of the entropy bonus.
  public var entropyBonus = 0.0

  /// The defaults of `algorithm.md`.
  public init() {}

  /// What became of one token: enough to show how the loss came about.
  public struct TokenTerm: Sendable, Equatable {
    /// rho = pi / pi_old.
    public var ratio: Double
    /// w, the truncated importance weight of the trainer against the sampler.
    public var importance: Double
    /// What multiplies -A in the loss: weight, normaliser, importance, the held ratio and, for a gate, log pi.
    public var factor: Double
    /// The token's part of the loss, every term of it; the batch's loss is the sum of these.
    public var loss: Double
    /// Whether a clip bound held the ratio.
    public var isHeld: Bool
  }

  /// What the tokens of one pass contributed. Sums over passes are sums of these.
  public struct Terms: Sendable {
    /// The loss.
    public var loss = 0.0
    /// Each token's part, in order.
    public var tokens: [TokenTerm] = []
    /// dL / d log pi of each token, in order.
    public var logProbGradient: [Float] = []
    /// dL / d entropy, the same for each token.
    public var entropyGradient: Float = 0
    /// Answer tokens held by the lower and the upper bound.
    public var clipped = (low: 0, high: 0)
    /// Sum and maximum of |log mu - log pi_old|, in nats.
    public var samplerDifference = (sum: 0.0, max: 0.0)
  }

  func weight(of segment: CreditSegment) -> Double {
    switch segment {
    case .judge: judgeWeight
    case .gate: gateWeight
    case .answer: 1
    }
  }

  /// The loss of `tokens` and its gradient.
  ///
  /// - Parameters:
  ///   - tokens: the scored tokens of one forward pass.
  ///   - logProbs: log pi of each, in the same order.
  ///   - entropies: the entropy at each, in nats; empty when there is no bonus.
  ///   - counts: N_J, N_g, N_Y over the whole batch the update is made of.
  public func callAsFunction(
    _ tokens: [ScoredToken], logProbs: [Float], entropies: [Float] = [], counts: PerSegment<Int>
  ) -> Terms {
    var terms = Terms()
    terms.logProbGradient.reserveCapacity(tokens.count)
    terms.tokens.reserveCapacity(tokens.count)
    let total = counts.judge + counts.gate + counts.answer
    for (token, logProb) in zip(tokens, logProbs) {
      let old = Double(token.oldLogProb ?? logProb)
      let ratio = exp(Double(logProb) - old)
      let difference = abs(Double(token.samplerLogProb) - old)
      terms.samplerDifference.sum += difference
      terms.samplerDifference.max = max(terms.samplerDifference.max, difference)
      let importance = min(exp(old - Double(token.samplerLogProb)), importanceCap)
      let scale = weight(of: token.segment) * importance / Double(max(1, counts[token.segment]))
      switch token.segment {
      case .gate:
        let held = min(ratio, 1 + clipHigh)
        terms.add(
          token, ratio, importance, factor: scale * held * Double(logProb), isHeld: held < ratio,
          gradient: -scale * held * token.advantage)
      case .judge, .answer:
        let tooHigh = token.advantage > 0 && ratio > 1 + clipHigh
        let tooLow = token.advantage < 0 && ratio < 1 - clipLow
        let held = tooHigh ? 1 + clipHigh : tooLow ? 1 - clipLow : ratio
        terms.add(
          token, ratio, importance, factor: scale * held, isHeld: tooHigh || tooLow,
          gradient: tooHigh || tooLow ? 0 : -scale * ratio * token.advantage)
        if token.segment == .answer {
          terms.clipped.high += tooHigh ? 1 : 0
          terms.clipped.low += tooLow ? 1 : 0
        }
      }
    }
    if entropyBonus > 0, total > 0 {
      for (i, entropy) in entropies.enumerated() {
        let bonus = entropyBonus * Double(entropy) / Double(total)
        terms.tokens[i].loss -= bonus
        terms.loss -= bonus
      }
      terms.entropyGradient = Float(-entropyBonus / Double(total))
    }
    return terms
  }
}

extension PolicyLoss.Terms {
  fileprivate mutating func add(
    _ token: ScoredToken, _ ratio: Double, _ importance: Double, factor: Double, isHeld: Bool, gradient: Double
  ) {
    let part = -factor * token.advantage
    loss += part
    logProbGradient.append(Float(gradient))
    tokens.append(
      PolicyLoss.TokenTerm(ratio: ratio, importance: importance, factor: factor, loss: part, isHeld: isHeld))
  }
}
