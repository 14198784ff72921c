import AutoThink
import StrictJSON

/// A whole conversation of the suite `tools` as it happens: the policy writes a turn, the store answers its calls, and the
/// user's next request follows a reply. **[ours]**
///
/// It is right where every request got the right reply and the store holds at the end what the user set. A wrong turn does
/// not end it: a policy may call again. What ends it early is a turn without an answer and more calls to one request than
/// ``callsPerRequest``.
public struct ToolConversation: Sendable {
  /// The most calls before a request must have its reply.
  public static let callsPerRequest = 4

  /// How a conversation ended.
  public enum End: String, Sendable, CaseIterable {
    /// Every request had a reply.
    case finished
    /// A turn broke the format, so there was no answer to go on with.
    case invalid
    /// The policy called the store and never replied.
    case endlessCalls = "endless_calls"
    /// The next prompt left no room for a response.
    case noRoom = "no_room"
  }

  /// What one turn of the policy was.
  public struct Verdict: Sendable, Equatable {
    /// The kind of turn, a level of ``ToolSuite``; nil where the conversation had gone where no turn is the right one.
    public var level: Int?
    /// Whether it is the right turn after the conversation before it; nil where there is no right one.
    public var isRight: Bool?
    /// What the store said; nil for a reply to the user.
    public var result: String?
  }

  /// The script.
  public let script: ToolScript
  /// The conversation so far: what the next turn continues.
  public private(set) var messages: [ChatMessage] = []
  /// The store.
  public private(set) var session = ToolSession()
  /// The replies so far.
  public private(set) var replies: [String] = []
  /// How it ended; nil while it goes on.
  public private(set) var end: End?
  private var calls = 0

  /// A conversation that begins with the script's first request.
  public init(_ script: ToolScript) {
    self.script = script
    ask()
  }

  /// Whether every request got the right reply and the store holds what it should.
  public var isRight: Bool { end == .finished && replies == script.replies && session.values == script.values }

  /// Takes the policy's next turn; nil is a turn without an answer. Does nothing once the conversation has ended.
  @discardableResult
  public mutating func take(_ answer: String?) -> Verdict {
    guard end == nil else { return Verdict() }
    // After an error the right turn would be another call, which nothing in the conversation says in full.
    let failed = messages.last == ChatMessage(.tool, ToolSession.error)
    let right = failed ? nil : ToolTurn(continuing: messages)
    guard let answer else {
      end = .invalid
      return Verdict(level: right?.level, isRight: right == nil ? nil : false)
    }
    let text = PromptTemplate.trimmed(answer)
    messages.append(ChatMessage(.assistant, text))
    let result = session.result(of: text)
    if let result {
      calls += 1
      messages.append(ChatMessage(.tool, result))
      if calls >= Self.callsPerRequest { end = .endlessCalls }
    } else {
      replies.append(text)
      if replies.count == script.userTexts.count { end = .finished } else { ask() }
    }
    return Verdict(level: right?.level, isRight: right.map { Self.words($0.reply) == Self.words(text) }, result: result)
  }

  /// Ends it because the next prompt leaves no room.
  public mutating func endForWantOfRoom() { end = end ?? .noRoom }

  private mutating func ask() {
    messages.append(ChatMessage(.user, script.userTexts[replies.count]))
    calls = 0
  }

  private static func words(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }
}

extension ToolScript {
  private static let source = "tools/live"

  /// The script of an item made by ``ToolSuite/conversations(_:count:)``; nil for any other item.
  public init?(_ item: TaskItem) {
    guard item.source == Self.source, let texts = item.fields["requests"]?.array else { return nil }
    let requests = texts.compactMap { $0.string.flatMap { ToolRequest($0) } }
    guard requests.count == texts.count, !requests.isEmpty else { return nil }
    self.init(requests)
  }

  /// The conversation as an item: its first request is the prompt, `requests` holds all of them.
  func item(id: String) -> TaskItem {
    TaskItem(
      id: id, prompt: userTexts[0], domain: .general, verifier: "tool", reference: .string(replies.last ?? ""),
      difficulty: turns.last.map { Primer.difficulty(level: $0.level) }, source: Self.source,
      fields: JSONObject([
        ("level", .int(turns.last?.level ?? 1)), ("requests", .array(userTexts.map { .string($0) })),
      ]))
  }
}

extension ToolSuite {
  /// The first `count` different conversations of a split, to be held live.
  public static func conversations(_ split: TaskSplit, seed: Int, count: Int) -> [TaskItem] {
    var items: [TaskItem] = []
    var seen: Set<[String]> = []
    var index = 0
    // There are millions of conversations; the bound only keeps a wish for more from going on for ever.
    while items.count < count, index < 1000 + 50 * count {
      let script = ToolScript.conversation(split, seed: seed, index: index)
      if seen.insert(script.userTexts).inserted {
        items.append(script.item(id: "tools/live/\(seed)/\(split.rawValue)/\(index)"))
      }
      index += 1
    }
    return items
  }
}
