import Foundation
import StrictJSON

/// Word problems and competition mathematics: a problem and a reference value.
extension DataFormat {
  private func math(
    _ row: Row, _ source: String, id: String, prompt: String, reference: JSON, difficulty: Double? = nil,
    fields: [(String, JSON)] = []
  ) -> TaskItem {
    TaskItem(
      id: "\(source)/\(id)", prompt: prompt, domain: .math, verifier: "math", reference: reference,
      difficulty: difficulty, source: source, fields: JSONObject(fields))
  }

  func gsm8kItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let solution = try row.text("answer")
    guard let mark = solution.range(of: "####", options: .backwards) else {
      throw RowError("answer", found: "no line \"#### …\"", expected: "a solution that ends in \"#### 18\"")
    }
    let reference = solution[mark.upperBound...].trimmed.replacing(",", with: "")
    guard !reference.isEmpty else { throw RowError("answer", found: "nothing after \"####\"", expected: "a number") }
    return math(
      row, source, id: String(row.line), prompt: try row.text("question"), reference: .string(reference),
      fields: [("solution", .string(solution))])
  }

  func mathItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let reference: String
    if row.value("answer") == nil, let solution = row.value("solution")?.string {
      guard let boxed = Self.lastBox(in: solution) else {
        throw RowError("solution", found: "no \\boxed{…}", expected: "a boxed answer, or an \"answer\" column")
      }
      reference = boxed
    } else {
      reference = try row.scalar("answer").trimmed
    }
    // "Level 3" in MATH, 3 in MATH-500; "Level ?" in two rows.
    let level = row.value("level").flatMap { $0.int ?? $0.string.flatMap { Int($0.suffix(1)) } }
    let known = level.flatMap { (1...5).contains($0) ? $0 : nil }
    return math(
      row, source, id: row.value("unique_id")?.string ?? String(row.line), prompt: try row.text("problem"),
      reference: .string(reference), difficulty: known.map { (Double($0) - 0.5) / 5 },
      fields: row.kept("subject", "type", "solution") + (known.map { [("level", .int($0))] } ?? []))
  }

  /// The content of the last `\boxed{…}` with its braces matched, or nil.
  static func lastBox(in text: String) -> String? {
    guard let start = text.range(of: "\\boxed{", options: .backwards) else { return nil }
    var depth = 1
    var content = ""
    for character in text[start.upperBound...] {
      if character == "{" { depth += 1 }
      if character == "}" { depth -= 1 }
      if depth == 0 { return content.trimmed.isEmpty ? nil : content.trimmed }
      content.append(character)
    }
    return nil
  }

  func competitionItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    math(
      row, source, id: row.value("id") == nil ? String(row.line) : try row.scalar("id"),
      prompt: try row.text(row.value("problem") == nil ? "question" : "problem"),
      reference: try row.reference("answer"), fields: row.kept("solution", "url"))
  }

  func olympiadItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let answers = try row.texts("final_answer")
    let context = row.value("context")?.string.map { $0 + "\n" } ?? ""
    return math(
      row, source, id: try row.scalar("id"), prompt: context + (try row.text("question")),
      // Several answers belong together; a list as a reference would mean "any of these".
      reference: .string(answers.joined(separator: ", ")),
      fields: row.kept("subfield", "unit", "answer_type", "is_multiple_answer", "error"))
  }

  func svampItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let body = try row.text("Body").trimmed
    let stop = body.last.map { ".?!,".contains($0) } == true ? " " : ". "
    return math(
      row, source, id: try row.scalar("ID"), prompt: body + stop + (try row.text("Question").trimmed),
      reference: try row.reference("Answer"), fields: row.kept("Type", "Equation"))
  }

  func cmathItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let grade = row.value("grade")?.int
    return math(
      row, source, id: String(row.line), prompt: try row.text("question"), reference: try row.reference("golden"),
      difficulty: grade.flatMap { (1...6).contains($0) ? (Double($0) - 0.5) / 6 : nil },
      fields: (grade.map { [("level", .int($0))] } ?? []) + row.kept("reasoning_step", "num_digits"))
  }

  func conversationItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let (prompt, messages) = try row.conversation("messages")
    var item = math(
      row, source, id: row.value("id") == nil ? String(row.line) : try row.scalar("id"), prompt: prompt,
      reference: try row.reference("answer"))
    item.messages = messages
    return item
  }
}
