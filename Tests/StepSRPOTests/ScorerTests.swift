import Foundation
import StrictJSON
import Testing
import Verifiers

@testable import StepSRPO

/// Scores 1 for the reference and misbehaves on demand.
private struct FixtureVerifier: Verifier {
  let name: String

  func verify(_ requests: [VerifyRequest]) -> [Verdict] {
    if requests.contains(where: { $0.response == "short" }) { return [] }
    return requests.map { request in
      switch request.response {
      case "timeout": .failed(VerifierFailure(.timeout, "too slow"))
      case "abstain": .abstain(reason: "no idea")
      case "nan": .score(.nan, VerdictDetail())
      default: .score(request.reference.string == request.response ? 1 : 0, VerdictDetail())
      }
    }
  }
}

@Suite struct ScorerTests {
  private func requests(_ responses: [String], verifier: String = "a") -> [ScoringRequest] {
    responses.enumerated().map {
      ScoringRequest(
        verifier: verifier, request: VerifyRequest(id: "\($0)", response: $1, reference: "right"))
    }
  }

  private let registry = VerifierRegistry([FixtureVerifier(name: "a"), FixtureVerifier(name: "b")])

  @Test func orderDoesNotDependOnWorkers() throws {
    let mixed = (0..<200).flatMap { requests([$0 % 3 == 0 ? "right" : "wrong"], verifier: $0 % 2 == 0 ? "a" : "b") }
    let one = try Scorer(registry: registry, workers: 1)(mixed)
    let four = try Scorer(registry: registry, workers: 4)(mixed)
    #expect(one.verdicts == four.verdicts)
    #expect(one.verdicts.map(\.score) == (0..<200).map { $0 % 3 == 0 ? 1 : 0 })
    #expect(one.usage["a"]?.scores == four.usage["a"]?.scores)
  }

  @Test func failuresAreCountedAndNeverScores() throws {
    let (verdicts, usage) = try Scorer(registry: registry, workers: 2)(
      requests(["right", "timeout", "abstain", "nan"]))
    #expect(verdicts.map(\.score) == [1, nil, nil, nil])
    #expect(verdicts[3].failure?.kind == .badReply)
    let counted = try #require(usage["a"])
    #expect(counted.requests == 4 && counted.failures == 2 && counted.timeouts == 1)
    #expect(counted.firstFailure == "timeout: too slow")
  }

  @Test func aVerifierThatLosesVerdictsFails() throws {
    let (verdicts, _) = try Scorer(registry: registry, workers: 1)(requests(["right", "short"]))
    #expect(verdicts.allSatisfy { $0.failure?.kind == .badReply })
  }

  @Test func unknownVerifierNamesTheNearest() {
    let scorer = Scorer(registry: VerifierRegistry([FixtureVerifier(name: "math")]), workers: 1)
    #expect {
      try scorer(requests(["x"], verifier: "maht"))
    } throws: {
      ($0 as? VerifierFailure)?.message.contains("did you mean \"math\"?") == true
    }
  }

  @Test func weightedListsAreCombinedAndCountedByVerifier() throws {
    let list = #"["a",{"name":"b","weight":3}]"#
    var asked = requests(["right", "wrong", "timeout"], verifier: list)
    asked += requests(["right", "timeout"], verifier: #"[{"name":"a","weight":0},"b"]"#)
    asked[0].request.reference = "other"
    let (verdicts, usage) = try Scorer(registry: registry, workers: 3)(asked)
    #expect(verdicts.map(\.score) == [0, 0, nil, 1, nil])
    #expect(verdicts[2].failure?.kind == .timeout)
    #expect(verdicts[3].detail?.metrics["a/score"] == 1)
    let a = try #require(usage["a"])
    #expect(a.requests == 5 && a.failures == 2 && a.weightedRequests == 3 && a.weightedFailures == 1)
    #expect(usage["b"]?.requests == 5)
    // A metric's failure neither takes the verdict nor counts against the budget.
    let metric = try Scorer(registry: VerifierRegistry([FixtureVerifier(name: "a"), MathVerifier()]), workers: 1)(
      [
        ScoringRequest(
          verifier: #"["math",{"name":"a","weight":0}]"#,
          request: VerifyRequest(id: "1", response: "timeout", reference: "1"))
      ])
    #expect(metric.verdicts[0].score == 0)
    var limits = LimitsSection()
    limits.verifierFailures = 0
    try RunLimitError.check(metric.usage, VerificationSection(), limits, step: 1)
    #expect(throws: RunLimitError.self) { try RunLimitError.check(usage, VerificationSection(), limits, step: 1) }
  }
}
