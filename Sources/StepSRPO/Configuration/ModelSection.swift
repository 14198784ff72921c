import LanguageModel

/// The policy's shape, or where it comes from, and which part of it is trained.
public struct ModelSection: Codable, Sendable, Equatable {
  /// A Hugging Face folder to start from; empty starts from random weights of the shape below.
  public var checkpoint = ""
  /// Width of the residual stream.
  public var hiddenSize = 128
  /// Transformer blocks.
  public var layers = 4
  /// Query heads.
  public var heads = 4
  /// Key and value heads.
  public var keyValueHeads = 2
  /// Width of the SwiGLU feed-forward.
  public var feedForwardSize = 512
  /// Longest sequence, prompt and response together, in tokens.
  public var maxPositions = 512
  /// An adapter of low rank that is trained in place of the weights.
  public var lora = LoRASection()
  /// Parameters that stay as they are, by consecutive parts of their names: `embed_tokens`, `model.layers.0`, `mlp`.
  public var freeze: [String] = []
  /// How frozen matrices are stored.
  public var frozenPrecision = FrozenPrecision.f32

  /// The storages of what is not trained.
  public enum FrozenPrecision: String, ConfigurationChoice {
    /// Exact.
    case f32
    /// Half the memory; exact where the checkpoint is bfloat16, else rounded to nearest.
    case bf16
  }

  /// The defaults.
  public init() {}
}

/// PEFT's parameters of a LoRA adapter. There is no dropout: the trainer's log-probs have to be the sampler's.
public struct LoRASection: Codable, Sendable, Equatable {
  /// r; 0 trains the weights themselves.
  public var rank = 0
  /// The update is multiplied by alpha / r.
  public var alpha = 32.0
  /// Names of linear layers as they end.
  public var targetModules = LoRAConfiguration.linearLayers
  /// Multiplies by alpha / sqrt(r) instead.
  public var useRslora = false

  /// The defaults.
  public init() {}

  /// The adapter's configuration; nil when weights are trained.
  public var adapter: LoRAConfiguration? {
    guard rank > 0 else { return nil }
    return LoRAConfiguration(rank: rank, alpha: alpha, targets: targetModules, rankStabilized: useRslora)
  }
}

extension ModelSection {
  /// Whether a parameter of this name is among `freeze`.
  public func freezes(_ name: String) -> Bool { freeze.contains { Self.matches($0, name) } }

  /// Whether the pattern's parts stand side by side among the name's.
  static func matches(_ pattern: String, _ name: String) -> Bool {
    let (wanted, parts) = (pattern.split(separator: "."), name.split(separator: "."))
    guard !wanted.isEmpty, wanted.count <= parts.count else { return false }
    return (0...(parts.count - wanted.count)).contains { Array(parts[$0..<$0 + wanted.count]) == wanted }
  }

  /// Checks that every name means something in a model of this shape and that something is left to train.
  ///
  /// - Throws: `ConfigurationError` naming the key.
  public func checkTrained(in shape: ModelConfiguration) throws {
    let names = shape.parameterShapes.map(\.name)
    for pattern in freeze where !names.contains(where: { Self.matches(pattern, $0) }) {
      let parts = Set(names.flatMap { $0.split(separator: ".").map(String.init) }.filter { Int($0) == nil })
      throw ConfigurationError(
        source: "the configuration", key: "model.freeze",
        message: "\"\(pattern)\" matches no parameter; expected consecutive parts of a name such as "
          + "\"\(names[1])\" (parts here: \(parts.sorted().joined(separator: ", ")))")
    }
    if lora.rank > 0 {
      for target in lora.targetModules
      where !shape.linearModules.contains(where: { $0 == target || $0.hasSuffix("." + target) }) {
        throw ConfigurationError(
          source: "the configuration", key: "model.lora.target_modules",
          message: "found \"\(target)\", expected names among \(LoRAConfiguration.linearLayers.joined(separator: ", "))"
        )
      }
    } else if names.allSatisfy({ freezes($0) }) {
      throw ConfigurationError(
        source: "the configuration", key: "model.freeze", message: "freezes every parameter: nothing is left to train")
    }
  }
}
