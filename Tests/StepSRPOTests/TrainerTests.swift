import AutoThink
import Foundation
import LanguageModel
import StrictJSON
import Tasks
import TensorCore
import Testing
import Verifiers

@testable import StepSRPO

/// Right when the answer is the reference.
struct ExactVerifier: Verifier {
  let name = "exact"

  func verify(_ requests: [VerifyRequest]) -> [Verdict] {
    requests.map { .score($0.response == $0.reference.string ? 1 : 0, VerdictDetail(extracted: $0.response)) }
  }
}

/// Keeps what it sees; asks to stop after a step when told to.
final class Recorder: TrainingObserver {
  var steps: [StepReport] = []
  var evaluations: [EvaluationReport] = []
  var warnings: [String] = []
  var stopAfter: Int?

  init(stopAfter: Int? = nil) { self.stopAfter = stopAfter }

  func observe(_ event: TrainingEvent) -> ObserverDecision {
    switch event {
    case .step(let report):
      steps.append(report)
      return report.step == stopAfter ? .stop : .continue
    case .evaluation(let report): evaluations.append(report)
    case .warning(let text): warnings.append(text)
    case .coldStart, .checkpoint: break
    }
    return .continue
  }
}

/// Keeps each checkpoint in a folder of its own.
final class FolderKeeper: CheckpointKeeper {
  let root: String

  init(_ root: String) { self.root = root }

  func path(_ step: Int) -> String { "\(root)/\(step)" }

  func write(step: Int, content: (_ folder: String) throws -> Void) throws {
    try FileManager.default.createDirectory(atPath: path(step), withIntermediateDirectories: true)
    try content(path(step))
  }
}

@Suite struct TrainerTests {
  /// Two queries a tiny random policy can stumble on: the answer is any single byte it likes.
  let queries = (0..<6).map { i in
    TaskItem(
      id: "q\(i)", prompt: "q\(i)", domain: i % 2 == 0 ? .math : .general, verifier: "exact", reference: "a",
      difficulty: Double(i) / 6)
  }

  func configuration(workers: Int = 1, preset: AlgorithmSection.Preset = .stepSRPO) -> RunConfiguration {
    var configuration = RunConfiguration(preset: preset)
    configuration.model.hiddenSize = 32
    configuration.model.layers = 1
    configuration.model.heads = 2
    configuration.model.keyValueHeads = 1
    configuration.model.feedForwardSize = 32
    configuration.model.maxPositions = 64
    configuration.rollout.queriesPerStep = 4
    configuration.rollout.freeRollouts = min(4, configuration.rollout.freeRollouts)
    configuration.rollout.minimumPerMode = min(2, configuration.rollout.minimumPerMode)
    configuration.rollout.forcedPerMode = min(2, configuration.rollout.forcedPerMode)
    configuration.algorithm.referenceRollouts = 3
    configuration.rollout.maxNewTokens = 16
    configuration.rollout.workers = workers
    configuration.rollout.batchSize = 3
    configuration.train.steps = 6
    configuration.train.learningRate = 3e-3
    configuration.checkpoint.every = 2
    return configuration
  }

  /// A policy that has seen the format, so that rollouts are valid now and then.
  func policy(_ configuration: RunConfiguration) throws -> Policy {
    let policy = try Policy(configuration.model, seed: 1)
    let optimizer = AdamW(parameters: policy.model.parameters)
    for step in 0..<60 {
      var batch = PackedBatch()
      for (i, query) in queries.enumerated() {
        let mode: ThinkMode = (i + step) % 3 == 0 ? .off : .on
        let answer = ["a", "b"][(i + step / 3) % 2]
        batch.appendGroup(
          prompt: policy.codec.prompt(query),
          responses: [policy.codec.response(AutoThinkResponse(judge: "j", mode: mode, think: "t", answer: answer))])
      }
      let tape = Tape()
      let (logProb, _) = policy.model.tokenLogProbs(batch, tape: tape)
      let upstream = [Float](repeating: -1 / Float(logProb.count), count: logProb.count)
      optimizer.zeroGrad()
      tape.backward([(logProb, Tensor(logProb.shape, values: upstream))])
      optimizer.step(learningRate: 1e-2)
    }
    optimizer.zeroGrad()
    return policy
  }

  func trainer(
    _ configuration: RunConfiguration, _ policy: Policy, _ recorder: Recorder, keeper: FolderKeeper? = nil,
    resuming: String? = nil, verifier: any Verifier = ExactVerifier(), auditor: (any Verifier)? = nil
  ) throws -> Trainer {
    let scorer = Scorer(
      registry: VerifierRegistry([verifier] + (auditor.map { [$0] } ?? [])), workers: configuration.rollout.workers)
    let evaluator = Evaluator(
      sets: [EvaluationSet(name: "held", items: queries)], scorer: scorer, configuration: configuration)
    return try Trainer(
      configuration: configuration, policy: policy, queries: queries, scorer: scorer, evaluator: evaluator,
      checkpoints: keeper, observers: [recorder], resuming: resuming)
  }

  /// Everything but wall time.
  private func numbers(_ report: StepReport) -> [String: Double] {
    let kept = report.metrics.filter { !$0.key.name.hasPrefix("time/") && !$0.key.name.contains("/seconds_") }
    return Dictionary(uniqueKeysWithValues: kept.map { ($0.key.name, $0.value) })
  }

  private func weights(_ policy: Policy) -> [[Float]] { policy.model.parameters.map { $0.tensor.values } }

  @Test func workersNeverChangeAResult() throws {
    var runs: [(reports: [StepReport], weights: [[Float]])] = []
    for workers in [1, 4] {
      let configuration = configuration(workers: workers)
      let policy = try policy(configuration)
      let recorder = Recorder()
      _ = try trainer(configuration, policy, recorder).train()
      runs.append((recorder.steps, weights(policy)))
    }
    #expect(runs[0].reports.map(numbers) == runs[1].reports.map(numbers))
    #expect(runs[0].reports.map(\.groups) == runs[1].reports.map(\.groups))
    #expect(runs[0].weights == runs[1].weights)
    let modes = Set(runs[0].reports.flatMap { $0.groups.flatMap { $0.rollouts.compactMap(\.mode) } })
    #expect(modes == [.on, .off], "the fixture must exercise both modes to prove anything")
    #expect(runs[0].weights != weights(try policy(configuration())), "training moved the weights")
  }

  @Test func stopAndResumeIsExact() throws {
    let root = NSTemporaryDirectory() + "trainer-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    let configuration = configuration()
    let whole = Recorder()
    let reference = try policy(configuration)
    #expect(try trainer(configuration, reference, whole).train() == .finished)

    let first = Recorder(stopAfter: 3)
    let keeper = FolderKeeper(root)
    let stopped = try policy(configuration)
    #expect(try trainer(configuration, stopped, first, keeper: keeper).train() == .stopped(step: 3))

    let second = Recorder()
    let resumed = try Policy(folder: keeper.path(3))
    #expect(try trainer(configuration, resumed, second, resuming: keeper.path(3)).train() == .finished)
    #expect((first.steps + second.steps).map(numbers) == whole.steps.map(numbers))
    #expect((first.steps + second.steps).map(\.groups) == whole.steps.map(\.groups))
    #expect(weights(resumed) == weights(reference))
    #expect(first.evaluations + second.evaluations.map { $0 } != [] && second.evaluations.count == 1)
  }

  /// An auditor reads what was rewarded, and nothing that is trained on changes by it.
  @Test func anAuditIsNeverTrainedOn() throws {
    struct Capital: Verifier {
      let name = "capital"
      func verify(_ requests: [VerifyRequest]) -> [Verdict] {
        requests.map { .score($0.response.first?.isUppercase == true ? 1 : 0, VerdictDetail(extracted: $0.response)) }
      }
    }
    struct Trap: Verifier {
      let name = "trap"
      func verify(_ requests: [VerifyRequest]) -> [Verdict] {
        requests.map { _ in .failed(VerifierFailure(.crashed, "always")) }
      }
    }
    let plain = Recorder()
    let unaudited = try policy(configuration())
    _ = try trainer(configuration(), unaudited, plain).train()
    for (auditor, disagreement, unscorable) in [(Capital() as any Verifier, 1.0, 0.0), (Trap(), nil, 1)] {
      var audited = configuration()
      audited.verification.audit = auditor.name
      let recorder = Recorder()
      let policy = try policy(audited)
      _ = try trainer(audited, policy, recorder, auditor: auditor).train()
      #expect(weights(policy) == weights(unaudited))
      for (step, before) in zip(recorder.steps, plain.steps) {
        var groups = step.groups
        for (g, group) in groups.enumerated() {
          for (r, rollout) in group.rollouts.enumerated() {
            // Right answers, and no others, were read.
            #expect((rollout.audit != nil) == (rollout.verdict?.score == 1))
            groups[g].rollouts[r].audit = nil
          }
        }
        #expect(groups == before.groups)
        #expect(step.metrics[.auditDisagreement] == disagreement)
        #expect(step.metrics[.auditUnscorableRatio] == unscorable)
      }
      let total = try #require(recorder.evaluations.first?.total)
      #expect(total.auditDisagreement == disagreement)
      #expect(total.auditedAccuracy == disagreement.map { _ in 0 } && total.accuracy! > 0)
    }
  }

  @Test func probesFillTheMissingMode() throws {
    let configuration = configuration()
    let policy = try policy(configuration)
    let recorder = Recorder()
    _ = try trainer(configuration, policy, recorder).train()
    for group in recorder.steps.flatMap(\.groups) {
      #expect(group.rollouts.prefix(4).allSatisfy { $0.kind == .free })
      for probe in group.rollouts.dropFirst(4) {
        #expect(probe.kind == .probe)
        #expect(probe.judgeAdvantage == 0 || probe.mode == nil)
      }
    }
  }

  @Test func samplerAndTrainerAgreeOnLogProbs() throws {
    let configuration = configuration()
    let recorder = Recorder()
    _ = try trainer(configuration, try policy(configuration), recorder).train()
    let differences = recorder.steps.compactMap { $0.metrics[.logpDifferenceMax] }
    #expect(!differences.isEmpty && differences.allSatisfy { $0 < 1e-4 })
  }

  @Test func minibatchesRecomputeTheOldPolicy() throws {
    var configuration = configuration()
    configuration.train.minibatches = 2
    let recorder = Recorder()
    let policy = try policy(configuration)
    #expect(try trainer(configuration, policy, recorder).train() == .finished)
    #expect(recorder.steps.compactMap { $0.metrics[.logpDifferenceMax] }.allSatisfy { $0 < 1e-4 })
  }

  /// Every preset trains through the same loop, and goes on from a checkpoint as if it had never stopped: with its
  /// reference policy, reference rewards and rounds of sampling.
  @Test(arguments: AlgorithmSection.Preset.allCases)
  func everyPresetTrainsAndResumes(preset: AlgorithmSection.Preset) throws {
    let root = NSTemporaryDirectory() + "trainer-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    var configuration = configuration(preset: preset)
    configuration.train.minibatches = 2
    configuration.train.steps = 4
    configuration.tasks.mix.hardBias = 1
    let whole = Recorder()
    let reference = try policy(configuration)
    let before = weights(reference)
    #expect(try trainer(configuration, reference, whole).train() == .finished)
    #expect(weights(reference) != before, "training moved the weights")

    let first = Recorder(stopAfter: 2)
    let keeper = FolderKeeper(root)
    let stopped = try policy(configuration)
    #expect(try trainer(configuration, stopped, first, keeper: keeper).train() == .stopped(step: 2))
    let second = Recorder()
    let resumed = try Policy(folder: keeper.path(2))
    #expect(try trainer(configuration, resumed, second, resuming: keeper.path(2)).train() == .finished)
    #expect((first.steps + second.steps).map(numbers) == whole.steps.map(numbers))
    #expect(weights(resumed) == weights(reference))
    #expect((whole.steps[1].metrics[.kl] != nil) == (configuration.algorithm.kl != .none))
    if configuration.algorithm.kl != .none {
      #expect(whole.steps[0].metrics[.kl]! < 1e-8 && whole.steps[3].metrics[.kl]! > 1e-8, "the policy leaves its start")
    }
  }

  /// A run without a reference policy, forked into one with: before the first step that is the policy as it stands, later
  /// it has to be named.
  @Test func aForkFindsItsReferenceOrSaysThatItHasNone() throws {
    let root = NSTemporaryDirectory() + "trainer-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    var plain = configuration()
    plain.train.steps = 2
    plain.checkpoint.every = 1
    let keeper = FolderKeeper(root)
    _ = try trainer(plain, try policy(plain), Recorder(), keeper: keeper).train()
    var anchored = plain
    anchored.algorithm.kl = .k2
    anchored.algorithm.klWeight = 0.1
    let forked = Recorder()
    _ = try trainer(anchored, try Policy(folder: keeper.path(0)), forked, resuming: keeper.path(0)).train()
    #expect(forked.steps[0].metrics[.kl]! < 1e-8 && forked.steps[1].metrics[.kl]! > 0)
    let error = #expect(throws: ConfigurationError.self) {
      try trainer(anchored, try Policy(folder: keeper.path(1)), Recorder(), resuming: keeper.path(1))
    }
    #expect(error?.key == "algorithm.reference_checkpoint" && error?.message.contains("until step 1") == true)
  }

  @Test func dynamicSamplingAsksUntilTheBatchIsMixed() throws {
    var configuration = configuration(preset: .dapo)
    configuration.rollout.queriesPerStep = 2
    configuration.rollout.samplingRounds = 3
    let recorder = Recorder()
    _ = try trainer(configuration, try policy(configuration), recorder).train()
    for report in recorder.steps {
      let rounds = Int(try #require(report.metrics[.samplingRounds]))
      #expect(report.groups.count == rounds * 2 && rounds <= 3)
      let learnt = report.groups.filter(\.contributes)
      #expect(learnt.count <= 2 && (learnt.count == 2 || rounds == 3))
      for group in learnt {
        let outcomes = group.rollouts.compactMap(\.outcome)
        #expect(outcomes.contains { $0 > 0 } && outcomes.contains { $0 < 1 })
      }
    }
    #expect(recorder.steps.contains { $0.metrics[.samplingRounds] != 1 }, "the fixture must need more than one round")
  }
}
