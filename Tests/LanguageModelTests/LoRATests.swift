import Foundation
import TensorCore
import Testing

@testable import LanguageModel

@Suite struct LoRATests {
  private let folder = Reference.root + "/adapter"

  private func adapted() throws -> (model: LanguageModel, adapter: LoRAAdapter, reference: Reference) {
    let reference = try Reference("qwen2")
    let model = try LanguageModel(folder: reference.folder)
    let adapter = try LoRAAdapter(folder: folder, for: model.configuration)
    try model.attach(adapter)
    return (model, adapter, reference)
  }

  /// Runs the reference's objective backward; returns the log-probabilities.
  private func backward(_ model: LanguageModel, _ reference: Reference, recomputing: Bool = false) -> [Float] {
    let tape = Tape()
    let (logProb, entropy) = model.tokenLogProbs(
      reference.batch, temperature: reference.temperature, recomputing: recomputing, tape: tape)
    let seeds = (0..<logProb.count).map { Double($0) }
    tape.backward([
      (logProb, Tensor(logProb.shape, values: seeds.map { Float(cos($0)) })),
      (entropy, Tensor(entropy.shape, values: seeds.map { Float(0.3 * sin($0)) })),
    ])
    return logProb.values
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float {
    a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
  }

  @Test func adaptersOfPEFTGiveItsNumbersAndGradients() throws {
    let (model, adapter, reference) = try adapted()
    let expected = try SafeTensorsFile(path: folder + "/expected.safetensors")
    #expect(adapter.modules.count == 14)
    let found = backward(model, reference)
    #expect(distance(found, try expected.tensor("log_probability").values) < 1e-4)
    for (name, tensor) in adapter.parameters {
      let want = try expected.tensor("gradient." + name).values
      let scale = want.reduce(0) { max($0, abs($1)) }
      let gradient = try #require(tensor.grad, "\(name) got no gradient").values
      #expect(scale > 0 && distance(gradient, want) < 1e-3 * scale, "gradient of \(name)")
    }
    // The base is frozen: no gradient memory, and nothing of it among what is trained.
    #expect(model.parameters.allSatisfy { $0.tensor.grad == nil })
    #expect(model.trainableParameters.map { $0.name } == adapter.parameters.map { $0.name })
  }

  @Test func samplingMergingAndSavingAgreeWithTheAdapter() throws {
    let (model, adapter, reference) = try adapted()
    let before = model.tokenLogProbs(reference.batch, tape: Tape(recording: false)).logProb.values
    let base = try LanguageModel(folder: reference.folder)
    let plain = base.tokenLogProbs(reference.batch, tape: Tape(recording: false)).logProb.values
    #expect(distance(before, plain) > 0.1)
    #expect(
      model.withoutAdapter().tokenLogProbs(reference.batch, tape: Tape(recording: false)).logProb.values == plain)
    // The engine's own log-probabilities are the adapted model's.
    let request = GenerationRequest(
      stream: RandomStream(seed: 1, purpose: .sampling), maxNewTokens: 12, stopTokens: [])
    let result = try GenerationEngine(model, rows: 2).generate(
      [PromptGroup(prompt: reference.prompt, requests: [request])])[0][0]
    var batch = PackedBatch()
    batch.appendGroup(prompt: reference.prompt, responses: [result.tokens])
    let recomputed = model.tokenLogProbs(batch, tape: Tape(recording: false)).logProb.values
    #expect(distance(result.logProbs, recomputed) < 1e-4)
    // A saved model is a whole one; a saved adapter is read again bit for bit.
    let place = try TemporaryFolder()
    try model.save(to: place.path)
    let whole = try LanguageModel(folder: place.path)
    let saved = whole.tokenLogProbs(reference.batch, tape: Tape(recording: false)).logProb.values
    #expect(distance(saved, before) < 1e-5)
    try adapter.save(to: place.path + "/adapter", basePath: "base")
    let again = try LoRAAdapter(folder: place.path + "/adapter", for: model.configuration)
    #expect(again.modules == adapter.modules && again.configuration.scale == adapter.configuration.scale)
    #expect(again.parameters.map { $0.tensor.values } == adapter.parameters.map { $0.tensor.values })
    model.mergeAdapter()
    #expect(model.adapter == nil)
    #expect(model.tokenLogProbs(reference.batch, tape: Tape(recording: false)).logProb.values == saved)
  }

  @Test func newAdaptersChangeNothingAndLearn() throws {
    let reference = try Reference("llama")
    let model = try LanguageModel(folder: reference.folder)
    let plain = model.tokenLogProbs(reference.batch, tape: Tape(recording: false)).logProb.values
    let configuration = LoRAConfiguration(rank: 2, targets: ["q_proj", "model.layers.1.mlp.up_proj"])
    let adapter = try LoRAAdapter(configuration, for: model.configuration, seed: 5)
    #expect(
      adapter.modules == [
        "model.layers.0.self_attn.q_proj", "model.layers.1.self_attn.q_proj", "model.layers.1.mlp.up_proj",
      ])
    try model.attach(adapter)
    #expect(model.tokenLogProbs(reference.batch, tape: Tape(recording: false)).logProb.values == plain)
    let optimizer = AdamW(parameters: model.trainableParameters)
    func step() -> Float {
      optimizer.zeroGrad()
      let tape = Tape()
      let mean = tape.scale(tape.sum(model.tokenLogProbs(reference.batch, tape: tape).logProb), -1)
      tape.backward(mean)
      optimizer.step(learningRate: 0.02)
      return mean[0]
    }
    let first = step()
    for _ in 0..<10 { _ = step() }
    #expect(step() < first - 1)
    #expect(model.withoutAdapter().tokenLogProbs(reference.batch, tape: Tape(recording: false)).logProb.values == plain)
  }

  @Test(arguments: [false, true]) func recomputingChangesNoBit(withAdapter: Bool) throws {
    func gradients(recomputing: Bool) throws -> [[Float]] {
      let reference = try Reference(withAdapter ? "qwen2" : "qwen3-tied")
      let model = try LanguageModel(folder: reference.folder)
      if withAdapter { try model.attach(LoRAAdapter(folder: folder, for: model.configuration)) }
      let logs = backward(model, reference, recomputing: recomputing)
      return [logs] + model.trainableParameters.map { $0.tensor.grad?.values ?? [] }
    }
    let plain = try gradients(recomputing: false)
    #expect(try gradients(recomputing: true) == plain)
    #expect(plain.allSatisfy { !$0.isEmpty })
  }

  /// A model whose weights are bfloat16 numbers already loses nothing by being stored so.
  @Test(arguments: ["qwen2", "qwen3-tied"]) func halfStorageOfFrozenWeightsIsExactForHalfWeights(_ name: String) throws
  {
    let reference = try Reference(name)
    let place = try TemporaryFolder()
    try LanguageModel(folder: reference.folder).save(to: place.path, storage: .bf16)
    func run(_ model: LanguageModel) throws -> [[Float]] {
      try model.attach(LoRAAdapter(LoRAConfiguration(rank: 2), for: model.configuration, seed: 1))
      for (_, tensor) in model.trainableParameters {
        for i in 0..<tensor.count { tensor[i] += 0.1 * Float(cos(Double(i))) }
      }
      let logs = backward(model, reference)
      return [logs] + model.trainableParameters.map { $0.tensor.grad?.values ?? [] }
    }
    let exact = try run(LanguageModel(folder: place.path))
    let half = try LanguageModel(frozenInHalf: place.path)
    #expect(half.parameters.allSatisfy { $0.tensor.shape.count == 1 })
    let found = try run(half)
    #expect(exact.count == found.count)
    for (a, b) in zip(exact, found) {
      #expect(!a.isEmpty && distance(a, b) <= 1e-5 * (1 + a.reduce(0) { max($0, abs($1)) }))
    }
    let later = try LanguageModel(folder: place.path)
    try later.attach(LoRAAdapter(LoRAConfiguration(rank: 2), for: later.configuration, seed: 1))
    later.storeFrozenMatricesInHalf()
    #expect(later.mergedParameter("model.embed_tokens.weight")?.values == half.embedding.values)
    // What is saved from it is what was loaded.
    try later.withoutAdapter().save(to: place.path + "/again")
    let again = try LanguageModel(folder: place.path + "/again")
    #expect(
      again.parameters.map { $0.tensor.values }
        == (try LanguageModel(folder: place.path)).parameters.map { $0.tensor.values })
    // Generation reads the frozen table where it is.
    let request = GenerationRequest(stream: RandomStream(seed: 1, purpose: .sampling), maxNewTokens: 6, stopTokens: [])
    let group = PromptGroup(prompt: reference.prompt, requests: [request])
    #expect(try GenerationEngine(later).generate([group]) == GenerationEngine(again).generate([group]))
  }

  @Test(arguments: ["rank", "missing", "extra", "dora", "kind", "no file", "target"])
  func badAdaptersAreNamed(_ damage: String) throws {
    let (model, adapter, _) = try adapted()
    let place = try TemporaryFolder()
    try adapter.save(to: place.path)
    let (weights, config) = (place.path + "/adapter_model.safetensors", place.path + "/adapter_config.json")
    func rewrite(_ old: String, _ new: String) throws {
      let text = try String(contentsOfFile: config, encoding: .utf8)
      #expect(text.contains(old))
      try text.replacingOccurrences(of: old, with: new).write(toFile: config, atomically: true, encoding: .utf8)
    }
    let name = "base_model.model.model.layers.1.mlp.up_proj.lora_B.weight"
    var expected = [name]
    switch damage {
    case "rank":
      try rewrite("\"r\": 3", "\"r\": 4")
      expected = ["lora_A", "[3, 16]", "[4, 16]"]
    case "missing": try SafeTensorsWriter.write(adapter.parameters.filter { $0.name != name }, to: weights)
    case "extra":
      try SafeTensorsWriter.write(
        adapter.parameters + [("base_model.model.lm_head.lora_A.weight", Tensor([3, 16]))], to: weights)
      expected = ["lm_head.lora_A", "[3, 16]"]
    case "dora":
      try rewrite("\"use_dora\": false", "\"use_dora\": true")
      expected = ["use_dora", "true"]
    case "kind":
      try rewrite("\"LORA\"", "\"IA3\"")
      expected = ["peft_type", "IA3"]
    case "no file":
      try FileManager.default.removeItem(atPath: weights)
      expected = ["adapter_model.safetensors", "no such file"]
    default:
      let error = #expect(throws: CheckpointError.self) {
        try LoRAAdapter(LoRAConfiguration(targets: ["qkv"]), for: model.configuration, seed: 1)
      }
      #expect(error?.description.contains("qkv") == true)
      return
    }
    do {
      _ = try LoRAAdapter(folder: place.path, for: model.configuration)
      Issue.record("an adapter with \(damage) loaded")
    } catch {
      for part in expected { #expect("\(error)".contains(part), "\(error)") }
    }
  }
}
