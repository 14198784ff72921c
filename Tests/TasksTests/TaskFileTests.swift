import AutoThink
import Foundation
import StrictJSON
import Testing

@testable import Tasks

/// A folder that goes away with its test.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("tasks-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ text: String, name: String = "rows.jsonl") throws -> String {
    let file = path + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }
}

@Suite struct TaskFileTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test func aRowIsRead() throws {
    let path = try folder.file(
      """
      {"id": "a", "prompt": "2+2?", "domain": "math", "verifier": "math", "reference": 4, "difficulty": 0.25, "source": "s", "mode": "off", "choices": ["x"], "seen": null}

      {"id": 7, "prompt": "Who?", "domain": "general", "reference": ["Ann", "Anna"]}

      """)
    let items = try TaskFile.read(path)
    #expect(items.count == 2)
    #expect(
      items[0]
        == TaskItem(
          id: "a", prompt: "2+2?", domain: .math, verifier: "math", reference: 4, difficulty: 0.25, source: "s",
          mode: .off, fields: JSONObject([("choices", ["x"]), ("seen", .null)])))
    #expect(items[1].id == "7")
    #expect(items[1].verifier == "general")
    #expect(items[1].reference == ["Ann", "Anna"])
  }

  @Test func conversationsGiveTheirLastUserMessage() throws {
    let path = try folder.file(
      """
      {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}], "verifier": "science"}
      {"prompt": [{"role": "user", "content": [{"type": "text", "text": "d"}, {"type": "text", "text": "e"}]}], "domain": "code"}
      """)
    let items = try TaskFile.read(path)
    #expect(items.map(\.prompt) == ["c", "de"])
    #expect(items.map(\.id) == ["rows.jsonl:1", "rows.jsonl:2"])
    #expect(items[0].domain == .science)
    #expect(items[0].messages.map(\.content) == ["a", "b", "c"] && items[1].messages.isEmpty)
  }

  static let wrong: [(String, Int?, String?, String)] = [
    ("{\"prompt\": \"a\"}", 1, "domain", "expected one of math, code, science, general"),
    ("{\"prompt\": \"a\", \"domain\": \"maths\"}", 1, "domain", "did you mean \"math\"?"),
    ("{\"prompt\": \"a\", \"verifier\": \"mine\"}", 1, "domain", "found nothing"),
    ("{\"domain\": \"math\"}", 1, "prompt", "\"messages\""),
    ("{\"prompt\": 4, \"domain\": \"math\"}", 1, "prompt", "found a number"),
    ("{\"prompt\": \"\", \"domain\": \"math\"}", 1, "prompt", "an empty string"),
    (
      "{\"messages\": [{\"role\": \"system\", \"content\": \"x\"}], \"domain\": \"math\"}", 1, "messages",
      "role \"user\""
    ),
    ("{\"messages\": \"x\", \"domain\": \"math\"}", 1, "messages", "found a string"),
    ("{\"messages\": [{\"role\": \"user\"}], \"domain\": \"math\"}", 1, "messages[0].content", "found nothing"),
    ("\n{\"prompt\": \"a\", \"domain\": \"math\", \"difficulty\": 3}", 2, "difficulty", "from 0 (easiest) to 1"),
    ("{\"prompt\": \"a\", \"domain\": \"math\", \"mode\": \"maybe\"}", 1, "mode", "\"on\" or \"off\""),
    ("{\"prompt\": \"a\", \"domain\": \"math\", \"id\": \"\"}", 1, "id", "empty"),
    ("{\"prompt\": \"a\", \"domain\": \"math\", \"id\": {}}", 1, "id", "an object"),
    ("{\"prompt\": \"a\", \"domain\": \"math\", \"source\": []}", 1, "source", "expected a string"),
    ("{\"prompt\": \"a\", \"domain\": \"math\"}\n{\"prompt\": \"a\",", 2, nil, "malformed JSON at column"),
    ("{\"prompt\": \"a\", \"domain\": \"math\"}\n[1]", 2, nil, "found an array"),
    ("", nil, nil, "no row"),
    ("[1, 2]", 1, nil, "found a number"),
  ]

  @Test(arguments: wrong) func errorsNameTheirPlace(text: String, line: Int?, field: String?, message: String) throws {
    let path = try folder.file(text)
    let error = try #require(throws: TaskFileError.self) { try TaskFile.read(path) }
    #expect(error.file == path)
    #expect(error.line == line)
    #expect(error.field == field)
    #expect(error.description.contains(message), "\(error)")
    #expect(error.description.hasPrefix(line.map { "\(path):\($0): " } ?? "\(path): "))
  }

  @Test func aSecondRowOfTheSameIdIsAnError() throws {
    let row = "{\"id\": \"x\", \"prompt\": \"a\", \"domain\": \"math\"}\n"
    let path = try folder.file(row + "\n" + row)
    let error = try #require(throws: TaskFileError.self) { try TaskFile.read(path) }
    #expect(error.line == 3)
    #expect(error.field == "id")
    #expect(error.found.contains("line 1"))
    let other = try folder.file(row, name: "other.jsonl")
    let first = try folder.file(row, name: "first.jsonl")
    let shared = try #require(throws: TaskFileError.self) { try TaskFile.read([first, other]) }
    #expect(shared.file == other && shared.line == 1)
    #expect(shared.found.contains("first.jsonl:1"))
  }

  @Test func rowsWithoutIdsAreNamedByFileAndLine() throws {
    let row = "{\"prompt\": \"a\", \"domain\": \"math\"}\n"
    let first = try folder.file(row + row, name: "first.jsonl")
    let second = try folder.file("\n" + row, name: "second.jsonl")
    #expect(
      try TaskFile.read([first, second]).map(\.id) == ["first.jsonl:1", "first.jsonl:2", "second.jsonl:2"])
    // The same file twice is the same rows twice.
    #expect(throws: TaskFileError.self) { try TaskFile.read([first, first]) }
    #expect(
      TaskFile.distinctNames(of: ["a/train.jsonl", "b/train.jsonl", "c.jsonl"]) == [
        "a/train.jsonl", "b/train.jsonl", "c.jsonl",
      ])
    #expect(TaskFile.distinctNames(of: ["/x/a/t.jsonl", "/y/a/t.jsonl"]) == ["x/a/t.jsonl", "y/a/t.jsonl"])
  }

  /// Ids are told apart by their bytes: an accent as one scalar or two is not the same name.
  @Test func canonicallyEqualIdsAreTwoIds() throws {
    let rows = ["\u{E9}", "e\u{301}"].map { "{\"id\": \"\($0)\", \"prompt\": \"a\", \"domain\": \"math\"}" }
    #expect(try TaskFile.read(try folder.file(rows.joined(separator: "\n"))).count == 2)
  }

  @Test func aMissingFileIsNamed() throws {
    let error = try #require(throws: TaskFileError.self) { try TaskFile.read(folder.path + "/none.jsonl") }
    #expect(error.found == "no such file or directory")
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let primer = try Primer()
    var items = try primer.items(.test, perCell: 3)
    items[0].mode = .on
    items[1].reference = ["a", 2]
    let path = folder.path + "/primer.jsonl"
    try TaskFile.write(items, to: path)
    #expect(try TaskFile.read(path) == items)
    let error = try #require(throws: TaskFileError.self) { try TaskFile.write(items, to: folder.path + "/no/x.jsonl") }
    #expect(error.file.hasSuffix("/no/x.jsonl"))
  }

  @Test func whatIsNoFileIsRefusedAtOnce() throws {
    let pipe = folder.path + "/pipe.jsonl"
    #expect(mkfifo(pipe, 0o644) == 0)
    for (path, found) in [(pipe, "a named pipe"), (folder.path, "a folder"), ("/dev/zero", "a device")] {
      #expect(try #require(throws: TaskFileError.self) { try TaskFile.read(path) }.found == found)
      #expect(try #require(throws: TaskFileError.self) { try PromptFile(path) }.found == found)
    }
  }

  @Test func rowsComeWithTheirLines() throws {
    let row = "{\"prompt\": \"a\", \"domain\": \"math\"}\n"
    #expect(try TaskFile.rows(of: [folder.file("\n" + row + "\n\n" + row)]).map(\.line) == [2, 5])
  }

  /// A few hundred kilobytes of zeros that unpack to as many megabytes.
  @Test func aFileThatIsMadeToFillMemoryIsRefused() throws {
    let path = folder.path + "/bomb.jsonl.gz"
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", "head -c 200000000 /dev/zero | gzip -1 > \(path)"]
    try shell.run()
    shell.waitUntilExit()
    let error = try #require(throws: TaskFileError.self) { try TaskFile.read(path) }
    #expect(error.found.contains("unpack to more than") && error.expected.contains("a hundred times"), "\(error)")
    // What shrinks as texts do is read, however large.
    let rows = (0..<30_000).map { "{\"id\": \"\($0)\", \"prompt\": \"\($0 * 7919) + 1?\", \"domain\": \"math\"}" }
    let plain = try folder.file(rows.joined(separator: "\n"), name: "plain.jsonl")
    shell.waitUntilExit()
    let pack = Process()
    pack.executableURL = URL(fileURLWithPath: "/bin/sh")
    pack.arguments = ["-c", "gzip -9 \(plain)"]
    try pack.run()
    pack.waitUntilExit()
    #expect(try TaskFile.read(plain + ".gz").count == 30_000)
  }

  @Test func gzipIsUnpackedAndDamageIsNamed() throws {
    let path = try folder.file("{\"prompt\": \"a\", \"domain\": \"math\"}\n")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", path]
    try process.run()
    process.waitUntilExit()
    #expect(try TaskFile.read(path + ".gz").map(\.prompt) == ["a"])
    let whole = try Data(contentsOf: URL(fileURLWithPath: path + ".gz"))
    try whole.prefix(25).write(to: URL(fileURLWithPath: path + ".gz"))
    let error = try #require(throws: TaskFileError.self) { try TaskFile.read(path + ".gz") }
    #expect(error.found.contains("gzip"))
  }

  /// Rows of arbitrary bytes and of arbitrary JSON are read or refused, never worse.
  @Test func hostileRowsNeverTrap() throws {
    var state: UInt64 = 5
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let values = [
      "1e999", "-0", "\"\"", "\"\\u0000\"", "[]", "[[]]", "{}", "null", "true", "\"a\"", "99999999999999999999",
    ]
    let keys = [
      "id", "prompt", "messages", "domain", "verifier", "difficulty", "mode", "question", "answer", "choices",
    ]
    for round in 0..<150 {
      let row = (0..<next(8)).map { _ in keys[next(keys.count)] }.map { "\"\($0)\": \(values[next(values.count)])" }
      var text = "{" + row.joined(separator: ", ") + "}"
      if round % 5 == 0 { text = String(decoding: (0..<next(40)).map { _ in UInt8(next(256)) }, as: UTF8.self) }
      let path = try folder.file(text)
      do { _ = try TaskFile.read(path) } catch { #expect(error is TaskFileError) }
      for format in DataFormat.allCases {
        do { _ = try DataFile.read(path, as: format) } catch { #expect(error is TaskFileError) }
      }
    }
  }
}
