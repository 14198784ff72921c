import AutoThink
import StrictJSON
import Verifiers

extension TaskItem {
  /// The columns that have a property of their own; all others are kept in `fields`.
  private static let columns: Set<String> = [
    "id", "prompt", "messages", "domain", "verifier", "reference", "difficulty", "source", "mode",
  ]

  /// This item as a row of a task file.
  public var json: JSON {
    var row = JSONObject()
    row["id"] = .string(id)
    if messages.isEmpty { row["prompt"] = .string(prompt) } else { row["messages"] = ChatMessage.json(messages) }
    row["domain"] = .string(domain.rawValue)
    row["verifier"] = (try? VerifierChoice(text: verifier))?.column ?? .string(verifier)
    if !reference.isNull { row["reference"] = reference }
    if let difficulty { row["difficulty"] = .double(difficulty) }
    if !source.isEmpty { row["source"] = .string(source) }
    if let mode { row["mode"] = .string(mode.rawValue) }
    for (key, value) in fields.pairs where row[key] == nil { row[key] = value }
    return .object(row)
  }

  /// The further columns together with the conversation and the mode that is asked for: what a run keeps of an item beside
  /// the columns that have a place of their own.
  public var storedFields: JSONObject {
    var stored = fields
    if let mode { stored["mode"] = .string(mode.rawValue) }
    if !messages.isEmpty { stored["messages"] = ChatMessage.json(messages) }
    return stored
  }

  /// Takes ``storedFields`` back.
  public mutating func take(storedFields: JSONObject) {
    fields = storedFields
    mode = storedFields["mode"]?.string.flatMap(ThinkMode.init)
    messages = storedFields["messages"]?.array.flatMap { try? ChatMessage.read($0, field: "messages") } ?? []
    fields["mode"] = nil
    fields["messages"] = nil
  }

  /// Reads a row; `defaultID` stands in for a missing id.
  init(row: JSONObject, defaultID: String) throws(RowError) {
    let id = try Self.id(row["id"]) ?? defaultID
    let domain: Domain
    let verifier: String
    switch (try Self.text(row, "domain"), try Self.verifier(row["verifier"])) {
    case (let name?, let given):
      domain = try Self.domain(name)
      verifier = given ?? name
    case (nil, let given?):
      // Only the built-in verifiers say which domain they are for.
      guard let implied = Domain(rawValue: given) else {
        throw RowError("domain", found: "nothing", expected: "one of \(Self.domainNames)")
      }
      (domain, verifier) = (implied, given)
    case (nil, nil):
      throw RowError("domain", found: "nothing", expected: "one of \(Self.domainNames)")
    }
    let (prompt, messages) = try Self.prompt(row)
    self.init(
      id: id, prompt: prompt, messages: messages, domain: domain, verifier: verifier,
      reference: row["reference"] ?? .null, difficulty: try Self.difficulty(row["difficulty"]),
      source: try Self.text(row, "source") ?? "", mode: try Self.mode(row),
      fields: JSONObject(row.pairs.filter { !Self.columns.contains($0.key) }))
  }

  private static let domainNames = Domain.allCases.map(\.rawValue).joined(separator: ", ")

  private static func domain(_ name: String) throws(RowError) -> Domain {
    if let domain = Domain(rawValue: name) { return domain }
    let hint = nearestName(to: name, in: Domain.allCases.map(\.rawValue)).map { "; did you mean \"\($0)\"?" } ?? ""
    throw RowError("domain", found: "\"\(name)\"", expected: "one of \(domainNames)\(hint)")
  }

  /// A name, or a weighted list as text.
  private static func verifier(_ value: JSON?) throws(RowError) -> String? {
    guard let value, !value.isNull else { return nil }
    do throws(VerifierFailure) { return try VerifierChoice(column: value).text } catch {
      throw RowError(
        "verifier", found: String(value.text().prefix(80)),
        expected: "a verifier's name, or a list of names and {\"name\", \"weight\"}: \(error.message)")
    }
  }

  private static func id(_ value: JSON?) throws(RowError) -> String? {
    switch value {
    case nil, .null: return nil
    case .string(let text) where !text.isEmpty: return text
    case .number(let number): return number.text
    case .string: throw RowError("id", found: "an empty string", expected: "a name, or no id at all")
    case let value?: throw RowError("id", found: value.kind, expected: "a string or a number")
    }
  }

  private static func text(_ row: JSONObject, _ key: String) throws(RowError) -> String? {
    switch row[key] {
    case nil, .null: return nil
    case .string(let text): return text
    case let value?: throw RowError(key, found: value.kind, expected: "a string")
    }
  }

  private static func difficulty(_ value: JSON?) throws(RowError) -> Double? {
    guard let value, !value.isNull else { return nil }
    guard let number = value.double, (0...1).contains(number) else {
      throw RowError("difficulty", found: value.text(), expected: "a number from 0 (easiest) to 1 (hardest)")
    }
    return number
  }

  private static func mode(_ row: JSONObject) throws(RowError) -> ThinkMode? {
    guard let name = try text(row, "mode") else { return nil }
    if let mode = ThinkMode(rawValue: name) ?? Tag(rawValue: "<\(name)>")?.mode { return mode }
    throw RowError("mode", found: "\"\(name)\"", expected: "\"on\" or \"off\"")
  }

  /// The row's prompt, or its conversation with the last user message as the prompt.
  private static func prompt(_ row: JSONObject) throws(RowError) -> (String, [ChatMessage]) {
    if let prompt = row["prompt"], !prompt.isNull {
      if let messages = prompt.array { return try conversation(messages, field: "prompt") }
      guard let text = prompt.string, !text.isEmpty else {
        throw RowError(
          "prompt", found: prompt.string == nil ? prompt.kind : "an empty string", expected: "the text of the query")
      }
      return (text, [])
    }
    guard let value = row["messages"], !value.isNull else {
      throw RowError("prompt", found: "nothing", expected: "\"prompt\" (a text) or \"messages\" (a conversation)")
    }
    guard let messages = value.array else {
      throw RowError("messages", found: value.kind, expected: "a list of {\"role\", \"content\"}")
    }
    return try conversation(messages, field: "messages")
  }

  /// The prompt of a conversation and, where it is more than that one message, the conversation up to the response: the
  /// assistant's last turns are what the model is to write.
  static func conversation(_ rows: [JSON], field: String) throws(RowError) -> (String, [ChatMessage]) {
    var messages = try ChatMessage.read(rows, field: field)
    while messages.last?.role == .assistant { messages.removeLast() }
    guard let prompt = messages.last(where: { $0.role == .user })?.content else {
      throw RowError(field, found: "no message of the role \"user\"", expected: "a conversation with a user's message")
    }
    return (prompt, messages.count == 1 ? [] : messages)
  }
}
