import Foundation
import StrictJSON
import Testing

/// Declared limits end a run with exit code 3, evidence, and a way on.
@Suite struct LimitTests {
  private let tiny: TinyRun
  private var root: String { tiny.root }

  init() throws { tiny = try TinyRun(steps: 5) }

  private func run(_ name: String, _ settings: String...) throws -> ProgramRunner.Result {
    try tiny.run(name, settings)
  }

  private func metrics(_ run: String) throws -> String { try tiny.numbers(run) }

  /// A decay that turns every matrix into a thousand times its negative, each step.
  private static let explosive = "train.weight_decay=1000"

  @Test func aBrokenStepKeepsItsBatchAndCanBeRepeated() throws {
    let broken = try run(
      "broken", Self.explosive, "train.learning_rate=10", "train.warmup_steps=0", "train.steps=20",
      "checkpoint.every=100")
    #expect(broken.code == 3, "\(broken.error)")
    #expect(broken.error.contains("training step") && broken.error.contains("not finite"))
    let file = try #require(
      try FileManager.default.contentsOfDirectory(atPath: root + "/broken/evidence").first { $0.hasSuffix(".json") })
    let evidence = try JSON.parse(
      try String(contentsOfFile: root + "/broken/evidence/" + file, encoding: .utf8))
    let step = try #require(evidence["step"]?.int)
    #expect(broken.error.contains("\(root)/broken/evidence/\(file)"))
    #expect(broken.error.contains("This reproduces the step: step-srpo resume \(root)/broken"))
    let group = try #require(evidence["batch"]?["groups"]?.array?.first)
    let rollout = try #require(group["rollouts"]?.array?.first)
    #expect(rollout["tokens"]?.array?.count == rollout["sampler_log_probs"]?.array?.count)
    #expect(rollout["tokens"]?.array?.count == rollout["segments"]?.array?.count)

    let again = try ProgramRunner.run(["resume", root + "/broken"])
    #expect(again.code == 3 && again.error.contains("resuming \"broken\" after step \(step - 1)"), "\(again.error)")
    #expect(again.error.contains("training step \(step):"))

    let refused = try ProgramRunner.run(["resume", root + "/broken", "--set", "train.weight_decay=0"])
    #expect(refused.code == 2)
    #expect(refused.error.contains("train.weight_decay: 1000 -> 0"), "\(refused.error)")
    // The weights before the broken step are as they were made, so a fork that wants no more of them has finished.
    let fork = try ProgramRunner.run([
      "resume", root + "/broken", "--name", "healed", "--set", "train.weight_decay=0", "--set",
      "train.steps=\(step - 1)",
    ])
    #expect(fork.code == 0, "\(fork.error)")
    let origin = try ProgramRunner.run(["query", root + "/healed", "SELECT forked_from, status FROM runs", "--csv"])
    #expect(origin.out == "forked_from,status\nbroken after step \(step - 1),completed\n")
    let left = try ProgramRunner.run(["query", root + "/broken", "SELECT status FROM runs", "--csv"])
    #expect(left.out == "status\nfailed\n", "the origin is as it was")
  }

  @Test func aBrokenColdStartKeepsItsBatchToo() throws {
    let broken = try run(
      "cold", Self.explosive, "cold_start.learning_rate=10", "cold_start.warmup_steps=0", "cold_start.steps=20")
    #expect(broken.code == 3, "\(broken.error)")
    #expect(broken.error.contains("cold start step") && broken.error.contains("not finite"))
    let file = try #require(
      try FileManager.default.contentsOfDirectory(atPath: root + "/cold/evidence").first { $0.hasSuffix(".json") })
    let evidence = try JSON.parse(try String(contentsOfFile: root + "/cold/evidence/" + file, encoding: .utf8))
    let shown = try #require(evidence["batch"]?["demonstrations"]?.array)
    #expect(shown.count == 6 && shown.allSatisfy { $0["response"]?.string?.contains("<answer>") == true })
    let again = try tiny.resume("cold")
    #expect(again.code == 3 && again.error.contains("cold start step \(evidence["step"]?.int ?? 0):"), "\(again.error)")
  }

  @Test func aForkWithOtherQueriesIsRefusedBeforeAnythingIsMade() throws {
    #expect(try run("origin", "limits.window=1", "limits.invalid_formats=0").code == 3)
    let refused = try tiny.resume("origin", "--name", "fork", "--set", "tasks.train_queries=12")
    #expect(refused.code == 2)
    #expect(refused.error.contains("16 queries") && refused.error.contains("found 12"), "\(refused.error)")
    #expect(!FileManager.default.fileExists(atPath: root + "/fork"))
    let same = try tiny.resume("origin", "--name", "fork", "--set", "limits.invalid_formats=1")
    #expect(same.code == 0, "\(same.error)")
  }

  @Test func aForkWithoutChangesIsTheSameRun() throws {
    #expect(try run("whole").code == 0)
    #expect(try run("part", "limits.wall_time_minutes=1e-9", "cold_start.steps=0").code == 3)
    let early = try run("early", "limits.window=1", "limits.invalid_formats=0")
    #expect(early.code == 3, "\(early.error)")
    #expect(early.error.contains("mode/invalid_rate") && early.error.contains("limits.invalid_formats (0.0)"))
    let fork = try ProgramRunner.run(["resume", root + "/early", "--name", "fork", "--set", "limits.invalid_formats=1"])
    #expect(fork.code == 0, "\(fork.error)")
    #expect(try metrics("fork") == metrics("whole"))
    let taken = try ProgramRunner.run(["resume", root + "/early", "--name", "fork"])
    #expect(taken.code == 2 && taken.error.contains("exists already"))
    let late = try ProgramRunner.run(["resume", root + "/early", "--name", "x", "--set", "model.layers=2"])
    #expect(late.code == 2 && late.error.contains("had their effect before the checkpoint"))
  }

  @Test func timeIsUpAndTheRunGoesOn() throws {
    #expect(try run("whole").code == 0)
    let stopped = try run("stopped", "limits.wall_time_minutes=1e-9")
    #expect(stopped.code == 3 && stopped.error.contains("limits.wall_time_minutes"), "\(stopped.error)")
    let resumed = try ProgramRunner.run(["resume", root + "/stopped", "--set", "limits.wall_time_minutes=0"])
    #expect(resumed.code == 0, "\(resumed.error)")
    #expect(try metrics("stopped") == metrics("whole"))
    let events = try ProgramRunner.run(["query", root + "/stopped", "SELECT kind FROM events", "--csv"])
    #expect(events.out.contains("configured"))
  }

  @Test func aNearlyFullDiskStopsIt() throws {
    let stopped = try run("stopped", "limits.free_disk_megabytes=1000000000000")
    #expect(stopped.code == 3, "\(stopped.error)")
    #expect(stopped.error.contains("MB are free on the disk of \(root)/stopped"))
  }

  @Test func truncationStopsIt() throws {
    let stopped = try run("cut", "cold_start.steps=0", "limits.truncated=0.5", "limits.window=2")
    #expect(stopped.code == 3, "\(stopped.error)")
    #expect(stopped.error.contains("completions/clipped_ratio") && stopped.error.contains("over the last 2 steps"))
    #expect(stopped.error.contains("Continue with `step-srpo resume \(root)/cut`"))
  }

  /// A share that stands above its limit over a window that ends with the last step ends the run as any other.
  @Test func aShareIsWatchedToTheLastStep() throws {
    let settings = ["limits.invalid_formats=0", "limits.window=5"]
    let whole = try tiny.run("whole", settings)
    #expect(whole.code == 3 && whole.error.contains("step 5: mode/invalid_rate"), "\(whole.error)")
    // What is remembered of a share outlives every stop.
    var result = try tiny.run("parts", settings + ["limits.wall_time_minutes=1e-9"])
    var stops = 0
    while result.error.contains("limits.wall_time_minutes is"), stops < 30 {
      stops += 1
      result = try tiny.resume("parts")
    }
    #expect(stops > 4 && result.code == 3 && result.error.contains("step 5: mode/invalid_rate"), "\(result.error)")
  }

  @Test func otherDataIsRefused() throws {
    let rows = (0..<4).map {
      "{\"id\": \"r\($0)\", \"prompt\": \"\($0)+1?\", \"domain\": \"math\", \"reference\": \($0 + 1)}"
    }
    let file = root + "/own.jsonl"
    try rows.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
    let settings = ["tasks.train_files=[\"\(file)\"]", "limits.window=1", "limits.invalid_formats=0"]
    #expect(try run("own", settings[0], settings[1], settings[2]).code == 3)
    try rows.reversed().joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
    let refused = try ProgramRunner.run(["resume", root + "/own"])
    #expect(refused.code == 2 && refused.error.contains("the queries are not those run \"own\" began with"))
  }

  @Test func wrongLimitsAreNamed() throws {
    let share = try run("x", "limits.truncated=1.5")
    #expect(share.code == 2 && share.error.contains("limits.truncated: found 1.5, expected a number from 0 to 1"))
    let metric = try run("x", "checkpoint.best_metric=acuracy")
    #expect(metric.code == 2 && metric.error.contains("did you mean \"accuracy\"?"), "\(metric.error)")
  }
}
