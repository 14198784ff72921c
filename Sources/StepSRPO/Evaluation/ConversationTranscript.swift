import AutoThink
import StrictJSON
import Tasks

/// One turn of the policy in a conversation held live.
public struct ConversationTurn: Sendable, Equatable {
  /// The kind of turn, a level of ``ToolSuite``; nil where no turn was the right one any more.
  public var level: Int?
  /// Whether it was the right turn after the conversation before it; nil where there was no right one.
  public var isRight: Bool?
  /// The mode of a valid response.
  public var mode: ThinkMode?
  /// The policy's p(think_on), where the gate was reached.
  public var thinkOnProbability: Double?
  /// Tokens, the end token included.
  public var length: Int
  /// Why its form is invalid; nil for a valid one.
  public var invalidReason: String?
  /// The response, tags spelled out.
  public var text: String
  /// What the tool said to it; nil for a reply to the user.
  public var result: String?
}

/// A conversation held live, as an evaluation keeps it: how it ended and every turn of the policy, in order.
public struct ConversationTranscript: Sendable, Equatable {
  /// How it ended.
  public var end: ToolConversation.End
  /// The policy's turns.
  public var turns: [ConversationTurn]

  /// A transcript.
  public init(end: ToolConversation.End, turns: [ConversationTurn]) {
    self.end = end
    self.turns = turns
  }

  /// As one line of JSON.
  public var json: JSON {
    [
      "end": .string(end.rawValue),
      "turns": .array(
        turns.map { turn in
          var object = JSONObject()
          object["level"] = turn.level.map { .int($0) }
          object["right"] = turn.isRight.map { .bool($0) }
          object["mode"] = turn.mode.map { .string($0.rawValue) }
          object["think_on_probability"] = turn.thinkOnProbability.map { .double($0) }
          object["length"] = .int(turn.length)
          object["invalid_reason"] = turn.invalidReason.map { .string($0) }
          object["text"] = .string(turn.text)
          object["result"] = turn.result.map { .string($0) }
          return .object(object)
        }),
    ]
  }

  /// Reads what ``json`` wrote; nil for any other text.
  public init?(_ text: String) {
    // Responses are kept in the same place: most of them need not be parsed to see that they are no transcript.
    guard text.hasPrefix("{\"end\":"), let json = try? JSON.parse(text),
      let end = json["end"]?.string.flatMap(ToolConversation.End.init(rawValue:)), let turns = json["turns"]?.array
    else { return nil }
    self.end = end
    self.turns = []
    for turn in turns {
      guard let length = turn["length"]?.int, let text = turn["text"]?.string else { return nil }
      self.turns.append(
        ConversationTurn(
          level: turn["level"]?.int, isRight: turn["right"]?.bool,
          mode: turn["mode"]?.string.flatMap(ThinkMode.init(rawValue:)),
          thinkOnProbability: turn["think_on_probability"]?.double, length: length,
          invalidReason: turn["invalid_reason"]?.string, text: text, result: turn["result"]?.string))
    }
  }
}

/// The turns of all conversations of a held-out set, by kind. A mean over nothing is absent.
public struct ConversationSummary: Sendable {
  /// Turns of one kind.
  public struct Kind: Sendable, Equatable {
    /// The level of ``ToolSuite``; nil for turns after a mistake, where none was the right one.
    public var level: Int?
    /// Turns.
    public var count: Int
    /// Share that was the right turn.
    public var accuracy: Double?
    /// Share of think-on among valid responses.
    public var thinkOnRate: Double?
    /// Mean p(think_on).
    public var thinkOnProbability: Double?
    /// Mean tokens.
    public var meanLength: Double?
  }

  /// By kind, easiest first, turns without one last.
  public let kinds: [Kind]
  /// All turns.
  public let turns: Int
  /// Conversations by how they ended.
  public let ends: [ToolConversation.End: Int]

  /// The summary of a set's free responses; nil where none is a conversation.
  public init?(_ items: [EvaluatedItem]) {
    let transcripts = items.flatMap(\.free).compactMap(\.transcript)
    guard !transcripts.isEmpty else { return nil }
    let all = transcripts.flatMap(\.turns)
    turns = all.count
    ends = Dictionary(transcripts.map { ($0.end, 1) }, uniquingKeysWith: +)
    let levels = Set(all.compactMap(\.level)).sorted().map { Optional($0) } + [nil]
    kinds = levels.compactMap { level in
      let own = all.filter { $0.level == level }
      guard !own.isEmpty else { return nil }
      return Kind(
        level: level, count: own.count, accuracy: own.compactMap(\.isRight).map { $0 ? 1 : 0 }.meanIfAny,
        thinkOnRate: own.compactMap(\.mode).map { $0 == .on ? 1 : 0 }.meanIfAny,
        thinkOnProbability: own.compactMap(\.thinkOnProbability).meanIfAny,
        meanLength: own.map { Double($0.length) }.meanIfAny)
    }
  }

  /// The object `conversations` of a data set in `eval --json`.
  public var json: JSON {
    var kinds = JSONObject()
    for kind in self.kinds {
      var object = JSONObject([("n", .int(kind.count))])
      object["accuracy"] = kind.accuracy.map { .double($0) }
      object["think_on_rate"] = kind.thinkOnRate.map { .double($0) }
      object["think_on_probability"] = kind.thinkOnProbability.map { .double($0) }
      object["mean_length"] = kind.meanLength.map { .double($0) }
      kinds[kind.level.map { ToolSuite.name(ofLevel: $0) } ?? "after a mistake"] = .object(object)
    }
    return [
      "turns": .int(turns), "by_turn": .object(kinds),
      "ends": .object(
        JSONObject(ToolConversation.End.allCases.compactMap { end in ends[end].map { (end.rawValue, .int($0)) } })),
    ]
  }
}
