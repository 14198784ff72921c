import Foundation
import StepSRPO
import StrictJSON
import Testing
import Verifiers

@testable import RunStore

@Suite struct RunRecorderTests {
  let folder = TemporaryFolder()

  private func record(_ steps: ClosedRange<Int>, in recorder: RunRecorder) throws {
    for step in steps {
      _ = try recorder.observe(.step(RunFixture.step(step)))
      if step % 3 == 0 { _ = try recorder.observe(.evaluation(RunFixture.evaluation(step))) }
    }
  }

  @Test func eventsCanBeReadBack() throws {
    let recorder = try RunFixture.newRecorder("run", in: folder)
    _ = try recorder.observe(.coldStart(step: 1, of: 2, metrics: [.coldStartLoss: 2, .learningRate: 0.1]))
    _ = try recorder.observe(.evaluation(RunFixture.evaluation(0)))
    _ = try recorder.observe(.step(RunFixture.step(1)))
    _ = try recorder.observe(.warning("look here"))
    _ = try recorder.observe(.checkpoint(step: 1, seconds: 0.5))

    let reader = try RunReader(recorder.folder)
    let info = try reader.info()
    #expect(info.seed == 7 && info.totalSteps == 10 && info.status == .running && info.codeVersion == "test")
    #expect(try reader.config() == ["seed": 7])
    #expect(try reader.lastStep() == 1)
    #expect(try reader.series("cold_start/loss") == [MetricPoint(step: 1, value: 2)])
    #expect(try reader.series("accuracy/math/1") == [MetricPoint(step: 1, value: 0.25)])
    #expect(try reader.series("eval/primer_test/accuracy") == [MetricPoint(step: 0, value: 0.75)])
    #expect(try reader.series("eval/primer_test/accuracy/math/1") == [MetricPoint(step: 0, value: 0.5)])
    #expect(try reader.series("eval/primer_test/accuracy/math/2") == [])
    #expect(try reader.metricNames().allSatisfy { MetricRegistry.definition(of: $0) != nil })
    #expect(try reader.events().map(\.message) == ["look here"])
    let evaluation = try #require(try reader.evaluations().first)
    #expect(evaluation.total == RunFixture.evaluation(0).total && evaluation.cells == RunFixture.evaluation(0).cells)
  }

  @Test func rolloutsCarryVerdictsAndEvidence() throws {
    let recorder = try RunFixture.newRecorder("run", in: folder)
    try record(1...2, in: recorder)
    let reader = try RunReader(recorder.folder)
    var all: [StoredRollout] = []
    try reader.forEachRollout { all.append($0) }
    #expect(all.count == 16)
    #expect(all[0].id == "1.0.0")
    #expect(all[0]["text"].string == RunFixture.rollout(0, step: 1).text)
    #expect(all[0]["verdict"] == "score" && all[0]["score"] == 1 && all[0]["extracted"] == "1")
    #expect(all[1]["verdict"] == "failed" && all[1]["failure"] == "timeout" && all[1]["outcome"] == .null)
    #expect(all[2]["verdict"] == .null && all[2]["invalid_reason"] == "no gate" && all[2]["mode"] == .null)
    #expect(all[3]["verdict"] == "abstain" && all[3]["kind"] == "probe" && all[3]["truncated"] == false)
    #expect(all[0]["reference"] == 3 && all[0]["right_mode"] == "off" && all[4]["contributes"] == false)

    var some: [String] = []
    try reader.forEachRollout(RolloutFilter(step: 2, query: "q4", mode: "off", limit: 2)) { some.append($0.id) }
    #expect(some == ["2.0.0", "2.0.1"])
  }

  @Test(arguments: [0, 3, 4, 6]) func aRolledBackRunHoldsTheRowsOfAnUninterruptedOne(checkpoint: Int) throws {
    let whole = try RunFixture.newRecorder("whole", in: folder)
    _ = try whole.observe(.coldStart(step: 5, of: 5, metrics: [.coldStartLoss: 1]))
    _ = try whole.observe(.evaluation(RunFixture.evaluation(0)))
    try record(1...6, in: whole)

    var killed: RunRecorder? = try RunFixture.newRecorder("killed", in: folder)
    let run = try #require(killed?.folder)
    _ = try killed?.observe(.coldStart(step: 5, of: 5, metrics: [.coldStartLoss: 1]))
    _ = try killed?.observe(.evaluation(RunFixture.evaluation(0)))
    try record(1...6, in: #require(killed))
    killed = nil
    try CheckpointFolder(of: run).write(step: checkpoint) { _ in }
    let resumed = try RunRecorder.resume(run)
    #expect(resumed.checkpoint?.step == checkpoint)
    #expect(try RunReader(run).lastStep() == checkpoint)
    if checkpoint < 6 { try record(checkpoint + 1...6, in: resumed.recorder) }
    // Made again after the resume, as a trainer may that cannot know whether it had been recorded.
    if checkpoint == 3 { _ = try resumed.recorder.observe(.evaluation(RunFixture.evaluation(3))) }
    #expect(try RunFixture.rows(run) == RunFixture.rows(whole.folder))
    #expect(try RunFixture.rows(run)["rollouts"]?.count == 48)
    #expect(try RunReader(run).events().map(\.kind) == ["resumed"])
  }

  @Test func aRunWithoutCheckpointStartsOver() throws {
    var recorder: RunRecorder? = try RunFixture.newRecorder("run", in: folder)
    let run = try #require(recorder?.folder)
    _ = try recorder?.observe(.coldStart(step: 1, of: 2, metrics: [.coldStartLoss: 1]))
    try record(1...2, in: #require(recorder))
    recorder = nil
    let resumed = try RunRecorder.resume(run)
    #expect(resumed.checkpoint == nil)
    #expect(try RunFixture.rows(run).values.allSatisfy { $0.isEmpty })
  }

  @Test func aCheckpointTheDatabaseDoesNotReachIsRefused() throws {
    let recorder = try RunFixture.newRecorder("run", in: folder)
    try record(1...2, in: recorder)
    #expect(
      throws: RunStoreError.rowsMissing(path: recorder.folder.databasePath, lastStep: 2, checkpoint: 5)
    ) { try recorder.rollBack(to: 5) }
  }

  @Test func aFullDiskStopsTheRunAndKeepsItsSteps() throws {
    let recorder = try RunFixture.newRecorder("run", in: folder)
    try record(1...2, in: recorder)
    let pages = try #require(try recorder.database.rows("PRAGMA page_count")[0][0].int)
    try recorder.database.execute("PRAGMA max_page_count = \(pages)")
    var report = RunFixture.step(3)
    report = StepReport(
      step: 3, totalSteps: 10, metrics: report.metrics,
      groups: (0..<200).map { _ in report.groups[0] })
    let error = #expect(throws: SQLiteError.self) { try recorder.observe(.step(report)) }
    #expect(error?.isDiskFull == true)
    let reader = try RunReader(recorder.folder)
    #expect(try reader.lastStep() == 2)
    #expect(try reader.database.rows("SELECT count(*) FROM rollouts")[0][0].int == 16)
    try recorder.database.execute("PRAGMA max_page_count = 100000")
    _ = try recorder.observe(.step(RunFixture.step(3)))
    #expect(try reader.lastStep() == 3)
  }

  @Test func aNewerSchemaIsRefused() throws {
    let recorder = try RunFixture.newRecorder("run", in: folder)
    try recorder.database.execute("PRAGMA user_version = 99")
    let error = #expect(throws: RunStoreError.self) { try RunReader(recorder.folder) }
    #expect(error?.description.contains("written by a newer step-srpo (schema 99") == true)
  }

  @Test func aRunOnAReadOnlyMediumCanBeRead() throws {
    var recorder: RunRecorder? = try RunFixture.newRecorder("run", in: folder)
    let run = try #require(recorder?.folder)
    try record(1...1, in: #require(recorder))
    recorder = nil
    // Closed cleanly, the run is a single file: copied elsewhere without its log it is complete.
    let copy = folder.path + "/copy"
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: run.databasePath, toPath: copy + "/run.sqlite")
    #expect(try RunReader(RunFolder.open(copy)).lastStep() == 1)
    #expect(try RunReader(RunFolder.open(copy)).info().name == "copy")
  }
}
