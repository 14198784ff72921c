import AutoThink
import LanguageModel
import Tasks
import TensorCore

/// Holds many conversations of the suite `tools` at once: each round, every open one gets the policy's next turn, and the
/// store answers the calls among them.
///
/// Random numbers depend on (seed, place, turn, sample) alone, so neither threads nor what else is held changes a result.
struct LiveConversations {
  /// One conversation to be held.
  struct Request {
    /// The item's place in its set.
    let place: Int
    let sample: Int
    /// The mode of every turn; nil leaves it to the evaluation's control.
    let forced: ThinkMode?
    let script: ToolScript
  }

  private struct State {
    var conversation: ToolConversation
    var turns: [ConversationTurn] = []
  }

  let policy: Policy
  let weights: DecodingWeights
  let settings: EvaluationSettings
  let requests: ControlledRequests

  /// One sample per request, in order: its score is 1 for a conversation that is right as a whole, its length that of all
  /// turns, its text the transcript.
  /// - Throws: `GenerationError`, `CancellationError`.
  func callAsFunction(_ asked: [Request], isCancelled: @Sendable () -> Bool) throws -> [EvaluatedSample] {
    var states = asked.map { State(conversation: ToolConversation($0.script)) }
    while true {
      var open: [Int] = []
      var groups: [PromptGroup] = []
      for index in states.indices where states[index].conversation.end == nil {
        let prompt = policy.codec.prompt(states[index].conversation.messages)
        guard requests.fits(promptTokens: prompt.count) else {
          states[index].conversation.endForWantOfRoom()
          continue
        }
        let stream = RandomStream(
          seed: settings.seed, purpose: .evaluation, step: states[index].turns.count, query: asked[index].place,
          sample: asked[index].sample)
        open.append(index)
        groups.append(
          PromptGroup(
            prompt: prompt,
            requests: [
              requests.request(stream: stream, promptTokens: prompt.count, forcing: asked[index].forced)
            ]))
      }
      guard !open.isEmpty else { break }
      let generations = try GenerationPool.generate(
        groups, weights: weights, options: settings.sampling, workers: settings.workers, rows: settings.rows,
        isCancelled: isCancelled)
      for (index, generation) in zip(open, generations) { take(generation[0], for: asked[index], &states[index]) }
    }
    return zip(asked, states).map { EvaluatedSample($0, $1.conversation, $1.turns) }
  }

  private func take(_ generation: Generation, for request: Request, _ state: inout State) {
    let rollout = Rollout(
      generation, sample: request.sample, kind: request.forced == nil ? .free : .probe, codec: policy.codec)
    let answer = rollout.response.isValid ? rollout.response.answer ?? "" : nil
    let verdict = state.conversation.take(answer)
    state.turns.append(
      ConversationTurn(
        level: verdict.level, isRight: verdict.isRight, mode: rollout.response.mode,
        thinkOnProbability: rollout.thinkOnProbability, length: rollout.tokens.count,
        invalidReason: rollout.response.invalidReason?.rawValue, text: rollout.text, result: verdict.result))
  }
}

extension EvaluatedSample {
  /// A conversation as one sample.
  fileprivate init(
    _ request: LiveConversations.Request, _ conversation: ToolConversation, _ turns: [ConversationTurn]
  ) {
    let invalid = conversation.end == .invalid ? turns.last?.invalidReason : nil
    let right = conversation.script.replies
    let reason: String
    if conversation.isRight {
      reason = "every reply right"
    } else if let end = conversation.end, end != .finished {
      reason = "ended after \(turns.count) turns: \(end.rawValue)"
    } else if let wrong = zip(conversation.replies, right).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      reason = "reply \(wrong + 1) of \(right.count) is wrong"
    } else {
      reason = "the store does not hold what the user set"
    }
    self.init(
      forced: request.forced, sample: request.sample, mode: nil, gate: nil,
      length: turns.reduce(0) { $0 + $1.length }, truncated: invalid == InvalidReason.truncated.rawValue,
      invalidReason: invalid, thinkOnProbability: nil, verdict: "score", score: conversation.isRight ? 1 : 0,
      extracted: conversation.replies.last, reason: reason,
      text: ConversationTranscript(end: conversation.end ?? .noRoom, turns: turns).json.text())
  }

  /// The turns, where this is a conversation held live.
  public var transcript: ConversationTranscript? {
    // A single response of valid form has a mode, one of invalid form no verdict: model text is never read as a transcript.
    mode == nil && verdict != nil ? ConversationTranscript(text) : nil
  }

  /// The modes of its valid responses: one, or one a turn of a conversation.
  var modes: [ThinkMode] { mode.map { [$0] } ?? transcript?.turns.compactMap(\.mode) ?? [] }
}
