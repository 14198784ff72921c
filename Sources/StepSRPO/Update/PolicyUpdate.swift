import AutoThink
import LanguageModel
import TensorCore

/// Why an update could not be made.
public enum UpdateError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The loss or the gradient is not a finite number; the parameters are untouched.
  case nonFinite(loss: Double, gradientNorm: Double)

  /// What happened.
  public var description: String {
    switch self {
    case .nonFinite(let loss, let norm):
      "the loss (\(loss)) or the gradient norm (\(norm)) is not finite; the parameters are as before the step. "
        + "Lower train.learning_rate or train.max_grad_norm"
    }
  }
}

/// What an update did.
public struct UpdateReport: Sendable, Equatable {
  /// The loss, averaged over the updates of the step.
  public var loss = 0.0
  /// The gradient's norm before clipping, averaged over the updates; nil when nothing carried a gradient.
  public var gradientNorm: Double?
  /// The learning rate.
  public var learningRate = 0.0
  /// Mean entropy over tokens with a gradient, in nats.
  public var entropy: Double?
  /// Shares of answer tokens held by the lower and the upper clip bound.
  public var clippedLow: Double?
  /// See `clippedLow`.
  public var clippedHigh: Double?
  /// Mean and maximum of |log mu - log pi_old| over tokens with a gradient, in nats.
  public var samplerDifferenceMean: Double?
  /// See `samplerDifferenceMean`.
  public var samplerDifferenceMax: Double?
  /// Mean k3 between sampler and trainer, over tokens with a gradient, in nats.
  public var samplerK3: Double?
  /// Share of each segment's tokens held by a clip bound; nil for a segment without a token.
  public var held = PerSegment<Double?>(repeating: nil)
  /// What each rollout's segments gave to the loss; those without a gradient are absent. The parts add up to `loss`.
  public var contributions: [RolloutPlace: PerSegment<SegmentContribution?>] = [:]
  /// The load-balancing loss of the routers, averaged over passes, unweighted and not part of `loss`; nil for a model
  /// without experts.
  public var routerLoss: Double?
}

/// The policy update: one or more optimizer steps from one step's judged groups.
public final class PolicyUpdater {
  private let model: LanguageModel
  private let optimizer: any Optimizer
  private let loss: PolicyLoss
  private let gates: GateTokens
  private let temperature: Float
  private let options: TrainSection

  /// An updater of `policy`'s model; `temperature` is the sampler's.
  public init(
    policy: Policy, optimizer: any Optimizer, loss: PolicyLoss, temperature: Double, options: TrainSection
  ) {
    model = policy.model
    gates = GateTokens(policy.codec)
    self.optimizer = optimizer
    self.loss = loss
    self.temperature = Float(temperature)
    self.options = options
  }

  /// Updates the policy.
  ///
  /// With `train.minibatches` of 1 the old policy is the present one. With more, log pi_old is computed for all
  /// minibatches before the first of them moves the policy.
  /// - Throws: `UpdateError.nonFinite`, before any parameter changes in that minibatch.
  public func callAsFunction(_ groups: [JudgedGroup], learningRate: Double) throws -> UpdateReport {
    var batches = minibatches(of: groups).map { UpdateBatch($0, for: loss, gates: gates, first: $0.startIndex) }
      .filter { !$0.sequences.isEmpty }
    if batches.count > 1 {
      for i in batches.indices { recomputeOldLogProbs(&batches[i]) }
    }
    var report = UpdateReport()
    report.learningRate = learningRate
    var totals = Totals(share: 1 / Double(max(1, batches.count)))
    var norms: [Double] = []
    for batch in batches {
      optimizer.zeroGrad()
      let batchLoss = accumulateGradients(batch, &totals)
      guard batchLoss.isFinite else {
        throw UpdateError.nonFinite(loss: batchLoss, gradientNorm: optimizer.gradientNorm())
      }
      let outcome = optimizer.step(learningRate: learningRate)
      guard outcome.applied else {
        throw UpdateError.nonFinite(loss: batchLoss, gradientNorm: outcome.gradientNorm)
      }
      report.loss += batchLoss / Double(batches.count)
      norms.append(outcome.gradientNorm)
    }
    optimizer.zeroGrad()
    totals.fill(&report)
    report.gradientNorm = norms.meanIfAny
    return report
  }

  private func minibatches(of groups: [JudgedGroup]) -> [ArraySlice<JudgedGroup>] {
    let size = max(1, (groups.count + options.minibatches - 1) / options.minibatches)
    return stride(from: 0, to: groups.count, by: size).map { groups[$0..<min(groups.count, $0 + size)] }
  }

  private func recomputeOldLogProbs(_ batch: inout UpdateBatch) {
    for pass in UpdatePass.passes(of: batch, limit: options.microBatchTokens) {
      let (logProb, _) = model.tokenLogProbs(pass.packed, temperature: temperature, tape: Tape(recording: false))
      var next = 0
      for member in pass.members {
        for i in batch.sequences[member].scored.indices {
          // The ratio of a gate that was forced half and half is to that half, whatever the policy says.
          if batch.sequences[member].scored[i].oldLogProb == nil {
            batch.sequences[member].scored[i].oldLogProb = logProb[next]
          }
          next += 1
        }
      }
    }
  }

  /// Forward and backward over all passes of a batch; returns its loss.
  private func accumulateGradients(_ batch: UpdateBatch, _ totals: inout Totals) -> Double {
    var total = 0.0
    let passes = UpdatePass.passes(of: batch, limit: options.microBatchTokens)
    let rows = passes.reduce(0) { $0 + $1.packed.rows }
    for pass in passes {
      let tape = Tape()
      let balance = model.configuration.experts.map {
        RouterBalance(weight: Float($0.auxiliaryLossWeight * Double(pass.packed.rows) / Double(max(1, rows))))
      }
      let (logProb, entropy) = model.tokenLogProbs(
        pass.packed, temperature: temperature, recomputing: options.recomputeActivations, balance: balance,
        tape: tape)
      let tokens = pass.members.flatMap { batch.sequences[$0].scored }
      let logProbs = logProb.values
      let entropies = Array(entropy.values.prefix(tokens.count))
      let terms = loss(
        tokens, logProbs: logProbs, otherGates: Array(logProbs.dropFirst(tokens.count)), entropies: entropies,
        counts: batch.counts)
      let gradient = terms.logProbGradient + terms.otherGateGradient
      var seeds = [(logProb, Tensor(logProb.shape, values: gradient))]
      if terms.entropyGradient != 0 || terms.gateEntropyGradient != 0 {
        let upstream = tokens.map { terms.entropyGradient + ($0.segment == .gate ? terms.gateEntropyGradient : 0) }
        let others = [Float](repeating: 0, count: terms.otherGateGradient.count)
        seeds.append((entropy, Tensor(entropy.shape, values: upstream + others)))
      }
      totals.add(terms, tokens, entropies: entropies)
      totals.add(terms, of: pass, in: batch, loss)
      tape.backward(seeds)
      total += terms.loss
      if let balance, let loss = balance.loss {
        totals.add(routerLoss: loss)
      }
    }
    return total
  }
}

/// Sums over the passes of a step.
private struct Totals {
  /// What a minibatch's loss counts for in the step's.
  let share: Double
  private var tokens = 0
  private var segments = PerSegment(repeating: 0)
  private var held = PerSegment(repeating: 0)
  private var samplerK3 = 0.0
  private var entropy = 0.0
  private var clippedLow = 0
  private var clippedHigh = 0
  private var differenceSum = 0.0
  private var differenceMax = 0.0
  private var contributions: [RolloutPlace: PerSegment<SegmentContribution?>] = [:]

  init(share: Double) { self.share = share }

  mutating func add(_ terms: PolicyLoss.Terms, of pass: UpdatePass, in batch: UpdateBatch, _ loss: PolicyLoss) {
    var next = 0
    for sequence in pass.members.map({ batch.sequences[$0] }) {
      var parts = contributions[sequence.place] ?? PerSegment(repeating: nil)
      for token in sequence.scored {
        let segment = token.segment
        var part =
          parts[segment]
          ?? SegmentContribution(
            advantage: token.advantage, weight: loss.weight(of: segment), normaliser: batch.counts[segment])
        part.add(terms.tokens[next], share: share)
        parts[segment] = part
        next += 1
      }
      contributions[sequence.place] = parts
    }
  }
  private var routerLosses: [Double] = []

  mutating func add(routerLoss: Double) { routerLosses.append(routerLoss) }

  mutating func add(_ terms: PolicyLoss.Terms, _ scored: [ScoredToken], entropies: [Float]) {
    tokens += scored.count
    for (token, term) in zip(scored, terms.tokens) {
      segments[token.segment] += 1
      held[token.segment] += term.isHeld ? 1 : 0
    }
    samplerK3 += terms.samplerK3
    entropy += entropies.reduce(0) { $0 + Double($1) }
    clippedLow += terms.clipped.low
    clippedHigh += terms.clipped.high
    differenceSum += terms.samplerDifference.sum
    differenceMax = max(differenceMax, terms.samplerDifference.max)
  }

  func fill(_ report: inout UpdateReport) {
    report.contributions = contributions
    report.routerLoss = routerLosses.meanIfAny
    guard tokens > 0 else { return }
    report.entropy = entropy / Double(tokens)
    report.samplerDifferenceMean = differenceSum / Double(tokens)
    report.samplerDifferenceMax = differenceMax
    report.samplerK3 = samplerK3 / Double(tokens)
    for segment in CreditSegment.allCases where segments[segment] > 0 {
      report.held[segment] = Double(held[segment]) / Double(segments[segment])
    }
    guard segments.answer > 0 else { return }
    report.clippedLow = Double(clippedLow) / Double(segments.answer)
    report.clippedHigh = Double(clippedHigh) / Double(segments.answer)
  }
}
