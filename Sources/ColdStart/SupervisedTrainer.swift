import AutoThink
import Foundation
import LanguageModel
import StepSRPO
import StrictJSON
import Tasks
import TensorCore

/// A query with a response to imitate.
public struct Demonstration: Sendable, Equatable {
  /// The query.
  public var item: TaskItem
  /// The response.
  public var response: AutoThinkResponse
  /// Whether the mode comes from outside; the gate token then has no loss, so that it is not learnt as a choice.
  public var modeIsGiven: Bool

  /// A demonstration.
  public init(item: TaskItem, response: AutoThinkResponse, modeIsGiven: Bool = false) {
    self.item = item
    self.response = response
    self.modeIsGiven = modeIsGiven
  }
}

/// Supervised fine-tuning: cross-entropy of the response tokens, the prompt and a given mode excluded.
///
/// A prefilled `<judge>` belongs to the prompt, so the loss starts with the rationale's first token.
public final class SupervisedTrainer {
  let policy: Policy
  private let options: ColdStartSection
  private let microBatchTokens: Int
  private let recomputes: Bool
  let optimizer: any Optimizer
  private let schedule: LearningRateSchedule
  var step = 0

  /// A trainer of `policy`; `train` gives the optimizer's constants and the size of a pass.
  public init(policy: Policy, options: ColdStartSection, train: TrainSection) {
    self.policy = policy
    self.options = options
    microBatchTokens = train.microBatchTokens
    recomputes = train.recomputeActivations
    optimizer = policy.optimizer(options.optimizer, train)
    schedule = LearningRateSchedule(
      .cosine, peak: options.learningRate, warmupSteps: options.warmupSteps, totalSteps: options.steps,
      finalFraction: 0.1)
  }

  /// Runs the steps that are left on the demonstrations that `batch` gives for each, counted from 1; `checkpoint` is
  /// called after those whose state is worth keeping.
  ///
  /// - Returns: false when `observe` stopped it before the last step.
  /// - Throws: `BrokenStep` for a non-finite update, and what `observe` throws.
  public func train(
    batch: (_ step: Int) -> [Demonstration], checkpointEvery: Int = .max,
    checkpoint: (_ step: Int) throws -> Void = { _ in }, observe: (TrainingEvent) throws -> ObserverDecision
  ) throws -> Bool {
    while step < options.steps {
      step += 1
      let start = DispatchTime.now().uptimeNanoseconds
      let demonstrations = batch(step)
      let rate = schedule.rate(at: step - 1)
      let (loss, norm) = try named(step, demonstrations) { try update(demonstrations, learningRate: rate) }
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      let decision = try observe(
        .coldStart(
          step: step, of: options.steps,
          metrics: [.coldStartLoss: loss, .gradNorm: norm, .learningRate: rate, .timeStep: seconds]))
      guard step < options.steps else { break }
      if decision == .stop || step % checkpointEvery == 0 { try checkpoint(step) }
      if decision == .stop { return false }
    }
    return true
  }

  private func named<Result>(
    _ step: Int, _ demonstrations: [Demonstration], _ body: () throws -> Result
  ) throws -> Result {
    do { return try body() } catch let error as UpdateError {
      let traces = demonstrations.map { demonstration -> JSON in
        [
          "query": .string(demonstration.item.id), "prompt": .string(demonstration.item.prompt),
          "response": .string(policy.codec.text(policy.codec.response(demonstration.response))),
        ]
      }
      throw BrokenStep(
        stage: "cold start", step: step, cause: error, batch: ["step": .int(step), "demonstrations": .array(traces)])
    }
  }

  /// One optimizer step; returns the cross-entropy in nats, averaged as configured, and the gradient's norm.
  func update(_ demonstrations: [Demonstration], learningRate: Double) throws -> (loss: Double, norm: Double) {
    let passes = packed(demonstrations)
    let total = passes.reduce(0) { $0 + $1.totalWeight }
    guard total > 0 else { return (0, 0) }
    optimizer.zeroGrad()
    var loss = 0.0
    for pass in passes {
      let tape = Tape()
      let (logProb, _) = policy.model.tokenLogProbs(pass.batch, recomputing: recomputes, tape: tape)
      loss -= zip(logProb.values, pass.weights).reduce(0) { $1.1 > 0 ? $0 + Double($1.0) * $1.1 / total : $0 }
      let upstream = pass.weights.map { Float(-$0 / total) }
      tape.backward([(logProb, Tensor(logProb.shape, values: upstream))])
    }
    guard loss.isFinite else { throw UpdateError.nonFinite(loss: loss, gradientNorm: optimizer.gradientNorm()) }
    let outcome = optimizer.step(learningRate: learningRate)
    guard outcome.applied else { throw UpdateError.nonFinite(loss: loss, gradientNorm: outcome.gradientNorm) }
    optimizer.zeroGrad()
    return (loss, outcome.gradientNorm)
  }

  private func packed(_ demonstrations: [Demonstration]) -> [Pass] {
    var passes: [Pass] = []
    var pass = Pass()
    for demonstration in demonstrations {
      let prompt = policy.codec.prompt(demonstration.item)
      let response = policy.codec.response(demonstration.response)
      if pass.batch.rows > 0, pass.batch.rows + prompt.count + response.count > microBatchTokens {
        passes.append(pass)
        pass = Pass()
      }
      pass.batch.appendGroup(prompt: prompt, responses: [response])
      pass.weights += weights(response, demonstration)
    }
    if pass.batch.rows > 0 { passes.append(pass) }
    return passes
  }

  /// The weight of each token of a response in the loss.
  private func weights(_ response: [Int32], _ demonstration: Demonstration) -> [Double] {
    let gate = policy.codec.gate(demonstration.response.mode)
    let counts = response.map { !demonstration.modeIsGiven || $0 != gate }
    guard options.aggregation == .segments, let end = response.firstIndex(of: gate) else {
      return counts.map { $0 ? 1 : 0 }
    }
    return [counts[...end], counts[(end + 1)...]].flatMap { segment -> [Double] in
      let count = segment.count { $0 }
      return segment.map { $0 ? 1 / Double(count) : 0 }
    }
  }

  /// Traces that go through the network together.
  private struct Pass {
    var batch = PackedBatch()
    /// The weight of each scored token in the loss; 0 has none.
    var weights: [Double] = []
    var totalWeight: Double { weights.reduce(0, +) }
  }
}
