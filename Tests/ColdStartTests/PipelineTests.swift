import Foundation
import LanguageModel
import StepSRPO
import Tasks
import TensorCore
import Testing
import Verifiers

@testable import ColdStart

/// The pipeline on a policy too small to learn much: what is tested is that its parts meet.
@Suite struct PipelineTests {
  private final class Log: TrainingObserver {
    var losses: [Double] = []
    var evaluations: [EvaluationReport] = []
    var steps = 0

    func observe(_ event: TrainingEvent) -> ObserverDecision {
      switch event {
      case .coldStart(_, _, let metrics): losses.append(metrics[.coldStartLoss] ?? .nan)
      case .evaluation(let report): evaluations.append(report)
      case .step: steps += 1
      case .checkpoint, .warning: break
      }
      return .continue
    }
  }

  private func configuration() -> RunConfiguration {
    var configuration = RunConfiguration()
    configuration.model.hiddenSize = 32
    configuration.model.layers = 1
    configuration.model.heads = 2
    configuration.model.keyValueHeads = 1
    configuration.model.feedForwardSize = 64
    configuration.model.maxPositions = 160
    configuration.tasks.domains = [.math]
    configuration.tasks.trainQueries = 32
    configuration.coldStart.steps = 40
    configuration.coldStart.batchSize = 12
    configuration.coldStart.warmupSteps = 5
    configuration.coldStart.learningRate = 1e-2
    configuration.rollout.queriesPerStep = 3
    configuration.rollout.freeRollouts = 2
    configuration.rollout.minimumPerMode = 1
    configuration.rollout.maxNewTokens = 96
    configuration.train.steps = 2
    configuration.evaluation.itemsPerCell = 2
    return configuration
  }

  @Test func runsFromRandomWeightsToAnEvaluation() throws {
    let configuration = configuration()
    let log = Log()
    let pipeline = TrainingPipeline(
      configuration: configuration, data: try PipelineData(configuration),
      registry: VerifierRegistry([MathVerifier()]), checkpoints: nil, observers: [log])
    let (outcome, policy) = try pipeline.run()
    #expect(outcome == .finished)
    #expect(log.losses.count == 40)
    #expect(try #require(log.losses.last) < 0.5 * log.losses[0], "the supervised stage learns the format")
    #expect(log.evaluations.map(\.step) == [0, 2])
    #expect(log.evaluations.allSatisfy { $0.total.count == 12 && $0.cells.count == 6 })
    #expect(log.steps == 2)

    let again = TrainingPipeline(
      configuration: configuration, data: try PipelineData(configuration),
      registry: VerifierRegistry([MathVerifier()]), checkpoints: nil, observers: [])
    let weights = try again.run().policy.model.parameters.map { $0.tensor.values }
    #expect(weights == policy.model.parameters.map { $0.tensor.values }, "the same configuration, the same weights")
  }

  @Test func lossIsOverTheResponseAlone() throws {
    let configuration = configuration()
    let policy = try Policy(configuration.model, seed: 1)
    let trainer = SupervisedTrainer(
      policy: policy, options: configuration.coldStart, train: configuration.train)
    let item = try Primer(PrimerOptions(domains: [.math])).items(.train, count: 1)[0]
    let response = try Primer.trace(item, mode: .on)
    let (loss, _) = try trainer.update([Demonstration(item: item, response: response)], learningRate: 0)
    let uniform = log(Double(policy.model.configuration.vocabularySize))
    #expect(abs(loss - uniform) < 1, "random weights are about as good as guessing, \(loss) against \(uniform)")
  }

  @Test func aGivenModeHasNoLoss() throws {
    let configuration = configuration()
    let policy = try Policy(configuration.model, seed: 1)
    let trainer = SupervisedTrainer(
      policy: policy, options: configuration.coldStart, train: configuration.train)
    let item = try Primer(PrimerOptions(domains: [.math])).items(.train, count: 1)[0]
    let response = try Primer.trace(item, mode: .off)
    let tokens = policy.codec.response(response)
    var batch = PackedBatch()
    batch.appendGroup(prompt: policy.codec.prompt(item), responses: [tokens])
    let logProbs = policy.model.tokenLogProbs(batch, tape: Tape()).logProb.values
    let gate = try #require(tokens.firstIndex(of: policy.codec.gate(.off)))

    func loss(given: Bool) throws -> Double {
      try trainer.update([Demonstration(item: item, response: response, modeIsGiven: given)], learningRate: 0).loss
    }
    let count = Double(tokens.count)
    let ofGate = try loss(given: false) * count - loss(given: true) * (count - 1)
    #expect(abs(ofGate + Double(logProbs[gate])) < 1e-3, "what is missing is the gate's own loss")
  }

  /// With random weights a token's loss is its own; a trace's is then known from the log-probabilities of its tokens.
  @Test func segmentsCountAlikeWhateverTheirLength() throws {
    var configuration = configuration()
    let policy = try Policy(configuration.model, seed: 1)
    let item = try Primer(PrimerOptions(domains: [.math])).items(.train, count: 1)[0]
    let long = Demonstration(item: item, response: try Primer.trace(item, mode: .on))
    let short = Demonstration(item: item, response: try Primer.trace(item, mode: .off), modeIsGiven: true)

    func losses(_ demonstration: Demonstration) throws -> (judge: [Double], rest: [Double]) {
      let tokens = policy.codec.response(demonstration.response)
      var batch = PackedBatch()
      batch.appendGroup(prompt: policy.codec.prompt(item), responses: [tokens])
      let values = policy.model.tokenLogProbs(batch, tape: Tape()).logProb.values.map { -Double($0) }
      let gate = try #require(tokens.firstIndex(of: policy.codec.gate(demonstration.response.mode)))
      let judge = demonstration.modeIsGiven ? values[..<gate] : values[...gate]
      return (Array(judge), Array(values[(gate + 1)...]))
    }
    func loss(_ aggregation: ColdStartSection.Aggregation) throws -> Double {
      configuration.coldStart.aggregation = aggregation
      let trainer = SupervisedTrainer(
        policy: policy, options: configuration.coldStart, train: configuration.train)
      return try trainer.update([long, short], learningRate: 0).loss
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    let (a, b) = (try losses(long), try losses(short))
    let segments = mean([a.judge, a.rest, b.judge, b.rest].map(mean))
    let tokens = mean(a.judge + a.rest + b.judge + b.rest)
    #expect(abs(segments - tokens) > 1e-3, "else the means could not be told apart")
    #expect(abs(try loss(.segments) - segments) < 1e-5)
    #expect(abs(try loss(.tokens) - tokens) < 1e-5)
  }
}
