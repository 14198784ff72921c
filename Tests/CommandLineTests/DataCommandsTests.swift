import Foundation
import StrictJSON
import Testing

/// `data convert`, `data stats` and `data check`.
@Suite struct DataCommandsTests {
  private let root: String

  init() throws {
    root = NSTemporaryDirectory() + "step-srpo-data-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  private func write(_ text: String, _ name: String) throws -> String {
    let path = root + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test func rowsAreConvertedOrNamed() throws {
    let path = try write(
      """
      {"question": "1+1?", "answer": "so\\n#### 2"}
      {"question": "2+2?", "answer": "four"}
      {"question": "3+3?", "answer": "so\\n#### 1,006"}
      """, "gsm8k.jsonl")
    let result = try ProgramRunner.run(["data", "convert", path])
    #expect(result.code == 0 && result.error.contains("gsm8k.jsonl:2: field \"answer\""))
    #expect(result.error.contains("as gsm8k: 2 items, 1 rows left out"))
    let rows = try result.lines.map { try JSON.parse(String($0)) }
    #expect(rows.map { $0["reference"]?.string } == ["2", "1006"] && rows[0]["domain"] == "math")
    // What was written is a task file, plain or packed.
    let out = root + "/tasks.jsonl"
    #expect(try ProgramRunner.run(["data", "convert", path, "--out", out, "--source", "mine"]).code == 0)
    let check = try ProgramRunner.run(["data", "check", out, "--json"])
    #expect(check.code == 0)
    let found = try JSON.parse(check.out)
    #expect(found["items"]?.int == 2 && found["passed"]?.int == 2 && found["failed"]?.int == 0)
    let stats = try ProgramRunner.run(["data", "stats", out, "--json"])
    #expect(try JSON.parse(stats.out)["domains"]?["math"]?.int == 2)
    let twice = try ProgramRunner.run(["data", "convert", path, path])
    #expect(twice.code == 2 && twice.error.contains("--source"))
  }

  @Test func aReferenceThatItsVerifierRefusesIsAFailure() throws {
    let path = try write(
      #"{"id": "x", "prompt": "?", "domain": "math", "reference": "1 ]["}"# + "\n"
        + #"{"id": "y", "prompt": "?", "domain": "math", "reference": "5"}"# + "\n", "t.jsonl")
    let result = try ProgramRunner.run(["data", "check", path])
    #expect(result.code == 1 && result.error.contains("x: the reference \"1 ][\" gives"), "\(result.error)")
    #expect(result.out.contains("task") && result.lines.count == 2)
  }

  @Test func mistakes() throws {
    let path = try write("PAR1xxxx", "x.parquet")
    for command in ["convert", "stats", "check"] {
      let result = try ProgramRunner.run(["data", command, path])
      #expect(result.code == 2 && result.error.contains("parquet"), "\(command)")
    }
    let odd = try write("{\"foo\": 1}\n", "odd.jsonl")
    let unknown = try ProgramRunner.run(["data", "convert", odd])
    #expect(unknown.code == 2 && unknown.error.contains("the columns foo"))
    let columns = try ProgramRunner.run(["data", "convert", odd, "--columns", "prompt=bar,domain=math"])
    #expect(columns.code == 2 && columns.error.contains("field \"bar\""))
    #expect(try ProgramRunner.run(["data", "check"]).code == 2)
  }
}
