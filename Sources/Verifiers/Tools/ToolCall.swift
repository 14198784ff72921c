import StrictJSON

/// A call of a tool, as a model writes it in its answer:
///
///     <tool_call>
///     {"name": "get", "arguments": {"key": "a"}}
///     </tool_call>
public struct ToolCall: Sendable, Equatable {
  /// The tool's name.
  public var name: String
  /// Its arguments by name. Their order means nothing.
  public var arguments: JSONObject

  /// A call.
  public init(name: String, arguments: JSONObject) {
    self.name = name
    self.arguments = arguments
  }

  /// The same tool with equal arguments.
  public static func == (left: ToolCall, right: ToolCall) -> Bool {
    ExactText(left.name) == ExactText(right.name) && left.arguments == right.arguments
  }

  /// What opens a call in a text.
  public static let opening = "<tool_call>"
  /// What closes it.
  public static let closing = "</tool_call>"

  /// The call as a text.
  public var text: String {
    let call: JSON = ["name": .string(name), "arguments": .object(arguments)]
    return "\(Self.opening)\n\(call.text())\n\(Self.closing)"
  }

  /// The calls in a text, in order; nil where one of them cannot be read or is not closed. A text without a call has none.
  public static func calls(in text: String) -> [ToolCall]? {
    var calls: [ToolCall] = []
    var rest = text[...]
    while let start = rest.firstRange(of: opening) {
      guard let end = rest[start.upperBound...].firstRange(of: closing),
        let value = try? JSON.parse(String(rest[start.upperBound..<end.lowerBound])),
        let name = value["name"]?.string
      else { return nil }
      let arguments = value["arguments"] ?? .object(JSONObject())
      guard let object = arguments.object else { return nil }
      calls.append(ToolCall(name: name, arguments: object))
      rest = rest[end.upperBound...]
    }
    return calls
  }
}
