import AutoThink
import Foundation
import StepSRPO
import StrictJSON
import Tasks
import Verifiers

@testable import RunStore

/// A folder that is gone after the test.
final class TemporaryFolder {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "step-srpo-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Events whose numbers are a function of the step, as a trainer's are.
enum RunFixture {
  static func newRecorder(_ name: String, in folder: TemporaryFolder) throws -> RunRecorder {
    try RunRecorder(creating: name, in: folder.path, seed: 7, codeVersion: "test", config: ["seed": 7])
  }

  static func item(_ number: Int) -> TaskItem {
    TaskItem(
      id: "q\(number)", prompt: "What is \(number) + 1?", domain: .math, verifier: "math",
      reference: .int(number + 1), difficulty: 0.25, source: "primer/math/1")
  }

  static func rollout(_ sample: Int, step: Int) -> RolloutRecord {
    var rollout = RolloutRecord(
      sample: sample, kind: sample == 3 ? .probe : .free,
      text: "<judge>easy\u{0}</judge><think_off><answer>\(step)</answer>",
      length: 5 + sample, truncated: false, mode: sample == 2 ? nil : .off, invalidReason: sample == 2 ? "no gate" : nil
    )
    switch sample {
    case 0:
      rollout.verdict = .score(
        1, VerdictDetail(extracted: "\(step)", outcome: "equal", reason: "same number", metrics: ["digits": 2]))
    case 1: rollout.verdict = .failed(VerifierFailure(.timeout, "took 5 s"))
    case 3: rollout.verdict = .abstain(reason: "no reference")
    default: break
    }
    if sample == 0 {
      rollout.audit = .score(
        step % 2 == 0 ? 1 : 0, VerdictDetail(extracted: "\(step)(", outcome: "different", reason: "not to the letter"))
    }
    rollout.outcome = sample == 0 ? 1 : nil
    rollout.answerReward = rollout.outcome
    rollout.judgeAdvantage = 0.5 - Double(sample)
    rollout.thinkOnProbability = 0.1 * Double(step)
    return rollout
  }

  static func step(_ step: Int, of total: Int = 10) -> StepReport {
    let groups = (0..<2).map { index in
      GroupRecord(
        item: item(step * 2 + index * 3), accuracyOn: nil, accuracyOff: 0.5, delta: 0.1, rightMode: .off,
        contributes: index == 0, rollouts: (0..<4).map { rollout($0, step: step) })
    }
    return StepReport(
      step: step, totalSteps: total,
      metrics: [
        .loss: 1 / Double(step), .reward: 0.5, .thinkOnRate: 0.9 - 0.05 * Double(step), .accuracy: 0.4,
        .numTokens: Double(step) * 100, .meanLength: 50 - Double(step), .timeStep: Double.random(in: 0...1),
        Metric.accuracy.by(domain: "math", difficulty: "1"): 0.25,
      ], groups: groups)
  }

  static func evaluation(_ step: Int, thinkOn: Double = 0.9) -> EvaluationReport {
    EvaluationReport(
      step: step, dataset: "primer/test",
      total: EvaluationCell(
        domain: nil, difficulty: nil, count: 40, accuracy: 0.75, thinkOnRate: thinkOn, meanLength: 31.25,
        invalidRate: 0),
      cells: [
        EvaluationCell(
          domain: "math", difficulty: "1", count: 20, accuracy: 0.5, thinkOnRate: thinkOn, meanLength: 12.5,
          invalidRate: 0),
        EvaluationCell(
          domain: "math", difficulty: "2", count: 20, accuracy: nil, thinkOnRate: nil, meanLength: 50, invalidRate: 0.05
        ),
      ], seconds: 2)
  }

  /// Every compared row of a run: all tables but the ones that hold wall-clock times, and no metric in seconds.
  static func rows(_ folder: RunFolder) throws -> [String: [SQLiteRow]] {
    let database = try SQLiteDatabase(path: folder.databasePath, access: .read)
    var tables: [String: [SQLiteRow]] = [:]
    for table in ["steps", "queries", "groups", "rollouts", "verdicts", "evaluations"] {
      tables[table] = try database.rows("SELECT * FROM \(table) ORDER BY 1, 2, 3")
    }
    tables["metrics"] = try database.rows("SELECT * FROM metrics ORDER BY stage, step, name").filter {
      MetricRegistry.definition(of: $0[2].string ?? "")?.unit != "s"
    }
    return tables
  }
}
