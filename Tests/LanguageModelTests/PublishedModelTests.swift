import Foundation
import StrictJSON
import TensorCore
import Testing

@testable import LanguageModel

/// Two published checkpoints against their golden outputs.
@Suite struct PublishedModelTests {
  private func golden(_ model: String) throws -> JSON {
    try JSON.parse(String(contentsOfFile: SharedData.path("models/\(model)/golden.json"), encoding: .utf8))
  }

  private func ids(_ value: JSON?) -> [Int32] { (value?.array ?? []).compactMap { $0.int.map { Int32($0) } } }

  private func greedy(_ model: LanguageModel, _ prompt: [Int32], _ count: Int, stop: Set<Int32> = []) throws -> [Int32]
  {
    let engine = GenerationEngine(model, options: SamplingOptions(greedy: true))
    let request = GenerationRequest(
      stream: RandomStream(seed: 0, purpose: .sampling), maxNewTokens: count, stopTokens: stop)
    return try engine.generate([PromptGroup(prompt: prompt, requests: [request])])[0][0].tokens
  }

  @Test(.enabled(if: SharedData.has("models/stories260k/golden.json"), "needs ../shared/data/models/stories260k"))
  func storiesContinueAsPublished() throws {
    let golden = try golden("stories260k")
    let model = try LanguageModel(folder: SharedData.path("models/stories260k"))
    let expected = ids(golden["greedy_ids"])
    #expect(expected.count == 257)
    #expect(try greedy(model, [expected[0]], 256) == Array(expected[1...]))
    var batch = PackedBatch()
    batch.appendGroup(prompt: [expected[0]], responses: [Array(expected[1...])])
    let logs = model.tokenLogProbs(batch, tape: Tape(recording: false)).logProb
    let published = try #require(golden["logprobs"]?.array).compactMap { $0.double }
    #expect(published.count == logs.count)
    for (i, value) in published.enumerated() { #expect(abs(Double(logs[i]) - value) < 1e-4) }
  }

  @Test(
    .enabled(if: SharedData.has("models/verl_tiny_llama/golden.json"), "needs ../shared/data/models/verl_tiny_llama"))
  func tinyLlamaAgreesWithItsReference() throws {
    let model = try LanguageModel(folder: SharedData.path("models/verl_tiny_llama"))
    let cases = try #require(golden("verl_tiny_llama")["cases"]?.array)
    #expect(cases.count == 3)
    for row in cases {
      let prompt = ids(row["ids"])
      var batch = PackedBatch()
      batch.appendSegment(prompt)
      for i in 1..<prompt.count { batch.score(row: i - 1, target: prompt[i]) }
      let logits = model.logits(batch)
      for (i, value) in try #require(row["last_logits"]?.array).compactMap({ $0.double }).enumerated() {
        #expect(abs(Double(logits[(prompt.count - 1) * 16 + i]) - value) < 1e-4)
      }
      let logs = model.tokenLogProbs(batch, tape: Tape(recording: false)).logProb
      for (i, value) in try #require(row["logprobs"]?.array).compactMap({ $0.double }).enumerated() {
        #expect(abs(Double(logs[i]) - value) < 1e-4)
      }
      let expected = ids(row["greedy"])
      #expect(try greedy(model, prompt, expected.count, stop: [1]) == expected)
    }
  }
}
