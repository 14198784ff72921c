import Foundation
import StrictJSON
import Testing

@testable import LanguageModel

@Suite struct ModelConfigurationTests {
  private func read(_ text: String) throws -> ModelConfiguration {
    let object = try #require(try JSON.parse(text, dialect: .json5).object)
    return try ModelConfiguration(file: JSONFile(path: "config.json", object: object))
  }

  private let base = """
    {architectures: ["LlamaForCausalLM"], hidden_size: 64, num_attention_heads: 4, num_hidden_layers: 2,
     intermediate_size: 96, vocab_size: 99, max_position_embeddings: 512
    """

  @Test func oldAndNewSpellingsOfRopeAgree() throws {
    let scaling =
      "rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 64"
    let old = try read(base + ", rope_theta: 500000.0, rope_scaling: {\(scaling)}}")
    let new = try read(base + ", rope_parameters: {\(scaling), rope_theta: 500000.0}}")
    #expect(old == new)
    #expect(old.ropeTheta == 500_000)
    #expect(
      old.ropeScaling
        == .llama3(factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalMaxPositions: 64))
  }

  @Test func writtenConfigurationReadsBack() throws {
    for architecture in ModelConfiguration.Architecture.allCases {
      var configuration = ModelConfiguration.nano(vocabularySize: 267)
      configuration.architecture = architecture
      if ModelConfiguration.hasExperts(architecture) {
        configuration.experts = ExpertConfiguration(
          count: 6, perToken: 2, feedForwardSize: 24, normalizesWeights: true,
          sharedFeedForwardSize: architecture == .qwen2Moe ? 40 : nil, sparseStep: 2, denseLayers: [1])
      }
      configuration.headDimension = 48
      configuration.ropeScaling = .linear(factor: 2.5)
      configuration.endTokens = [258, 256]
      configuration.padToken = 256
      let folder = try TemporaryFolder()
      try configuration.write(to: folder.path)
      #expect(try ModelConfiguration(folder: folder.path) == configuration)
    }
  }

  @Test func parameterCounts() {
    // By hand: 2 x 1 x 896 x 151936 would be untied; Qwen2.5-0.5B is published as 0.494 B, head tied.
    #expect(ModelConfiguration.halfB().parameterCount == 494_032_768)
    #expect(ModelConfiguration.nano().parameterCount == 256 * 128 + 4 * (245_760 + 256) + 128)
  }

  @Test(arguments: [
    ("hidden_size", "hidden_size: -1", "an integer from 1"),
    ("num_key_value_heads", "num_key_value_heads: 3", "divisor"),
    ("head_dim", "head_dim: 15", "even"),
    ("vocab_size", "vocab_size: 1e300", "an integer"),
    ("architectures", "architectures: ['GPT2LMHeadModel']", "Qwen2ForCausalLM"),
    ("rope_scaling.rope_type", "rope_scaling: {rope_type: 'yarn', factor: 4}", "llama3"),
    ("attention_bias", "attention_bias: true", "false"),
    ("hidden_act", "hidden_act: 'gelu'", "silu"),
    ("rms_norm_eps", "rms_norm_eps: 0", "above 0"),
  ])
  func badValuesAreNamed(key: String, change: String, expected: String) throws {
    // The changed key comes in place of the one in the base text.
    let object = try #require(try JSON.parse(base + "}", dialect: .json5).object)
    var changed = object
    for (name, value) in try #require(try JSON.parse("{\(change)}", dialect: .json5).object).pairs {
      changed[name] = value
    }
    let error = #expect(throws: CheckpointError.self) {
      try ModelConfiguration(file: JSONFile(path: "config.json", object: changed))
    }
    let text = try #require(error).description
    #expect(text.contains("\"\(key)\"") && text.contains(expected), "\(text)")
  }

  @Test func missingFileAndMissingFolderAreNamed() throws {
    let folder = NSTemporaryDirectory() + "/config-\(UUID())"
    #expect(throws: CheckpointError.missingFolder(path: folder)) { try ModelConfiguration(folder: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(throws: CheckpointError.missingFile(path: folder + "/config.json", purpose: "the model's shape")) {
      try ModelConfiguration(folder: folder)
    }
  }
}
