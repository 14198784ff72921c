import Foundation
import StrictJSON
import Testing

/// `step-srpo data difficulty` on a checkpoint of the smallest run.
@Suite struct DataDifficultyTests {
  private let root = NSTemporaryDirectory() + "difficulty-\(UUID().uuidString)"

  private func checkpoint() throws -> String {
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    let config = """
      { runs_folder: '\(root)/runs', model: { hidden_size: 32, layers: 1, heads: 2, key_value_heads: 1,
        feed_forward_size: 32, max_positions: 96 }, tasks: { domains: ['math'], train_queries: 8 },
        cold_start: { steps: 4, batch_size: 4 }, rollout: { queries_per_step: 2, free_rollouts: 2, max_new_tokens: 24 },
        evaluation: { items_per_cell: 1 }, train: { steps: 1 } }
      """
    try config.write(toFile: root + "/c.json", atomically: true, encoding: .utf8)
    let run = try ProgramRunner.run(["run", root + "/c.json", "--name", "r"])
    #expect(run.code == 0, "\(run.error)")
    return root + "/runs/r/checkpoints/step-000001"
  }

  @Test func measuresAndWritesBack() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
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

  @Test func badInputIsNamed() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let missing = try ProgramRunner.run(["data", "difficulty", root + "/nowhere", root + "/none.jsonl"])
    #expect(missing.code == 2 && missing.error.contains("nowhere"), "\(missing.error)")
    let words = try ProgramRunner.run(["data", "difficulty", root])
    #expect(words.code == 2 && words.error.contains("missing FILE"), "\(words.error)")
  }
}
