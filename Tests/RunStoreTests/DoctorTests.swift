import StepSRPO
import StrictJSON
import Tasks
import Testing
import Verifiers

@testable import RunStore

/// A run per disease: the doctor must name it, and nothing in a healthy run.
@Suite struct DoctorTests {
  let folder = TemporaryFolder()

  /// Records ten steps of two groups with six rollouts each, changed by the disease.
  private func findings(
    config: JSON = ["rollout": ["minimum_per_mode": 4], "train": ["minibatches": 1]], completed: Bool = true,
    rollout disease: (inout RolloutRecord) -> Void = { _ in },
    metrics change: (inout [Metric: Double]) -> Void = { _ in }
  ) throws -> [Finding] {
    var recorder: RunRecorder? = try RunRecorder(
      creating: "run", in: folder.path, seed: 1, codeVersion: "test", config: config)
    for step in 1...10 {
      let groups = (0..<2).map { index -> GroupRecord in
        let rollouts = (0..<6).map { sample -> RolloutRecord in
          var rollout = RolloutRecord(
            sample: sample, kind: .free, text: "text", length: 20, truncated: false, mode: sample < 3 ? .on : .off,
            invalidReason: nil)
          rollout.outcome = sample % 2 == 0 ? 1 : 0
          rollout.answerReward = rollout.outcome
          rollout.verdict = .score(rollout.outcome!, VerdictDetail())
          var part = SegmentContribution(advantage: 1, weight: 1, normaliser: 10)
          (part.tokens, part.ratioMin, part.ratioMax) = (10, 1, 1)
          rollout.contributions.answer = part
          disease(&rollout)
          return rollout
        }
        return GroupRecord(
          item: RunFixture.item(index), accuracyOn: 0.5, accuracyOff: 0.5, delta: -0.05, rightMode: .off,
          contributes: true, rollouts: rollouts)
      }
      var metrics = StepMetrics.of(groups)
      metrics.merge(
        [
          .learningRate: 1e-3, .entropy: 0.4, .gradNorm: 0.7, .logpDifferenceMax: 1e-5, .logpDifferenceMean: 1e-6,
          .loss: 0.1, .kl: 0.01,
        ]) { _, new in new }
      change(&metrics)
      _ = try recorder?.observe(.step(StepReport(step: step, totalSteps: 10, metrics: metrics, groups: groups)))
    }
    if completed { try recorder?.setStatus(.completed) }
    // The lock goes with the recorder: nobody is running it any more.
    recorder = nil
    return try Doctor(RunReader(RunFolder.open("run", in: folder.path))).findings()
  }

  private func expect(_ findings: [Finding], _ name: String, _ severity: Finding.Severity, evidence: String) {
    guard let found = findings.first(where: { $0.name == name }) else {
      Issue.record("\(name) was not found, only \(findings.map(\.name))")
      return
    }
    #expect(found.severity == severity)
    #expect(found.evidence.contains(evidence), "\(found.evidence)")
    #expect(!found.advice.isEmpty)
  }

  @Test func aHealthyRunHasNoFinding() throws { #expect(try findings() == []) }

  @Test func everythingTruncated() throws {
    let found = try findings { $0.truncated = true }
    expect(found, "truncated", .dead, evidence: "100 % of the free responses were cut")
    #expect(found.first { $0.name == "truncated" }?.advice.last == "look at it: step-srpo explain run 10.0.0")
  }

  @Test func groupsWithoutVariance() throws {
    expect(
      try findings { ($0.outcome, $0.answerReward) = (1, 1) }, "zero-variance-groups", .dead, evidence: "too easy")
  }

  @Test func groupsWithoutVarianceBecauseAllIsWrong() throws {
    expect(
      try findings { ($0.outcome, $0.answerReward) = (0, 0) }, "zero-variance-groups", .dead, evidence: "too hard")
  }

  @Test func oneModeOnly() throws {
    expect(try findings { $0.mode = .on }, "one-mode-groups", .warning, evidence: "nearly always takes think-on")
  }

  @Test func eachQueryItsOwnModeIsHealth() throws {
    let found = try findings(metrics: {
      $0[.singleModeGroupRatio] = 1
      $0[.thinkOnRate] = 0.5
    })
    #expect(!found.contains { $0.name == "one-mode-groups" })
  }

  @Test func oneModeOnlyAndNoProbes() throws {
    let config: JSON = ["rollout": ["minimum_per_mode": 0]]
    expect(
      try findings(config: config) { $0.mode = .off }, "one-mode-groups", .dead, evidence: "no probes are sampled")
  }

  @Test func failingVerifier() throws {
    let found = try findings {
      if $0.sample == 5 { ($0.verdict, $0.outcome) = (.failed(VerifierFailure(.timeout, "took 9 s")), nil) }
    }
    expect(found, "verifier-errors", .warning, evidence: "math failed on 17 % of 120 requests, last with timeout")
  }

  @Test func abstainingVerifier() throws {
    let found = try findings { ($0.verdict, $0.outcome) = (.abstain(reason: "no key"), nil) }
    expect(found, "verifier-abstains", .dead, evidence: "100 % of 120 requests")
    expect(found, "unscorable", .dead, evidence: "100 %")
  }

  @Test func failingReferences() throws {
    let found = try findings {
      ($0.verdict, $0.outcome) = (.failed(VerifierFailure(.badReference, "cannot parse 1//2")), nil)
    }
    expect(found, "references-fail", .dead, evidence: "2 of 2 queries")
    #expect(found.first { $0.name == "references-fail" }?.evidence.contains("cannot parse 1//2") == true)
  }

  @Test func neverRight() throws {
    let found = try findings(rollout: { $0.outcome = 0 }, metrics: { $0[.accuracy] = 0.5 })
    expect(found, "never-right", .warning, evidence: "first \"q0\" (60 rollouts)")
  }

  @Test func unparsableGates() throws {
    let found = try findings { ($0.gate, $0.mode, $0.invalidReason) = (nil, nil, "no_gate") }
    expect(found, "unparsable-gates", .dead, evidence: "in 100 % of the free responses no gate could be read")
  }

  @Test func brokenFormats() throws {
    let found = try findings { ($0.mode, $0.invalidReason) = (nil, "no_answer") }
    expect(found, "invalid-formats", .dead, evidence: "most often: no_answer")
  }

  @Test func learningRateZero() throws {
    expect(
      try findings(metrics: { $0[.learningRate] = 0 }), "learning-rate-zero", .dead, evidence: "steps 1 to 10")
  }

  @Test func samplerAndTrainerDisagree() throws {
    expect(
      try findings(metrics: { ($0[.logpDifferenceMax], $0[.logpDifferenceMean]) = (0.5, 0.1) }),
      "sampler-trainer-mismatch", .dead, evidence: "the first ratio is 1.649 instead of 1")
  }

  @Test func firstRatioIsNotOne() throws {
    expect(
      try findings { $0.contributions.answer?.ratioMax = 1.25 }, "first-step-ratio", .dead, evidence: "off by 0.250")
  }

  @Test func entropyCollapsed() throws {
    expect(try findings(metrics: { $0[.entropy] = 0.001 }), "entropy-collapsed", .warning, evidence: "0.0010 nats")
  }

  @Test func divergenceOutOfRange() throws {
    expect(try findings(metrics: { $0[.kl] = 20 }), "kl-out-of-range", .dead, evidence: "20.00 nats")
  }

  @Test func zeroGradient() throws {
    expect(try findings(metrics: { $0[.gradNorm] = 0 }), "gradient-zero", .dead, evidence: "was 0")
  }

  @Test func notANumber() throws {
    expect(try findings(metrics: { $0[.loss] = .nan }), "not-a-number", .dead, evidence: "first loss at step 1")
  }

  @Test func interrupted() throws {
    expect(try findings(completed: false), "interrupted", .warning, evidence: "step 10 of 10")
  }

  @Test func anAuditThatRefusesIsSeen() throws {
    let found = try findings(rollout: { rollout in
      guard rollout.outcome == 1 else { return }
      rollout.audit = .score(rollout.sample == 4 ? 0 : 1, VerdictDetail(extracted: "Ann(", reason: "not to the letter"))
    })
    expect(found, "audit-disagrees", .dead, evidence: "33 % of the rewarded responses")
    expect(found, "audit-disagrees", .dead, evidence: "\"Ann(\" (20)")
    #expect(try #require(found.first { $0.name == "audit-disagrees" }).advice[0].contains("explain run 10.0.4"))
  }

  @Test func aFaithfulAuditIsHealth() throws {
    let found = try findings(rollout: { rollout in
      if rollout.outcome == 1 { rollout.audit = .score(1, VerdictDetail(extracted: "Ann", reason: "to the letter")) }
    })
    #expect(found.isEmpty, "\(found.map(\.evidence))")
  }

  @Test func anAuditMayHaveNothingToSay() throws {
    let silent = try findings(rollout: { rollout in
      if rollout.outcome == 1 { rollout.audit = .abstain(reason: "no reference") }
    })
    #expect(silent.isEmpty, "\(silent.map(\.evidence))")
  }

  @Test func newFormsOfRightAnswersAreSeen() throws {
    let found = try findings(
      rollout: { rollout in
        if rollout.outcome == 1 { rollout.verdict = .score(1, VerdictDetail(extracted: "Ann(")) }
      }, metrics: { $0[.newFormRatio("math")] = 0.4 })
    expect(found, "answers-drift", .dead, evidence: "40 % of the answers that math calls right")
    expect(found, "answers-drift", .dead, evidence: "\"Ann(\" (60)")
  }
}
