import Foundation
import StrictJSON
import Testing

/// `step-srpo data difficulty` on a checkpoint of the smallest run.
@Suite struct DataDifficultyTests {
  private let tiny: TinyRun
  private var root: String { tiny.root }

  init() throws {
    tiny = try TinyRun(
      coldStart: "steps: 4, batch_size: 4", rollout: "queries_per_step: 2, free_rollouts: 2, max_new_tokens: 24",
      steps: 1)
  }

  private func checkpoint() throws -> String {
    let run = try tiny.run("r")
    #expect(run.code == 0, "\(run.error)")
    return tiny.path("r") + "/checkpoints/step-000001"
  }

  @Test func measuresAndWritesBack() throws {
    let checkpoint = try checkpoint()
    let file = root + "/tasks.jsonl"
    let rows = (0..<3).map {
      "{\"id\": \"r\($0)\", \"prompt\": \"\($0)+1?\", \"domain\": \"math\", \"reference\": \($0 + 1), \"note\": \"kept\"}"
    }
    try rows.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
    let before = try String(contentsOfFile: file, encoding: .utf8)

    let options = [checkpoint, file, "--samples", "2", "--max-new-tokens", "16"]
    let dry = try ProgramRunner.run(["data", "difficulty"] + options + ["--dry-run"])
    #expect(dry.code == 0, "\(dry.error)")
    #expect(dry.out.contains("math") && dry.out.contains("mean difficulty"))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == before, "a dry run writes nothing")

    let run = try ProgramRunner.run(["data", "difficulty"] + options)
    #expect(run.code == 0 && run.out == dry.out, "\(run.error)")
    let written = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map {
      try JSON.parse(String($0))
    }
    #expect(written.map { $0["id"]?.string } == ["r0", "r1", "r2"])
    #expect(written.allSatisfy { $0["note"]?.string == "kept" && (0...1).contains($0["difficulty"]?.double ?? -1) })
  }

  @Test func plugInsScoreTasksToo() throws {
    let checkpoint = try checkpoint()
    let plugins = root + "/mine"
    let made = try ProgramRunner.run(["verifiers", "new", "shouting", "--language", "sh", "--plugins", plugins])
    #expect(made.code == 0, "\(made.error)")
    let file = root + "/tasks.jsonl"
    try #"{"id": "a", "prompt": "a?", "domain": "general", "verifier": "shouting", "reference": "A"}"#
      .write(toFile: file, atomically: true, encoding: .utf8)
    let words = ["data", "difficulty", checkpoint, file, "--samples", "2", "--max-new-tokens", "16", "--dry-run"]
    let without = try ProgramRunner.run(words)
    #expect(without.code == 2 && without.error.contains("unknown verifier \"shouting\""), "\(without.error)")
    let with = try ProgramRunner.run(words + ["--plugins", plugins])
    #expect(!with.error.contains("unknown verifier"), "\(with.error)")
    #expect(with.error.contains("shouting"), "the plug-in is announced: \(with.error)")
  }

  @Test func badInputIsNamed() throws {
    let missing = try ProgramRunner.run(["data", "difficulty", root + "/nowhere", root + "/none.jsonl"])
    #expect(missing.code == 2 && missing.error.contains("nowhere"), "\(missing.error)")
    let words = try ProgramRunner.run(["data", "difficulty", root])
    #expect(words.code == 2 && words.error.contains("missing FILE"), "\(words.error)")
  }
}
