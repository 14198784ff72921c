import AutoThink
import Foundation
import Testing

@testable import StepSRPO

@Suite struct PolicyLossTests {
  private func token(_ segment: CreditSegment, _ advantage: Double, old: Float?, sampler: Float = -1) -> ScoredToken {
    ScoredToken(position: 0, segment: segment, advantage: advantage, samplerLogProb: sampler, oldLogProb: old)
  }

  private var counts: PerSegment<Int> {
    var counts = PerSegment(repeating: 0)
    counts[.judge] = 3
    counts[.gate] = 2
    counts[.answer] = 5
    return counts
  }

  private var loss: PolicyLoss {
    var loss = PolicyLoss()
    loss.judgeWeight = 0.5
    loss.gateWeight = 0.25
    return loss
  }

  /// Hand-computed: rho = e^0.1 = 1.10517, w = min(pi_old / mu, 2) = e^(-1.1 + 1) = 0.904837.
  @Test func valuesByHand() {
    let terms = loss([token(.answer, 2, old: -1.1)], logProbs: [-1.0], counts: counts)
    #expect(abs(terms.loss + 0.904837 / 5 * 1.105171 * 2) < 1e-5)
    #expect(abs(Double(terms.logProbGradient[0]) + 0.904837 / 5 * 1.105171 * 2) < 1e-5)
    #expect(abs(terms.samplerDifference.max - 0.1) < 1e-6)
  }

  @Test func segmentsHaveTheirOwnNormaliserAndWeight() {
    let tokens = [token(.judge, 1, old: nil), token(.gate, 1, old: nil), token(.answer, 1, old: nil)]
    let terms = loss(tokens, logProbs: [-1, -1, -1], counts: counts)
    #expect(terms.logProbGradient == [Float(-0.5 / 3), Float(-0.25 / 2), Float(-1.0 / 5)])
  }

  @Test func clipHoldsOnlyWhatMovesFurtherAway() {
    let far = [token(.answer, 1, old: -2), token(.answer, -1, old: -2), token(.answer, -1, old: -0.5)]
    let terms = loss(far, logProbs: [-1, -1, -1], counts: counts)
    #expect(terms.logProbGradient[0] == 0, "raised beyond 1 + high with a positive advantage")
    #expect(terms.logProbGradient[1] > 0, "raised, but the advantage wants it down")
    #expect(terms.logProbGradient[2] == 0, "lowered beyond 1 - low with a negative advantage")
    #expect(terms.clipped == (low: 1, high: 1))
  }

  @Test func gateNeverLosesItsGradient() {
    let terms = loss([token(.gate, 1, old: -3, sampler: -3)], logProbs: [-0.5], counts: counts)
    #expect(abs(Double(terms.logProbGradient[0]) + 0.25 / 2 * 1.28) < 1e-6)
  }

  @Test func importanceWeightIsCapped() {
    let terms = loss([token(.answer, 1, old: -1, sampler: -5)], logProbs: [-1], counts: counts)
    #expect(abs(Double(terms.logProbGradient[0]) + 2.0 / 5) < 1e-6)
  }

  /// The gradient of every unclipped J and Y token equals central differences of the loss in float64 steps.
  @Test(arguments: [CreditSegment.judge, .answer], [-1.5, 0.7])
  func gradientEqualsDifferences(segment: CreditSegment, advantage: Double) {
    let step: Float = 1e-3
    let probe = [token(segment, advantage, old: -1.05)]
    let up = loss(probe, logProbs: [-1 + step], counts: counts).loss
    let down = loss(probe, logProbs: [-1 - step], counts: counts).loss
    let gradient = Double(loss(probe, logProbs: [-1], counts: counts).logProbGradient[0])
    #expect(abs((up - down) / Double(2 * step) - gradient) < 1e-4 * max(1, abs(gradient)))
  }

  @Test func entropyBonus() {
    var loss = self.loss
    loss.entropyBonus = 0.1
    let terms = loss([token(.answer, 0, old: nil)], logProbs: [-1], entropies: [2], counts: counts)
    #expect(abs(terms.loss + 0.1 * 2 / 10) < 1e-9)
    #expect(abs(terms.entropyGradient + 0.01) < 1e-7)
  }

  /// A gate over the logits (on, off, other): log pi is that among the first two, so the third has no gradient.
  @Test(arguments: [-1.5, 0.7])
  func gateIsAChoiceBetweenTheModes(advantage: Double) {
    func logProbs(_ logits: [Double]) -> [Float] {
      let total = log(logits.reduce(0) { $0 + exp($1) })
      return logits.map { Float($0 - total) }
    }
    var gate = token(.gate, advantage, old: nil)
    gate.otherGate = 1
    func terms(_ logits: [Double]) -> PolicyLoss.Terms {
      let logProbs = logProbs(logits)
      gate.samplerLogProb = logProbs[0]
      return loss([gate], logProbs: [logProbs[0]], otherGates: [logProbs[1]], counts: counts)
    }
    let logits = [0.4, -0.3, 1.1]
    let there = terms(logits)
    let chosen = 1 / (1 + exp(-0.7))
    #expect(abs(there.loss + 0.25 / 2 * advantage * log(chosen)) < 1e-6)
    #expect(there.otherGateGradient == [-there.logProbGradient[0]], "the modes' sum, and so the rest, stays")
    #expect(abs(Double(there.logProbGradient[0]) + 0.25 / 2 * advantage * (1 - chosen)) < 1e-6)
    #expect(abs(terms([0.4, -0.3, -2]).loss - there.loss) < 1e-6, "whatever the rest of the vocabulary holds")
  }

  /// The form's term pulls the two gates out of the vocabulary in their own proportion, and leaves the choice as it is.
  @Test(arguments: [[0.4, -0.3, 1.1], [-4, -5, 3], [6, -2, -9]])
  func gateFormHoldsTheTwoTogether(logits: [Double]) {
    var loss = self.loss
    loss.gateFormWeight = 0.3
    func terms(_ logits: [Double]) -> PolicyLoss.Terms {
      let total = log(logits.reduce(0) { $0 + exp($1) })
      var gate = token(.gate, 0, old: nil)
      gate.otherGate = 1
      gate.samplerLogProb = Float(logits[0] - total)
      return loss(
        [gate], logProbs: [Float(logits[0] - total)], otherGates: [Float(logits[1] - total)], counts: counts)
    }
    let there = terms(logits)
    let weights = logits.map { exp($0) }
    let mass = (weights[0] + weights[1]) / weights.reduce(0, +)
    #expect(abs(there.loss + 0.3 / 2 * log(mass)) < 1e-6)
    #expect(there.tokens[0].loss == there.loss)
    // dL/dlog pi of both, each by its share of the mass; together the whole weight.
    let share = weights[0] / (weights[0] + weights[1])
    #expect(abs(Double(there.logProbGradient[0]) + 0.3 / 2 * share) < 1e-6)
    #expect(abs(Double(there.otherGateGradient[0]) + 0.3 / 2 * (1 - share)) < 1e-6)
    // Through the softmax: dL/dlogit = -weight (p_i / mass - p_i) for a gate, the difference quotient's too.
    let nudged =
      terms([logits[0] + 1e-2, logits[1], logits[2]]).loss - terms([logits[0] - 1e-2, logits[1], logits[2]]).loss
    let probability = weights[0] / weights.reduce(0, +)
    #expect(abs(nudged / 2e-2 + 0.3 / 2 * (probability / mass - probability)) < 1e-4)
  }

  @Test func extremeGatesStayFinite() {
    #expect(PolicyLoss.choice(-50, against: -0.1).logProb.isFinite)
    #expect(PolicyLoss.choice(-0.1, against: -50).slope < 1e-9)
  }
}
