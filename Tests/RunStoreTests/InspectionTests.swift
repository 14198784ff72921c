import AutoThink
import Foundation
import StepSRPO
import StrictJSON
import Tasks
import Testing
import Verifiers

@testable import RunStore

/// `diff`, `rescore`, retention and event files on small made-up runs.
@Suite struct InspectionTests {
  let folder = TemporaryFolder()

  /// Groups judged by the trainer's own rule, so that everything in the run fits together.
  static func judged(_ step: Int, wrong: Set<Int> = [0]) -> GroupRecord {
    var rollouts = (0..<6).map { sample -> RolloutRecord in
      var rollout = RolloutRecord(
        sample: sample, kind: sample < 4 ? .free : .probe, text: "<answer>\(step)</answer>", length: 9,
        truncated: false, mode: sample % 2 == 0 ? .on : .off, invalidReason: nil)
      rollout.answer = wrong.contains(sample) ? "7" : "\(step)"
      rollout.outcome = wrong.contains(sample) ? 0 : 1
      rollout.verdict = .score(rollout.outcome!, VerdictDetail(extracted: rollout.answer))
      rollout.thinkOnProbability = 0.5 + 0.01 * Double(sample)
      return rollout
    }
    let result = SegmentCredit(AlgorithmSection())(rollouts.map(\.judged))
    for i in rollouts.indices {
      rollouts[i].judgeReward = result.judgeRewards[i]
      rollouts[i].answerReward = result.answerRewards[i]
      rollouts[i].judgeAdvantage = result.advantages[i].judge
      rollouts[i].gateAdvantage = result.advantages[i].gate
      rollouts[i].answerAdvantage = result.advantages[i].answer
    }
    var item = RunFixture.item(step)
    item.verifier = "exact"
    item.reference = .string("\(step)")
    return GroupRecord(
      item: item, accuracyOn: result.evidence.accuracyOn, accuracyOff: result.evidence.accuracyOff,
      delta: result.evidence.delta, rightMode: result.evidence.rightMode, contributes: result.contributes,
      rollouts: rollouts)
  }

  private func run(_ name: String, config: JSON = [:], steps: Int = 3, change: (Int, inout GroupRecord) -> Void)
    throws -> RunReader
  {
    let recorder = try RunRecorder(
      creating: name, in: folder.path, seed: 1, codeVersion: "test", config: config, dataHash: "d")
    for step in 1...steps {
      var group = Self.judged(step)
      change(step, &group)
      var metrics = StepMetrics.of([group])
      metrics[.timeStep] = Double.random(in: 0...1)
      _ = try recorder.observe(.step(StepReport(step: step, totalSteps: steps, metrics: metrics, groups: [group])))
    }
    return try RunReader(recorder.folder)
  }

  @Test func storedGroupsAreReadBackWhole() throws {
    let reader = try run("run") { _, group in
      group.history = [.on: 0.25]
      group.rollouts[1].verdict = .failed(VerifierFailure(.timeout, "late"))
      group.rollouts[2].verdict = .abstain(reason: "no key")
      var part = SegmentContribution(advantage: 0.5, weight: 0.1, normaliser: 30)
      (part.tokens, part.importanceSum, part.ratioMin, part.ratioMax) = (4, 3.5, 0.9, 1.1)
      (part.held, part.surrogate, part.loss) = (1, 0.25, -0.125)
      group.rollouts[0].contributions.judge = part
      group.rollouts[0].segmentTokens.answer = 4
    }
    var expected = Self.judged(2)
    expected.history = [.on: 0.25]
    let found = try #require(try reader.groups(step: 2).first)
    #expect(found.history == expected.history && found.item.fields == expected.item.fields)
    #expect(found.rollouts[0].contributions.judge?.surrogate == 0.25)
    #expect(found.rollouts[0].segmentTokens.answer == 4)
    #expect(found.rollouts[1].verdict == .failed(VerifierFailure(.timeout, "late")))
    #expect(found.rollouts[2].verdict == .abstain(reason: "no key"))
    #expect(found.rollouts[3] == expected.rollouts[3])
    #expect(try reader.groups(step: 9).isEmpty)
  }

  @Test func equalRunsHaveNoDifference() throws {
    let difference = try RunDifference(run("a") { _, _ in }, run("b") { _, _ in })
    #expect(difference.sameNumbers && difference.facts.isEmpty && difference.configuration.isEmpty)
    #expect(difference.commonSteps == 3)
  }

  @Test func theFirstDifferenceIsFound() throws {
    let a = try run("a", config: ["train": ["steps": 3, "beta": 1], "seed": 1]) { _, _ in }
    let b = try run("b", config: ["train": ["steps": 3, "beta": 2], "seed": 1], steps: 4) { step, group in
      if step >= 2 { group.rollouts[3].text = "<answer>2!</answer>" }
      if step >= 2 { group.rollouts[3].answerReward = 0.25 }
    }
    let difference = try RunDifference(a, b)
    #expect(difference.configuration.map(\.description) == ["train.beta: 1 -> 2"])
    #expect(difference.first.first?.step == 2 && difference.first.first?.metric == "reward")
    #expect(difference.first.allSatisfy { $0.step == 2 && !$0.metric.hasPrefix("time/") })
    #expect(difference.rollouts.map(\.id) == ["2.0.3"])
    #expect(difference.rollouts[0].differences == ["text from character 10", "answer reward: 1 -> 0.25"])
  }

  /// Right when the answer is the reference, or when it is what it is told to accept too.
  private struct Exact: Verifier {
    let name = "exact"
    var alsoRight: String?
    func verify(_ requests: [VerifyRequest]) -> [Verdict] {
      requests.map {
        let isRight = $0.response == $0.reference.string || $0.response == alsoRight
        return .score(isRight ? 1 : 0, VerdictDetail(extracted: $0.response))
      }
    }
  }

  private func rescore(_ reader: RunReader, _ verifier: Exact) throws -> (Rescoring, [Rescoring.Change]) {
    var changes: [Rescoring.Change] = []
    let scorer = Scorer(registry: VerifierRegistry([verifier]), workers: 2)
    let rescoring = try Rescoring(reader, RunConfiguration(), scorer: scorer) { changes.append($0) }
    return (rescoring, changes)
  }

  @Test func anUnchangedVerifierChangesNothing() throws {
    let (rescoring, changes) = try rescore(run("run") { _, _ in }, Exact())
    #expect(changes.isEmpty && rescoring.changed == 0 && rescoring.modeFlips == 0)
    #expect(rescoring.rollouts == 18 && rescoring.tallies["exact"]?.verdicts == 18)
    #expect(rescoring.meanRewards[0] == rescoring.meanRewards[1])
  }

  @Test func aChangedVerifierFlipsVerdictsAndWhatFollows() throws {
    let (rescoring, changes) = try rescore(run("run") { _, _ in }, Exact(alsoRight: "7"))
    #expect(rescoring.tallies["exact"]?.flips == ["wrong -> right": 3])
    #expect(changes.filter(\.isFlip).map(\.id) == ["1.0.0", "2.0.0", "3.0.0"])
    // With every answer right the advantages of the others vanish too.
    #expect(rescoring.changed > 3 && changes.contains { !$0.isFlip })
    #expect(changes.filter(\.isFlip).allSatisfy { $0.before.outcome == 0 && $0.after.outcome == 1 })
    #expect((rescoring.meanRewards[1] ?? 0) > (rescoring.meanRewards[0] ?? 1))
  }

  @Test func theBestCheckpointsStayBesideTheNewest() throws {
    let recorder = try RunFixture.newRecorder("run", in: folder)
    var rules = CheckpointSection()
    (rules.every, rules.keep, rules.keepBest, rules.bestMetric) = (2, 2, 2, "accuracy")
    let keeper = CheckpointRetention(recorder.folder, rules: rules)
    // Means over two steps each: .15, .85, .35, .75, .25, .2
    for (index, accuracy) in [0.1, 0.2, 0.9, 0.8, 0.3, 0.4, 0.7, 0.8, 0.2, 0.3, 0.2, 0.2].enumerated() {
      _ = try recorder.observe(
        .step(StepReport(step: index + 1, totalSteps: 12, metrics: [.accuracy: accuracy], groups: [])))
      if index % 2 == 1 { try keeper.write(step: index + 1) { _ in } }
    }
    #expect(try CheckpointFolder(of: recorder.folder).all().map(\.step) == [4, 8, 10, 12])
    rules.bestIs = .lowest
    #expect(try CheckpointRetention(recorder.folder, rules: rules).best(of: [4, 8, 10, 12]) == [10, 12])
    rules.bestMetric = "kl"
    #expect(try CheckpointRetention(recorder.folder, rules: rules).best(of: [4, 8]).isEmpty)
  }

  @Test func recordsHaveTheRightChecksums() {
    // The check value of CRC-32C, and a masked one as TensorFlow's tests have it.
    #expect(RecordFile.checksum(Array("123456789".utf8)) == 0xe306_9283)
    #expect(RecordFile.checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    var file = RecordFile()
    file.append(Array("abc".utf8))
    #expect(file.bytes.count == 8 + 4 + 3 + 4 && file.bytes.prefix(8) == [3, 0, 0, 0, 0, 0, 0, 0])
  }

  /// A Python that can import TensorBoard, where there is one.
  static let tensorBoardPython: String? = {
    let environment = ProcessInfo.processInfo.environment
    let candidates = [environment["STEP_SRPO_TENSORBOARD_PYTHON"], "/usr/bin/python3"].compactMap { $0 }
    return candidates.first { path in
      guard FileManager.default.isExecutableFile(atPath: path) else { return false }
      return (try? python(path, "import tensorboard"))?.code == 0
    }
  }()

  static func python(_ path: String, _ script: String, _ arguments: [String] = []) throws -> (code: Int32, out: String)
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["-c", script] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  @Test(.enabled(if: tensorBoardPython != nil, "no Python with TensorBoard on this machine"))
  func tensorBoardReadsWhatIsWritten() throws {
    let reader = try run("run", steps: 300) { _, _ in }
    try EventFile.write(reader, to: folder.path + "/tb")
    let read = try Self.tensorBoard(#require(Self.tensorBoardPython), folder.path + "/tb/run")
    let names = try reader.metricNames()
    #expect(read.object?.keys.sorted() == names.sorted())
    for name in names {
      let expected = try reader.series(name).map { [Double($0.step), Double(Float($0.value))] }
      #expect(read[name]?.array?.map { $0.array?.compactMap(\.double) ?? [] } == expected, "\(name)")
    }
  }

  /// The scalars of a folder as TensorBoard's own reader gives them.
  static func tensorBoard(_ path: String, _ folder: String) throws -> JSON {
    let script = """
      import json, sys
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
      events.Reload()
      names = events.Tags()["scalars"]
      print(json.dumps({n: [[e.step, e.value] for e in events.Scalars(n)] for n in names}))
      """
    let result = try python(path, script, [folder])
    #expect(result.code == 0)
    return try JSON.parse(result.out)
  }
}
