import AutoThink

/// One of the assistant's turns: what it sees and what it should say.
struct ToolTurn: Equatable {
  /// The conversation before it.
  var messages: [ChatMessage]
  /// The right turn: a call or a reply.
  var reply: String
  /// Which kind of turn it is; see ``ToolSuite``.
  var level: Int
  /// The chain a thought follows; empty where there is none.
  fileprivate var steps: [String] = []
  fileprivate var states: [String] = []

  /// The right turn after a conversation of the suite; nil after any other.
  init?(continuing messages: [ChatMessage]) {
    guard let request = messages.last(where: { $0.role == .user }).flatMap({ ToolRequest($0.content) }),
      let last = messages.last
    else { return nil }
    self.messages = messages
    switch (request, last.role) {
    case (.set(let key, let value), .user):
      (reply, level) = ("set \(key) \(value)", 1)
    case (.set, .tool):
      (reply, level) = ("done", 2)
    case (.get(let key, _), .user):
      (reply, level) = ("get \(key)", 3)
    case (.get(_, let chain), .tool):
      if chain.isEmpty {
        (reply, level) = (last.content, 4)
      } else {
        var state = last.content
        for step in chain {
          guard let next = MathRules.next(state, step) else { return nil }
          steps.append(step)
          states.append(next)
          state = next
        }
        (reply, level) = (state, chain.count <= 3 ? 5 : 6)
      }
    default: return nil
    }
  }

  /// Honest remarks on the turn.
  var rationales: [String] {
    switch level {
    case 1, 3: ["1 call", "a call", "call"]
    case 2: ["confirm", "ok seen", "stored"]
    case 4: ["1 value", "a value", "pass it"]
    default: ["\(steps.count) sums", "sums \(steps.count)", "\(steps.count)x sum"]
    }
  }

  /// What a thought writes: a chain once, step by step; anything easy the way large models overthink it.
  func thought(_ word: String) -> String {
    guard !steps.isEmpty else { return "\(reply)? \(word) \(reply) so \(reply)" }
    let start = messages.last?.content ?? ""
    let chain = zip(zip(ToolRequest.names, steps), states).map { " \($0.0)\($0.1)=\($1)" }.joined()
    return "\(start)\(chain) so \(reply)"
  }
}

/// What a user asks for.
enum ToolRequest: Equatable {
  /// `k=7`
  case set(key: String, value: String)
  /// `k?`, or `k a+4 b*7 %10?` with the steps of a chain.
  case get(key: String, chain: [String])

  /// The names of steps, as in the primer.
  static let names = Array("abcdefg")

  /// Reads a user's text.
  init?(_ text: String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    if words.count == 1, text.count == 3, Array(text)[1] == "=" {
      self = .set(key: String(text.prefix(1)), value: String(text.suffix(1)))
    } else if words.count == 1, text.count == 2, text.hasSuffix("?") {
      self = .get(key: String(text.prefix(1)), chain: [])
    } else if words.count >= 3, words[0].count == 1, words.last == "%10?" {
      let steps = words[1..<words.count - 1]
      guard zip(steps, Self.names).allSatisfy({ $0.first == $1 }), steps.count <= Self.names.count else { return nil }
      self = .get(key: String(words[0]), chain: steps.map { String($0.dropFirst()) })
    } else {
      return nil
    }
  }

  /// The user's text.
  var text: String {
    switch self {
    case .set(let key, let value): return "\(key)=\(value)"
    case .get(let key, let chain):
      guard !chain.isEmpty else { return "\(key)?" }
      return "\(key)" + zip(Self.names, chain).map { " \($0)\($1)" }.joined() + " %10?"
    }
  }
}

/// A whole conversation: what the user asks, one request after the other.
public struct ToolScript: Sendable {
  let requests: [ToolRequest]
  /// The assistant's right turns in order, each with the conversation before it.
  let turns: [ToolTurn]

  init(_ requests: [ToolRequest]) {
    self.requests = requests
    var messages: [ChatMessage] = []
    var turns: [ToolTurn] = []
    var session = ToolSession()
    for request in requests {
      messages.append(ChatMessage(.user, request.text))
      guard let call = ToolTurn(continuing: messages) else { continue }
      turns.append(call)
      messages.append(ChatMessage(.assistant, call.reply))
      messages.append(ChatMessage(.tool, session.result(of: call.reply) ?? "none"))
      guard let reply = ToolTurn(continuing: messages) else { continue }
      turns.append(reply)
      messages.append(ChatMessage(.assistant, reply.reply))
    }
    self.turns = turns
  }

  /// What the user says, in order.
  public var userTexts: [String] { requests.map(\.text) }

  /// The right reply to each of the user's requests, whatever the store is asked on the way.
  public var replies: [String] { turns.filter { $0.messages.last?.role == .tool }.map(\.reply) }

  /// What the store holds once every request is served.
  public var values: [String: String] {
    var session = ToolSession()
    for turn in turns { _ = session.result(of: turn.reply) }
    return session.values
  }

  /// A conversation whose last exchange has a turn of `level`: up to two settings before it, the key it asks for among
  /// them.
  static func draw(endingOn level: Int, _ stream: inout KeyedStream) -> ToolScript {
    let keys = stream.shuffled("hjkmnpqr".map { String($0) })
    var settings = (0..<(1 + stream.below(2))).map {
      ToolRequest.set(key: keys[$0], value: String(stream.below(10)))
    }
    if level <= 2 { return ToolScript(Array(settings.dropLast(stream.below(settings.count)))) }
    let asked = keys[stream.below(settings.count)]
    // A call for a chain and one for a value look the same to the store, but not to a policy: a conversation that ends in
    // a chain begins its last exchange with such a call, so the calls come before every kind of question.
    let length = level == 5 ? 3 : level == 6 ? 5 : level == 3 ? stream.pick([0, 3, 5]) : 0
    let chain = (0..<length).map { _ in MathRules.arithmeticStep(.any, &stream) }
    settings.append(.get(key: asked, chain: chain))
    return ToolScript(settings)
  }

  /// The conversation at a place of a split: settings, then a question that ends in a chain.
  public static func conversation(_ split: TaskSplit, seed: Int, index: Int) -> ToolScript {
    var stream = KeyedStream(
      UInt64(bitPattern: Int64(seed)), KeyedStream.hash("tools conversation \(split.rawValue)"),
      UInt64(bitPattern: Int64(index)))
    while true {
      let script = draw(endingOn: stream.below(2) == 0 ? 5 : 6, &stream)
      if script.split == split { return script }
    }
  }

  /// Chains of a split occur in no other, whatever the conversation around them; without a chain the texts decide.
  var split: TaskSplit {
    var content = userTexts.joined(separator: "\n")
    if case .get(_, let chain)? = requests.last, !chain.isEmpty, let value = turns.last?.messages.last?.content {
      content = value + chain.joined(separator: " ")
    }
    switch KeyedStream.hash(content) % 10 {
    case 0, 1: return .test
    case 2: return .validation
    default: return .train
    }
  }
}
