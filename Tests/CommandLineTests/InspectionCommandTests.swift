import Foundation
import RunStore
import StrictJSON
import Testing

/// `explain`, `doctor`, `diff`, `rescore` and `metrics` on runs the program has made itself.
@Suite struct InspectionCommandTests {
  private let tiny: TinyRun
  private var root: String { tiny.root }

  init() throws {
    tiny = try TinyRun(
      tasks: #"domains: ["math", "general"], train_queries: 16, level_weights: [1, 1, 0, 0, 0, 0]"#,
      coldStart: "steps: 60, batch_size: 12, learning_rate: 1e-2, warmup_steps: 2",
      rollout: "queries_per_step: 4, free_rollouts: 4, minimum_per_mode: 2, max_new_tokens: 48", steps: 3)
    try FileManager.default.createDirectory(atPath: root + "/runs", withIntermediateDirectories: true)
  }

  private func run(_ words: String...) throws -> ProgramRunner.Result { try ProgramRunner.run(words, folder: root) }

  @Test func aRunExplainsItself() throws {
    let made = try run("run", "tiny.json", "--name", "a", "--set", "runs_folder=\(root)/runs")
    #expect(made.code == 0, "\(made.error)")

    let ids = try run("samples", "a", "--step", "2", "--json").lines
      .compactMap { try JSON.parse(String($0))["rollout"]?.string }
    #expect(ids.count >= 16)
    for id in ids {
      let explained = try run("explain", "a", id, "--json")
      let json = try JSON.parse(explained.out)
      #expect(explained.code == 0 && json["adds_up"] == true, "\(id): \(explained.out)")
      #expect((json["checked"]?["of"]?.int ?? 0) >= 8)
    }
    let text = try run("explain", "a", ids[0])
    #expect(text.out.contains("\nadvantages\n") && text.out.contains("\nadds up: "))
    #expect(text.lines.allSatisfy { TerminalText.width(String($0)) <= 80 })
    for (id, hint) in [
      ("2.0", "expected STEP.GROUP.SAMPLE"), ("9.0.0", "no step 9; the run holds steps 1 to 3"),
      ("2.9.0", "step 2 holds groups 0 to 3"), ("2.0.99", "holds samples 0 to"),
    ] {
      let wrong = try run("explain", "a", id)
      #expect(wrong.code == 2 && wrong.error.contains(hint), "\(wrong.error)")
    }

    let rescored = try run("rescore", "a")
    #expect(rescored.code == 0 && rescored.out.contains("none flips"), "\(rescored.out)\(rescored.error)")
    #expect(rescored.out.contains("advantages of 0 of"))
    let unknown = try run("rescore", "a", "--verifier", "code")
    #expect(unknown.code == 2 && unknown.error.contains("judged nothing in this run; these did: general, math"))

    let again = try run(
      "run", "tiny.json", "--name", "b", "--set", "runs_folder=\(root)/runs", "--set", "rollout.workers=1")
    #expect(again.code == 0)
    let same = try run("diff", "a", "b")
    #expect(same.code == 0 && same.out.contains("rollout.workers: 2 -> 1"))
    #expect(same.out.contains("no number differs in the 3 steps"))

    // Somebody tampers with one number.
    let database = try SQLiteDatabase(path: root + "/runs/b/run.sqlite", access: .write)
    try database.execute(
      "UPDATE rollouts SET judge_advantage = judge_advantage + 0.5 WHERE step = 2 AND group_index = 1")
    try database.execute("UPDATE metrics SET value = value + 1 WHERE step = 2 AND name = 'reward'")
    database.close()
    let wrong = try run("explain", "b", "2.1.0")
    #expect(wrong.code == 1 && wrong.out.contains("DOES NOT ADD UP") && wrong.out.contains("(stored: "))
    let differs = try run("diff", "a", "b")
    #expect(differs.out.contains("the numbers part at step 2:"))
    #expect(differs.out.contains("reward") && differs.out.contains("  2.1.0\n    judge advantage: "))
    let json = try JSON.parse(try run("diff", "a", "b", "--json").out)
    #expect(json["same_numbers"] == false && json["first"]?.array?.count == 1)

    let doctor = try run("doctor", "a", "--json")
    #expect(doctor.code == 0)
    #expect(try JSON.parse(doctor.out)["scope"] == "steps 1 to 3")
  }

  @Test func theRegistryIsListed() throws {
    let table = try run("metrics")
    #expect(table.code == 0 && table.lines[0].hasPrefix("metric "))
    #expect(table.out.contains("mode/think_on_rate") && table.out.contains("valid free rollouts"))
    #expect(try run("metrics", "--csv").lines.count == table.lines.count)
    #expect(try run("metrics", "--markdown").lines.count == table.lines.count + 1)
    #expect(try run("metrics", "--json").lines.allSatisfy { (try? JSON.parse(String($0)))?["unit"] != nil })
    #expect(try run("metrics", "--csv", "--json").code == 2)
  }
}
