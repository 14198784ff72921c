import Foundation
import StrictJSON
import Testing

@testable import Verifiers

/// A verdict is a function of its own row: neither the rows beside it, nor their order, nor what was judged before changes it.
@Suite(.serialized) struct NeighbourTests {
  /// Rows that are easily taken for each other: neighbouring integers beyond doubles, one accent in two spellings, numbers
  /// and their texts.
  static func mathRows() -> [VerifyRequest] {
    let references: [JSON] = [
      .number(JSONNumber(text: "9007199254740993")), .number(JSONNumber(text: "9007199254740992")),
      "9007199254740993", "9007199254740992", .number(JSONNumber(text: "1.0")), 1, "1", ["1", 2], [1, 2],
      .number(JSONNumber(text: "0.1")), .number(JSONNumber(text: "0.10000000000000001")), "\\frac{1}{10}",
    ]
    let answers = ["9007199254740993", "9007199254740992", "1", "2", "0.1", "0.10000000000000001"]
    return references.flatMap { reference in
      answers.map { VerifyRequest(id: "", response: "\\boxed{\($0)}", reference: reference) }
    }
  }

  static func generalRows() -> [VerifyRequest] {
    let texts = ["caf\u{E9}", "cafe\u{301}", "cafe", "Ann", "ann", "Ann("]
    return texts.flatMap { reference in
      texts.map { VerifyRequest(id: "", response: $0, reference: .string(reference)) }
    }
  }

  static func scienceRows() -> [VerifyRequest] {
    ["A", "B", "C", 0, 1].flatMap { (reference: JSON) in
      ["Answer: A", "Answer: B", "\\boxed{C}"].map {
        VerifyRequest(
          id: "", response: $0, reference: reference, fields: JSONObject([("choices", ["x", "y", "z"])]))
      }
    }
  }

  static func codeRows() -> [VerifyRequest] {
    func row(_ value: String, _ expected: JSON) -> VerifyRequest {
      VerifyRequest(
        id: "", response: "```python\ndef f():\n    return \(value)\n```",
        fields: JSONObject([
          ("tests", ["kind": "call", "entry_point": "f", "cases": [["args": [], "expected": expected]]])
        ]))
    }
    let large = JSON.number(JSONNumber(text: "9007199254740993"))
    let less = JSON.number(JSONNumber(text: "9007199254740992"))
    return [
      row("9007199254740993", large), row("9007199254740993", less), row("9007199254740992", large),
      row("'\u{E9}'", "\u{E9}"), row("'e\u{301}'", "\u{E9}"), row("'\u{E9}'", "e\u{301}"),
      row("'e\u{301}'", "e\u{301}"),
      row("1", 1), row("1", "1"), row("'1'", "1"),
    ]
  }

  static func toolRows() -> [VerifyRequest] {
    let calls = ["9007199254740993", "9007199254740992", "\"\u{E9}\"", "\"e\u{301}\""].map {
      "<tool_call>{\"name\": \"get\", \"arguments\": {\"key\": \($0)}}</tool_call>"
    }
    return calls.flatMap { reference in
      calls.map { VerifyRequest(id: "", response: $0, reference: .string(reference)) }
    }
  }

  /// Asks a fresh verifier for every row by itself, and one verifier for the rows in random order and batches.
  private func check(_ rows: [VerifyRequest], rounds: Int, _ fresh: () throws -> any Verifier) rethrows {
    let alone = try rows.map { try fresh().verify([$0])[0].score }
    let shared = try fresh()
    var generator = SeededGenerator(state: UInt64(rows.count))
    for _ in 0..<rounds {
      var order = Array(rows.indices).shuffled(using: &generator)
      while !order.isEmpty {
        let batch = Array(order.prefix(Int.random(in: 1...7, using: &generator)))
        order.removeFirst(batch.count)
        for (place, verdict) in zip(batch, shared.verify(batch.map { rows[$0] })) {
          #expect(verdict.score == alone[place], "\(rows[place].response) against \(rows[place].reference.text())")
        }
      }
    }
  }

  @Test func mathJudgesEachRowByItself() {
    let rows = Self.mathRows()
    check(rows, rounds: 40) { MathVerifier() }
    // And the neighbours are told apart: each large integer equals its own reference alone.
    let verdicts = MathVerifier().verify(Array(rows.prefix(24)))
    #expect(
      verdicts.map { $0.score == 1 }
        == (0..<24).map { place in
          place % 12 == 0 || place % 12 == 7
        })
  }

  @Test func generalJudgesEachRowByItself() { check(Self.generalRows(), rounds: 20) { GeneralVerifier() } }

  @Test func scienceJudgesEachRowByItself() { check(Self.scienceRows(), rounds: 20) { ScienceVerifier() } }

  @Test func toolJudgesEachRowByItself() {
    check(Self.toolRows(), rounds: 20) { ToolVerifier() }
    let verdicts = ToolVerifier().verify(Self.toolRows())
    #expect(verdicts.map { $0.score == 1 } == (0..<16).map { $0 % 5 == 0 })
  }

  @Test(.enabled(if: (try? CodeVerifier.availability()) != nil, "no sandbox can be made here"))
  func codeJudgesEachRowByItself() {
    check(Self.codeRows(), rounds: 3) { CodeVerifier(settings: .init(maximumProcesses: 1)) }
    let scores = CodeVerifier(settings: .init(maximumProcesses: 1)).verify(Self.codeRows()).map(\.score)
    #expect(scores == [1, 0, 0, 1, 0, 0, 1, 1, 0, 1])
  }

  /// A plug-in that tells a request by its bytes: 1 where the response is the reference to the byte.
  @Test func plugInsJudgeEachRowByItself() throws {
    let bench = PluginBench()
    let folder = bench.root.appending(path: "bytes")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(
      """
      import json, sys
      print(json.dumps({"v": 1, "ready": True, "name": "bytes"}), flush=True)
      for line in sys.stdin:
          r = json.loads(line)
          print(json.dumps({"id": r["id"], "score": 1 if r["response"] == str(r["gold"]) else 0}), flush=True)

      """.utf8
    ).write(to: folder.appending(path: "verifier.py"))
    try Data(
      #"{"name": "bytes", "command": ["python3", "verifier.py"], "sandbox": false, "tests": ""}"#.utf8
    ).write(to: folder.appending(path: "verifier.json"))
    let verifier = try PluginVerifier(folder: folder)
    let texts = ["\u{E9}", "e\u{301}", "9007199254740993", "9007199254740992"]
    let rows = texts.flatMap { reference in
      texts.map { VerifyRequest(id: "", response: $0, reference: .string(reference)) }
    }
    var generator = SeededGenerator(state: 3)
    for _ in 0..<10 {
      for place in rows.indices.shuffled(using: &generator) {
        #expect(verifier.verify([rows[place]])[0].score == (place % 5 == 0 ? 1 : 0))
      }
    }
  }
}

/// Random numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
