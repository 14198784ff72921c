import Foundation
import StrictJSON
import Testing

@testable import step_srpo

/// `generate` and `chat` as a user meets them.
@Suite struct GenerateCommandTests {
  private let root: String
  private let checkpoint = TinyCheckpoint.folder

  init() throws {
    root = NSTemporaryDirectory() + "step-srpo-generate-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  private func write(_ text: String, _ name: String) throws -> String {
    let path = root + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func read(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }

  @Test func aPromptIsAnswered() throws {
    let text = try ProgramRunner.run(["generate", checkpoint, "--prompt", "b?"])
    #expect(text.code == 0 && text.out == "<judge>hard</judge><think_on><think>so</think><answer>two</answer>\n")
    let json = try ProgramRunner.run(["generate", checkpoint, "--prompt", "a?", "--prompt", "b?", "--json"])
    let lines = try json.lines.map { try JSON.parse(String($0)) }
    #expect(lines.map { $0["answer"]?.string } == ["one", "two"] && lines.map { $0["id"]?.int } == [1, 2])
    #expect(lines[0]["think"]?.isNull == true && lines[1]["think"] == "so" && lines[0]["judge"] == "easy")
    #expect(lines[0]["mode"] == "off" && lines[0]["valid"] == true && lines[0]["tokens"]?.int == 12)
    #expect((lines[0]["think_on_probability"]?.double ?? 1) < 0.5)
  }

  @Test func rowsKeepTheirOrderAndAStoppedCallContinues() throws {
    let rows = (0..<70).map { "{\"id\": \"r\($0)\", \"prompt\": \"\($0 % 3 == 0 ? "a?" : "b?")\"}\n" }
    let input = try write(rows.joined(), "in.jsonl")
    let out = root + "/out.jsonl"
    let words = ["generate", checkpoint, "--input", input, "--temperature", "1"]
    let whole = try ProgramRunner.run(words + ["--threads", "1"])
    #expect(whole.code == 0 && whole.lines.count == 70)
    #expect(try whole.lines.map { try JSON.parse(String($0))["id"]?.string } == (0..<70).map { "r\($0)" })
    // A call that was killed in the middle of a line.
    let begun = whole.lines.prefix(23).joined(separator: "\n") + "\n" + whole.lines[23].prefix(17)
    _ = try write(begun, "out.jsonl")
    let rest = try ProgramRunner.run(words + ["--output", out])
    #expect(rest.code == 0 && rest.out.isEmpty && rest.error.contains("23 of 70 responses are there already"))
    #expect(try read(out) == whole.out)
    let nothing = try ProgramRunner.run(words + ["--output", out])
    #expect(try read(out) == whole.out && nothing.code == 0)
    let piped = try ProgramRunner.run(
      ["generate", checkpoint, "--input", "-", "--temperature", "1"], input: rows.joined())
    #expect(piped.out == whole.out)
  }

  /// The store answers the policy's calls; a policy that only calls is stopped.
  @Test func aPolicyMayCallTheStore() throws {
    let words = ["chat", TinyCheckpoint.caller, "--thought", "hide", "--tool", "store"]
    let served = try ProgramRunner.run(words, input: "c?\n")
    #expect(served.code == 0, "\(served.error)")
    #expect(served.out == "[think-off] set k 7\n[store] ok\n[think-off] done\n")
    let endless = try ProgramRunner.run(words, input: "d?\nc?\n")
    #expect(endless.lines.filter { $0 == "[store] none" }.count == 4, "\(endless.out)")
    #expect(endless.error.contains("4 calls without a reply; your words are forgotten"))
    #expect(endless.out.hasSuffix("[store] ok\n[think-off] done\n"), "what was forgotten disturbs nothing")
    let without = try ProgramRunner.run(["chat", TinyCheckpoint.caller, "--thought", "hide"], input: "d?\n")
    #expect(without.out == "[think-off] get z\n", "without the tool its call is a reply")
  }

  @Test func mistakes() throws {
    let input = try write("{\"prompt\": \"a?\"}\n{\"text\": \"b?\"}\n", "bad.jsonl")
    let bad = try ProgramRunner.run(["generate", checkpoint, "--input", input])
    #expect(bad.code == 2 && bad.error.contains("bad.jsonl:2") && bad.error.contains("field \"prompt\""))
    let good = try write("{\"id\": 1, \"prompt\": \"a?\"}\n", "good.jsonl")
    let foreign = try write("{\"id\": 2, \"answer\": \"x\"}\n", "foreign.jsonl")
    let other = try ProgramRunner.run(["generate", checkpoint, "--input", good, "--output", foreign])
    #expect(other.code == 2 && other.error.contains("another input"), "\(other.error)")
    #expect(try read(foreign).contains("\"x\""))
    for words in [[], ["--prompt", "a?", "--input", good], ["--prompt", "a?", "--output", root + "/x"]] {
      #expect(try ProgramRunner.run(["generate", checkpoint] + words).code == 2)
    }
    let long = try ProgramRunner.run(["generate", checkpoint, "--prompt", String(repeating: "x", count: 200)])
    #expect(long.code == 2 && long.error.contains("no room for a response"))
  }

  @Test func aPipedConversation() throws {
    let talk = """
      a?
      /reset
      b?
      /reset
      /on
      /thoght
      /thought
      b?
      /reset
      /off a?
      /reset

      /quit
      never reached
      """
    let result = try ProgramRunner.run(["chat", checkpoint], input: talk)
    #expect(result.code == 0, "\(result.error)")
    #expect(result.out.hasPrefix("[think-off] one\n"))
    #expect(result.out.contains("mode on from now on\n"))
    #expect(result.out.contains("there is no /thoght; did you mean /thought?"))
    #expect(result.out.contains("rationale and thought are shown\n"))
    #expect(result.out.contains("judge    ") && result.out.contains("the conversation is forgotten\n"))
    #expect(!result.out.contains("never reached") && !result.out.contains("\u{1B}"))
    // The mode of the fourth reply is its own, whatever the turns before.
    let gates = result.out.split(separator: "\n").filter { $0.contains("[think-") }
    #expect(gates.count == 4 && gates[2].contains("[think-on]") && gates[3].contains("[think-off]"))
    #expect(try ProgramRunner.run(["chat", checkpoint], input: "").code == 0)
    let first = try ProgramRunner.run(["chat", checkpoint, "--mode", "on", "--thought", "show"], input: "b?")
    #expect(first.out == "judge    hard\n[think-on]\nthought  so\ntwo\n")
  }

  @Test func whatAUserTypes() {
    #expect(ChatInput("  hello /on ") == .words("hello /on", mode: nil))
    #expect(ChatInput("/on") == .mode(.on) && ChatInput("/off why?") == .words("why?", mode: .off))
    #expect(ChatInput("/exit") == .quit && ChatInput("") == .empty && ChatInput("/help") == .help)
    #expect(ChatInput("/autoo") == .unknown("/autoo", nearest: "/auto"))
    #expect(ChatInput("/") == .unknown("/", nearest: nil))
  }
}
