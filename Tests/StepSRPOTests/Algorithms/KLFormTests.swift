import Foundation
import Testing

@testable import StepSRPO

/// The vector of the definition: pi = (.4, .3, .2, .1), q = (.1, .2, .3, .4).
@Suite struct KLFormTests {
  private let pi = [0.4, 0.3, 0.2, 0.1]
  private let reference = [0.1, 0.2, 0.3, 0.4]

  /// Expected value over tokens drawn from pi, and its gradient in the logits:
  /// E[dL/dlog pi (1[token] - pi)].
  private func expectation(_ term: (_ d: Double) -> (value: Double, derivative: Double)) -> (Double, [Double]) {
    var value = 0.0
    var gradient = [Double](repeating: 0, count: 4)
    for token in 0..<4 {
      let (own, derivative) = term(log(pi[token] / reference[token]))
      value += pi[token] * own
      for logit in 0..<4 { gradient[logit] += pi[token] * derivative * ((logit == token ? 1 : 0) - pi[logit]) }
    }
    return (value, gradient)
  }

  private func isNear(_ a: [Double], _ b: [Double]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 5e-5 } }

  @Test func k1HasNoExpectedGradientAsALoss() {
    let (value, gradient) = expectation { ($0, 1) }
    #expect(abs(value - 0.4564) < 5e-5)
    #expect(isNear(gradient, [0, 0, 0, 0]))
  }

  @Test func k2AndWeightedK3HaveTheGradientOfTheReverseKL() {
    let (_, k2) = expectation { KLForm.k2.term(difference: $0, ratio: 1) }
    #expect(isNear(k2, [0.3719, -0.0153, -0.1724, -0.1843]))
    let (value, weighted) = expectation { KLForm.weightedK3.term(difference: $0, ratio: 1) }
    #expect(abs(value - 0.4564) < 5e-5)
    #expect(isNear(weighted, [0.3719, -0.0153, -0.1724, -0.1843]))
  }

  @Test func k3HasTheGradientOfTheForwardKL() {
    let (value, gradient) = expectation { KLForm.k3.term(difference: $0, ratio: 1) }
    #expect(abs(value - 0.4564) < 5e-5)
    #expect(isNear(gradient, [0.3, 0.1, -0.1, -0.3]))
  }

  /// The score-function gradient of -beta k1 in a reward, -E[-d (1[token] - pi)], is the reverse KL's.
  @Test func k1InTheRewardHasTheGradientOfTheReverseKL() {
    let (_, gradient) = expectation { ($0, $0) }
    #expect(isNear(gradient, [0.3719, -0.0153, -0.1724, -0.1843]))
  }

  /// Values and derivatives agree for every form in the loss, the ratio to a fixed old policy differentiated too.
  @Test(arguments: [KLForm.k2, .k3, .weightedK3], [-1.3, 0.0, 0.8])
  func derivativesEqualDifferences(form: KLForm, difference: Double) {
    let (old, step) = (-0.2, 1e-6)
    func value(_ shift: Double) -> Double {
      form.term(difference: difference + shift, ratio: exp(old + shift)).value
    }
    let derivative = form.term(difference: difference, ratio: exp(old)).derivative
    #expect(abs((value(step) - value(-step)) / (2 * step) - derivative) < 1e-6)
  }

  @Test func theLossAddsItsWeightPerToken() {
    var loss = PolicyLoss()
    loss.aggregation = .tokens
    loss.gateNormaliser = .shared
    loss.kl = .k2
    loss.klWeight = 0.5
    var token = ScoredToken(position: 0, segment: .answer, advantage: 0, samplerLogProb: -1)
    token.referenceLogProb = -3
    var counts = PerSegment(repeating: 0)
    counts.answer = 4
    let terms = loss([token], logProbs: [-1], counts: counts)
    #expect(abs(terms.loss - 0.5 / 4 * 2) < 1e-6, "beta / N * d^2 / 2 with d = 2")
    #expect(abs(Double(terms.logProbGradient[0]) - 0.5 / 4 * 2) < 1e-6)
  }
}
