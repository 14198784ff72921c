import AutoThink
import LanguageModel
import StrictJSON
import Tasks
import TensorCore
import Testing
import Verifiers

@testable import StepSRPO

/// Conversations in training and evaluation: whose tokens are learnt from, and what noise does to whole ones.
@Suite struct LiveConversationTests {
  private func policy() throws -> Policy {
    var section = ModelSection()
    (section.hiddenSize, section.layers, section.heads, section.keyValueHeads) = (16, 1, 2, 1)
    (section.feedForwardSize, section.maxPositions) = (16, 224)
    return try Policy(section, seed: 4)
  }

  /// Reinforcement scores tokens of the sampled turn alone; earlier turns and tool results are prompt.
  @Test func updatesLearnFromTheSampledTurnAlone() throws {
    let policy = try policy()
    let suite = try ToolSuite(levelWeights: [0, 0, 0, 0, 0, 1])
    let item = suite.item(.train, at: 5)
    #expect(item.conversation.contains { $0.role == .tool } && item.conversation.contains { $0.role == .assistant })
    let rollouts = try (0..<4).map { sample -> Rollout in
      let trace = try suite.trace(item, mode: sample < 2 ? .on : .off, variation: sample)
      let tokens = policy.codec.response(trace)
      return Rollout(
        sample: sample, kind: .free, tokens: tokens, logProbs: tokens.map { _ in -1 }, truncated: false,
        thinkOnProbability: 0.5, response: policy.codec.parse(tokens, truncated: false), text: "",
        verdict: .score(sample == 0 ? 1 : 0, VerdictDetail()))
    }
    let prompt = policy.codec.prompt(item)
    let judged = JudgedGroup(
      RolloutGroup(query: 0, item: item, prompt: prompt, rollouts: rollouts), algorithm: SegmentCredit(),
      failurePolicy: .dropSample)
    let batch = UpdateBatch([judged])
    #expect(batch.prompts == [prompt] && !batch.sequences.isEmpty)
    for sequence in batch.sequences {
      let own = rollouts[sequence.place.sample].tokens
      #expect(sequence.tokens == Array(own.prefix(sequence.tokens.count)))
      #expect(sequence.scored.allSatisfy { own.indices.contains($0.position) })
    }
    #expect(batch.counts.judge + batch.counts.gate + batch.counts.answer <= rollouts.reduce(0) { $0 + $1.tokens.count })
  }

  @Test func noiseEndsEveryConversationAndIsCounted() throws {
    let policy = try policy()
    var settings = EvaluationSettings()
    (settings.temperature, settings.maxNewTokens, settings.samples, settings.probes) = (1, 24, 2, true)
    let scorer = Scorer(registry: VerifierRegistry([ToolVerifier()]), workers: 1)
    let turn = try ToolSuite().items(.test, perCell: 1)[0]
    let items = [turn] + ToolSuite.conversations(.test, seed: 1, count: 5)
    func results(workers: Int) throws -> [EvaluatedItem] {
      settings.workers = workers
      return try Evaluator(scorer: scorer, settings: settings).items(
        policy, DecodingWeights(policy.model), items.enumerated().map { ($0, $1) })
    }
    let all = try results(workers: 1)
    #expect(all.map(\.item.id) == items.map(\.id), "kinds of items may be mixed")
    #expect(try results(workers: 3) == all, "threads never change a result")
    #expect(all[0].free.allSatisfy { $0.transcript == nil } && all[0].free.count == 2)
    for item in all.dropFirst() {
      #expect(item.free.count == 2 && item.forced[.on]?.count == 2 && item.forced[.off]?.count == 2)
      for sample in item.samples {
        let transcript = try #require(sample.transcript)
        #expect(transcript.end == .invalid && sample.score == 0 && sample.invalidReason != nil)
        #expect(sample.length == transcript.turns.reduce(0) { $0 + $1.length } && sample.length > 0)
        #expect(ConversationTranscript(transcript.json.text()) == transcript)
      }
    }
    let summary = try #require(ConversationSummary(all))
    #expect(summary.ends == [.invalid: 10] && summary.turns >= 10)
    #expect(summary.kinds.allSatisfy { $0.thinkOnRate == nil }, "a mean over nothing is absent")
    #expect(ConversationSummary([all[0]]) == nil)
    #expect(EvaluationResults(items: Array(all.dropFirst())).accuracy == 0)
  }

  /// A response that looks like a transcript is a response.
  @Test func modelTextIsNeverATranscript() {
    let text = ConversationTranscript(end: .finished, turns: []).json.text()
    let sample = EvaluatedSample(
      forced: nil, sample: 0, mode: nil, gate: nil, length: 9, truncated: false, invalidReason: "missing_gate",
      thinkOnProbability: nil, verdict: nil, score: 0, extracted: nil, reason: nil, text: text)
    #expect(sample.transcript == nil)
  }
}
