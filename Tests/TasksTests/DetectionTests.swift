import AutoThink
import Foundation
import StrictJSON
import Testing
import Verifiers

@testable import Tasks

/// Formats by their columns, column mappings, conversations and references.
@Suite struct DetectionTests {
  private let folder = NSTemporaryDirectory() + "detection-" + UUID().uuidString

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  private func file(_ lines: String, _ name: String = "rows.jsonl") throws -> String {
    let path = folder + "/" + name
    try Data(lines.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// A row of every format that has one, made up here.
  static let rows: [(DataFormat, String)] = [
    (.task, #"{"prompt": "1+1?", "domain": "math", "reference": "2"}"#),
    (.gsm8k, #"{"question": "q", "answer": "work\n#### 18"}"#),
    (.math, #"{"problem": "p", "level": "Level 2", "type": "Algebra", "solution": "so \\boxed{4}"}"#),
    (.competition, #"{"id": 3, "problem": "p", "answer": "025", "url": "u"}"#),
    (.olympiadBench, #"{"id": 1, "question": "q", "final_answer": ["2"], "context": null}"#),
    (.svamp, #"{"ID": "c-1", "Body": "b", "Question": "q", "Answer": 3.0}"#),
    (.cmath, #"{"question": "q", "golden": "5", "grade": 2}"#),
    (.mgsm, #"{"messages": [{"role": "user", "content": "q"}], "answer": "18"}"#),
    (.aqua, #"{"question": "q", "options": ["A)1", "B)2"], "correct": "B"}"#),
    (
      .humanEval,
      #"{"task_id": "H/1", "prompt": "def f():\n", "entry_point": "f", "test": "t", "canonical_solution": " pass"}"#
    ),
    (.mbpp, #"{"text": "t", "test_list": ["assert f()"], "code": "c", "task_id": 2}"#),
    (
      .codeContests,
      #"{"id": 1, "content": "c", "labels": "{}", "test": "[{\"input\": {\"stdin\": \"1\"}, \"output\": {\"stdout\": \"2\"}}]"}"#
    ),
    (.arc, #"{"question": "q", "choices": {"text": ["x", "y"], "label": ["A", "B"]}, "answerKey": "B"}"#),
    (.mmlu, #"{"question": "q", "choices": ["x", "y"], "answer": 1}"#),
    (
      .commonsenseQA,
      #"{"question": {"stem": "q", "choices": [{"label": "A", "text": "x"}, {"label": "B", "text": "y"}]}, "answerKey": "A"}"#
    ),
    (.bbh, #"{"input": "q", "target": "yes"}"#),
    (.drop, #"{"context": "c", "ref_text": "1|one"}"#),
    (.ifeval, #"{"key": 1, "prompt": "p", "instruction_id_list": ["x"], "kwargs": [{}]}"#),
    (.strategyQA, #"{"input": "q", "target_scores": {"Yes": 1, "No": 0}}"#),
    (.exact, #"{"question": "q", "answer": "yajo"}"#),
    (.reasoningGym, #"{"id": "a", "question": "q", "answer": "3", "scoring": "math"}"#),
    (
      .verl,
      #"{"prompt": [{"role": "user", "content": "q"}], "reward_model": {"ground_truth": "4"}, "data_source": "d"}"#
    ),
    (.trl, #"{"prompt": "p", "solution": "\\boxed{3}"}"#),
    (.messages, #"{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}"#),
  ]

  @Test(arguments: rows) func aFormatIsToldByItsColumns(_ format: DataFormat, _ row: String) throws {
    let path = try file(row + "\n")
    let found = try DataFile.read(path, .detected)
    #expect(found.format == format && found.items.count == 1 && found.rejected.isEmpty)
    #expect(found == (try DataFile.read(path, .format(format))))
  }

  @Test func otherLanguagesAndUnknownColumnsAreNamed() throws {
    let swift = try file(#"{"language": "swift", "prompt": "p", "test": "t", "name": "n"}"#)
    let language = try #require(throws: TaskFileError.self) { try DataFile.read(swift, .detected) }
    #expect(language.field == "language" && language.line == 1 && language.expected.contains("python"))
    let odd = try file(#"{"foo": 1, "bar": 2}"#)
    let columns = try #require(throws: TaskFileError.self) { try DataFile.read(odd, .detected) }
    #expect(columns.found == "the columns foo, bar" && columns.expected.contains("prompt=question"))
    let parquet = try file("PAR1\u{15}\u{4}PAR1", "x.parquet")
    let binary = try #require(throws: TaskFileError.self) { try DataFile.read(parquet, .detected) }
    #expect(binary.found.contains("parquet") && binary.expected.contains("read_parquet"))
  }

  @Test func columnsCanBeMapped() throws {
    let mapping = try ColumnMapping(parsing: "prompt=q, reference=a.value,domain=science,choices=options,id=n")
    let path = try file(#"{"n": 7, "q": "which?", "a": {"value": "B"}, "options": ["x", "y"], "more": true}"#)
    let item = try #require(try DataFile.read(path, .columns(mapping), source: "s").items.first)
    #expect(item.id == "7" && item.prompt == "which?" && item.reference == "B" && item.verifier == "science")
    #expect(item.fields["choices"]?.array?.count == 2 && item.fields["more"] == true)
    for (text, found) in [
      ("prompt=q", "no domain=…"), ("domain=math", "no prompt=…"), ("prompt=q,domain=maths", "domain=maths"),
      ("prompt", "\"prompt\""), ("prompt=q,prompt=r,domain=math", "two prompt"), ("prompt=q,,domain=math", "\"\""),
    ] {
      let error = try #require(throws: TaskFileError.self) { try ColumnMapping(parsing: text) }
      #expect(error.found == found, "\(text)")
    }
    let near = try #require(throws: TaskFileError.self) { try ColumnMapping(parsing: "prompt=q,domain=maths") }
    #expect(near.expected.contains("did you mean \"math\"?"))
  }

  @Test func demonstrationsBecomeOneItemATurn() throws {
    let row = """
      {"id": "c", "tools": [{"name": "get"}], "messages": [{"role": "system", "content": "s"}, \
      {"role": "user", "content": [{"type": "text", "text": "a?"}]}, {"role": "assistant", "content": null, \
      "tool_calls": [{"id": "1", "type": "function", "function": {"name": "get", "arguments": "{\\"key\\": \\"a\\"}"}}]}, \
      {"role": "tool", "tool_call_id": "1", "content": "7"}, \
      {"role": "assistant", "content": "<judge>x</judge><think_off><answer>It is 7.</answer>"}]}
      """
    let items = try DataFile.read(try file(row), .detected, source: "s").items
    #expect(items.map(\.id) == ["s/c/2", "s/c/4"])
    let call = ToolCall(name: "get", arguments: JSONObject([("key", "a")])).text
    #expect(items[0].reference == .string(call) && items[1].reference == "It is 7.")
    #expect(items[0].messages == [ChatMessage(.system, "s"), ChatMessage(.user, "a?")])
    #expect(items[1].messages.suffix(2) == [ChatMessage(.assistant, call), ChatMessage(.tool, "7")])
    #expect(items.allSatisfy { $0.verifier == "tool" && $0.prompt == "a?" && $0.fields["tools"] != nil })
    // The same conversation as a task row: the assistant's last turn is what is to be written.
    let task = row.replacing("{\"id\"", with: "{\"domain\": \"general\", \"reference\": \"7\", \"id\"")
    let item = try #require(try TaskFile.read(try file(task)).first)
    #expect(item.messages == items[1].messages && item.prompt == "a?")
    // And back.
    let path = folder + "/back.jsonl"
    try TaskFile.write(items, to: path)
    #expect(try TaskFile.read(path) == items)
  }

  @Test(arguments: [
    (#"[{"role": "usr", "content": "x"}]"#, "messages[0].role", "did you mean \"user\"?"),
    (#"[{"role": "user", "content": 3}]"#, "messages[0].content", "a text"),
    (#"[{"role": "user", "content": ""}]"#, "messages[0].content", "the text"),
    (#"[{"role": "user", "content": [{"type": "image"}]}]"#, "messages[0].content", "texts only"),
    (#"[{"role": "assistant", "content": "x"}]"#, "messages", "user's message"),
    (#"["x"]"#, "messages[0]", "a message"),
    (
      #"[{"role": "assistant", "tool_calls": [{"function": {"arguments": "{}"}}]}]"#, "messages[0].tool_calls[0].name",
      "the name"
    ),
    (
      #"[{"role": "assistant", "tool_calls": [{"name": "f", "arguments": "{"}]}]"#,
      "messages[0].tool_calls[0].arguments", "an object"
    ),
  ]) func wrongConversationsNameThePlace(_ messages: String, _ field: String, _ expected: String) throws {
    let path = try file(#"{"domain": "general", "reference": "x", "messages": \#(messages)}"#)
    let error = try #require(throws: TaskFileError.self) { try TaskFile.read(path) }
    #expect(error.field == field && error.line == 1 && error.expected.contains(expected), "\(error)")
  }

  @Test func promptsForGeneration() throws {
    let path = try file(
      """
      {"prompt": "a"}
      {"id": "x", "messages": [{"role": "user", "content": "b"}, {"role": "assistant", "content": ""}]}
      {"id": 9, "prompt": [{"role": "system", "content": "s"}, {"role": "user", "content": "c"}], "domain": "math"}
      """)
    let rows = try PromptFile(path).rows
    #expect(rows.map(\.id) == [1, "x", 9])
    #expect(rows.map { $0.conversation.map(\.content) } == [["a"], ["b"], ["s", "c"]])
    for (row, field) in [
      (#"{"text": "a"}"#, "prompt"), (#"{"prompt": ""}"#, "prompt"), (#"{"id": [], "prompt": "a"}"#, "id"),
    ] {
      let error = try #require(throws: TaskFileError.self) { try PromptFile(try file("{\"prompt\": \"x\"}\n" + row)) }
      #expect(error.field == field && error.line == 2)
    }
  }

  @Test func referencesAreCheckedByTheirVerifier() throws {
    let items = [
      TaskItem(id: "a", prompt: "?", domain: .math, verifier: "math", reference: "1/2"),
      TaskItem(id: "b", prompt: "?", domain: .math, verifier: "math", reference: ["3", "x ]["]),
      TaskItem(id: "c", prompt: "?", domain: .math, verifier: "math"),
    ]
    let check = ReferenceCheck(items, verifier: MathVerifier())
    #expect(check.passed == 2 && check.withoutAnswer == 1)
    #expect(check.findings.map(\.id) == ["b"] && "\(check.findings[0])".contains("x ]["))
    let code = TaskItem(
      id: "d", prompt: "?", domain: .code, verifier: "code",
      fields: JSONObject([("solution", "x = 1"), ("tests", [:])]))
    #expect(ReferenceCheck.answers(of: code) == ["x = 1"])
  }
}
