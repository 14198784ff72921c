import AutoThink
import Dispatch
import LanguageModel
import TensorCore

/// A conversation with a policy, turn by turn, under the released template's rule: earlier turns of the assistant keep only
/// the text inside `<answer>` **[peer]**.
public struct Conversation {
  /// One reply.
  public struct Reply: Sendable {
    /// What it says, by segment.
    public let response: ParsedResponse
    /// Tokens.
    public let length: Int
    /// Whether it was stopped from outside.
    public let isStopped: Bool
    /// Whether it was cut at a limit.
    public let isTruncated: Bool
    /// The policy's p(think_on), where the gate was reached.
    public let thinkOnProbability: Double?
    /// Seconds it took, the prompt's computation included.
    public let seconds: Double
    /// Turns that were forgotten to make room for it.
    public let forgotten: Int
  }

  /// The messages so far, tags left out.
  public private(set) var messages: [ChatMessage]
  private let system: [ChatMessage]
  private let policy: Policy
  private let engine: GenerationEngine
  private var turn = 0

  /// A conversation that has not begun; `system` is what stands before it.
  public init(policy: Policy, weights: DecodingWeights, system: String? = nil) {
    self.policy = policy
    engine = GenerationEngine(weights)
    self.system = system.map { [ChatMessage(.system, $0)] } ?? []
    messages = self.system
  }

  /// Forgets everything but the system's message.
  public mutating func reset() { messages = system }

  /// Takes the user's words, or a tool's result, and lets the policy reply.
  ///
  /// A reply without an answer leaves the conversation as it was before the user spoke. A stopped reply keeps what its
  /// answer said until then.
  ///
  /// - Parameters:
  ///   - role: who says it: the user, or a tool the policy has called.
  ///   - control: who chooses the mode of this turn, and its budgets.
  ///   - isStopped: asked before every token; the reply ends where it says so.
  ///   - show: told what comes, as it comes.
  /// - Throws: `GenerationError` for a message that leaves no room for a reply.
  public mutating func reply(
    to text: String, from role: ChatMessage.Role = .user, control: ModeControl, settings: EvaluationSettings,
    isStopped: () -> Bool = { false },
    show: (SegmentStream.Event) -> Void
  ) throws -> Reply {
    let before = messages
    messages.append(ChatMessage(role, text))
    let requests = ControlledRequests(policy, control: control, maxNewTokens: settings.maxNewTokens)
    let forgotten = forget(requests)
    let prompt = policy.codec.prompt(messages)
    guard requests.fits(promptTokens: prompt.count) else {
      messages = before
      throw GenerationError.promptTooLong(
        group: 0, tokens: prompt.count, positions: policy.model.configuration.maxPositions)
    }
    let stream = RandomStream(seed: settings.seed, purpose: .conversation, query: turn)
    turn += 1
    let request = requests.request(stream: stream, promptTokens: prompt.count)
    engine.options = settings.sampling
    let codec = policy.codec
    var segments = SegmentStream(startsInJudge: codec.template.prefillsJudge)
    var tokens: [Int32] = []
    var generation: Generation?
    let start = DispatchTime.now().uptimeNanoseconds
    do {
      generation = try engine.generate(
        [PromptGroup(prompt: prompt, requests: [request])], isCancelled: isStopped
      ) { _, _, token in
        tokens.append(token)
        for event in segments.take(codec.piece(of: token)) { show(event) }
      }[0][0]
    } catch is CancellationError {
      generation = nil
    }
    for event in segments.finish() { show(event) }
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    let truncated = generation.map { $0.finish != .stop } ?? true
    let response = codec.parse(tokens, truncated: truncated)
    let answer = PromptTemplate.trimmed(response.answer ?? "")
    messages = answer.isEmpty ? before : messages + [ChatMessage(.assistant, answer)]
    return Reply(
      response: response, length: tokens.count, isStopped: generation == nil,
      isTruncated: generation != nil && truncated,
      thinkOnProbability: generation.flatMap(Rollout.thinkOnProbability), seconds: seconds,
      forgotten: forgotten)
  }

  /// Leaves out the oldest exchanges until the prompt leaves room; the user's last words stay.
  private mutating func forget(_ requests: ControlledRequests) -> Int {
    var forgotten = 0
    while !requests.fits(promptTokens: policy.codec.prompt(messages).count) {
      guard let first = messages.firstIndex(where: { $0.role == .user }), first < messages.count - 1 else { break }
      let next = messages[(first + 1)...].firstIndex { $0.role == .user } ?? messages.count - 1
      messages.removeSubrange(first..<next)
      forgotten += 1
    }
    return forgotten
  }
}

extension RandomPurpose {
  /// Replies of a conversation.
  public static let conversation: RandomPurpose = "conversation"
  /// Responses to prompts of a file.
  public static let generation: RandomPurpose = "generation"
}
