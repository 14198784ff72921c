import Foundation
import StepSRPO
import StrictJSON
import Tasks
import Testing
import Verifiers

@testable import RunStore

/// A stored rollout belongs to the query it was sampled for, whatever else has the same id.
@Suite struct QueryIdentityTests {
  let folder = TemporaryFolder()

  private func report(_ step: Int, _ items: [TaskItem]) -> StepReport {
    StepReport(
      step: step, totalSteps: 2, metrics: [:],
      groups: items.map { item in
        var rollout = RunFixture.rollout(0, step: step)
        rollout.answer = item.reference.text()
        return GroupRecord(
          item: item, accuracyOn: nil, accuracyOff: 1, delta: nil, rightMode: nil, contributes: true,
          rollouts: [rollout])
      })
  }

  @Test func queriesOfOneIdAreKeptApart() throws {
    let items = [
      TaskItem(id: "1", prompt: "2+2?", domain: .math, verifier: "math", reference: 4),
      TaskItem(id: "1", prompt: "3+3?", domain: .math, verifier: "math", reference: 6),
      TaskItem(id: "1", prompt: "3+3?", domain: .math, verifier: "math", reference: .number(JSONNumber(text: "6.0"))),
      TaskItem(id: "1", prompt: "caf\u{E9}?", domain: .math, verifier: "math", reference: 6),
      TaskItem(id: "1", prompt: "cafe\u{301}?", domain: .math, verifier: "math", reference: 6),
      TaskItem(id: "1", prompt: "3+3?", domain: .general, verifier: "general", reference: 6),
    ]
    let recorder = try RunFixture.newRecorder("run", in: folder)
    _ = try recorder.observe(.step(report(1, items)))
    _ = try recorder.observe(.step(report(2, items.reversed())))
    let reader = try RunReader(recorder.folder)
    #expect(try reader.groups(step: 1).map(\.item) == items)
    #expect(try reader.groups(step: 2).map(\.item) == items.reversed())
    #expect(try reader.groups(step: 2).allSatisfy { $0.rollouts[0].verdict != nil })
    #expect(try reader.database.rows("SELECT count(*) FROM queries").first?[0].int == items.count)
  }

  @Test func aRunOfVersionThreeIsReadAndGoesOn() throws {
    let fixture = try #require(
      Bundle.module.url(forResource: "run-version-3", withExtension: "sql", subdirectory: "Fixtures"))
    let run = try RunFolder.create("old", in: folder.path) { draft in
      let database = try SQLiteDatabase(path: draft.databasePath, access: .create)
      try database.execute(try String(contentsOf: fixture, encoding: .utf8))
      database.close()
    }.folder

    let before = try RunReader(run)
    #expect(try before.lastStep() == 2)
    let groups = try before.groups(step: 2)
    #expect(Set(groups.map(\.item.prompt)) == ["A or B?", "2+2?", "Who is it?"])

    let recorder = try RunRecorder(resuming: run)
    #expect(try recorder.database.schemaVersion() == RunSchema.kind.version)
    #expect(try recorder.database.rows("PRAGMA foreign_key_check").isEmpty)
    let after = try RunReader(run)
    #expect(try after.groups(step: 2) == groups)
    // A query that was met before keeps its number.
    _ = try recorder.observe(.step(report(3, groups.map(\.item))))
    #expect(try after.database.rows("SELECT count(*) FROM queries").first?[0].int == 3)
    #expect(try after.groups(step: 3).map(\.item) == groups.map(\.item))
  }

  /// What an audit said stands beside the verdicts and is read back; evaluations keep its figures.
  @Test func auditsAreKept() throws {
    let recorder = try RunFixture.newRecorder("run", in: folder)
    _ = try recorder.observe(.step(RunFixture.step(1)))
    var evaluation = RunFixture.evaluation(1)
    let total = EvaluationCell(
      domain: nil, difficulty: nil, count: 40, accuracy: 0.75, thinkOnRate: 0.5, meanLength: 9, invalidRate: 0)
    var audited = total
    (audited.auditedAccuracy, audited.auditDisagreement) = (0.5, 0.25)
    evaluation = EvaluationReport(step: 1, dataset: "primer", total: audited, cells: [], seconds: 1)
    _ = try recorder.observe(.evaluation(evaluation))
    let reader = try RunReader(recorder.folder)
    #expect(try reader.groups(step: 1) == RunFixture.step(1).groups)
    #expect(try reader.evaluations()[0].total == audited)
    #expect(try reader.series("eval/primer/audited_accuracy") == [MetricPoint(step: 1, value: 0.5)])
    #expect(try reader.series("eval/primer/audit_disagreement") == [MetricPoint(step: 1, value: 0.25)])
    let stored = try #require(try reader.rollout("1.0.0"))
    #expect(stored["audit_score"] == 0 && stored["audit_reason"] == "not to the letter" && stored["score"] == 1)
    let table = EvaluationTable.text([("before", evaluation)])
    #expect(table.contains("audited") && table.contains("50.0 %"))
  }

  @Test func aNewerOrForeignDatabaseIsRefused() throws {
    let recorder = try RunFixture.newRecorder("run", in: folder)
    let run = recorder.folder
    try recorder.database.execute("PRAGMA user_version = 99")
    #expect(throws: RunStoreError.schema(path: run.databasePath, found: 99, expected: RunSchema.kind.version)) {
      try RunReader(run)
    }
    try recorder.database.execute("PRAGMA user_version = \(RunSchema.kind.version); PRAGMA application_id = 7")
    #expect(throws: RunStoreError.foreign(path: run.databasePath, expected: "a run")) { try RunReader(run) }
  }
}
