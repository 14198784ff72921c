/// The shape of a decoder-only transformer: Llama, Qwen2 (biased q/k/v) or Qwen3 (normalised q and k heads), the Qwen
/// families also with experts.
///
/// Sizes are counts of floats or tokens. Linear weights are `[out, in]` as in Hugging Face checkpoints.
public struct ModelConfiguration: Sendable, Equatable {
  /// The families this package implements.
  public enum Architecture: String, Sendable, CaseIterable {
    /// Llama 1-3: no biases.
    case llama
    /// Qwen2 and Qwen2.5: biases on the query, key and value projections.
    case qwen2
    /// Qwen3 dense: an RMSNorm over each query and key head.
    case qwen3
    /// Qwen2-MoE: Qwen2 with experts, one of them shared by all tokens.
    case qwen2Moe = "qwen2_moe"
    /// Qwen3-MoE: Qwen3 with experts.
    case qwen3Moe = "qwen3_moe"

    /// The class name transformers writes in config.json.
    public var className: String {
      switch self {
      case .llama: "LlamaForCausalLM"
      case .qwen2: "Qwen2ForCausalLM"
      case .qwen3: "Qwen3ForCausalLM"
      case .qwen2Moe: "Qwen2MoeForCausalLM"
      case .qwen3Moe: "Qwen3MoeForCausalLM"
      }
    }
  }

  /// The family.
  public var architecture: Architecture
  /// Width of the residual stream.
  public var hiddenSize: Int
  /// Number of transformer blocks.
  public var layers: Int
  /// Number of query heads.
  public var heads: Int
  /// Number of key/value heads; divides `heads`.
  public var keyValueHeads: Int
  /// Width of one head; even. `heads * headDimension` may differ from `hiddenSize` (Qwen3).
  public var headDimension: Int
  /// Inner width of the SwiGLU feed-forward part of dense layers.
  public var feedForwardSize: Int
  /// The experts of sparse layers; nil where all layers are dense.
  public var experts: ExpertConfiguration?
  /// Rows of the embedding table and of the head.
  public var vocabularySize: Int
  /// Base of the rotary frequencies.
  public var ropeTheta: Double
  /// How rotary frequencies were stretched for long contexts.
  public var ropeScaling: RopeScaling
  /// Epsilon inside the RMSNorm's square root.
  public var rmsNormEpsilon: Double
  /// Whether the head is the embedding table.
  public var tiedEmbeddings: Bool
  /// Longest sequence, prompt included.
  public var maxPositions: Int
  /// First token of a document, where the family uses one.
  public var beginToken: Int32?
  /// Tokens that end a generation.
  public var endTokens: [Int32]
  /// Padding token.
  public var padToken: Int32?

  /// Whether q, k and v projections carry a bias.
  public var queryKeyValueBias: Bool { architecture == .qwen2 || architecture == .qwen2Moe }
  /// Whether q and k heads are RMS-normalised before the rotary embedding.
  public var queryKeyNorm: Bool { architecture == .qwen3 || architecture == .qwen3Moe }
  /// Width of all query heads together.
  public var queryWidth: Int { heads * headDimension }
  /// Width of all key (or value) heads together.
  public var keyValueWidth: Int { keyValueHeads * headDimension }

  /// A configuration. See the properties for meanings; `validate()` checks the combination.
  public init(
    architecture: Architecture = .llama, hiddenSize: Int, layers: Int, heads: Int, keyValueHeads: Int,
    headDimension: Int? = nil, feedForwardSize: Int, experts: ExpertConfiguration? = nil, vocabularySize: Int,
    ropeTheta: Double = 10_000,
    ropeScaling: RopeScaling = .none, rmsNormEpsilon: Double = 1e-5, tiedEmbeddings: Bool = true,
    maxPositions: Int = 2048, beginToken: Int32? = nil, endTokens: [Int32] = [], padToken: Int32? = nil
  ) {
    self.architecture = architecture
    self.hiddenSize = hiddenSize
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headDimension = headDimension ?? (heads > 0 ? hiddenSize / heads : 0)
    self.feedForwardSize = feedForwardSize
    self.experts = experts
    self.vocabularySize = vocabularySize
    self.ropeTheta = ropeTheta
    self.ropeScaling = ropeScaling
    self.rmsNormEpsilon = rmsNormEpsilon
    self.tiedEmbeddings = tiedEmbeddings
    self.maxPositions = maxPositions
    self.beginToken = beginToken
    self.endTokens = endTokens
    self.padToken = padToken
  }

  /// d 128, 4 layers, 4/2 heads, feed-forward 512: about one million parameters.
  public static func nano(vocabularySize: Int = 256) -> ModelConfiguration {
    ModelConfiguration(
      hiddenSize: 128, layers: 4, heads: 4, keyValueHeads: 2, feedForwardSize: 512, vocabularySize: vocabularySize)
  }

  /// d 384, 6 layers, 6/2 heads, feed-forward 1536: about 14 million parameters.
  public static func micro(vocabularySize: Int = 4096) -> ModelConfiguration {
    ModelConfiguration(
      hiddenSize: 384, layers: 6, heads: 6, keyValueHeads: 2, feedForwardSize: 1536, vocabularySize: vocabularySize)
  }

  /// Qwen2.5-0.5B's shape: d 896, 24 layers, 14/2 heads, feed-forward 4864, vocabulary 151,936, tied.
  public static func halfB() -> ModelConfiguration {
    ModelConfiguration(
      architecture: .qwen2, hiddenSize: 896, layers: 24, heads: 14, keyValueHeads: 2, feedForwardSize: 4864,
      vocabularySize: 151_936, ropeTheta: 1_000_000, rmsNormEpsilon: 1e-6, tiedEmbeddings: true, maxPositions: 32_768,
      beginToken: 151_643, endTokens: [151_645], padToken: 151_643)
  }

  /// The named shapes of the benchmarks: `nano`, `micro`, `half-b`.
  public static let shapeNames = ["nano", "micro", "half-b"]

  /// A shape by its name, or nil.
  public static func shape(named name: String) -> ModelConfiguration? {
    switch name {
    case "nano": nano()
    case "micro": micro()
    case "half-b": halfB()
    default: nil
    }
  }

  /// Number of trainable floats.
  public var parameterCount: Int {
    parameterShapes.reduce(0) { $0 + $1.shape.reduce(1, *) }
  }

  /// Name and shape of every parameter in checkpoint order, Hugging Face names.
  public var parameterShapes: [(name: String, shape: [Int])] {
    var list: [(name: String, shape: [Int])] = [("model.embed_tokens.weight", [vocabularySize, hiddenSize])]
    for layer in 0..<layers {
      let prefix = "model.layers.\(layer)."
      list.append((prefix + "input_layernorm.weight", [hiddenSize]))
      list.append((prefix + "self_attn.q_proj.weight", [queryWidth, hiddenSize]))
      list.append((prefix + "self_attn.k_proj.weight", [keyValueWidth, hiddenSize]))
      list.append((prefix + "self_attn.v_proj.weight", [keyValueWidth, hiddenSize]))
      if queryKeyValueBias {
        list.append((prefix + "self_attn.q_proj.bias", [queryWidth]))
        list.append((prefix + "self_attn.k_proj.bias", [keyValueWidth]))
        list.append((prefix + "self_attn.v_proj.bias", [keyValueWidth]))
      }
      if queryKeyNorm {
        list.append((prefix + "self_attn.q_norm.weight", [headDimension]))
        list.append((prefix + "self_attn.k_norm.weight", [headDimension]))
      }
      list.append((prefix + "self_attn.o_proj.weight", [hiddenSize, queryWidth]))
      list.append((prefix + "post_attention_layernorm.weight", [hiddenSize]))
      if let experts, experts.isSparse(layer: layer) {
        list += experts.parameterShapes(hiddenSize: hiddenSize).map { (prefix + "mlp." + $0.name, $0.shape) }
        continue
      }
      list.append((prefix + "mlp.gate_proj.weight", [feedForwardSize, hiddenSize]))
      list.append((prefix + "mlp.up_proj.weight", [feedForwardSize, hiddenSize]))
      list.append((prefix + "mlp.down_proj.weight", [hiddenSize, feedForwardSize]))
    }
    list.append(("model.norm.weight", [hiddenSize]))
    if !tiedEmbeddings { list.append(("lm_head.weight", [vocabularySize, hiddenSize])) }
    return list
  }
}
