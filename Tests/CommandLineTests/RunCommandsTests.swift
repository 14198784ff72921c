import Foundation
import RunStore
import StepSRPO
import StrictJSON
import Tasks
import Testing
import Verifiers

/// `runs`, `curves`, `samples` and `query` as a user calls them, on a small run.
@Suite final class RunCommandsTests {
  private let folder = NSTemporaryDirectory() + "step-srpo-runs-\(UUID().uuidString)"

  init() throws {
    for name in ["alpha", "beta"] {
      let recorder = try RunRecorder(
        creating: name, in: folder + "/runs", seed: 1, codeVersion: "test", config: [:])
      for step in 1...4 { _ = try recorder.observe(.step(Self.report(step, isBeta: name == "beta"))) }
      try CheckpointFolder(of: recorder.folder).write(step: 4) { _ in }
      if name == "alpha" { try recorder.setStatus(.completed) }
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private static func report(_ step: Int, isBeta: Bool) -> StepReport {
    var rollouts: [RolloutRecord] = []
    for sample in 0..<3 {
      var rollout = RolloutRecord(
        sample: sample, kind: .free,
        text: sample == 1
          ? "<judge>\u{1B}]0;owned\u{7}</judge><think_off><answer>4</answer>"
          : "<judge>hard</judge><think_on><think>2+2</think><answer>4</answer>",
        length: 9, truncated: false, mode: sample == 1 ? .off : .on, invalidReason: nil)
      rollout.verdict = .score(1, VerdictDetail(extracted: "4"))
      rollout.outcome = 1
      rollout.answerAdvantage = 0.25
      rollouts.append(rollout)
    }
    let item = TaskItem(id: "sum-\(step)", prompt: "2 + 2?", domain: .math, verifier: "math", reference: 4)
    let rate = isBeta ? 0.5 : 1 - 0.25 * Double(step - 1)
    return StepReport(
      step: step, totalSteps: 4,
      metrics: [.thinkOnRate: rate, .accuracy: 0.5, .meanLength: 10 * Double(step), .kl: step == 3 ? .nan : 0.5],
      groups: [
        GroupRecord(
          item: item, accuracyOn: 1, accuracyOff: 1, delta: nil, rightMode: nil, contributes: true, rollouts: rollouts)
      ])
  }

  private func run(_ words: String...) throws -> ProgramRunner.Result { try ProgramRunner.run(words, folder: folder) }

  @Test func runsAreListed() throws {
    let lines = try run("runs").lines
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("run    state        step  checkpoint  think-on  accuracy  seed  created"))
    #expect(lines[1].hasPrefix("alpha  completed     4/4           4      25 %      50 %     1  20"))
    #expect(lines[2].hasPrefix("beta   interrupted   4/4           4      50 %      50 %     1  20"))
    let json = try run("runs", "--json").lines.map { try JSON.parse(String($0)) }
    #expect(json.map { $0["state"] ?? "" } == ["completed", "interrupted"])
    let none = try run("runs", "--runs", "nowhere")
    #expect(none.code == 0 && none.out.isEmpty && none.error.contains("no runs in nowhere"))
  }

  @Test func aDamagedRunDoesNotHideTheOthers() throws {
    try FileManager.default.createDirectory(atPath: folder + "/runs/bad", withIntermediateDirectories: true)
    try "this is no database, whatever its name says, and it is long enough to be one".write(
      toFile: folder + "/runs/bad/run.sqlite", atomically: true, encoding: .utf8)
    let result = try run("runs")
    #expect(result.code == 1 && result.lines.count == 3)
    #expect(result.error.contains("bad: ") && result.error.contains("damaged or no run database"))
  }

  @Test func curvesAsNumbers() throws {
    #expect(
      try run("curves", "alpha", "--csv").out == """
        step,mode/think_on_rate,accuracy,completions/mean_length
        1,1,0.5,10
        2,0.75,0.5,20
        3,0.5,0.5,30
        4,0.25,0.5,40

        """)
    #expect(
      try run("curves", "alpha", "--json", "--metric", "kl", "--metric=accuracy").out
        == "{\"run\":\"alpha\",\"metrics\":{\"kl\":[[1,0.5],[2,0.5],[3,null],[4,0.5]],"
        + "\"accuracy\":[[1,0.5],[2,0.5],[3,0.5],[4,0.5]]}}\n")
    let both = try run("curves", "alpha", "beta", "--csv", "--metric", "mode/*", "--smooth", "2")
    #expect(both.lines.prefix(3) == ["run,step,mode/think_on_rate", "alpha,1,1", "alpha,2,0.875"])
    #expect(both.lines.last == "beta,4,0.5")
    #expect(try run("curves", "alpha", "--csv", "--metric", "all").lines[3] == "3,0.5,30,nan,0.5")
  }

  @Test func curvesAsChart() throws {
    let result = try run("curves", "alpha", "--ascii", "--width", "40", "--height", "5")
    #expect(
      result.out == """
        mode/think_on_rate, accuracy [ratio]
        1.0 +******
            |      ***********
        0.5 +ooooooooooooooooooooooooooooooooooo
            |                             ******
        0.0 +
            +-----------+----------------------+
                        2                      4
          -*- mode/think_on_rate  0.250
          -o- accuracy  0.500 at step 4

        completions/mean_length [tokens]
        40 +                              ******
           |                  ************
        20 +       ***********
           |*******
         0 +
           +------------+----------------------+
                        2                      4
          -*- completions/mean_length  40.00

        """)
    let braille = try run("curves", "alpha", "--width", "50")
    #expect(braille.lines.allSatisfy { $0.count <= 50 && !$0.contains("\u{1B}") })
    #expect(braille.out.contains("●") && braille.out.contains("○"))
  }

  @Test func mistakesHaveHintsAndExitCodeTwo() throws {
    for (words, hint) in [
      (["curves", "alfa"], "no run \"alfa\" in runs; did you mean \"alpha\"?"),
      (["curves", "alpha", "--metric", "acuracy"], "unknown metric \"acuracy\"; did you mean \"accuracy\"?"),
      (["curves", "alpha", "--metric", "think_on"], "did you mean \"mode/think_on_rate\"?"),
      (["curves", "alpha", "--metric", "entropy"], "metric \"entropy\" was not recorded in this run"),
      (["curves", "alpha", "--csv", "--json"], "--csv and --json exclude each other"),
      (["samples", "alpha", "--step", "9"], "holds steps 1 to 4"),
      (["samples", "alpha", "--mode", "of"], "did you mean \"off\"?"),
      (["query", "alpha", "DELETE FROM metrics"], "would change the run"),
      (["query", "alpha", "SELECT nope"], "no such column: nope"),
      (["verify", "mth"], "unknown verifier \"mth\""),
    ] {
      let result = try ProgramRunner.run(words, folder: folder)
      #expect(result.code == 2 && result.out.isEmpty, "\(words)")
      #expect(result.error.contains(hint), "\(words): \(result.error)")
    }
  }

  @Test func samplesShowSegmentsAndNumbers() throws {
    let result = try run("samples", "alpha", "--limit", "2")
    #expect(result.code == 0)
    #expect(!result.out.contains("\u{1B}") && !result.out.contains("\u{7}"))
    let lines = result.lines
    #expect(lines[0].hasPrefix("-- 4.0.0  free  think-on  9 tokens ---"))
    #expect(lines[0].count == 80)
    for line in [
      "prompt     2 + 2?", "wanted     4", "judge      <judge>hard</judge>", "gate       <think_on>",
      "think      <think>2+2</think>", "answer     <answer>4</answer>", "verdict    math: score 1, read \"4\"",
      "advantage  judge -  gate -  answer +0.2500", "judge      <judge>\\e]0;owned\\u{7}</judge>",
    ] { #expect(lines.contains(Substring(line)), "\(line) is missing") }
    #expect(try run("samples", "alpha", "--json").lines.count == 3)
    #expect(try run("samples", "alpha", "--json", "--query", "sum-2", "--mode", "on").lines.count == 2)
    let none = try run("samples", "alpha", "--query", "sum-11")
    #expect(none.code == 0 && none.out.isEmpty && none.error.contains("did you mean \"sum-1\"?"))
  }

  @Test func queriesAnswerInThreeForms() throws {
    let sql = "SELECT step, text FROM rollouts WHERE sample = 1 AND step < 3"
    #expect(try run("query", "alpha", sql, "--json").lines.count == 2)
    #expect(
      try run("query", "alpha", "SELECT 1 AS a, 'x,\"y' AS b, NULL AS c", "--csv").out == "a,b,c\n1,\"x,\"\"y\",\n")
    #expect(try run("query", "alpha", "SELECT 10 AS count, 'x' AS name").out == "count  name\n   10  x\n")
    #expect(try run("query", "alpha", sql).out.contains("\\e]0;owned"))
  }
}
