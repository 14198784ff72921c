import Foundation
import Testing

/// What cannot work is refused before anything is made: exit code 2, the key or the file, and no folder.
@Suite struct RefusalTests {
  private let tiny: TinyRun
  private var root: String { tiny.root }

  init() throws { tiny = try TinyRun(steps: 4) }

  private func folders() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root).filter { $0 != "tiny.json" && !$0.hasSuffix(".jsonl") }
  }

  @Test(arguments: [
    "rollout.queries_per_step=9223372036854775807", "rollout.free_rollouts=9223372036854775807",
    "rollout.minimum_per_mode=9223372036854775807", "rollout.forced_per_mode=9223372036854775807",
    "train.minibatches=9223372036854775807", "rollout.workers=9223372036854775807",
    "cold_start.batch_size=9223372036854775807", "model.hidden_size=9223372036854775807", "tasks.mix.hard_bias=1e308",
    "tasks.level_weights=[1,1e308,0,0,0,0]", "tasks.level_weights=[1e308,1e308]", "rollout.temperature=1e300",
    "rollout.temperature=1e-300", "rollout.temperature=1e400", "rollout.top_p=1e-300", "train.learning_rate=1e999",
    "model.feed_forward_size=100000000000", "model.layers=100000000", "evaluation.temperature=1e300",
  ]) func endsOfRangesAreRefusedByTheirKey(setting: String) throws {
    let key = String(setting.prefix { $0 != "=" })
    let result = try tiny.run("x", [setting])
    #expect(result.code == 2 && result.error.contains("--set \(setting): \(key)"), "\(result.error)")
    #expect(result.error.contains("expected") && result.out.isEmpty)
    #expect(try folders().isEmpty)
  }

  @Test func aPolicyBeyondTheMachineIsRefused() throws {
    let settings = ["model.hidden_size=131072", "model.layers=1024", "model.heads=1024", "model.key_value_heads=1024"]
    for words in [[], ["--dry-run"]] {
      let result = try ProgramRunner.run(
        ["run", tiny.config, "--name", "x"] + words + settings.flatMap { ["--set", $0] })
      #expect(result.code == 2 && result.error.contains("model.hidden_size, model.layers"), "\(result.error)")
      #expect(result.error.contains("iB of memory") && result.error.contains("Lower these keys"))
    }
    let small = try tiny.run("x", ["limits.memory_megabytes=50"])
    #expect(small.code == 2 && small.error.contains("limits.memory_megabytes allows 47.7 MiB"), "\(small.error)")
    #expect(try folders().isEmpty)
  }

  private func rows(_ name: String, _ prompts: [String]) throws -> String {
    let path = "\(root)/\(name).jsonl"
    let text = prompts.enumerated().map {
      "{\"id\": \"r\($0)\", \"prompt\": \"\($1)\", \"domain\": \"math\", \"reference\": 1}\n"
    }
    try text.joined().write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func longPromptsAreRefusedOrLeftOut() throws {
    let path = try rows("pool", ["1?", "2?", String(repeating: "9+", count: 200) + "1?", "3?"])
    let setting = "tasks.train_files=[\"\(path)\"]"
    for words in [[], ["--dry-run"]] {
      let refused = try ProgramRunner.run(["run", tiny.config, "--name", "x", "--set", setting] + words)
      #expect(refused.code == 2 && refused.error.contains("tasks.too_long: 1 of 4 prompts"), "\(refused.error)")
      #expect(refused.error.contains("\(path):3 (\"r2\") with"))
      #expect(try folders().isEmpty)
    }
    let dropped = try tiny.run("dropped", [setting, "tasks.too_long=drop"])
    #expect(dropped.code == 0 && dropped.error.contains("left out    training: 1 of 4 prompts"), "\(dropped.error)")
    let events = try ProgramRunner.run(
      ["query", tiny.path("dropped"), "SELECT count(*) FROM events WHERE kind = 'left out'", "--csv"])
    #expect(events.out.hasSuffix("\n1\n"))
    let asked = try ProgramRunner.run([
      "query", tiny.path("dropped"), "SELECT count(*) FROM queries WHERE id = 'r2'", "--csv",
    ])
    #expect(asked.out.hasSuffix("\n0\n"))
  }

  /// A refusal by the checks leaves the name free, and `--dry-run` makes them all.
  @Test func theChecksComeBeforeTheFolder() throws {
    let path = try rows("own", ["1?", "2?"])
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing("\"domain\"", with: "\"verifier\": \"matth\", \"domain\"").write(
      toFile: path, atomically: true, encoding: .utf8)
    for words in [["--name", "x"], ["--dry-run"]] {
      let refused = try ProgramRunner.run(["run", tiny.config, "--set", "tasks.train_files=[\"\(path)\"]"] + words)
      #expect(refused.code == 2 && refused.error.contains("unknown verifier \"matth\""), "\(refused.error)")
      #expect(try folders().isEmpty)
    }
    let fine = try ProgramRunner.run(["run", tiny.config, "--dry-run"])
    #expect(fine.code == 0 && fine.error.contains("verifier    math:") && fine.out.contains("\"too_long\""))
    #expect(try folders().isEmpty)
    let name = try ProgramRunner.run(["run", tiny.config, "--dry-run", "--name", "a/b"])
    #expect(name.code == 2 && name.error.contains("run name"))
  }

  /// A run that cannot be written at all is none.
  @Test func aRunThatCannotBeWrittenIsNone() throws {
    try "x".write(toFile: root + "/file.jsonl", atomically: true, encoding: .utf8)
    let result = try tiny.run("x", ["runs_folder=\(root)/file.jsonl"])
    #expect(result.code == 1 && result.error.contains("no run \"x\" was made"), "\(result.error)")
    #expect(!result.error.contains("resume"))
  }

  @Test func pipesAndFoldersAreNotWaitedFor() throws {
    let pipe = root + "/pipe.jsonl"
    #expect(mkfifo(pipe, 0o644) == 0)
    for words in [
      ["run", pipe], ["data", "stats", pipe], ["verify", "math", "--input", pipe],
      ["run", tiny.config, "--set", "tasks.train_files=[\"\(pipe)\"]"],
      ["run", tiny.config, "--set", "verification.classifier=\(pipe)"],
      ["generate", root, "--input", pipe, "--prompt", "x"],
    ] {
      let result = try ProgramRunner.run(words)
      #expect(result.code == 2, "\(words): \(result.error)")
    }
    #expect(try ProgramRunner.run(["data", "stats", pipe]).error.contains("found a named pipe"))
    try FileManager.default.createDirectory(atPath: root + "/odd", withIntermediateDirectories: true)
    #expect(mkfifo(root + "/odd/run.sqlite", 0o644) == 0)
    let runs = try ProgramRunner.run(["runs", "--runs", root])
    #expect(runs.code == 1 && runs.error.contains("is a named pipe"), "\(runs.error)")
  }

  @Test func aSecondStatementIsRefused() throws {
    #expect(try tiny.run("a").code == 0)
    let result = try ProgramRunner.run(["query", tiny.path("a"), "SELECT 1; DROP TABLE rollouts"])
    #expect(result.code == 2 && result.error.contains("found \"DROP TABLE rollouts\" after the first statement"))
    #expect(try ProgramRunner.run(["query", tiny.path("a"), "SELECT 1; -- done"]).code == 0)
  }

  /// A checkpoint whose state is damaged says where, and what to do; doing it goes on.
  @Test(arguments: [#"{"step":"x"}"#, "{\"step\": 4,\n \"optim", "[]"]) func aDamagedStateSaysWhatToDo(text: String)
    throws
  {
    #expect(try tiny.run("a", ["train.steps=5"]).code == 0)
    let last = tiny.path("a") + "/checkpoints/step-000004"
    try FileManager.default.removeItem(atPath: tiny.path("a") + "/checkpoints/step-000005")
    try text.write(toFile: last + "/trainer_state.json", atomically: true, encoding: .utf8)
    let compared = try tiny.resume("a")
    #expect(compared.code == 1 && compared.error.contains("\(last)/trainer_state.json: damaged"), "\(compared.error)")
    #expect(compared.error.contains("--from 2"))
    // A checkpoint without a manifest is only seen to be damaged when it is read.
    try FileManager.default.removeItem(atPath: last + "/manifest.json")
    let damaged = try tiny.resume("a")
    #expect(damaged.code == 1 && damaged.error.contains("\(last)/trainer_state.json: "), "\(damaged.error)")
    #expect(damaged.error.contains("The checkpoint is damaged: delete its folder"))
    #expect(!damaged.error.contains("DecodingError") && !damaged.error.contains("debugDescription"))
    try FileManager.default.removeItem(atPath: last)
    let resumed = try tiny.resume("a")
    #expect(resumed.code == 0 && resumed.error.contains("after step 2"), "\(resumed.error)")
  }
}
