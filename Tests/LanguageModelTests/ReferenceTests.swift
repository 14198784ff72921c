import Foundation
import StrictJSON
import TensorCore
import Testing

@testable import LanguageModel

/// The committed float64 dumps of `Fixtures/make_reference.py`.
struct Reference {
  static let names = [
    "llama", "llama-scaled-tied", "qwen2", "qwen2-tied", "qwen3", "qwen3-tied", "qwen2-moe", "qwen3-moe-tied",
  ]
  static let withExperts = ["qwen2-moe", "qwen3-moe-tied"]

  let folder: String
  let expected: SafeTensorsFile
  let prompt: [Int32]
  let responses: [[Int32]]
  let alone: [[Int32]]
  let temperature: Float

  static var root: String { (Bundle.module.resourcePath ?? "") + "/Fixtures" }

  init(_ name: String) throws {
    folder = Self.root + "/" + name
    expected = try SafeTensorsFile(path: folder + "/expected.safetensors")
    let text = try String(contentsOfFile: Self.root + "/sequences.json", encoding: .utf8)
    let json = try JSON.parse(text)
    func ids(_ value: JSON?) -> [Int32] { (value?.array ?? []).compactMap { $0.int.map { Int32($0) } } }
    prompt = ids(json["prompt"])
    responses = (json["responses"]?.array ?? []).map { ids($0) }
    alone = (json["alone"]?.array ?? []).map { ids($0) }
    temperature = Float(try #require(json["temperature"]?.double))
  }

  /// The group with its shared prompt, then the single sequence; scored tokens in the dump's order.
  var batch: PackedBatch {
    var batch = PackedBatch()
    batch.appendGroup(prompt: prompt, responses: responses)
    batch.appendGroup(prompt: alone[0], responses: [alone[1]])
    return batch
  }

  func values(_ name: String) throws -> [Float] { try expected.tensor(name).values }
}

@Suite struct ReferenceTests {
  @Test(arguments: Reference.names) func logits(_ name: String) throws {
    let reference = try Reference(name)
    let model = try LanguageModel(folder: reference.folder)
    let expected = try reference.expected.tensor("logits")
    let (length, vocabulary) = (expected.shape[1], expected.shape[2])
    let sequences = reference.responses.map { reference.prompt + $0 } + [reference.alone[0] + reference.alone[1]]
    for (s, tokens) in sequences.enumerated() {
      var batch = PackedBatch()
      batch.appendSegment(tokens)
      let found = model.logits(batch)
      #expect(found.shape == [tokens.count, vocabulary])
      for i in 0..<found.count {
        #expect(abs(found[i] - expected[s * length * vocabulary + i]) < 1e-4)
      }
    }
  }

  @Test(arguments: Reference.names) func logProbabilitiesAndEveryGradient(_ name: String) throws {
    let reference = try Reference(name)
    let model = try LanguageModel(folder: reference.folder)
    let tape = Tape()
    let (logProb, entropy) = model.tokenLogProbs(reference.batch, temperature: reference.temperature, tape: tape)
    let (expectedLogs, expectedEntropy) = (
      try reference.values("log_probability"), try reference.values("entropy")
    )
    #expect(logProb.count == expectedLogs.count)
    for i in 0..<logProb.count {
      #expect(abs(logProb[i] - expectedLogs[i]) < 1e-4)
      #expect(abs(entropy[i] - expectedEntropy[i]) < 1e-4)
    }
    let seeds = (0..<logProb.count).map { Double($0) }
    tape.backward([
      (logProb, Tensor(logProb.shape, values: seeds.map { Float(cos($0)) })),
      (entropy, Tensor(entropy.shape, values: seeds.map { Float(0.3 * sin($0)) })),
    ])
    for (name, parameter) in model.parameters {
      let expected = try reference.values("gradient." + name)
      if name.contains(".experts."), expected.allSatisfy({ $0 == 0 }) {
        // No token went to this expert.
        #expect(parameter.grad?.values.allSatisfy { $0 == 0 } ?? true)
        continue
      }
      let found = try #require(parameter.grad, "\(name) got no gradient").values
      let scale = expected.reduce(0) { max($0, abs($1)) }
      let worst = zip(found, expected).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      #expect(scale > 0)
      #expect(worst < 1e-3 * scale, "gradient of \(name): off by \(worst) of \(scale)")
    }
  }

  /// The load-balancing loss and its gradient, with recomputation and without.
  @Test(arguments: Reference.withExperts, [false, true]) func routerBalance(_ name: String, recomputing: Bool) throws {
    let reference = try Reference(name)
    let model = try LanguageModel(folder: reference.folder)
    var batch = PackedBatch()
    batch.appendGroup(prompt: reference.alone[0], responses: [reference.alone[1]])
    let balance = RouterBalance(weight: 1)
    let tape = Tape()
    let (logProb, _) = model.tokenLogProbs(batch, recomputing: recomputing, balance: balance, tape: tape)
    tape.backward([(logProb, Tensor(logProb.shape))])
    let loss = try #require(balance.loss)
    #expect(abs(loss - Double(try reference.values("balance")[0])) < 1e-5)
    #expect(abs(balance.expertShares.reduce(0, +) - 1) < 1e-12)
    for (name, parameter) in model.parameters {
      let expected = try reference.values("balance_gradient." + name)
      let found = parameter.grad?.values ?? [Float](repeating: 0, count: expected.count)
      let scale = max(1e-4, expected.reduce(0) { max($0, abs($1)) })
      let worst = zip(found, expected).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      #expect(worst < 1e-3 * scale, "gradient of \(name): off by \(worst) of \(scale)")
    }
  }

  @Test(arguments: Reference.withExperts) func mixturesSaveAndSampleAsTheyAre(_ name: String) throws {
    let reference = try Reference(name)
    let model = try LanguageModel(folder: reference.folder)
    let place = try TemporaryFolder()
    try model.save(to: place.path)
    let again = try LanguageModel(folder: place.path)
    #expect(again.configuration == model.configuration)
    #expect(again.parameters.map { $0.tensor.values } == model.parameters.map { $0.tensor.values })
    let requests = (0..<5).map {
      GenerationRequest(
        stream: RandomStream(seed: 3, purpose: .sampling, sample: $0), maxNewTokens: 12, stopTokens: [])
    }
    let group = PromptGroup(prompt: reference.prompt, requests: requests)
    let together = try GenerationEngine(model, rows: 5).generate([group])[0]
    for (request, found) in zip(requests, together) {
      // Company changes nothing, and the trainer finds the same log-probabilities.
      #expect(
        try GenerationEngine(model, rows: 1).generate([PromptGroup(prompt: reference.prompt, requests: [request])])[0]
          == [found])
      var batch = PackedBatch()
      batch.appendGroup(prompt: reference.prompt, responses: [found.tokens])
      let recomputed = model.tokenLogProbs(batch, tape: Tape(recording: false)).logProb.values
      for (a, b) in zip(found.logProbs, recomputed) { #expect(abs(a - b) < 1e-4) }
    }
  }

  @Test func sharedPromptsChangeNothing() throws {
    let reference = try Reference("qwen3")
    let model = try LanguageModel(folder: reference.folder)
    var separate = PackedBatch()
    for response in reference.responses { separate.appendGroup(prompt: reference.prompt, responses: [response]) }
    separate.appendGroup(prompt: reference.alone[0], responses: [reference.alone[1]])
    #expect(separate.rows > reference.batch.rows)
    let tape = Tape(recording: false)
    let one = model.tokenLogProbs(reference.batch, tape: tape).logProb.values
    let two = model.tokenLogProbs(separate, tape: tape).logProb.values
    for (a, b) in zip(one, two) { #expect(abs(a - b) < 1e-5) }
  }
}
