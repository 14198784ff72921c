import AutoThink
import StrictJSON

/// Reading, instructions, short answers, and the rows of training toolkits.
extension DataFormat {
  func general(
    _ source: String, id: String, prompt: String, reference: JSON, fields: [(String, JSON)]
  ) -> TaskItem {
    TaskItem(
      id: "\(source)/\(id)", prompt: prompt, domain: .general, verifier: "general", reference: reference,
      source: source, fields: JSONObject(fields))
  }

  func dropItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let answers = try row.text("ref_text").split(separator: "|").map(\.trimmed).filter { !$0.isEmpty }
    guard !answers.isEmpty else {
      throw RowError("ref_text", found: "only bars", expected: "answers with | between alternatives")
    }
    return general(
      source, id: String(row.line), prompt: try row.text("context"), reference: .array(answers.map { .string($0) }),
      fields: [("match", "drop")])
  }

  func ifevalItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let names = try row.texts("instruction_id_list")
    guard let arguments = row.value("kwargs")?.array, arguments.count == names.count else {
      throw RowError(
        "kwargs", found: row.value("kwargs")?.array.map { "\($0.count) entries" } ?? "no list",
        expected: "one entry for each of the \(names.count) instructions")
    }
    return general(
      source, id: try row.scalar("key"), prompt: try row.text("prompt"), reference: .null,
      fields: row.kept("instruction_id_list", "kwargs"))
  }

  func strategyItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let scores = row.value("target_scores")?.object ?? JSONObject()
    guard let right = scores.pairs.first(where: { $0.value.double == 1 })?.key else {
      throw RowError(
        "target_scores", found: "no answer that scores 1", expected: "{\"Yes\": 1, \"No\": 0} or the reverse")
    }
    return general(
      source, id: String(row.line), prompt: try row.text("input"), reference: .string(right),
      fields: [("match", "exact")])
  }

  func exactItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    general(
      source, id: String(row.line), prompt: try row.text("question"), reference: .string(try row.scalar("answer")),
      fields: [("match", "exact")])
  }

  func reasoningGymItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let scoring = try row.text("scoring")
    guard ["math", "exact"].contains(scoring) else {
      throw RowError("scoring", found: "\"\(scoring)\"", expected: "\"math\" or \"exact\"")
    }
    let answer = try row.scalar("answer")
    var item = general(
      source, id: try row.text("id"), prompt: try row.text("question"), reference: .string(answer),
      fields: row.kept("task", "family"))
    if scoring == "math" {
      item.domain = .math
      item.verifier = "math"
    } else if answer.contains(where: \.isNewline) || !answer.contains(where: { $0.isLetter || $0.isNumber }) {
      // The general verifier compares the words of one line; matrices and brackets are compared as they stand.
      item.verifier = "tool"
    } else {
      item.fields["match"] = "exact"
    }
    return item
  }

  func verlItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let reference = row.value("reward_model.ground_truth")
    guard let reference else {
      throw RowError("reward_model.ground_truth", found: "nothing", expected: "the reference answer")
    }
    let ability = row.value("ability")?.string?.lowercased() ?? ""
    let domain: Domain =
      ability.contains("math") ? .math : ability.contains("code") ? .code : Domain(rawValue: ability) ?? .math
    let index = row.value("extra_info.index")?.int
    let (prompt, messages) = try promptText(row)
    return TaskItem(
      id: "\(source)/\(index.map(String.init) ?? "line-\(row.line)")", prompt: prompt, messages: messages,
      domain: domain, verifier: domain.rawValue, reference: domain == .code ? .null : reference, source: source,
      fields: JSONObject(
        row.kept("data_source", "extra_info", "level", "type") + (domain == .code ? [("tests", reference)] : [])))
  }

  func trlItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let solution = try row.scalar("solution")
    let id = row.value("id") == nil ? String(row.line) : try row.scalar("id")
    let (prompt, messages) = try promptText(row)
    return TaskItem(
      id: "\(source)/\(id)", prompt: prompt, messages: messages, domain: .math, verifier: "math",
      // A solution is a whole derivation or only its result.
      reference: .string(Self.lastBox(in: solution) ?? solution.trimmed), source: source,
      fields: JSONObject([("solution", .string(solution))]))
  }

  private func promptText(_ row: Row) throws(RowError) -> (String, [ChatMessage]) {
    if row.value("prompt")?.array != nil { return try row.conversation("prompt") }
    return (try row.text("prompt"), [])
  }

  /// A demonstration in chat form: every assistant's turn is an item of its own, which continues the conversation before
  /// it and is compared with the turn as it was written.
  func messageItems(_ row: Row, _ source: String) throws(RowError) -> [TaskItem] {
    guard let rows = row.value("messages")?.array else {
      throw RowError("messages", found: row.value("messages")?.kind ?? "nothing", expected: "a list of messages")
    }
    let messages = try ChatMessage.read(rows, field: "messages")
    let id = row.value("id") == nil ? String(row.line) : try row.scalar("id")
    var items: [TaskItem] = []
    for (index, message) in messages.enumerated() where message.role == .assistant {
      let before = Array(messages[..<index])
      let target = PromptTemplate.answerText(of: message.content).trimmed
      guard let prompt = before.last(where: { $0.role == .user })?.content, !target.isEmpty else { continue }
      items.append(
        TaskItem(
          id: "\(source)/\(id)/\(index)", prompt: prompt, messages: before.count == 1 ? [] : before, domain: .general,
          verifier: "tool", reference: .string(target), source: source,
          fields: JSONObject(row.kept("tools") + [("turn", .int(index))])))
    }
    guard !items.isEmpty else {
      throw RowError(
        "messages", found: "no assistant's turn after a user's", expected: "a demonstration: what the assistant says")
    }
    return items
  }
}
