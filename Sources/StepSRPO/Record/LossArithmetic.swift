import AutoThink
import Foundation

/// From advantages to the step's loss, with what was stored of the update: the end of a rollout's arithmetic.
public struct LossArithmetic {
  private let configuration: RunConfiguration
  private let groups: [GroupRecord]
  private let loss: Double?

  /// The update of a step.
  ///
  /// - Parameters:
  ///   - groups: all groups of the step.
  ///   - loss: the step's loss as recorded; nil when nothing carried a gradient.
  public init(_ configuration: RunConfiguration, _ groups: [GroupRecord], loss: Double?) {
    self.configuration = configuration
    self.groups = groups
    self.loss = loss
  }

  /// The lines of one rollout, and of the step's loss as the sum over all rollouts.
  public func lines(of rollout: RolloutRecord) -> [ArithmeticLine] {
    var lines: [ArithmeticLine] = []
    for segment in CreditSegment.allCases {
      let letter = Self.letter(segment)
      guard let part = rollout.contributions[segment] else {
        lines.append(
          ArithmeticLine(stage: "loss", symbol: "L_\(letter)", text: "no token of it carried a gradient", value: nil))
        continue
      }
      lines += self.lines(part, segment, letter, choosesMode: segment == .gate && rollout.gate != nil)
    }
    lines.append(total)
    return lines
  }

  private static func letter(_ segment: CreditSegment) -> String {
    switch segment {
    case .judge: "J"
    case .gate: "g"
    case .answer: "Y"
    }
  }

  private func lines(
    _ part: SegmentContribution, _ segment: CreditSegment, _ letter: String, choosesMode: Bool
  ) -> [ArithmeticLine] {
    func number(_ value: Double) -> String { String(format: "%.6g", value) }
    let mean = part.importanceSum / Double(max(1, part.tokens))
    let ratio =
      part.ratioMin == part.ratioMax
      ? number(part.ratioMin) : "\(number(part.ratioMin)) to \(number(part.ratioMax))"
    let clip = segment == .gate ? configuration.algorithm.gateClip : configuration.algorithm.clip
    let isChoice = choosesMode && configuration.algorithm.gateChoice == .modes
    let form = clip != .cispo ? "sum of w rho" : "sum of w rho log pi" + (isChoice ? "(mode)" : "")
    var lines = [
      normaliser(part, segment, letter),
      ArithmeticLine(
        stage: "loss", symbol: "S_\(letter)",
        text: "lambda / N * \(form) over \(part.tokens) tokens; lambda = \(number(part.weight)), mean importance w = "
          + "\(number(mean)), ratio rho = \(ratio), \(part.held) held by a clip bound", value: part.surrogate),
    ]
    let policy = -part.advantage * part.surrogate
    let other = part.loss - policy
    let hasOther = abs(other) > 1e-12 * max(1, abs(part.loss))
    lines.append(
      ArithmeticLine(
        stage: "loss", symbol: "L_\(letter)",
        text: "-A S = -(\(number(part.advantage))) * \(number(part.surrogate))"
          + (hasOther ? " + \(number(other)) of other terms (entropy bonus, divergence, form of the gate)" : ""),
        value: hasOther ? part.loss : policy, isStored: true, stored: part.loss))
    return lines
  }

  /// N is counted again from the step's rollouts, where one update was made from all of them.
  private func normaliser(_ part: SegmentContribution, _ segment: CreditSegment, _ letter: String) -> ArithmeticLine {
    let aggregation = configuration.algorithm.aggregation
    guard aggregation == .segments else {
      return ArithmeticLine(
        stage: "loss", symbol: "N_\(letter)",
        text: "tokens of the segment in the update; the aggregation is \"\(aggregation.rawValue)\"",
        value: Double(part.normaliser))
    }
    guard configuration.train.minibatches == 1 else {
      return ArithmeticLine(
        stage: "loss", symbol: "N_\(letter)", text: "tokens of its minibatch", value: Double(part.normaliser))
    }
    var tokens = 0
    var rollouts = 0
    for group in groups where group.contributes {
      for rollout in group.rollouts where rollout.outcome != nil && (segment != .judge || rollout.kind == .free) {
        tokens += rollout.segmentTokens[segment]
        rollouts += 1
      }
    }
    return ArithmeticLine(
      stage: "loss", symbol: "N_\(letter)",
      text: "tokens of \(rollouts) scored \(segment == .judge ? "free " : "")rollouts in "
        + "\(groups.count { $0.contributes }) contributing groups", value: Double(tokens), isStored: true,
      stored: Double(part.normaliser))
  }

  private var total: ArithmeticLine {
    let parts = groups.flatMap(\.rollouts).flatMap { rollout in
      CreditSegment.allCases.compactMap { rollout.contributions[$0]?.loss }
    }
    return ArithmeticLine(
      stage: "loss", symbol: "L", text: "the step's loss: sum of \(parts.count) such segments",
      value: parts.isEmpty ? nil : parts.reduce(0, +), isStored: true, stored: loss)
  }
}
