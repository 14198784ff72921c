import Foundation
import RunStore
import StepSRPO
import StrictJSON
import Testing

/// What a run holds after kill -9, a full disk or company must be what it holds without. `scripts/durability` does the
/// same at twenty moments.
@Suite(.serialized) struct DurabilityTests {
  private let tiny: TinyRun
  private var root: String { tiny.root }

  /// Checkpoints after every step, so that many moments lie in one; an optimizer of its own in each stage.
  init() throws {
    tiny = try TinyRun(
      coldStart: "steps: 15, batch_size: 6, optimizer: \"muon\", learning_rate: 1e-2, warmup_steps: 2",
      rollout: "queries_per_step: 3, free_rollouts: 2, minimum_per_mode: 1, max_new_tokens: 32", steps: 7,
      evaluation: "items_per_cell: 1, every: 3", checkpoint: "every: 1, keep: 2, cold_start_every: 4",
      more: "limits: { free_disk_megabytes: 0 },")
  }

  /// Everything but wall-clock times: rows of all tables, and the bytes of the last checkpoint.
  private func state(_ run: String) throws -> [String: String] {
    let folder = try RunFolder.open(run)
    let database = try SQLiteDatabase(path: folder.databasePath, access: .read)
    var state: [String: String] = [:]
    for table in ["steps", "queries", "groups", "rollouts", "segments", "verdicts", "evaluations"] {
      let rows = try database.rows("SELECT * FROM \(table)")
      state[table] = rows.map { "\($0.values)" }.sorted().joined(separator: "\n")
    }
    state["metrics"] = try database.rows("SELECT stage, step, name, value FROM metrics ORDER BY 1, 2, 3")
      .filter { MetricRegistry.definition(of: $0[2].string ?? "")?.unit != "s" }
      .map { "\($0.values)" }.joined(separator: "\n")
    state["checkpoints"] = try CheckpointFolder(of: folder).all().map { "\($0.step)" }.joined(separator: " ")
    let last = try #require(try CheckpointFolder(of: folder).newest())
    for name in try FileManager.default.contentsOfDirectory(atPath: last.path).sorted() {
      state[name] = try Data(contentsOf: URL(fileURLWithPath: "\(last.path)/\(name)")).base64EncodedString()
    }
    return state
  }

  private func expectSame(_ a: [String: String], _ b: [String: String], _ note: String) {
    #expect(Set(a.keys) == Set(b.keys))
    for key in a.keys.sorted() { #expect(a[key] == b[key], "\(note): \(key) differs") }
    #expect((a["rollouts"]?.split(separator: "\n").count ?? 0) >= 42)
    #expect(a["optimizer.safetensors"] != nil && a["trainer_state.json"] != nil && a["model.safetensors"] != nil)
  }

  private func start(_ words: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ProgramRunner.program)
    process.arguments = words
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func waitUntil(_ process: Process, _ condition: () -> Bool) {
    while process.isRunning, !condition() { usleep(200) }
  }

  private func isWritingCheckpoint(_ run: String) -> Bool {
    let names = try? FileManager.default.contentsOfDirectory(atPath: run + "/checkpoints")
    return names?.contains { $0.hasPrefix(".writing-") } ?? false
  }

  @Test func killedAtAnyMomentItHoldsWhatOneRunHolds() throws {
    let config = tiny.config
    let began = ContinuousClock.now
    #expect(try ProgramRunner.run(["run", config, "--name", "whole"]).code == 0)
    let whole = (ContinuousClock.now - began) / .milliseconds(1)
    var generator = SystemRandomNumberGenerator()
    var kills: [String] = []
    for round in 0..<4 {
      let exists = FileManager.default.fileExists(atPath: root + "/killed/run.sqlite")
      if !exists { try? FileManager.default.removeItem(atPath: root + "/killed") }
      let process = try start(exists ? ["resume", root + "/killed"] : ["run", config, "--name", "killed"])
      if round % 2 == 1 {
        waitUntil(process) { isWritingCheckpoint(root + "/killed") }
        kills.append("while a checkpoint was written")
      } else {
        let delay = Double.random(in: 0.2...1, using: &generator) * whole
        let start = ContinuousClock.now
        waitUntil(process) { (ContinuousClock.now - start) / .milliseconds(1) > delay }
        kills.append("after \(Int(delay)) ms of about \(Int(whole))")
      }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    if !FileManager.default.fileExists(atPath: root + "/killed/run.sqlite") {
      try? FileManager.default.removeItem(atPath: root + "/killed")
      #expect(try ProgramRunner.run(["run", config, "--name", "killed"]).code == 0)
    } else {
      let end = try ProgramRunner.run(["resume", root + "/killed"])
      #expect(end.code == 0, "\(end.error)")
    }
    expectSame(try state(root + "/whole"), try state(root + "/killed"), "killed \(kills)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/killed/checkpoints").count == 3)
  }

  /// Killed behind its last checkpoint, but before the one too many was deleted.
  @Test func aFinishedRunKeepsNoCheckpointTooMany() throws {
    #expect(try tiny.run("whole").code == 0)
    let checkpoints = tiny.path("whole") + "/checkpoints"
    let kept = try FileManager.default.contentsOfDirectory(atPath: checkpoints).sorted()
    let between = try #require((1...7).map { CheckpointFolder.folderName($0) }.first { !kept.contains($0) })
    try FileManager.default.copyItem(atPath: "\(checkpoints)/\(kept[0])", toPath: "\(checkpoints)/\(between)")
    let resumed = try tiny.resume("whole")
    #expect(resumed.code == 0 && resumed.error.contains("nothing to resume"), "\(resumed.error)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: checkpoints).sorted() == kept)
  }

  /// Readers in a loop and a rival for the same run, while it goes on.
  @Test func companyDisturbsNothing() throws {
    let config = tiny.config
    // Long enough for the rival and the readers to meet it.
    let longer = ["--set", "train.steps=20"]
    #expect(try ProgramRunner.run(["run", config, "--name", "alone"] + longer).code == 0)
    let process = try start(["run", config, "--name", "watched"] + longer)
    let run = root + "/watched"
    waitUntil(process) { FileManager.default.fileExists(atPath: run + "/checkpoints/step-000000") }
    let rival = try ProgramRunner.run(["resume", run])
    try #require(process.isRunning, "the run must outlive its rival to prove anything")
    #expect(rival.code == 1)
    #expect(rival.error.contains("is being run by another process (process \(process.processIdentifier))"))
    var reads = 0
    while process.isRunning {
      let reader = try RunReader(RunFolder.open(run))
      let began = ContinuousClock.now
      let steps = try reader.steps().count
      let rollouts = try reader.database.rows("SELECT count(*), sum(length) FROM rollouts")[0][0].int ?? 0
      #expect(rollouts >= 6 * steps, "a step is there with all its rollouts or not at all")
      #expect(ContinuousClock.now - began < .seconds(5), "the reader was held up")
      reads += 1
    }
    #expect(process.terminationStatus == 0 && reads > 0)
    #expect(try ProgramRunner.run(["run", config, "--name", "watched"]).code == 2, "the name is taken")
    expectSame(try state(root + "/alone"), try state(run), "with company")
  }

  /// A file system of a few pages, where the machine lets us make one.
  private func withSmallDisk(_ size: String, _ body: (String) throws -> Void) throws {
    let disk = root + "/disk"
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    guard system("mount -t tmpfs -o size=\(size) tmpfs '\(disk)' 2>/dev/null") == 0 else {
      print("skipped: this user cannot mount a small file system")
      return
    }
    defer { _ = system("umount '\(disk)'") }
    try body(disk)
  }

  @Test func aFullDiskLosesNothing() throws {
    try withSmallDisk("1200k") { disk in
      #expect(try ProgramRunner.run(["run", tiny.config, "--name", "whole"]).code == 0)
      let full = try ProgramRunner.run(["run", tiny.config, "--name", "full", "--set", "runs_folder=\(disk)"])
      #expect(full.code == 1, "\(full.error)")
      #expect(full.error.contains("disk") || full.error.contains("space"), "\(full.error)")
      #expect(system("mount -o remount,size=64m '\(disk)'") == 0)
      let before = try RunSummary(RunFolder.open(disk + "/full"))
      #expect(before.step < 7)
      let resumed = try ProgramRunner.run(["resume", disk + "/full"])
      #expect(resumed.code == 0, "\(resumed.error)")
      expectSame(try state(root + "/whole"), try state(disk + "/full"), "full disk")
    }
  }
}
