import AutoThink
import Foundation

/// The loss over the tokens of a batch, in the parts the family differs by. With rho = pi / pi_old,
/// w = min(pi_old / mu, cap), the truncated importance weight of sampler against trainer, and lambda a segment's weight:
///
///     L = sum_t lambda n_t w l_t + beta sum_t n_t KL_t - beta_H sum_t n_t H_t - beta_g sum_gate H / N_g
///         - beta_f sum_gate log(pi(on) + pi(off)) / N_g
///
///     ppo     l = -min(rho A, clip(rho, 1 - low, 1 + high) A)
///     cispo   l = -sg(min(rho, 1 + high)) A log pi             (no token loses its gradient)
///     none    l = -rho A
///
/// Step-SRPO **[ours]** takes n = 1 / N of the token's segment, PPO's clip with DAPO's asymmetric bounds on J and Y and
/// CISPO's form on the gate, because a forced token under a token-level PPO clip sticks between 0.4 and 0.6. The gate is a
/// choice between the modes: its log pi is log pi(m) - log(pi(on) + pi(off)). What breaks the form there, another token or
/// a gate inside the judge segment, is no such choice; it is pushed down in the vocabulary. What the choice leaves open,
/// how likely the two gates are together, is held by the last term, over free and forced gates alike: the form asks for one
/// of them there, whatever the query. The other forms are **[peer]**; each preset's file names its source.
public struct PolicyLoss: Sendable, Equatable {
  /// n_t, how token losses become one number.
  public enum Aggregation: String, Sendable, ConfigurationChoice {
    /// 1 / N of the token's segment: every segment has its own normaliser.
    case segments
    /// share / |o|: the mean of a response, then of its group, then of the groups (GRPO).
    case sequences
    /// 1 / N of all tokens (DAPO).
    case tokens
    /// share / L_max, the same for every token (Dr. GRPO).
    case constant
    /// share: log-probabilities of a response are summed (RLOO).
    case sums
  }

  /// Whether the gate token is counted with the rest.
  public enum GateNormaliser: String, Sendable, ConfigurationChoice {
    /// 1 / N_g for the gate, and the rest without it.
    case own
    /// The gate is a token like any other.
    case shared
  }

  /// What a ratio is taken over.
  public enum RatioLevel: String, Sendable, ConfigurationChoice {
    /// One token.
    case token
    /// A response: the geometric mean of its tokens' ratios (GSPO).
    case sequence
  }

  /// How ratios are held.
  public enum Clip: String, Sendable, ConfigurationChoice {
    /// PPO's.
    case ppo
    /// CISPO's.
    case cispo
    /// Not at all.
    case none
  }

  /// What the gate's log pi is over.
  public enum GateChoice: String, Sendable, ConfigurationChoice {
    /// The two modes. A push away from one mode is then a pull to the other. **[ours]**
    case modes
    /// The vocabulary, as for any token. A push away from a mode goes anywhere: where one query pushes think-on down and
    /// the next think-off, both can sink until the policy writes neither.
    case vocabulary
  }

  /// n_t.
  public var aggregation = Aggregation.segments
  /// Whether the gate token is counted with the rest.
  public var gateNormaliser = GateNormaliser.own
  /// L_max of `constant`.
  public var constantLength = 1
  /// What ratios are taken over.
  public var ratio = RatioLevel.token
  /// How the ratios of J and Y are held.
  public var clip = Clip.ppo
  /// How the gate's is.
  public var gateClip = Clip.cispo
  /// What the gate's log pi is over.
  public var gateChoice = GateChoice.modes
  /// beta_f, weight of the gates' joint probability; for a gate that is a choice between the modes.
  public var gateFormWeight = 0.0
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
  /// What the ratio of a forced gate token is taken to.
  public var forcedGate = ForcedGate.silent
  /// The form of the KL term.
  public var kl = KLForm.none
  /// beta.
  public var klWeight = 0.0
  /// beta_H, weight of the entropy bonus.
  public var entropyBonus = 0.0
  /// beta_g, weight of the entropy bonus on the gate.
  public var gateEntropyBonus = 0.0

  /// The defaults of `algorithm.md`.
  public init() {}

  /// What became of one token: enough to show how the loss came about.
  public struct TokenTerm: Sendable, Equatable {
    /// rho = pi / pi_old, of the token or of its response.
    public var ratio: Double
    /// w, the truncated importance weight of the trainer against the sampler.
    public var importance: Double
    /// What multiplies -A in the loss: weight, normaliser, importance, the held ratio and, in CISPO's form, log pi.
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
    /// dL / d log pi of the other mode's token, for each token that has one, in order.
    public var otherGateGradient: [Float] = []
    /// dL / d entropy, the same for each token.
    public var entropyGradient: Float = 0
    /// The same beside it for gate tokens.
    public var gateEntropyGradient: Float = 0
    /// Answer tokens held by the lower and the upper bound.
    public var clipped = (low: 0, high: 0)
    /// Sum and maximum of |log mu - log pi_old|, in nats.
    public var samplerDifference = (sum: 0.0, max: 0.0)
    /// Sum of k3 between sampler and trainer, in nats.
    public var samplerK3 = 0.0
  }

  /// Whether tokens without an advantage carry a gradient too.
  public var scoresEveryToken: Bool {
    (kl.isInLoss && klWeight > 0) || entropyBonus > 0 || gateEntropyBonus > 0
  }

  /// The loss of `tokens` and its gradient.
  ///
  /// - Parameters:
  ///   - tokens: the scored tokens of one forward pass.
  ///   - logProbs: log pi of each, in the same order.
  ///   - otherGates: log pi of the other mode's token, for each token that has one, in order.
  ///   - entropies: the entropy at each, in nats; empty when there is no bonus.
  ///   - counts: N_J, N_g, N_Y over the whole batch the update is made of.
  public func callAsFunction(
    _ tokens: [ScoredToken], logProbs: [Float], otherGates: [Float] = [], entropies: [Float] = [],
    counts: PerSegment<Int>
  ) -> Terms {
    var terms = Terms()
    terms.logProbGradient = [Float](repeating: 0, count: tokens.count)
    terms.tokens.reserveCapacity(tokens.count)
    var start = 0
    while start < tokens.count {
      var end = start + 1
      if ratio == .sequence { while end < tokens.count, tokens[end].sequence == tokens[start].sequence { end += 1 } }
      add(start..<end, tokens, logProbs, otherGates, counts, &terms)
      start = end
    }
    if kl.isInLoss, klWeight > 0 { addKL(tokens, logProbs, counts, &terms) }
    addEntropy(tokens, entropies, counts, &terms)
    if gateFormWeight > 0 { addGateForm(tokens, logProbs, otherGates, counts, &terms) }
    return terms
  }
}

// MARK: - The terms

extension PolicyLoss {
  func weight(of segment: CreditSegment) -> Double {
    switch segment {
    case .judge: judgeWeight
    case .gate: gateWeight
    case .answer: 1
    }
  }

  /// lambda n_t numerator and denominator, so that Step-SRPO's product keeps its order of operations.
  private func normaliser(_ token: ScoredToken, _ counts: PerSegment<Int>) -> (numerator: Double, denominator: Double) {
    if aggregation == .segments || (gateNormaliser == .own && token.segment == .gate) {
      return (1, Double(max(1, counts[token.segment])))
    }
    switch aggregation {
    case .segments, .tokens:
      let gates = gateNormaliser == .own ? 0 : counts.gate
      return (1, Double(max(1, counts.judge + gates + counts.answer)))
    case .sequences: return (token.share, Double(max(1, token.sequenceLength)))
    case .constant: return (token.share, Double(constantLength))
    case .sums: return (token.share, 1)
    }
  }

  /// n_t of the KL and entropy terms: the policy term's, except that Step-SRPO's segments share one mean.
  private func plainNormaliser(_ token: ScoredToken, _ counts: PerSegment<Int>) -> Double {
    if aggregation == .segments { return 1 / Double(max(1, counts.judge + counts.gate + counts.answer)) }
    let (numerator, denominator) = normaliser(token, counts)
    return numerator / denominator
  }

  /// The policy term of the tokens that share a ratio: one, or those of a response.
  private func add(
    _ members: Range<Int>, _ tokens: [ScoredToken], _ logProbs: [Float], _ otherGates: [Float],
    _ counts: PerSegment<Int>, _ terms: inout Terms
  ) {
    let size = Double(members.count)
    var (logRatio, logImportance) = (0.0, 0.0)
    for i in members {
      let old = Double(tokens[i].oldLogProb ?? logProbs[i])
      logRatio += (Double(logProbs[i]) - old) / size
      let difference = old - Double(tokens[i].samplerLogProb)
      logImportance += difference / size
      terms.samplerDifference.sum += abs(difference)
      terms.samplerDifference.max = max(terms.samplerDifference.max, abs(difference))
      terms.samplerK3 += exp(difference) - 1 - difference
    }
    let ratio = exp(logRatio)
    let importance = min(exp(logImportance), importanceCap)
    var shared = 0.0  // dL / d log ratio, which every token of a response has its share of
    for i in members {
      let token = tokens[i]
      let (numerator, denominator) = normaliser(token, counts)
      let scale = weight(of: token.segment) * importance * numerator / denominator
      let tooHigh = token.advantage > 0 && ratio > 1 + clipHigh
      let tooLow = token.advantage < 0 && ratio < 1 - clipLow
      let held: Double
      switch token.segment == .gate ? gateClip : clip {
      case .cispo:
        held = min(ratio, 1 + clipHigh)
        var (chosen, slope) = (Double(logProbs[i]), 1.0)
        if token.otherGate != nil {
          (chosen, slope) = Self.choice(chosen, against: Double(otherGates[terms.otherGateGradient.count]))
          terms.otherGateGradient.append(Float(scale * held * token.advantage * slope))
        }
        terms.logProbGradient[i] += Float(-scale * held * token.advantage * slope)
        terms.add(token, ratio, importance, factor: scale * held * chosen, isHeld: held < ratio)
      case .ppo where tooHigh || tooLow:
        held = tooHigh ? 1 + clipHigh : 1 - clipLow
        terms.add(token, ratio, importance, factor: scale * held, isHeld: true)
      case .ppo, .none:
        held = ratio
        shared += -scale * ratio * token.advantage
        terms.add(token, ratio, importance, factor: scale * ratio, isHeld: false)
      }
      if token.segment == .answer {
        terms.clipped.low += held > ratio ? 1 : 0
        terms.clipped.high += held < ratio ? 1 : 0
      }
    }
    for i in members where shared != 0 { terms.logProbGradient[i] += Float(shared / size) }
  }

  /// log pi of a token among two, of log-probabilities `own` and `other`, and its derivative in `own`; that in `other` is
  /// the negative of it.
  static func choice(_ own: Double, against other: Double) -> (logProb: Double, slope: Double) {
    let difference = other - own
    return (-max(difference, 0) - log1p(exp(-abs(difference))), 1 / (1 + exp(-difference)))
  }

  /// -log of the probability that a gate is one of the two, a mean over the batch's gates.
  private func addGateForm(
    _ tokens: [ScoredToken], _ logProbs: [Float], _ otherGates: [Float], _ counts: PerSegment<Int>,
    _ terms: inout Terms
  ) {
    let scale = gateFormWeight / Double(max(1, counts.gate))
    var next = 0
    for (i, token) in tokens.enumerated() where token.otherGate != nil {
      let own = Double(logProbs[i])
      let (chosen, shareOfOther) = Self.choice(own, against: Double(otherGates[next]))
      let part = -scale * (own - chosen)  // log pi(m) - log pi(m | a gate) = log(pi(on) + pi(off))
      terms.loss += part
      terms.tokens[i].loss += part
      terms.logProbGradient[i] -= Float(scale * (1 - shareOfOther))
      terms.otherGateGradient[next] -= Float(scale * shareOfOther)
      next += 1
    }
  }

  private func addKL(
    _ tokens: [ScoredToken], _ logProbs: [Float], _ counts: PerSegment<Int>, _ terms: inout Terms
  ) {
    for (i, token) in tokens.enumerated() {
      guard let reference = token.referenceLogProb else { continue }
      let logProb = Double(logProbs[i])
      let difference = logProb - Double(reference)
      let ratio = exp(logProb - Double(token.oldLogProb ?? logProbs[i]))
      let (value, derivative) = kl.term(difference: difference, ratio: ratio)
      let scale = klWeight * plainNormaliser(token, counts)
      terms.loss += scale * value
      terms.tokens[i].loss += scale * value
      terms.logProbGradient[i] += Float(scale * derivative)
    }
  }

  /// The bonuses are means over tokens: of the whole batch, and of its gates.
  private func addEntropy(
    _ tokens: [ScoredToken], _ entropies: [Float], _ counts: PerSegment<Int>, _ terms: inout Terms
  ) {
    let total = counts.judge + counts.gate + counts.answer
    func add(_ weight: Double, to tokens: some Sequence<Int>) {
      for i in tokens {
        terms.tokens[i].loss -= weight * Double(entropies[i])
        terms.loss -= weight * Double(entropies[i])
      }
    }
    if entropyBonus > 0, total > 0 {
      add(entropyBonus / Double(total), to: entropies.indices)
      terms.entropyGradient = Float(-entropyBonus / Double(total))
    }
    if gateEntropyBonus > 0, counts.gate > 0 {
      add(gateEntropyBonus / Double(counts.gate), to: entropies.indices.filter { tokens[$0].segment == .gate })
      terms.gateEntropyGradient = Float(-gateEntropyBonus / Double(counts.gate))
    }
  }
}

extension PolicyLoss.Terms {
  fileprivate mutating func add(
    _ token: ScoredToken, _ ratio: Double, _ importance: Double, factor: Double, isHeld: Bool
  ) {
    let part = -factor * token.advantage
    loss += part
    tokens.append(
      PolicyLoss.TokenTerm(ratio: ratio, importance: importance, factor: factor, loss: part, isHeld: isHeld))
  }
}
