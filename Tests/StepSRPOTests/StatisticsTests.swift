import Testing

@testable import StepSRPO

@Suite struct StatisticsTests {
  /// Nearest rank: the smallest value that at least this share of the sample does not exceed.
  @Test func quantilesAreOfTheNearestRank() {
    let hundred = (1...100).map(Double.init).shuffled()
    for percent in 1...100 { #expect(hundred.quantile(Double(percent) / 100) == Double(percent)) }
    #expect([1.0, 2].quantile(0.5) == 1 && [1.0, 2].quantile(0.51) == 2)
    #expect([3.0, 1, 2].quantile(0.5) == 2 && [4.0, 1, 2, 3].quantile(0.5) == 2)
    #expect([7.0].quantile(0) == 7 && [7.0].quantile(1) == 7 && [7.0].quantile(0.99) == 7)
    #expect([1.0, 2, 3].quantile(0) == 1 && [1.0, 2, 3].quantile(1) == 3)
    #expect([Double]().quantile(0.5) == nil)
    // The product of share and count is a rank even where it is rounded past it.
    #expect((1...10).map(Double.init).quantile(0.7) == 7 && (1...1000).map(Double.init).quantile(0.07) == 70)
  }

  @Test func usageOfSeveralRoundsIsAddedUp() {
    var first = VerifierUsage()
    (first.requests, first.failures, first.timeouts, first.weightedRequests, first.weightedFailures) = (5, 2, 1, 4, 1)
    (first.scores, first.seconds) = ([1], [0.1])
    var second = VerifierUsage()
    (second.requests, second.failures, second.timeouts, second.weightedRequests, second.weightedFailures) = (
      3, 3, 2, 3, 3
    )
    second.firstFailure = "late"
    let sum = first.merged(with: second)
    #expect(sum.requests == 8 && sum.failures == 5 && sum.timeouts == 3)
    #expect(sum.weightedRequests == 7 && sum.weightedFailures == 4, "what the limit of failures is taken over")
    #expect(sum.scores == [1] && sum.seconds == [0.1] && sum.firstFailure == "late")
  }
}
