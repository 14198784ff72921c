import Foundation
import TensorCore
import Testing

@testable import LanguageModel

private func requests(
  _ count: Int, new: Int = 12, query: Int = 0, stop: Set<Int32> = [], rules: [TokenRule] = [], watch: TokenWatch? = nil
) -> [GenerationRequest] {
  (0..<count).map { sample in
    GenerationRequest(
      stream: RandomStream(seed: 7, purpose: .sampling, query: query, sample: sample), maxNewTokens: new,
      stopTokens: stop, rules: rules, watch: watch)
  }
}

@Suite struct GenerationTests {
  /// What the trainer recomputes for a group's results.
  private func recomputed(_ model: LanguageModel, _ group: PromptGroup, _ results: [Generation], _ t: Float)
    -> [[Float]]
  {
    var batch = PackedBatch()
    let ranges = batch.appendGroup(prompt: group.prompt, responses: results.map { $0.tokens })
    let logs = model.tokenLogProbs(batch, temperature: t, tape: Tape(recording: false)).logProb.values
    return ranges.map { Array(logs[$0]) }
  }

  @Test(arguments: Reference.names) func sampledLogProbsAreTheTrainers(_ name: String) throws {
    let model = try LanguageModel(folder: Reference(name).folder)
    let engine = GenerationEngine(model, options: SamplingOptions(temperature: 0.8), rows: 4)
    let groups = (0..<3).map { q in
      PromptGroup(
        prompt: (0..<(1 + 17 * q)).map { Int32(($0 * 5 + q) % 19) },
        requests: requests(3, new: 20, query: q, stop: [1], rules: [TokenRule(after: 2, force: 3)]))
    }
    for (group, results) in zip(groups, try engine.generate(groups)) {
      for (found, expected) in zip(results, recomputed(model, group, results, 0.8)) {
        #expect(found.logProbs.count == found.tokens.count && found.logProbs.count == expected.count)
        for (a, b) in zip(found.logProbs, expected) { #expect(abs(a - b) < 1e-4) }
      }
    }
  }

  @Test func aRowDoesNotDependOnItsCompany() throws {
    let model = try LanguageModel(folder: Reference("qwen2").folder)
    let groups = (0..<5).map { q in
      PromptGroup(
        prompt: (0..<(3 + 9 * q)).map { Int32(($0 * 7 + q) % 19) },
        requests: requests(4, new: 5 + 8 * q, query: q, stop: [1]))
    }
    let options = SamplingOptions(temperature: 1.2, topP: 0.95)
    let together = try GenerationEngine(model, options: options, rows: 32).generate(groups)
    let narrow = try GenerationEngine(model, options: options, rows: 3).generate(groups)
    #expect(together == narrow)
    let engine = GenerationEngine(model, options: options, rows: 7)
    for (q, group) in groups.enumerated().reversed() {
      for (i, request) in group.requests.enumerated() {
        let alone = try engine.generate([PromptGroup(prompt: group.prompt, requests: [request])])
        #expect(alone[0][0] == together[q][i])
      }
    }
    let parallel = try GenerationPool.generate(groups, weights: DecodingWeights(model), options: options, workers: 3)
    #expect(parallel == together)
    let pool = ThreadPool(threads: 3)
    defer { pool.stop() }
    #expect(
      try GenerationEngine(DecodingWeights(model), options: options, rows: 9, pool: pool).generate(groups) == together)
  }

  @Test func halfWidthWeightsStayNear() throws {
    let model = try LanguageModel(folder: Reference("qwen3").folder)
    let group = PromptGroup(prompt: [3, 4, 5], requests: requests(3, new: 20))
    let result = try GenerationEngine(DecodingWeights(model, storage: .bf16)).generate([group])[0]
    let exact = recomputed(model, group, result, 1)
    let worst = zip(result, exact).flatMap { zip($0.logProbs, $1).map { abs($0 - $1) } }.max() ?? 0
    #expect(worst > 1e-4 && worst < 0.3, "weights of 8 significant bits: \(worst)")
  }

  @Test func longPromptsTakeSeveralPasses() throws {
    var configuration = ModelConfiguration.nano(vocabularySize: 30)
    configuration.layers = 1
    configuration.maxPositions = 200
    let model = try LanguageModel(configuration: configuration, seed: 1)
    let group = PromptGroup(
      prompt: (0..<(2 * Decoder.rowLimit + 5)).map { Int32($0 * 11 % 30) }, requests: requests(1, new: 500))
    let result = try GenerationEngine(model).generate([group])[0]
    // The last position is used and no further.
    #expect(group.prompt.count + result[0].tokens.count == 200)
    #expect(result[0].finish == .length)
    for (a, b) in zip(result[0].logProbs, recomputed(model, group, result, 1)[0]) { #expect(abs(a - b) < 1e-4) }
  }

  @Test func rulesForceTokensAndEndSpans() throws {
    let model = try LanguageModel(folder: Reference("llama").folder)
    let engine = GenerationEngine(model)
    // Token 5 ends the prompt: 9 is forced next; after the first 9 at most three tokens.
    let rules = [TokenRule(after: 5, force: 9), TokenRule(after: 9, force: 2, budget: 3)]
    let watch = TokenWatch(after: 9, tokens: [2, 7])
    let results = try engine.generate([
      PromptGroup(prompt: [1, 5], requests: requests(6, new: 40, rules: rules, watch: watch))
    ])[0]
    for result in results {
      #expect(result.tokens.count == 4)
      #expect(result.tokens[0] == 9 && result.tokens[1] == 2)
      #expect(result.forced == [0, 1])
      #expect(result.finish == .budget)
      // The watched step is the one after 9: its first watched token is the one forced there.
      #expect(result.watched?.count == 2)
      #expect(result.watched?[0] == result.logProbs[1])
    }
    #expect(Set(results.map { $0.tokens }).count > 1)
    let unwatched = try engine.generate([PromptGroup(prompt: [1], requests: requests(1, new: 0, watch: watch))])[0][0]
    #expect(unwatched == Generation())
  }

  @Test func forcingHappensOnce() throws {
    let model = try LanguageModel(folder: Reference("llama").folder)
    let rule = TokenRule(after: 4, force: 4, budget: .max)
    let result = try GenerationEngine(model).generate([
      PromptGroup(prompt: [4], requests: requests(1, new: 30, rules: [rule]))
    ])[0][0]
    #expect(result.forced == [0])
    #expect(result.tokens.count == 30)
  }

  @Test func stopTokensEndARowAndBelongToIt() throws {
    let model = try LanguageModel(folder: Reference("qwen3").folder)
    let results = try GenerationEngine(model).generate([
      PromptGroup(prompt: [3], requests: requests(30, new: 40, stop: [6, 8]))
    ])[0]
    let stopped = results.filter { $0.finish == .stop }
    #expect(stopped.count > 5)
    for result in stopped {
      #expect(result.tokens.last.map { $0 == 6 || $0 == 8 } == true)
      #expect(!result.tokens.dropLast().contains { $0 == 6 || $0 == 8 })
    }
  }

  @Test func drawsFollowTheDistribution() throws {
    let model = try LanguageModel(folder: Reference("llama").folder)
    var batch = PackedBatch()
    batch.appendSegment([3, 8])
    for token in 0..<19 { batch.score(row: 1, target: Int32(token)) }
    let p = model.tokenLogProbs(batch, tape: Tape(recording: false)).logProb.values.map { Double(exp($0)) }
    let n = 4_000
    let results = try GenerationEngine(model).generate([PromptGroup(prompt: [3, 8], requests: requests(n, new: 1))])[0]
    var counts = [Double](repeating: 0, count: 19)
    for result in results { counts[Int(result.tokens[0])] += 1 }
    let chiSquare = (0..<19).reduce(0.0) { sum, i in
      let expected = p[i] * Double(n)
      return sum + (counts[i] - expected) * (counts[i] - expected) / expected
    }
    #expect(chiSquare < 42.3, "18 degrees of freedom; 42.3 is passed once in a thousand: \(chiSquare)")
    // The nucleus of the same distribution: the fewest likeliest tokens that reach 0.6.
    let order = (0..<19).sorted { p[$0] > p[$1] }
    var nucleus = Set<Int32>()
    var sum = 0.0
    for token in order where sum < 0.6 {
      nucleus.insert(Int32(token))
      sum += p[token]
    }
    let engine = GenerationEngine(model, options: SamplingOptions(topP: 0.6))
    let drawn = Set(
      try engine.generate([PromptGroup(prompt: [3, 8], requests: requests(n, new: 1))])[0].map { $0.tokens[0] })
    #expect(drawn == nucleus)
  }

  @Test func impossibleRequestsAreRefused() throws {
    let engine = GenerationEngine(try LanguageModel(folder: Reference("llama").folder))
    #expect(throws: GenerationError.emptyPrompt(group: 1)) {
      try engine.generate([PromptGroup(prompt: [1], requests: []), PromptGroup(prompt: [], requests: [])])
    }
    #expect(throws: GenerationError.tokenOutsideVocabulary(group: 0, token: 19, vocabulary: 19)) {
      try engine.generate([PromptGroup(prompt: [19], requests: [])])
    }
    #expect(throws: GenerationError.tokenOutsideVocabulary(group: 0, token: -1, vocabulary: 19)) {
      try engine.generate([PromptGroup(prompt: [1], requests: requests(1, rules: [TokenRule(after: 1, force: -1)]))])
    }
    #expect(throws: GenerationError.promptTooLong(group: 0, tokens: 64, positions: 64)) {
      try engine.generate([PromptGroup(prompt: Array(repeating: 1, count: 64), requests: [])])
    }
    engine.options.temperature = 0
    #expect(throws: GenerationError.self) { try engine.generate([]) }
  }

  @Test func cancellingEndsTheRun() throws {
    let engine = GenerationEngine(try LanguageModel(folder: Reference("llama").folder))
    var steps = 0
    #expect(throws: CancellationError.self) {
      try engine.generate([PromptGroup(prompt: [1], requests: requests(2, new: 30))]) {
        steps += 1
        return steps > 5
      }
    }
  }
}
