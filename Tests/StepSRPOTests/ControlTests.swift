import AutoThink
import LanguageModel
import Tasks
import TensorCore
import Testing
import Verifiers

@testable import StepSRPO

/// Mode control and budgets on a policy of random weights: what it writes is noise, and its form must hold all the same.
@Suite struct ControlTests {
  private func policy(seed: Int = 3) throws -> Policy {
    var section = ModelSection()
    (section.hiddenSize, section.layers, section.heads, section.keyValueHeads) = (16, 1, 2, 1)
    (section.feedForwardSize, section.maxPositions) = (16, 160)
    return try Policy(section, seed: seed)
  }

  private func generate(_ policy: Policy, _ control: ModeControl, count: Int = 24, maxNewTokens: Int = 100) throws
    -> [Generation]
  {
    let requests = ControlledRequests(policy, control: control, maxNewTokens: maxNewTokens)
    let prompt = policy.codec.prompt([ChatMessage(.user, "2+2?")])
    let group = PromptGroup(
      prompt: prompt,
      requests: (0..<count).map { sample in
        requests.request(
          stream: RandomStream(seed: 5, purpose: .evaluation, sample: sample), promptTokens: prompt.count)
      })
    return try GenerationEngine(policy.model, rows: 8).generate([group])[0]
  }

  @Test func aBudgetIsKeptAndThoughtIsClosedBeforeIt() throws {
    let policy = try policy()
    let codec = policy.codec
    for budget in [ControlledRequests(policy, control: ModeControl(), maxNewTokens: 1).leastBudget, 40, 64] {
      for generation in try generate(policy, ModeControl(.on, budget: budget)) {
        #expect(generation.tokens.count <= budget)
        // Noise has tags in odd places; where the form held up to the thought, an answer came and the turn was closed.
        let response = codec.parse(generation.tokens, truncated: generation.finish != .stop)
        if let open = generation.tokens.firstIndex(of: codec.token(.thinkOpen)), response.errorIndex ?? 999 > open + 1 {
          #expect(generation.tokens.contains(codec.token(.answerOpen)) || response.invalidReason != .truncated)
        }
        #expect(generation.tokens.firstIndex(of: codec.token(.judgeClose)).map { $0 <= max(8, budget / 8) } ?? true)
      }
    }
  }

  @Test func aThoughtEndsWithItsBudgetAndTheAnswerOpens() throws {
    let policy = try policy()
    let codec = policy.codec
    // The gate is forced at once and the thought is opened for it, so that every row thinks.
    let requests = ControlledRequests(policy, control: ModeControl(.on, thinkBudget: 5), maxNewTokens: 60)
    let prompt = policy.codec.prompt([ChatMessage(.user, "2+2?")]) + [codec.gate(.on), codec.token(.thinkOpen)]
    let group = PromptGroup(
      prompt: prompt,
      requests: (0..<24).map { sample in
        requests.request(
          stream: RandomStream(seed: 6, purpose: .evaluation, sample: sample), promptTokens: prompt.count)
      })
    var closed = 0
    for generation in try GenerationEngine(policy.model).generate([group])[0] {
      guard !generation.tokens.prefix(5).contains(codec.token(.thinkClose)),
        !generation.tokens.prefix(5).contains(codec.endToken)
      else { continue }
      closed += 1
      #expect(Array(generation.tokens[5..<7]) == [codec.token(.thinkClose), codec.token(.answerOpen)])
    }
    #expect(closed > 10)
  }

  @Test func thresholdsAndForcedModesChoose() throws {
    let policy = try policy()
    // The end of the rationale is forced by the budget, so every row reaches its gate.
    for (choice, mode) in [
      (ModeControl.Choice.on, ThinkMode.on), (.off, .off), (.threshold(0), .on), (.threshold(1), .off),
    ] {
      for generation in try generate(policy, ModeControl(choice, budget: 64)) {
        guard let close = generation.tokens.firstIndex(of: policy.codec.token(.judgeClose)) else { continue }
        #expect(generation.tokens[close + 1] == policy.codec.gate(mode), "\(choice)")
      }
    }
  }

  @Test func withoutBudgetsNothingIsClosed() throws {
    let policy = try policy()
    #expect(try generate(policy, ModeControl()).allSatisfy { $0.forced.isEmpty })
    let requests = ControlledRequests(policy, control: ModeControl(), maxNewTokens: 500)
    #expect(!requests.fits(promptTokens: 159) && requests.fits(promptTokens: 100))
    let request = requests.request(stream: RandomStream(seed: 1, purpose: .evaluation), promptTokens: 150)
    #expect(request.maxNewTokens == 10)
  }

  @Test func aConversationKeepsAnswersAndForgetsTheOldest() throws {
    let policy = try policy()
    var settings = EvaluationSettings()
    settings.temperature = 1
    settings.maxNewTokens = 40
    var conversation = Conversation(policy: policy, weights: DecodingWeights(policy.model), system: "s")
    var shown = 0
    for turn in 0..<12 {
      let before = conversation.messages
      let reply = try conversation.reply(
        to: "question \(turn)", control: ModeControl(budget: 40), settings: settings
      ) { _ in shown += 1 }
      #expect(conversation.messages.first == ChatMessage(.system, "s"))
      if (reply.response.answer ?? "").allSatisfy(\.isWhitespace) {
        #expect(conversation.messages == before || reply.forgotten > 0)
      } else {
        #expect(conversation.messages.last?.role == .assistant)
        #expect(conversation.messages.dropLast().last?.content == "question \(turn)")
      }
      #expect(reply.length <= 40)
    }
    #expect(shown > 0)
    var stopped = 0
    let reply = try conversation.reply(
      to: "x", control: ModeControl(), settings: settings,
      isStopped: {
        stopped += 1
        return stopped > 5
      }, show: { _ in })
    #expect(reply.isStopped && reply.length == 5)
    #expect(throws: GenerationError.self) {
      try conversation.reply(
        to: String(repeating: "long ", count: 100), control: ModeControl(), settings: settings, show: { _ in })
    }
    conversation.reset()
    #expect(conversation.messages == [ChatMessage(.system, "s")])
  }

  @Test func probesShareTheRationaleAndGreedyOnesTheWholeResponse() throws {
    let policy = try policy()
    var settings = EvaluationSettings()
    settings.probes = true
    settings.samples = 2
    settings.temperature = 1
    settings.control.budget = 48
    settings.maxNewTokens = 48
    let registry = VerifierRegistry([MathVerifier()])
    let items = try Primer(PrimerOptions(domains: [.math])).items(.test, perCell: 1)
    let evaluator = Evaluator(scorer: Scorer(registry: registry, workers: 2), settings: settings)
    let weights = DecodingWeights(policy.model)
    let all = try evaluator.items(policy, weights, Array(items.enumerated()).map { ($0.offset, $0.element) })
    #expect(all.count == 6 && all.allSatisfy { $0.free.count == 2 && $0.forced[.on]?.count == 2 })
    for item in all {
      for (free, (on, off)) in zip(item.free, zip(item.forced[.on] ?? [], item.forced[.off] ?? [])) {
        // The same draws: the probe in the mode that was chosen is the free response.
        if let gate = free.gate { #expect((gate == .on ? on : off).text == free.text) }
        #expect(on.gate != .off && off.gate != .on)
      }
    }
    // Batches, threads and rows change nothing.
    var other = settings
    other.workers = 1
    other.rows = 3
    let again = Evaluator(scorer: Scorer(registry: registry, workers: 1), settings: other)
    let parts = try again.items(policy, weights, [(4, items[4]), (5, items[5])])
    #expect(parts == Array(all[4...]))
  }
}
