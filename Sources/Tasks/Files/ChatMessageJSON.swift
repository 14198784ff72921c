import AutoThink
import StrictJSON
import Verifiers

/// Conversations in the shape chat data sets share: `role`, `content` (a text, text parts or null), `tool_calls`.
extension ChatMessage {
  /// Reads a conversation; `field` names its column in errors.
  static func read(_ rows: [JSON], field: String) throws(RowError) -> [ChatMessage] {
    var messages: [ChatMessage] = []
    for (index, row) in rows.enumerated() { messages.append(try read(row, field: "\(field)[\(index)]")) }
    return messages
  }

  private static func read(_ row: JSON, field: String) throws(RowError) -> ChatMessage {
    guard row.object != nil else {
      throw RowError(field, found: row.kind, expected: "a message {\"role\", \"content\"}")
    }
    let roles = Role.allCases.map(\.rawValue)
    let name = row["role"]?.string ?? ""
    guard let role = Role(rawValue: name) else {
      let hint = nearestName(to: name, in: roles).map { "; did you mean \"\($0)\"?" } ?? ""
      throw RowError(
        "\(field).role", found: row["role"]?.text() ?? "nothing",
        expected: "one of \(roles.joined(separator: ", "))\(hint)")
    }
    var content = try text(row["content"] ?? .null, field: "\(field).content")
    var calls: [ToolCall] = []
    if let value = row["tool_calls"], !value.isNull {
      guard let list = value.array else {
        throw RowError("\(field).tool_calls", found: value.kind, expected: "a list of calls")
      }
      for (index, call) in list.enumerated() {
        calls.append(try ToolCall.read(call, field: "\(field).tool_calls[\(index)]"))
      }
    }
    if !calls.isEmpty {
      content = ([content].filter { !$0.isEmpty } + calls.map(\.text)).joined(separator: "\n")
    }
    // An assistant's turn that is still to be written may be empty.
    guard !content.isEmpty || role == .assistant || role == .tool else {
      throw RowError(
        "\(field).content", found: row["content"].map { _ in "an empty text" } ?? "nothing",
        expected: "the text of the message")
    }
    return ChatMessage(role, content)
  }

  private static func text(_ value: JSON, field: String) throws(RowError) -> String {
    switch value {
    case .null: return ""
    case .string(let text): return text
    case .array(let parts):
      var text = ""
      for part in parts {
        guard let piece = part["text"]?.string else {
          throw RowError(field, found: "a part that is no text", expected: "texts only: this model reads nothing else")
        }
        text += piece
      }
      return text
    default: throw RowError(field, found: value.kind, expected: "a text or a list of {\"text\"}")
    }
  }

  /// A conversation as the column `messages`.
  static func json(_ messages: [ChatMessage]) -> JSON {
    .array(messages.map { ["role": .string($0.role.rawValue), "content": .string($0.content)] })
  }
}

extension ToolCall {
  /// Reads a call as chat data sets write it: `{"function": {"name", "arguments"}}` or the inner object alone;
  /// `arguments` is an object or its JSON text.
  static func read(_ row: JSON, field: String) throws(RowError) -> ToolCall {
    let call = row["function"] ?? row
    guard let name = call["name"]?.string, !name.isEmpty else {
      throw RowError("\(field).name", found: call["name"]?.kind ?? "nothing", expected: "the name of the tool")
    }
    let value = call["arguments"] ?? .object(JSONObject())
    if let object = value.object { return ToolCall(name: name, arguments: object) }
    guard let text = value.string, let object = (try? JSON.parse(text))?.object else {
      throw RowError("\(field).arguments", found: value.kind, expected: "an object, or the JSON text of one")
    }
    return ToolCall(name: name, arguments: object)
  }
}
