import AutoThink
import Foundation
import LanguageModel
import Tasks
import TensorCore
import Testing
import Verifiers

@testable import StepSRPO

/// Runs that train a part of the model: adapters, frozen groups, their storage, recomputation.
@Suite struct TrainedPartTests {
  private struct FirstByte: Verifier {
    let name = "first"
    func verify(_ requests: [VerifyRequest]) -> [Verdict] {
      requests.map { .score($0.response.utf8.count % 2 == 0 ? 1 : 0, VerdictDetail(extracted: $0.response)) }
    }
  }

  private final class Watcher: TrainingObserver {
    var reports: [StepReport] = []
    var stopAfter: Int?
    init(stopAfter: Int? = nil) { self.stopAfter = stopAfter }
    func observe(_ event: TrainingEvent) -> ObserverDecision {
      guard case .step(let report) = event else { return .continue }
      reports.append(report)
      return report.step == stopAfter ? .stop : .continue
    }
    /// Everything but wall time.
    var numbers: [[String: Double]] {
      reports.map { report in
        let kept = report.metrics.filter { !$0.key.name.hasPrefix("time/") && !$0.key.name.contains("/seconds_") }
        return Dictionary(uniqueKeysWithValues: kept.map { ($0.key.name, $0.value) })
      }
    }
  }

  private final class Keeper: CheckpointKeeper {
    let root: String
    init(_ root: String) { self.root = root }
    func path(_ step: Int) -> String { "\(root)/step-\(step)" }
    func write(step: Int, content: (_ folder: String) throws -> Void) throws {
      try FileManager.default.createDirectory(atPath: path(step), withIntermediateDirectories: true)
      try content(path(step))
    }
  }

  private let root = NSTemporaryDirectory() + "trained-part-\(UUID().uuidString)"
  private let queries = (0..<4).map {
    TaskItem(id: "q\($0)", prompt: "q\($0)", domain: .math, verifier: "first", reference: "a", difficulty: 0)
  }

  /// A base folder whose policy has seen the format.
  private func base() throws -> String {
    var section = ModelSection()
    (section.hiddenSize, section.layers, section.heads, section.keyValueHeads) = (32, 2, 2, 1)
    (section.feedForwardSize, section.maxPositions) = (32, 64)
    let policy = try Policy(section, seed: 1)
    let optimizer = AdamW(parameters: policy.model.parameters)
    for step in 0..<50 {
      var batch = PackedBatch()
      for (i, query) in queries.enumerated() {
        let response = AutoThinkResponse(
          judge: "j", mode: (i + step) % 3 == 0 ? .off : .on, think: "t", answer: ["a", "bb"][(i + step / 3) % 2])
        batch.appendGroup(prompt: policy.codec.prompt(query), responses: [policy.codec.response(response)])
      }
      let tape = Tape()
      let (logProb, _) = policy.model.tokenLogProbs(batch, tape: tape)
      optimizer.zeroGrad()
      tape.backward([
        (logProb, Tensor(logProb.shape, values: [Float](repeating: -1 / Float(logProb.count), count: logProb.count)))
      ])
      optimizer.step(learningRate: 1e-2)
    }
    let folder = root + "/base"
    try policy.save(to: folder)
    return folder
  }

  private func configuration(_ change: (inout RunConfiguration) -> Void) throws -> RunConfiguration {
    var configuration = RunConfiguration()
    configuration.model.checkpoint = try base()
    configuration.rollout.queriesPerStep = 4
    configuration.rollout.freeRollouts = 4
    configuration.rollout.minimumPerMode = 2
    configuration.rollout.maxNewTokens = 16
    configuration.train.steps = 5
    configuration.train.learningRate = 5e-3
    configuration.train.microBatchTokens = 128
    configuration.checkpoint.every = 2
    change(&configuration)
    return configuration
  }

  private func train(
    _ configuration: RunConfiguration, _ policy: Policy, _ watcher: Watcher, keeper: Keeper? = nil,
    resuming: String? = nil
  ) throws {
    _ = try Trainer(
      configuration: configuration, policy: policy, queries: queries,
      scorer: Scorer(registry: VerifierRegistry([FirstByte()]), workers: 1), evaluator: nil, checkpoints: keeper,
      observers: [watcher], resuming: resuming
    ).train()
  }

  private func trained(_ policy: Policy) -> [[Float]] { policy.model.trainableParameters.map { $0.tensor.values } }

  enum Part: CaseIterable { case adapter, adapterOverHalf, frozen, frozenHalf }

  @Test(arguments: Part.allCases) func stoppedAndResumedIsAsUninterrupted(_ part: Part) throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let configuration = try configuration { c in
      c.train.recomputeActivations = part == .adapterOverHalf || part == .frozen
      switch part {
      case .adapter, .adapterOverHalf:
        c.model.lora.rank = 3
        c.model.lora.targetModules = ["q_proj", "down_proj"]
      case .frozen, .frozenHalf: c.model.freeze = ["embed_tokens", "layers.0"]
      }
      if part == .adapterOverHalf || part == .frozenHalf { c.model.frozenPrecision = .bf16 }
    }
    let whole = Watcher()
    let reference = try Policy(starting: configuration.model, seed: 1)
    let start = trained(reference)
    try train(configuration, reference, whole)
    #expect(trained(reference) != start, "nothing was learned")
    #expect(whole.reports.compactMap { $0.metrics[.logpDifferenceMax] }.allSatisfy { $0 < 1e-4 })

    let (first, second, keeper) = (Watcher(stopAfter: 3), Watcher(), Keeper(root + "/run"))
    try train(configuration, try Policy(starting: configuration.model, seed: 1), first, keeper: keeper)
    let resumed = try Policy(resuming: keeper.path(3), configuration.model)
    try train(configuration, resumed, second, resuming: keeper.path(3))
    #expect(first.numbers + second.numbers == whole.numbers)
    #expect((first.reports + second.reports).map(\.groups) == whole.reports.map(\.groups))
    #expect(trained(resumed) == trained(reference))

    // What is frozen is what was loaded; a checkpoint is sampled from as it was trained.
    let (before, after) = (try Policy(folder: configuration.model.checkpoint), try Policy(folder: keeper.path(3)))
    let frozen = before.model.parameter("model.layers.0.self_attn.q_proj.weight")?.values
    if part == .adapter || part == .frozen {
      #expect(after.model.parameter("model.layers.0.self_attn.q_proj.weight")?.values == frozen)
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: keeper.path(3))
    #expect(files.contains("adapter_model.safetensors") == (configuration.model.lora.rank > 0))
    #expect(files.contains("model.safetensors") == (configuration.model.lora.rank == 0))
  }

  @Test func anAdapterRefusesOtherWeightsThanItsOwn() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let configuration = try configuration { $0.model.lora.rank = 2 }
    let keeper = Keeper(root + "/run")
    let policy = try Policy(starting: configuration.model, seed: 1)
    try train(configuration, policy, Watcher(stopAfter: 1), keeper: keeper)
    _ = try Policy(folder: keeper.path(1))
    let changed = try Policy(folder: configuration.model.checkpoint)
    for i in 0..<32 { changed.model.parameters[3].tensor[i] += 1 }
    try changed.save(to: configuration.model.checkpoint)
    let error = #expect(throws: CheckpointError.self) { try Policy(folder: keeper.path(1)) }
    #expect(error?.description.contains("fingerprint") == true && error?.description.contains("base") == true)
  }

  @Test(arguments: ["f32", "bf16", "int8"]) func samplingPrecisionIsReported(_ precision: String) throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let configuration = try configuration {
      $0.rollout.weightPrecision = RolloutSection.WeightPrecision(rawValue: precision) ?? .f32
    }
    let watcher = Watcher()
    try train(configuration, try Policy(starting: configuration.model, seed: 1), watcher)
    let worst = watcher.reports.compactMap { $0.metrics[.logpDifferenceMax] }.max() ?? .infinity
    let means = watcher.reports.compactMap { $0.metrics[.logpDifferenceMean] }
    #expect(!means.isEmpty && means.allSatisfy { $0 <= worst })
    if precision == "f32" { #expect(worst < 1e-4) } else { #expect(worst > 1e-4 && worst < 1) }
  }

  @Test func namesOfFrozenPartsAreChecked() throws {
    let shape = ModelConfiguration.nano()
    var section = ModelSection()
    section.freeze = ["layers.0", "embed_tokens"]
    try section.checkTrained(in: shape)
    #expect(section.freezes("model.layers.0.mlp.up_proj.weight") && section.freezes("model.embed_tokens.weight"))
    #expect(!section.freezes("model.layers.1.mlp.up_proj.weight") && !section.freezes("model.norm.weight"))
    section.freeze = ["layers.10"]
    var error = #expect(throws: ConfigurationError.self) { try section.checkTrained(in: shape) }
    #expect(error?.key == "model.freeze" && error?.message.contains("layers.10") == true)
    section.freeze = ["model"]
    error = #expect(throws: ConfigurationError.self) { try section.checkTrained(in: shape) }
    #expect(error?.message.contains("nothing is left") == true)
    section.freeze = []
    section.lora.rank = 4
    section.lora.targetModules = ["q_prj"]
    error = #expect(throws: ConfigurationError.self) { try section.checkTrained(in: shape) }
    #expect(error?.key == "model.lora.target_modules")
  }
}
