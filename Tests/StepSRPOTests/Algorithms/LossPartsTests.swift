import AutoThink
import Foundation
import LanguageModel
import Tasks
import Testing
import Verifiers

@testable import StepSRPO

/// From a judged group to the gradient of every token, by each form of aggregation, ratio and clip.
@Suite struct LossPartsTests {
  private let codec: ResponseCodec

  init() throws { codec = try ResponseCodec(tokenizer: ByteTokenizer(), template: PromptTemplate(.compact)) }

  /// How a gate can be broken.
  enum GateFault: CaseIterable {
    /// Another token stands in its place.
    case anotherToken
    /// It stands before the end of the judge segment.
    case insideJudge
  }

  /// A rollout with log mu = -1 everywhere.
  private func rollout(
    _ mode: ThinkMode, judge: String, score: Double, kind: RolloutKind = .free, sample: Int = 0,
    fault: GateFault? = nil
  ) -> Rollout {
    var tokens = codec.response(AutoThinkResponse(judge: judge, mode: mode, think: "t", answer: "a"))
    if let fault, let place = tokens.firstIndex(of: codec.gate(mode)) {
      switch fault {
      case .anotherToken: tokens[place] = tokens[0]
      case .insideJudge: tokens.swapAt(place, place - 1)
      }
    }
    var rollout = Rollout(
      sample: sample, kind: kind, tokens: tokens, logProbs: tokens.map { _ in -1 }, truncated: false,
      thinkOnProbability: 0.5, response: codec.parse(tokens, truncated: false), text: codec.text(tokens))
    rollout.verdict = .score(score, VerdictDetail())
    return rollout
  }

  private func group(_ rollouts: [Rollout], _ configuration: RunConfiguration) -> JudgedGroup {
    let item = TaskItem(id: "q", prompt: "q", domain: .math, verifier: "exact")
    return JudgedGroup(
      RolloutGroup(query: 0, item: item, prompt: codec.prompt(item), rollouts: rollouts),
      algorithm: configuration.credit, failurePolicy: .dropSample)
  }

  /// One right and one wrong response, the wrong one two tokens longer. Returns dL/dlog pi by response.
  private func gradients(
    _ preset: AlgorithmSection.Preset, old: Float? = nil, _ change: (inout RunConfiguration) -> Void = { _ in }
  ) -> (gradients: [[Double]], lengths: [Int], segments: [[CreditSegment]]) {
    var configuration = RunConfiguration(preset: preset)
    configuration.algorithm.deviationFloor = 0
    configuration.algorithm.kl = .none
    configuration.rollout.maxNewTokens = 100
    change(&configuration)
    let judged = group(
      [rollout(.off, judge: "j", score: 1), rollout(.off, judge: "jjj", score: 0, sample: 1)], configuration)
    let loss = PolicyLoss(configuration.algorithm, longest: 100)
    let batch = UpdateBatch([judged], for: loss)
    var tokens = batch.sequences.flatMap(\.scored)
    for i in tokens.indices { tokens[i].oldLogProb = old ?? -1 }
    let terms = loss(tokens, logProbs: tokens.map { _ in -1 }, counts: batch.counts)
    var result: [[Double]] = []
    var next = 0
    for sequence in batch.sequences {
      result.append(terms.logProbGradient[next..<next + sequence.scored.count].map(Double.init))
      next += sequence.scored.count
    }
    return (result, judged.group.rollouts.map(\.tokens.count), batch.sequences.map { $0.scored.map(\.segment) })
  }

  private func allNear(_ values: [Double], _ value: Double) -> Bool {
    !values.isEmpty && values.allSatisfy { abs($0 - value) < 1e-6 }
  }

  /// Advantages +1 and -1 over two responses of n and n + 2 tokens.
  @Test func meanOfASequence() {
    let (gradients, lengths, _) = gradients(.grpo)
    #expect(lengths[1] == lengths[0] + 2)
    #expect(allNear(gradients[0], -1 / (2 * Double(lengths[0]))))
    #expect(allNear(gradients[1], 1 / (2 * Double(lengths[1]))))
  }

  @Test func meanOfAllTokens() {
    let (gradients, lengths, _) = gradients(.dapo)
    let total = Double(lengths[0] + lengths[1])
    #expect(allNear(gradients[0], -1 / total) && allNear(gradients[1], 1 / total))
  }

  /// r - mu = +-1/2 over a constant 100.
  @Test func constantLength() {
    let (gradients, _, _) = gradients(.drGRPO)
    #expect(allNear(gradients[0], -0.5 / 200) && allNear(gradients[1], 0.5 / 200))
  }

  @Test func sums() {
    let (gradients, _, _) = gradients(.rloo)
    #expect(allNear(gradients[0], -0.5) && allNear(gradients[1], 0.5), "leave-one-out: 1 - 0 and 0 - 1, halved by G")
  }

  @Test func thinklessGateHasItsOwnNormaliser() {
    let (gradients, lengths, segments) = gradients(.thinkless)
    let rest = Double(lengths[0] + lengths[1] - 2)
    for (response, advantage) in [(0, 1.0), (1, -1.0)] {  // R = 1 and -1, mean 0
      for (gradient, segment) in zip(gradients[response], segments[response]) {
        #expect(abs(gradient + advantage * (segment == .gate ? 1e-3 / 2 : 1 / rest)) < 1e-7)
      }
    }
  }

  /// Every ratio is e^0.1, above 1 + 4e-4: GSPO holds the right response, the wrong one keeps s A / |o|.
  @Test func sequenceRatio() {
    let (gradients, lengths, _) = gradients(.gspo, old: -1.1)
    #expect(allNear(gradients[0], 0))
    #expect(allNear(gradients[1], min(exp(-0.1), 2) * exp(0.1) / (2 * Double(lengths[1]))))
  }

  /// At e^0.5 = 1.65 PPO's form loses the right response's gradient, CISPO's keeps 1.28 times it, and none all of it.
  @Test func clipForms() {
    let importance = exp(-0.5)
    let (ppo, lengths, _) = gradients(.dapo, old: -1.5)
    let total = Double(lengths[0] + lengths[1])
    #expect(allNear(ppo[0], 0) && allNear(ppo[1], importance * exp(0.5) / total))
    let (cispo, _, _) = gradients(.cispo, old: -1.5)
    #expect(allNear(cispo[0], -importance * 1.28 / total) && allNear(cispo[1], importance * 1.28 / total))
    let (none, _, _) = gradients(.cispo, old: -1.5) {
      $0.algorithm.clip = .none
      $0.algorithm.gateClip = .none
    }
    #expect(allNear(none[0], -1 / total) && allNear(none[1], 1 / total))
  }

  @Test func importanceWeightIsTruncated() {
    let (gradients, lengths, _) = gradients(.dapo, old: 0) { $0.algorithm.importanceCap = 2 }
    // pi_old / mu = e, held at 2; the ratio is e^-1, below 1 - 0.2: the wrong response is held.
    let total = Double(lengths[0] + lengths[1])
    #expect(allNear(gradients[0], -2 * exp(-1) / total) && allNear(gradients[1], 0))
  }

  @Test func forcedGates() {
    var configuration = RunConfiguration(preset: .adaptThink)
    configuration.algorithm.baseline = .group
    let rollouts = [
      rollout(.on, judge: "j", score: 1, kind: .probe), rollout(.off, judge: "j", score: 0, kind: .probe),
    ]
    func gates(_ rule: ForcedGate) -> [ScoredToken] {
      configuration.algorithm.forcedGate = rule
      let judged = group(rollouts, configuration)
      let batch = UpdateBatch([judged], for: PolicyLoss(configuration.algorithm))
      return batch.sequences.flatMap(\.scored).filter { $0.segment == .gate }
    }
    #expect(gates(.half).map(\.oldLogProb) == [Float(log(0.5)), Float(log(0.5))])
    #expect(gates(.half).allSatisfy { $0.samplerLogProb == Float(log(0.5)) && $0.advantage != 0 })
    #expect(gates(.policy).allSatisfy { $0.oldLogProb == nil && $0.samplerLogProb == -1 && $0.advantage != 0 })
    #expect(gates(.silent).allSatisfy { $0.advantage == 0 })
  }

  /// GRPO counts a group without a gradient in its mean over groups; Step-SRPO leaves it out.
  @Test func flatGroupsCountInTheMean() {
    let configuration = RunConfiguration(preset: .grpo)
    let mixed = group([rollout(.on, judge: "j", score: 1), rollout(.on, judge: "j", score: 0)], configuration)
    let flat = group([rollout(.on, judge: "j", score: 1), rollout(.on, judge: "j", score: 1)], configuration)
    var loss = PolicyLoss(configuration.algorithm)
    loss.kl = .none
    let batch = UpdateBatch([mixed, flat], for: loss)
    #expect(batch.sequences.count == 2 && batch.sequences[0].scored[0].share == 0.25)
    loss.kl = .k3
    #expect(UpdateBatch([mixed, flat], for: loss).sequences.count == 4, "with a KL term they carry a gradient")
    #expect(UpdateBatch([mixed, flat]).sequences.count == 2 && UpdateBatch([flat]).sequences.isEmpty)
  }

  @Test func gateEntropyIsOfTheGateAlone() {
    var loss = PolicyLoss()
    loss.gateEntropyBonus = 0.1
    let tokens = [CreditSegment.judge, .gate, .answer].map {
      ScoredToken(position: 0, segment: $0, advantage: 0, samplerLogProb: -1)
    }
    var counts = PerSegment(repeating: 1)
    counts.gate = 2
    let terms = loss(tokens, logProbs: [-1, -1, -1], entropies: [2, 0.5, 2], counts: counts)
    #expect(abs(terms.loss + 0.1 * 0.5 / 2) < 1e-9)
    #expect(terms.entropyGradient == 0 && abs(terms.gateEntropyGradient + 0.05) < 1e-9)
  }

  @Test func otherGatesAreScoredBehindTheTokensOfAPass() throws {
    let configuration = RunConfiguration(preset: .stepSRPO)
    let judged = group(
      [rollout(.off, judge: "j", score: 1), rollout(.on, judge: "jj", score: 0, sample: 1)], configuration)
    let gates = GateTokens(codec)
    let batch = UpdateBatch([judged], for: PolicyLoss(configuration.algorithm), gates: gates)
    let tokens = batch.sequences.flatMap(\.scored)
    let gated = tokens.indices.filter { tokens[$0].otherGate != nil }
    try #require(!gated.isEmpty)
    #expect(gated == tokens.indices.filter { tokens[$0].segment == .gate })
    let pass = try #require(UpdatePass.passes(of: batch, limit: 10_000).first)
    #expect(pass.packed.scoredCount == tokens.count + gated.count)
    for (place, gate) in zip(tokens.count..., gated) {
      #expect(pass.packed.scoredRows[place] == pass.packed.scoredRows[gate], "the row that chose")
      #expect(Set([pass.packed.targets[place], pass.packed.targets[gate]]) == Set([gates.on, gates.off]))
    }
    let plain = UpdateBatch([judged], for: PolicyLoss(RunConfiguration(preset: .grpo).algorithm), gates: gates)
    #expect(plain.sequences.flatMap(\.scored).allSatisfy { $0.otherGate == nil })
  }

  /// The form of a gate is held where it was forced and where no mode was better: there too one of the two belongs.
  @Test func gatesWithoutAnAdvantageAreHeldInForm() throws {
    var configuration = RunConfiguration(preset: .stepSRPO)
    configuration.algorithm.counterfactualScale = 0
    configuration.algorithm.gateFormWeight = 0.1
    let rollouts = [
      rollout(.off, judge: "j", score: 1), rollout(.on, judge: "jj", score: 0, sample: 1),
      rollout(.on, judge: "j", score: 1, kind: .probe, sample: 2),
    ]
    func forced() throws -> [ScoredToken] {
      let judged = group(rollouts, configuration)
      try #require(judged.result.advantages[2].gate == 0)
      let loss = PolicyLoss(configuration.algorithm)
      return UpdateBatch([judged], for: loss, gates: GateTokens(codec)).sequences
        .filter { $0.place.sample == 2 }.flatMap(\.scored).filter { $0.segment == .gate }
    }
    let gate = try #require(try forced().first)
    #expect(gate.advantage == 0 && gate.otherGate == codec.gate(.off))
    configuration.algorithm.gateFormWeight = 0
    #expect(try forced().isEmpty)
  }

  /// What stands in the gate's place and is none is pushed down in the vocabulary, in full: as a choice against a mode the
  /// policy hardly ever gives it would not be pushed at all.
  @Test(arguments: GateFault.allCases) func aBrokenGateIsNoChoiceBetweenTheModes(fault: GateFault) throws {
    var configuration = RunConfiguration(preset: .stepSRPO)
    configuration.algorithm.gateFormWeight = 0.1
    let broken = rollout(.off, judge: "j", score: 0, fault: fault)
    try #require(broken.response.gate == nil && broken.response.gateIndex != nil)
    let judged = group([broken, rollout(.on, judge: "jj", score: 1, sample: 1)], configuration)
    let loss = PolicyLoss(configuration.algorithm)
    let batch = UpdateBatch([judged], for: loss, gates: GateTokens(codec))
    let gate = try #require(batch.sequences[0].scored.first { $0.segment == .gate })
    #expect(gate.advantage == -1 && gate.otherGate == nil)
    let tokens = batch.sequences[0].scored
    let terms = loss(tokens, logProbs: tokens.map { _ in -1 }, counts: batch.counts)
    let index = try #require(tokens.firstIndex { $0.segment == .gate })
    let expected = loss.gateWeight / Double(batch.counts.gate)
    #expect(abs(Double(terms.logProbGradient[index]) - expected) < 1e-9)
  }
}
