import StrictJSON

/// Programming problems with unit tests.
extension DataFormat {
  private func code(
    _ source: String, id: String, prompt: String, tests: [(String, JSON)], difficulty: Double? = nil,
    fields: [(String, JSON)] = []
  ) -> TaskItem {
    TaskItem(
      id: "\(source)/\(id)", prompt: prompt, domain: .code, verifier: "code", difficulty: difficulty, source: source,
      fields: JSONObject([("tests", .object(JSONObject(tests)))] + fields))
  }

  func humanEvalItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let prompt = try row.text("prompt")
    return code(
      source, id: try row.text("task_id").replacing("HumanEval/", with: ""), prompt: prompt,
      tests: [
        ("kind", "check"), ("prelude", .string(prompt)), ("program", .string(try row.text("test"))),
        ("entry_point", .string(try row.text("entry_point"))),
      ],
      fields: row.value("canonical_solution")?.string.map { [("solution", .string(prompt + $0))] } ?? [])
  }

  func mbppItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let asserts = try row.texts("test_list")
    let setup = row.value("test_setup_code")?.string ?? ""
    // The published prompt shows the tests: the names of functions stand nowhere else.
    let prompt = try row.text(row.value("text") == nil ? "prompt" : "text")
    return code(
      source, id: try row.scalar("task_id"),
      prompt: prompt + "\nYour code should pass these tests:\n" + asserts.joined(separator: "\n"),
      tests: [("kind", "asserts"), ("setup", .string(setup)), ("asserts", .array(asserts.map { .string($0) }))],
      fields: row.value("code")?.string.map { [("solution", .string($0))] } ?? [])
  }

  func codeContestsItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let text = try row.text("test")
    let parsed = try? JSON.parse(text)
    let labels = row.value("labels")?.string.flatMap { try? JSON.parse($0) } ?? .null
    let level = labels["difficulty"].map { [("level", $0)] } ?? []
    // LiveCodeBench keeps its tests as {"input_output": …}, which the verifier reads as it is.
    if let tests = parsed?.object, tests["input_output"] != nil {
      return code(
        source, id: try row.scalar("id"), prompt: try row.text("content"),
        tests: tests.pairs.map { ($0.key, $0.value) },
        fields: level)
    }
    guard let cases = parsed?.array, !cases.isEmpty else {
      throw RowError(
        "test", found: "no JSON list",
        expected: "a JSON text of [{\"input\": …, \"output\": …}] or of {\"input_output\": …}")
    }
    var streams: [JSON] = []
    for entry in cases {
      guard let input = entry["input"]?["stdin"]?.string, let output = entry["output"]?["stdout"]?.string else {
        throw RowError("test", found: "a case without input.stdin or output.stdout", expected: "both as strings")
      }
      streams.append(["stdin": .string(input), "stdout": .string(output)])
    }
    return code(
      source, id: try row.scalar("id"), prompt: try row.text("content"),
      tests: [("kind", "stdio"), ("cases", .array(streams))], fields: level)
  }

  /// MultiPL-E rows: only those in Python could be run here.
  func multiPLItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let language = try row.text("language")
    throw RowError(
      "language", found: "\"\(language)\"", expected: "python: the sandbox of the code verifier runs nothing else")
  }
}
