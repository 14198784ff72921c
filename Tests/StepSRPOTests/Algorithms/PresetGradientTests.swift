import AutoThink
import Foundation
import Testing

@testable import StepSRPO

/// The gradient of every preset's loss on a policy of two tokens, think-on with probability p and think-off, against the
/// closed form. Each response is its gate token; the group is the worked one's free part, 6 on and 2 off.
///
/// With s_m the sum of a mode's advantages, dL/dz_on of -(1/8) sum A log pi is -(1/8) (s_on (1 - p) - s_off p).
@Suite struct PresetGradientTests {
  /// The share p of think-on; within 1.2 of one half, so that AdaptThink's ratio is not held.
  private static let p = 0.55
  /// The reference policy's.
  private static let referenceP = 0.9

  private struct Case {
    let preset: AlgorithmSection.Preset
    /// dL/dz_on, from sums worked by hand.
    let gradient: Double
  }

  /// k3's part of dL/dz_on for weight beta and a mean over the 8 responses: beta E[(1 - ref/pi) dlog pi/dz].
  private static func k3(_ beta: Double) -> Double {
    let on = (1 - referenceP / p) * (1 - p)
    let off = (1 - (1 - referenceP) / (1 - p)) * -p
    return beta * (6 * on + 2 * off) / 8
  }

  private static let cases: [Case] = {
    let q = 1 - p
    // z-scores: s_on = 5 * .57735 - 1.73205 = 1.15470, s_off = -1.15470, so s_on q - s_off p = 1.15470 for any p.
    let group = 1.154_700_5
    // Step-SRPO: Delta = .8333 - .5 - .05 = .28333; .5 tanh(Delta / .25) = .406184; A_on = .25 + (8/12) .406184,
    // A_off = -.75 - (8/4) .406184.
    let half = 0.5 * tanh((5.0 / 6 - 0.5 - 0.05) / 0.25)
    let (gateOn, gateOff) = (0.25 + 8.0 / 12 * half, -0.75 - 2 * half)
    // HiPO's judge advantages: s_on = 5 * .36565 - .32717, s_off = -.40415 - 1.09697.
    let (hipoOn, hipoOff) = (5 * 0.365_655 - 0.327_165, -0.404_145 - 1.096_966)
    // HGPO: s_on = 5 * 1.15470 - 1.15470, s_off = -1.15470 - 3.46410.
    let (hgpoOn, hgpoOff) = (4 * 1.154_700_5, -4 * 1.154_700_5)
    // Thinkless: s_on = 5 * .3125 - 1.1875 = .375, s_off = .8125 - 1.1875 = -.375: .375 for any p.
    // AdaptThink, ratios p / .5 and q / .5: s_on = 5 * .2 - .8 = .2, s_off = .25 - .75 = -.5.
    let adapt = 2 * p * 0.2 * q + 2 * q * 0.5 * p
    return [
      Case(preset: .stepSRPO, gradient: -0.01 / 8 * (6 * gateOn * q - 2 * gateOff * p)),
      Case(preset: .grpo, gradient: -group / 8 + k3(0.04)),
      Case(preset: .srpo, gradient: -group / 8),
      Case(preset: .dapo, gradient: -group / 8),
      Case(preset: .gspo, gradient: -group / 8),
      Case(preset: .cispo, gradient: -group / 8),
      Case(preset: .drGRPO, gradient: -0.5 / 8 / 40),  // s_on = .5 = -s_off; L_max 40
      Case(preset: .rloo, gradient: -(5.0 * 2 / 7 - 6.0 / 7) / 8),  // s_on = 4/7 = -s_off
      Case(preset: .hipo, gradient: -(hipoOn * q - hipoOff * p) / 8),
      Case(preset: .adaptThink, gradient: -adapt / 8),
      Case(preset: .thinkless, gradient: 1e-3 * (-0.375 / 8) + k3(1e-3)),
      Case(preset: .hgpo, gradient: -(hgpoOn * q - hgpoOff * p) / 8 + k3(0.001)),
    ]
  }()

  private func configuration(_ preset: AlgorithmSection.Preset) -> RunConfiguration {
    var configuration = RunConfiguration(preset: preset)
    configuration.algorithm.deviationFloor = 0
    configuration.rollout.maxNewTokens = 40
    return configuration
  }

  private func rollouts(_ preset: AlgorithmSection.Preset) -> [JudgedRollout] {
    PresetAdvantageTests.free.map { rollout in
      var rollout = rollout
      rollout.referenceDivergence = 0  // a constant: RLOO's penalty then leaves the differences alone
      if preset == .adaptThink || preset == .hgpo { rollout.kind = .probe }
      return rollout
    }
  }

  /// The scored gate tokens of the group, and the loss over them at logits (z, 0).
  private func loss(_ preset: AlgorithmSection.Preset, logit: Double) -> (terms: PolicyLoss.Terms, onGradient: Double) {
    let configuration = configuration(preset)
    let rollouts = rollouts(preset)
    let algorithm = configuration.credit
    let advantages = algorithm(rollouts, of: QueryHistory(referenceReward: 0.8)).advantages
    let on = 1 / (1 + exp(-logit))
    func logProb(_ mode: ThinkMode?, _ on: Double) -> Double { log(mode == .on ? on : 1 - on) }
    var tokens: [ScoredToken] = []
    for (i, rollout) in rollouts.enumerated() {
      let old = preset == .adaptThink ? log(0.5) : logProb(rollout.gate, Self.p)
      var token = ScoredToken(
        position: 0, segment: .gate, advantage: advantages[i].gate, samplerLogProb: Float(old), oldLogProb: Float(old))
      token.sequence = i
      token.share = 1 / 8
      token.referenceLogProb = Float(logProb(rollout.gate, Self.referenceP))
      tokens.append(token)
    }
    var counts = PerSegment(repeating: 0)
    counts.gate = 8
    let terms = PolicyLoss(configuration.algorithm, longest: 40)(
      tokens, logProbs: rollouts.map { Float(logProb($0.gate, on)) }, counts: counts)
    let gradient = zip(rollouts, terms.logProbGradient).reduce(0) {
      $0 + Double($1.1) * (($1.0.gate == .on ? 1 : 0) - on)
    }
    return (terms, gradient)
  }

  @Test func everyPresetIsTested() {
    #expect(Set(Self.cases.map(\.preset)) == Set(AlgorithmSection.Preset.allCases))
  }

  @Test(arguments: AlgorithmSection.Preset.allCases)
  func gradientEqualsTheClosedForm(preset: AlgorithmSection.Preset) throws {
    let expected = try #require(Self.cases.first { $0.preset == preset }).gradient
    let gradient = loss(preset, logit: log(Self.p / (1 - Self.p))).onGradient
    #expect(abs(gradient - expected) < 2e-6 + 2e-5 * abs(expected), "\(gradient), expected \(expected)")
  }

  /// The same gradient from central differences of the loss itself; in CISPO's form it is a constant times log pi.
  @Test(arguments: AlgorithmSection.Preset.allCases)
  func gradientEqualsDifferences(preset: AlgorithmSection.Preset) {
    let logit = log(Self.p / (1 - Self.p))
    let form = configuration(preset).algorithm.gateClip
    // Inside GSPO's bounds; log-probabilities are single floats, so no smaller step either.
    let step = preset == .gspo ? 2e-4 : 1e-2
    let (up, down) = (loss(preset, logit: logit + step), loss(preset, logit: logit - step))
    let gradient = loss(preset, logit: logit).onGradient
    guard form != .cispo else {
      // d/dz of sg(rho) A log pi is not that of its value; the ratio is 1 here, so PPO's form has the same gradient.
      #expect(gradient != 0)
      return
    }
    let difference = (up.terms.loss - down.terms.loss) / (2 * step)
    #expect(abs(difference - gradient) < 2e-4 + 2e-2 * abs(gradient), "\(difference), the gradient is \(gradient)")
  }
}
