import LanguageModel
import Testing

@testable import StepSRPO

@Suite struct MemoryEstimateTests {
  private let gibibyte = 1 << 30

  private func halfB(_ change: (inout RunConfiguration) -> Void) -> MemoryEstimate {
    var configuration = RunConfiguration()
    configuration.model.checkpoint = "half-b"
    configuration.rollout.queriesPerStep = 2
    configuration.rollout.freeRollouts = 4
    configuration.rollout.minimumPerMode = 0
    configuration.rollout.maxNewTokens = 448
    configuration.train.microBatchTokens = 4096
    configuration.train.recomputeActivations = true
    change(&configuration)
    return MemoryEstimate(configuration, shape: .halfB(), promptTokens: 64)
  }

  /// The bars: 8 x 512 tokens of Qwen2.5-0.5B in 12 GiB, and in 6 GiB with an adapter.
  @Test func halfABillionParametersFit() {
    let full = halfB { _ in }
    #expect(full.weights == 4 * ModelConfiguration.halfB().parameterCount)
    #expect(full.gradients == full.weights && full.optimizer == 2 * full.weights)
    #expect(full.peak < 12 * gibibyte && full.peak > 8 * gibibyte)
    let adapter = halfB {
      $0.model.lora.rank = 16
      $0.model.frozenPrecision = .bf16
    }
    #expect(adapter.peak < 6 * gibibyte)
    #expect(adapter.weights < full.weights * 11 / 20 && adapter.optimizer < full.optimizer / 20)
  }

  @Test func everyOptionThatSavesMemoryDoes() {
    let full = halfB { _ in }
    #expect(halfB { $0.train.recomputeActivations = false }.pass > 4 * full.pass)
    #expect(halfB { $0.train.microBatchTokens = 1024 }.pass < full.pass)
    #expect(halfB { $0.rollout.weightPrecision = .bf16 }.samplingWeights * 2 == full.samplingWeights)
    #expect(halfB { $0.rollout.weightPrecision = .int8 }.samplingWeights * 4 == full.samplingWeights)
    #expect(halfB { $0.model.freeze = ["embed_tokens"] }.optimizer < full.optimizer)
    // One moment of the hidden matrices, which are nearly three quarters of the model; a stage with AdamW keeps two.
    let muon = halfB { $0.train.optimizer = .muon }
    #expect(muon.optimizer < full.optimizer * 13 / 20 && muon.optimizer > full.optimizer / 2)
    let mixed = halfB {
      $0.train.optimizer = .muon
      $0.coldStart.steps = 1
    }
    #expect(mixed.optimizer == full.optimizer)
  }

  /// Evaluation packs in float32 whatever sampling does, and a reference policy is a copy of everything.
  @Test func evaluationAndReferenceCount() {
    let full = halfB { $0.rollout.weightPrecision = .int8 }
    #expect(full.evaluationWeights == 4 * full.samplingWeights)
    #expect(full.evaluation > full.sampling && full.peak >= full.evaluation)
    #expect(full.reference == 0)
    let anchored = halfB { $0.algorithm.kl = .k3 }
    #expect(anchored.reference == 4 * ModelConfiguration.halfB().parameterCount)
    #expect(anchored.peak - halfB { _ in }.peak == anchored.reference)
  }
}
