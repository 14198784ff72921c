import AutoThink
import Foundation
import Synchronization
import Tasks
import Testing
import Verifiers

@testable import StepSRPO

/// Fails on every request from its `healthy`-th call on.
private final class FailingVerifier: Verifier {
  let name = "exact"
  private let calls = Mutex(0)
  private let healthy: Int

  init(healthy: Int) { self.healthy = healthy }

  func verify(_ requests: [VerifyRequest]) -> [Verdict] {
    let call = calls.withLock { count in
      count += 1
      return count
    }
    if call > healthy { return requests.map { _ in .failed(VerifierFailure(.crashed, "the process ended")) } }
    return ExactVerifier().verify(requests)
  }
}

@Suite struct RunLimitTests {
  private let fixture = TrainerTests()

  private func report(_ step: Int) -> TrainingEvent {
    .step(StepReport(step: step, totalSteps: 9, metrics: [:], groups: []))
  }

  @Test func timeAndSpaceAreLimits() {
    var limits = LimitsSection()
    (limits.wallTimeMinutes, limits.freeDiskMegabytes) = (30, 100)
    var minutes = 29.9
    var free = 100
    let watch = LimitWatch(limits, folder: "/runs/x", minutesPassed: { minutes }, freeMegabytes: { free })
    #expect(watch.observe(.coldStart(step: 1, of: 2, metrics: [:])) == .continue)
    free = 99
    #expect(watch.observe(.coldStart(step: 2, of: 2, metrics: [:])) == .stop)
    #expect(watch.crossed == .freeDisk(step: 2, path: "/runs/x", megabytes: 99, limit: 100))
    minutes = 30
    let late = LimitWatch(limits, folder: "/", minutesPassed: { minutes }, freeMegabytes: { 1000 })
    #expect(late.observe(report(1)) == .stop)
    #expect(late.crossed == .wallTime(step: 1, minutes: 30, limit: 30))
  }

  /// The step that cannot be verified leaves a checkpoint of the state before it.
  @Test func tooManyFailuresStopTheRunResumably() throws {
    let root = NSTemporaryDirectory() + "limits-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    var configuration = fixture.configuration()
    configuration.checkpoint.every = 100
    configuration.rollout.workers = 1
    let whole = Recorder()
    _ = try fixture.trainer(configuration, try fixture.policy(configuration), whole).train()

    // One call for the first evaluation, then one or two a step: healthy for a while, failing from some step on.
    let keeper = FolderKeeper(root)
    let broken = Recorder()
    let trainer = try fixture.trainer(
      configuration, try fixture.policy(configuration), broken, keeper: keeper, verifier: FailingVerifier(healthy: 4))
    let error = #expect(throws: RunLimitError.self) { try trainer.train() }
    guard case .failureBudget(let step, "exact", let failed, let requests, 0.2, let evidence) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(step == broken.steps.count + 1 && failed > 0 && failed <= requests)
    #expect(evidence == "crashed: the process ended")

    let rest = Recorder()
    let resumed = try Policy(folder: keeper.path(step - 1))
    _ = try fixture.trainer(configuration, resumed, rest, resuming: keeper.path(step - 1)).train()
    #expect((broken.steps + rest.steps).map(\.groups) == whole.steps.map(\.groups))
  }

  @Test func abortStopsAtTheFirstFailure() throws {
    var configuration = fixture.configuration()
    configuration.verification.failurePolicy = .abort
    let trainer = try fixture.trainer(
      configuration, try fixture.policy(configuration), Recorder(), verifier: FailingVerifier(healthy: 2))
    let error = #expect(throws: RunLimitError.self) { try trainer.train() }
    guard case .verifierFailed = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// Every number of every rollout of a real run can be computed again, and the parts make the loss.
  @Test(arguments: [1, 2], [0, 0.5]) func everyRolloutAddsUp(minibatches: Int, judgeAnswerShare: Double) throws {
    var configuration = fixture.configuration()
    configuration.train.minibatches = minibatches
    configuration.algorithm.judgeAnswerShare = judgeAnswerShare
    configuration.algorithm.entropyBonus = 0.01
    let recorder = Recorder()
    _ = try fixture.trainer(configuration, try fixture.policy(configuration), recorder).train()
    var checked = 0
    var withGradient = 0
    for step in recorder.steps {
      let loss = LossArithmetic(configuration, step.groups, loss: step.metrics[.loss])
      for group in step.groups {
        for rollout in group.rollouts {
          let arithmetic = try #require(CreditArithmetic(configuration, group, sample: rollout.sample))
          let lines = arithmetic.lines + loss.lines(of: rollout)
          for line in lines where line.agrees == false {
            Issue.record("step \(step.step), \(line.symbol): \(line.text) = \(line.value ?? .nan)")
          }
          #expect(arithmetic.agreement.same == arithmetic.agreement.of)
          checked += lines.count { $0.agrees == true }
          withGradient += rollout.contributions.answer == nil ? 0 : 1
        }
      }
    }
    #expect(checked > 500 && withGradient > 10, "\(checked) numbers, \(withGradient) rollouts with a gradient")
  }

  @Test func aWrongNumberDoesNotAddUp() throws {
    let configuration = fixture.configuration()
    let recorder = Recorder()
    _ = try fixture.trainer(configuration, try fixture.policy(configuration), recorder).train()
    var group = try #require(recorder.steps.flatMap(\.groups).first { $0.contributes })
    group.rollouts[1].gateAdvantage! += 0.001
    let arithmetic = try #require(CreditArithmetic(configuration, group, sample: 1))
    #expect(arithmetic.lines.filter { $0.agrees == false }.map(\.symbol) == ["A^g"])
    #expect(arithmetic.agreement.same == arithmetic.agreement.of - 1)
    #expect(CreditArithmetic(configuration, group, sample: 99) == nil)
  }
}
