import Foundation
import TensorCore
import Testing

@testable import LanguageModel

/// Budgets that close what they end, thresholds, and streaming.
@Suite struct DeadlineTests {
  private func generate(
    _ model: LanguageModel, prompt: [Int32] = [3, 5, 7], new: Int = 30, rules: [TokenRule] = [],
    threshold: ThresholdRule? = nil, deadlines: [TokenDeadline] = [], watch: TokenWatch? = nil
  ) throws -> Generation {
    let request = GenerationRequest(
      stream: RandomStream(seed: 11, purpose: .sampling), maxNewTokens: new, rules: rules, watch: watch,
      threshold: threshold, deadlines: deadlines)
    return try GenerationEngine(model).generate([PromptGroup(prompt: prompt, requests: [request])])[0][0]
  }

  @Test func aDeadlineClosesWhatIsOpen() throws {
    let model = try LanguageModel(folder: Reference("qwen2").folder)
    let plain = try generate(model)
    let closed = try generate(
      model, deadlines: [TokenDeadline(after: nil, budget: 6, unless: [], force: [1, 2, 4])])
    #expect(closed.tokens.prefix(6) == plain.tokens.prefix(6))
    #expect(Array(closed.tokens[6..<9]) == [1, 2, 4])
    #expect(closed.forced == [6, 7, 8] && closed.tokens.count == 30)
  }

  @Test func whatEndsInTimeIsLeftAlone() throws {
    let model = try LanguageModel(folder: Reference("qwen2").folder)
    let plain = try generate(model)
    let third = plain.tokens[3]
    let kept = try generate(
      model, deadlines: [TokenDeadline(after: nil, budget: 6, unless: [third], force: [1, 2, 4])])
    #expect(kept == plain)
  }

  @Test func aDeadlineCountsFromItsTriggerOrFromTheStart() throws {
    let model = try LanguageModel(folder: Reference("qwen2").folder)
    // The trigger is forced as token 0, behind the prompt's last token.
    let rules = [TokenRule(after: 7, force: 9)]
    let own = try generate(
      model, rules: rules, deadlines: [TokenDeadline(after: 9, budget: 2, unless: [], force: [1])])
    #expect(own.tokens[0] == 9 && own.tokens[3] == 1 && own.forced == [0, 3])
    let absolute = try generate(
      model, rules: rules,
      deadlines: [TokenDeadline(after: 9, budget: 2, countsFromStart: true, unless: [], force: [1])])
    #expect(absolute.tokens[2] == 1 && absolute.forced == [0, 2])
    let never = try generate(model, deadlines: [TokenDeadline(after: 18, budget: 0, unless: [], force: [1])])
    let seen = never.tokens.firstIndex(of: 18)
    #expect(never.forced == (seen.map { $0 + 1 < 30 ? [$0 + 1] : [] } ?? []))
  }

  @Test func forcedTokensTriggerRulesThemselves() throws {
    let model = try LanguageModel(folder: Reference("qwen2").folder)
    let result = try generate(
      model, rules: [TokenRule(after: 2, budget: 3)],
      deadlines: [TokenDeadline(after: nil, budget: 4, unless: [], force: [1, 2])])
    let end = result.tokens.firstIndex(of: 2)
    #expect(result.finish == .budget && end.map { result.tokens.count == $0 + 4 } == true)
  }

  @Test func aThresholdChoosesWhereItsTriggerStands() throws {
    let model = try LanguageModel(folder: Reference("qwen2").folder)
    let watch = TokenWatch(after: 7, tokens: [4, 6])
    let watched = try #require(try generate(model, watch: watch).watched)
    let p = 1 / (1 + Double(watched[1] - watched[0]).exponential)
    func first(_ threshold: Double) throws -> Int32 {
      try generate(model, threshold: ThresholdRule(after: 7, first: 4, second: 6, threshold: threshold)).tokens[0]
    }
    #expect(try first(p - 1e-4) == 4 && first(p + 1e-4) == 6)
    #expect(try first(0) == 4 && first(1.01) == 6)
  }

  @Test func everyTokenIsObservedAsItIsDrawn() throws {
    let model = try LanguageModel(folder: Reference("qwen2").folder)
    let groups = (0..<3).map { q in
      PromptGroup(
        prompt: [Int32(q + 2), 5],
        requests: (0..<2).map { sample in
          GenerationRequest(
            stream: RandomStream(seed: 3, purpose: .sampling, query: q, sample: sample), maxNewTokens: 4 + 3 * q)
        })
    }
    var seen: [[[Int32]]] = Array(repeating: [[], []], count: 3)
    let results = try GenerationEngine(model, rows: 4).generate(
      groups, observe: { group, index, token in seen[group][index].append(token) })
    #expect(seen == results.map { $0.map(\.tokens) })
    #expect(throws: GenerationError.self) {
      try generate(model, deadlines: [TokenDeadline(after: nil, budget: 1, unless: [], force: [10_000])])
    }
  }
}

extension Double {
  fileprivate var exponential: Double { exp(self) }
}
