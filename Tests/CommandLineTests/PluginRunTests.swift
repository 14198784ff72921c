import Foundation
import StrictJSON
import Testing

/// A plug-in that goes bad in the middle of a `run`: every kind of misbehaviour is a counted failure under the config's
/// policy and never a score, and the run ends with exit code 3 where its failure budget is passed.
@Suite(.serialized) final class PluginRunTests {
  private let root: String

  init() throws {
    root = NSTemporaryDirectory() + "step-srpo-plugin-run-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: root + "/verifiers/odd", withIntermediateDirectories: true)
    try """
    import json, os, sys, time
    print(json.dumps({"v": 1, "ready": True, "name": "odd"}), flush=True)
    # The preflight finds it sane; restarts count as requests too, so once it has gone bad it stays so.
    count = 1000 if os.path.exists("gone-bad") else 0
    for line in sys.stdin:
        r = json.loads(line)
        count += 1
        reply = {"id": r["id"], "score": int(r["response"].strip() == str(r["gold"])), "extracted": r["response"]}
        odd = os.environ.get("ODD") if count > 12 else None
        if odd:
            open("gone-bad", "w").close()
            reply["score"] = 1
        if odd == "die": sys.stderr.write("out of cheese\\n"); os._exit(3)
        if odd == "hang": time.sleep(3600)
        if odd == "garbage": print("no json", flush=True); continue
        if odd == "id": reply["id"] = "none"
        if odd == "late": time.sleep(4)
        if odd == "flood":
            while True: sys.stdout.write("x" * (1 << 20))
        print(json.dumps(reply), flush=True)
    """.write(toFile: root + "/verifiers/odd/verifier.py", atomically: true, encoding: .utf8)
    let rows = ["a?": "one", "b?": "two"].sorted { $0.key < $1.key }.map {
      #"{"id": "\#($0)", "prompt": "\#($0)", "domain": "math", "reference": "\#($1)", "verifier": "odd"}"#
    }
    try rows.joined(separator: "\n").write(toFile: root + "/rows.jsonl", atomically: true, encoding: .utf8)
    try """
    {
      runs_folder: "\(root)/runs",
      model: { checkpoint: "\(TinyCheckpoint.folder)" },
      tasks: { train_files: ["rows.jsonl"], test_files: [], domains: ["math"] },
      cold_start: { steps: 0 },
      rollout: { queries_per_step: 2, free_rollouts: 2, minimum_per_mode: 1, max_new_tokens: 32 },
      train: { steps: 2 },
      evaluation: { items_per_cell: 1 },
    }
    """.write(toFile: root + "/tiny.json", atomically: true, encoding: .utf8)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  private func run(_ name: String, odd: String, _ settings: String...) throws -> ProgramRunner.Result {
    try? FileManager.default.removeItem(atPath: root + "/verifiers/odd/gone-bad")
    // Long enough for a sane answer on a busy machine where none is to come late.
    let timeout = ["hang", "late"].contains(odd) ? 1.5 : 60
    try """
    {
      "name": "odd", "command": ["python3", "-s", "verifier.py"], "sandbox": false, "deterministic": false,
      "environment": ["ODD"], "timeout_s": \(timeout), "restarts": 0, "description": "equal to the reference"
    }
    """.write(toFile: root + "/verifiers/odd/verifier.json", atomically: true, encoding: .utf8)
    setenv("ODD", odd, 1)
    defer { unsetenv("ODD") }
    return try ProgramRunner.run(
      ["run", root + "/tiny.json", "--name", name] + settings.flatMap { ["--set", $0] }, folder: root)
  }

  private func values(_ run: String, _ metric: String) throws -> [Double] {
    let result = try ProgramRunner.run([
      "query", "\(root)/runs/\(run)", "SELECT value FROM metrics WHERE name = '\(metric)' ORDER BY step", "--csv",
    ])
    return result.lines.dropFirst().compactMap { Double($0) }
  }

  @Test(
    "past the failure budget the run ends with exit code 3 and the first failure",
    arguments: [
      ("die", "crashed", "out of cheese"), ("hang", "timeout", "no answer within 1.5 s"),
      ("garbage", "bad_reply", "no json"), ("id", "bad_reply", "which was not asked"),
      ("late", "timeout", "no answer within 1.5 s"), ("flood", "bad_reply", "a line of more than 16 MiB"),
    ])
  func budget(odd: String, kind: String, message: String) throws {
    let run = try run("budget", odd: odd)
    #expect(run.code == 3, "\(run.out) \(run.error)")
    #expect(run.error.contains("verifier \"odd\" failed on") && run.error.contains("limits.verifier_failures (0.2)"))
    #expect(run.error.contains(kind) && run.error.contains(message), "\(run.error)")
  }

  @Test("within the budget failed rollouts leave the step, counted and never scored", arguments: ["hang", "id"])
  func dropped(odd: String) throws {
    let run = try run("dropped", odd: odd, "limits.verifier_failures=1")
    #expect(run.code == 0, "\(run.out) \(run.error)")
    #expect(try values("dropped", "verifier/odd/error_ratio") == [1, 1])
    #expect(try values("dropped", "verifier/odd/timeout_ratio") == (odd == "hang" ? [1, 1] : [0, 0]))
    #expect(try values("dropped", "rewards/odd/mean") == [], "a mean over nothing is absent")
    #expect(try values("dropped", "unscorable_ratio") == [1, 1])
  }

  @Test func abortStopsAtTheFirstFailure() throws {
    let run = try run("abort", odd: "die", "limits.verifier_failures=1", "verification.failure_policy=abort")
    #expect(run.code == 3 && run.error.contains("verification.failure_policy is abort"), "\(run.error)")
  }

  @Test func aPluginThatStaysSaneFinishes() throws {
    let run = try run("sane", odd: "")
    #expect(run.code == 0, "\(run.out) \(run.error)")
    #expect(try values("sane", "verifier/odd/error_ratio") == [0, 0])
    #expect(try values("sane", "rewards/odd/mean").count == 2)
  }
}
