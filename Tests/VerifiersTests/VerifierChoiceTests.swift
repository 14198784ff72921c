import StrictJSON
import Testing

@testable import Verifiers

/// The weighted mean of several verifiers, whatever their weights are.
@Suite struct VerifierChoiceTests {
  private static let weights: [[Double]] = [
    [1, 1], [1, 3], [0.5, 0.25, 0.25], [1e9, 1e9], [1e9, 1e9, 1e9], [1e9, 1], [1e-9, 1e-9], [1e-9, 1e-9, 1e-9],
    [1e9, 1e-9], [1e-9, 1e9], [1e9, 0], [0, 1e-9], [3, 0, 0], [0.1, 0.2, 0.7], [7, 11, 13, 17], [1e9, 1e8, 1e7],
    [0.3, 0.3, 0.3], [1, 1e-9], [2, 3, 5, 7, 11, 13], [1e6, 1e-6], [0, 0, 0.5],
  ]

  private func choice(_ weights: [Double]) throws -> VerifierChoice {
    try VerifierChoice(parts: weights.enumerated().map { VerifierChoice.Part(name: "v\($0)", weight: $1) })
  }

  private func score(_ weights: [Double], _ scores: [Double]) throws -> Double? {
    try choice(weights).verdict(from: scores.map { .score($0, VerdictDetail()) }).score
  }

  @Test(arguments: weights) func whatAllFindRightIsRight(weights: [Double]) throws {
    #expect(try score(weights, weights.map { _ in 1 }) == 1)
    #expect(try score(weights, weights.map { _ in 0 }) == 0)
    // Verifiers without a weight have no say.
    #expect(try score(weights, weights.map { $0 > 0 ? 1 : 0 }) == 1)
    #expect(try score(weights, weights.map { $0 > 0 ? 0 : 1 }) == 0)
  }

  @Test(arguments: weights) func aShareOfTheWeightIsThatShare(weights: [Double]) throws {
    for first in weights.indices {
      let score = try #require(try score(weights, weights.indices.map { $0 == first ? 1 : 0 }))
      #expect(score == weights[first] / weights.reduce(0, +), "\(weights), \(first): \(score)")
    }
  }

  @Test func weightsThatAreNoneAreRefused() throws {
    for weights in [
      [Double.infinity], [.nan, 1], [-1, 1], [0, 0], [], [1e308, 1e308], [1e10, 1], [1e-10, 1],
      [.leastNonzeroMagnitude, .leastNonzeroMagnitude], [.greatestFiniteMagnitude], [1, -1e-9],
    ] {
      #expect(throws: VerifierFailure.self) { try choice(weights) }
    }
    for weight in ["1e999", "1e308", "-1", "1e-320", "9223372036854775808"] {
      let text = #"[{"name": "a", "weight": \#(weight)}, "b"]"#
      let error = #expect(throws: VerifierFailure.self) { try VerifierChoice(text: text) }
      #expect(error?.message.contains("expected 0, or a number from 1e-9 to 1e9") == true)
    }
    #expect(try choice([-0.0, 1]).parts[1].weight == 1)
  }
}
