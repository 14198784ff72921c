import Foundation
import RunStore
import StrictJSON
import Testing

/// `run`, `resume` and `eval` as a user meets them, on a policy too small to learn much.
@Suite struct TrainingCommandsTests {
  private let tiny: TinyRun
  private var root: String { tiny.root }
  private var path: String { tiny.config }

  init() throws { tiny = try TinyRun(steps: 6) }

  @Test func runsFinishesAndEvaluates() throws {
    let run = try ProgramRunner.run(["run", path, "--name", "a"])
    #expect(run.code == 0, "\(run.error)")
    #expect(run.out.contains("think-on") && run.out.contains("before") && run.out.contains("after"))
    let curves = try ProgramRunner.run(["curves", "\(root)/a", "--metric", "mode/invalid_rate", "--json"])
    #expect(try JSON.parse(curves.out)["metrics"]?["mode/invalid_rate"]?.array?.count == 6)
    let eval = try ProgramRunner.run([
      "eval", "\(root)/a/checkpoints/step-000006", "--domain", "math", "--items-per-cell", "1",
      "--max-new-tokens", "32", "--json",
    ])
    #expect(eval.code == 0, "\(eval.error)")
    let primer = try JSON.parse(eval.out)["datasets"]?["primer"]
    #expect(primer?["n"]?.int == 6)
    #expect(primer?["by_difficulty"]?.object?.keys == ["1", "2", "3", "4", "5", "6"])
  }

  @Test func killAndResumeGiveTheNumbersOfOneRun() throws {
    #expect(try ProgramRunner.run(["run", path, "--name", "whole"]).code == 0)

    // The same run, cut off after a checkpoint: its folder as a kill -9 right after step 4 would leave it.
    #expect(try ProgramRunner.run(["run", path, "--name", "cut", "--set", "train.steps=6"]).code == 0)
    try FileManager.default.removeItem(atPath: "\(root)/cut/checkpoints/step-000006")
    // Begun by a version that did not know all of today's keys.
    try SQLiteDatabase(path: "\(root)/cut/run.sqlite", access: .write)
      .execute("UPDATE runs SET config = json_remove(config, '$.train.muon_momentum', '$.cold_start.optimizer')")
    let resumed = try ProgramRunner.run(["resume", "\(root)/cut"])
    #expect(resumed.code == 0, "\(resumed.error)")
    #expect(resumed.error.contains("resuming \"cut\" after step 4"))
    #expect(try tiny.numbers("cut") == tiny.numbers("whole"))
    let weights = ["whole", "cut"].map { "\(root)/\($0)/checkpoints/step-000006/model.safetensors" }
    #expect(FileManager.default.contentsEqual(atPath: weights[0], andPath: weights[1]))
  }

  @Test func workersNeverChangeANumber() throws {
    for workers in ["1", "4"] {
      let run = try ProgramRunner.run(["run", path, "--name", "w\(workers)", "--set", "rollout.workers=\(workers)"])
      #expect(run.code == 0, "\(run.error)")
    }
    #expect(try tiny.numbers("w1") == tiny.numbers("w4"))
    #expect(try tiny.numbers("w1").count > 500)
  }

  @Test func dryRunPrintsTheResolvedConfiguration() throws {
    let run = try ProgramRunner.run(["run", path, "--dry-run", "--set", "seed=9"])
    #expect(run.code == 0)
    #expect(try JSON.parse(run.out)["seed"]?.int == 9)
    #expect(run.error.contains("policy") && run.error.contains("cold start"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["tiny.json"], "a dry run writes nothing")
  }

  @Test func aWrongKeyNamesLineAndNearest() throws {
    let wrong = try TinyRun(steps: 6, more: "trian: { steps: 1 },")
    let run = try ProgramRunner.run(["run", wrong.config])
    #expect(run.code == 2)
    #expect(run.error.contains("tiny.json:10: trian: unknown key, did you mean \"train\"?"), "\(run.error)")
  }

  @Test func badInputIsNamedAndNothingIsStarted() throws {
    let missing = try ProgramRunner.run(["run", root + "/nowhere.json"])
    #expect(missing.code == 2 && missing.error.contains("nowhere.json: no such file"))

    let data = try ProgramRunner.run(["run", path, "--set", "tasks.train_files=[\"\(root)/no-data.jsonl\"]"])
    #expect(data.code == 2 && data.error.contains("no-data.jsonl"), "\(data.error)")

    try "{\"prompt\": \"1+1?\", \"domain\": \"math\", \"reference\": 2}\n{\"prompt\": oops}\n"
      .write(toFile: root + "/bad.jsonl", atomically: true, encoding: .utf8)
    let line = try ProgramRunner.run(["run", path, "--set", "tasks.train_files=[\"\(root)/bad.jsonl\"]"])
    #expect(line.code == 2 && line.error.contains("bad.jsonl:2"), "\(line.error)")
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: root)) == ["tiny.json", "bad.jsonl"])
  }

  @Test func anUnwritableRunsFolderIsNamed() throws {
    let run = try ProgramRunner.run(["run", path, "--set", "runs_folder=/proc/nothing"])
    #expect(run.code != 0 && run.error.contains("/proc/nothing"), "\(run.error)")
  }

  @Test func anExistingNameIsRefused() throws {
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
      "run", path, "--name", "own", "--set", "tasks.train_files=\(file)", "--set",
      "tasks.test_files=\(file)", "--set", "train.steps=2",
    ])
    #expect(run.code == 0, "\(run.error)")
    #expect(run.out.contains("own") && run.out.contains("unknown"))
  }

  /// An adapter over a written base: trained, interrupted, continued, evaluated, merged.
  @Test func adaptersTrainResumeAndMerge() throws {
    let base = root + "/base"
    #expect(try ProgramRunner.run(["model", "init", base]).code == 0)
    let other = try TinyRun(
      model: "checkpoint: \"\(base)\", lora: { rank: 2, target_modules: [\"v_proj\"] }", steps: 6)
    let (root, path) = (other.root, other.config)
    let plan = try ProgramRunner.run(["run", path, "--dry-run"])
    #expect(plan.code == 0 && plan.error.contains("adapter of rank 2 on v_proj"), "\(plan.error)")
    #expect(plan.error.contains("memory      about"))
    let run = try ProgramRunner.run(["run", path, "--name", "adapted"])
    #expect(run.code == 0, "\(run.error)")
    let checkpoint = "\(root)/adapted/checkpoints/step-000006"
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
