import Foundation
import StrictJSON
import Testing

/// `run`, `resume` and `eval` as a user meets them, on a policy too small to learn much.
@Suite struct TrainingCommandsTests {
  private let root: String

  init() throws {
    root = NSTemporaryDirectory() + "step-srpo-train-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  /// Mathematics only: no sandbox is needed, so the test passes on any machine.
  private func configuration(_ more: String = "") throws -> String {
    let path = root + "/tiny.json"
    let text = """
      {
        runs_folder: "\(root)/runs",
        model: { hidden_size: 32, layers: 1, heads: 2, key_value_heads: 1, feed_forward_size: 32, max_positions: 96 },
        tasks: { domains: ["math"], train_queries: 16 },
        cold_start: { steps: 12, batch_size: 6, learning_rate: 1e-2, warmup_steps: 2 },
        rollout: { queries_per_step: 2, free_rollouts: 2, minimum_per_mode: 1, max_new_tokens: 32 },
        train: { steps: 6 },
        evaluation: { items_per_cell: 1 },
        checkpoint: { every: 2 },
        \(more)
      }
      """
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// Every recorded number but wall time, as text.
  private func numbers(_ run: String) throws -> String {
    let result = try ProgramRunner.run([
      "query", "\(root)/runs/\(run)",
      "SELECT stage, step, name, value FROM metrics WHERE name NOT LIKE 'time/%' AND name NOT LIKE '%/seconds_%' "
        + "ORDER BY 1, 2, 3",
    ])
    #expect(result.code == 0, "\(result.error)")
    return result.out
  }

  @Test func runsFinishesAndEvaluates() throws {
    let run = try ProgramRunner.run(["run", try configuration(), "--name", "a"])
    #expect(run.code == 0, "\(run.error)")
    #expect(run.out.contains("think-on") && run.out.contains("before") && run.out.contains("after"))
    let curves = try ProgramRunner.run(["curves", "\(root)/runs/a", "--metric", "mode/invalid_rate", "--json"])
    #expect(try JSON.parse(curves.out)["metrics"]?["mode/invalid_rate"]?.array?.count == 6)
    let eval = try ProgramRunner.run([
      "eval", "\(root)/runs/a/checkpoints/step-000006", "--domain", "math", "--items-per-cell", "1",
      "--max-new-tokens", "32", "--json",
    ])
    #expect(eval.code == 0, "\(eval.error)")
    let primer = try JSON.parse(eval.out)["datasets"]?["primer"]
    #expect(primer?["n"]?.int == 6)
    #expect(primer?["by_difficulty"]?.object?.keys == ["1", "2", "3", "4", "5", "6"])
  }

  @Test func killAndResumeGiveTheNumbersOfOneRun() throws {
    let path = try configuration()
    #expect(try ProgramRunner.run(["run", path, "--name", "whole"]).code == 0)

    // The same run, cut off after a checkpoint: its folder as a kill -9 right after step 4 would leave it.
    #expect(try ProgramRunner.run(["run", path, "--name", "cut", "--set", "train.steps=6"]).code == 0)
    try FileManager.default.removeItem(atPath: "\(root)/runs/cut/checkpoints/step-000006")
    let resumed = try ProgramRunner.run(["resume", "\(root)/runs/cut"])
    #expect(resumed.code == 0, "\(resumed.error)")
    #expect(resumed.error.contains("resuming \"cut\" after step 4"))
    #expect(try numbers("cut") == numbers("whole"))
    let weights = ["whole", "cut"].map { "\(root)/runs/\($0)/checkpoints/step-000006/model.safetensors" }
    #expect(FileManager.default.contentsEqual(atPath: weights[0], andPath: weights[1]))
  }

  @Test func workersNeverChangeANumber() throws {
    let path = try configuration()
    for workers in ["1", "4"] {
      let run = try ProgramRunner.run(["run", path, "--name", "w\(workers)", "--set", "rollout.workers=\(workers)"])
      #expect(run.code == 0, "\(run.error)")
    }
    #expect(try numbers("w1") == numbers("w4"))
    #expect(try numbers("w1").count > 500)
  }

  @Test func dryRunPrintsTheResolvedConfiguration() throws {
    let run = try ProgramRunner.run(["run", try configuration(), "--dry-run", "--set", "seed=9"])
    #expect(run.code == 0)
    #expect(try JSON.parse(run.out)["seed"]?.int == 9)
    #expect(run.error.contains("policy") && run.error.contains("cold start"))
    #expect(!FileManager.default.fileExists(atPath: root + "/runs"), "a dry run writes nothing")
  }

  @Test func aWrongKeyNamesLineAndNearest() throws {
    let run = try ProgramRunner.run(["run", try configuration("trian: { steps: 1 },")])
    #expect(run.code == 2)
    #expect(run.error.contains("tiny.json:10: trian: unknown key, did you mean \"train\"?"), "\(run.error)")
  }

  @Test func badInputIsNamedAndNothingIsStarted() throws {
    let missing = try ProgramRunner.run(["run", root + "/nowhere.json"])
    #expect(missing.code == 2 && missing.error.contains("nowhere.json: no such file"))

    let path = try configuration()
    let data = try ProgramRunner.run(["run", path, "--set", "tasks.train_files=[\"\(root)/no-data.jsonl\"]"])
    #expect(data.code == 2 && data.error.contains("no-data.jsonl"), "\(data.error)")

    try "{\"prompt\": \"1+1?\", \"domain\": \"math\", \"reference\": 2}\n{\"prompt\": oops}\n"
      .write(toFile: root + "/bad.jsonl", atomically: true, encoding: .utf8)
    let line = try ProgramRunner.run(["run", path, "--set", "tasks.train_files=[\"\(root)/bad.jsonl\"]"])
    #expect(line.code == 2 && line.error.contains("bad.jsonl:2"), "\(line.error)")
    #expect(!FileManager.default.fileExists(atPath: root + "/runs"))
  }

  @Test func anUnwritableRunsFolderIsNamed() throws {
    let run = try ProgramRunner.run(["run", try configuration(), "--set", "runs_folder=/proc/nothing"])
    #expect(run.code != 0 && run.error.contains("/proc/nothing"), "\(run.error)")
  }

  @Test func anExistingNameIsRefused() throws {
    let path = try configuration()
    #expect(try ProgramRunner.run(["run", path, "--name", "once", "--set", "train.steps=1"]).code == 0)
    let again = try ProgramRunner.run(["run", path, "--name", "once"])
    #expect(again.code == 2 && again.error.contains("exists already"))
  }

  @Test func trainsOnATaskFile() throws {
    let rows = (0..<4).map {
      "{\"id\": \"r\($0)\", \"prompt\": \"\($0)+1?\", \"domain\": \"math\", \"reference\": \($0 + 1)}"
    }
    try rows.joined(separator: "\n").write(toFile: root + "/own.jsonl", atomically: true, encoding: .utf8)
    let file = "[\"\(root)/own.jsonl\"]"
    let run = try ProgramRunner.run([
      "run", try configuration(), "--name", "own", "--set", "tasks.train_files=\(file)", "--set",
      "tasks.test_files=\(file)", "--set", "train.steps=2",
    ])
    #expect(run.code == 0, "\(run.error)")
    #expect(run.out.contains("own") && run.out.contains("unknown"))
  }

  /// An adapter over a written base: trained, interrupted, continued, evaluated, merged.
  @Test func adaptersTrainResumeAndMerge() throws {
    let base = root + "/base"
    #expect(try ProgramRunner.run(["model", "init", base]).code == 0)
    let path = try configuration("model: {checkpoint: \"\(base)\", lora: {rank: 2, target_modules: [\"v_proj\"]}},")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let start = try #require(text.range(of: "  model: { hidden_size"))
    let end = try #require(text.range(of: "max_positions: 96 },"))
    try text.replacingCharacters(in: start.lowerBound..<end.upperBound, with: "").write(
      toFile: path, atomically: true, encoding: .utf8)
    let plan = try ProgramRunner.run(["run", path, "--dry-run"])
    #expect(plan.code == 0 && plan.error.contains("adapter of rank 2 on v_proj"), "\(plan.error)")
    #expect(plan.error.contains("memory      about"))
    let run = try ProgramRunner.run(["run", path, "--name", "adapted"])
    #expect(run.code == 0, "\(run.error)")
    let checkpoint = "\(root)/runs/adapted/checkpoints/step-000006"
    #expect(FileManager.default.fileExists(atPath: checkpoint + "/adapter_model.safetensors"))
    let eval = try ProgramRunner.run([
      "eval", checkpoint, "--domain", "math", "--items-per-cell", "1", "--max-new-tokens", "16", "--json",
    ])
    #expect(eval.code == 0, "\(eval.error)")
    let line = "{\"tokens\": [5, 6, 7, 8, 9]}\n"
    let before = try ProgramRunner.run(["model", "score", checkpoint], input: line)
    #expect(try ProgramRunner.run(["model", "export", checkpoint, root + "/merged", "--merge"]).code == 0)
    let after = try ProgramRunner.run(["model", "score", root + "/merged"], input: line)
    let plain = try ProgramRunner.run(["model", "score", base], input: line)
    func logs(_ result: ProgramRunner.Result) throws -> [Double] {
      try JSON.parse(result.out)["log_probs"]?.array?.compactMap(\.double) ?? []
    }
    let (adapted, merged, original) = (try logs(before), try logs(after), try logs(plain))
    #expect(adapted.count == 4 && zip(adapted, merged).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(zip(adapted, original).contains { abs($0 - $1) > 1e-4 })
    #expect(try ProgramRunner.run(["model", "export", checkpoint, root + "/alone"]).code == 0)
    #expect(try ProgramRunner.run(["model", "inspect", checkpoint]).out.contains("rank 2"))
  }
}
