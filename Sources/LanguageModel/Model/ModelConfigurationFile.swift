import Foundation
import StrictJSON

extension ModelConfiguration {
  /// Reads `config.json` of a Hugging Face folder.
  ///
  /// Both spellings are understood: `rope_theta` with `rope_scaling` (transformers 4) and `rope_parameters`
  /// (transformers 5).
  /// - Throws: `CheckpointError` for a missing file, a bad value, or something this package does not implement.
  public init(folder: String) throws {
    let file = try JSONFile(path: folder + "/config.json", purpose: "the model's shape")
    try self.init(file: file)
  }

  init(file: JSONFile) throws {
    let architecture = try Self.architecture(in: file)
    let limit = 1 << 20
    let hiddenSize = try file.int("hidden_size", in: 1...limit)
    let heads = try file.int("num_attention_heads", in: 1...4096)
    let rope = try Self.rope(in: file)
    self.init(
      architecture: architecture,
      hiddenSize: hiddenSize,
      layers: try file.int("num_hidden_layers", in: 1...4096),
      heads: heads,
      keyValueHeads: try file.int("num_key_value_heads", in: 1...4096, default: heads),
      headDimension: try file.int(
        "head_dim", in: 2...4096, default: Self.isQwen3(architecture) ? 128 : hiddenSize / heads),
      feedForwardSize: try file.int("intermediate_size", in: 1...limit),
      experts: Self.hasExperts(architecture) ? try ExpertConfiguration(file: file, architecture: architecture) : nil,
      vocabularySize: try file.int("vocab_size", in: 1...(1 << 24)),
      ropeTheta: rope.theta, ropeScaling: rope.scaling,
      rmsNormEpsilon: try file.double("rms_norm_eps", above: 0, default: 1e-6),
      tiedEmbeddings: try file.bool("tie_word_embeddings", default: false),
      maxPositions: try file.int("max_position_embeddings", in: 1...(1 << 30), default: 2048),
      beginToken: try file.tokenIDs("bos_token_id").first,
      endTokens: try file.tokenIDs("eos_token_id"),
      padToken: try file.tokenIDs("pad_token_id").first)
    try Self.refuseUnsupported(in: file)
    try validate(path: file.path)
  }

  /// Checks that the sizes fit together.
  /// - Throws: `CheckpointError.badValue` naming the key of config.json.
  public func validate(path: String = "config.json") throws {
    func demand(_ condition: Bool, _ key: String, _ found: Int, _ expected: String) throws {
      guard condition else {
        throw CheckpointError.badValue(path: path, key: key, found: String(found), expected: expected)
      }
    }
    try demand(hiddenSize > 0, "hidden_size", hiddenSize, "a positive integer")
    try demand(layers > 0, "num_hidden_layers", layers, "a positive integer")
    try demand(heads > 0, "num_attention_heads", heads, "a positive integer")
    try demand(feedForwardSize > 0, "intermediate_size", feedForwardSize, "a positive integer")
    try demand(vocabularySize > 0, "vocab_size", vocabularySize, "a positive integer")
    try demand(maxPositions > 0, "max_position_embeddings", maxPositions, "a positive integer")
    try demand(
      keyValueHeads > 0 && heads % max(keyValueHeads, 1) == 0, "num_key_value_heads", keyValueHeads,
      "a divisor of num_attention_heads (\(heads))")
    try demand(
      (experts != nil) == Self.hasExperts(architecture), "num_experts", experts?.count ?? 0,
      Self.hasExperts(architecture)
        ? "a positive number for \(architecture.rawValue)" : "none for \(architecture.rawValue)")
    if let experts {
      try demand(
        (1...max(1, experts.count)).contains(experts.perToken), "num_experts_per_tok", experts.perToken,
        "1 to num_experts (\(experts.count))")
      try demand(
        (experts.sharedFeedForwardSize != nil) == (architecture == .qwen2Moe), "shared_expert_intermediate_size",
        experts.sharedFeedForwardSize ?? 0, architecture == .qwen2Moe ? "a positive number" : "none")
    }
    let tensors = layers.multipliedReportingOverflow(by: max(1, experts?.count ?? 1))
    try demand(
      !tensors.overflow && tensors.partialValue <= Self.mostNetworks, "num_experts", experts?.count ?? 1,
      "at most \(Self.mostNetworks) experts in all layers together")
    try demand(
      hasCountableParameters, "hidden_size", hiddenSize, "sizes that multiply to a number of parameters below 2^50")
    try demand(
      headDimension > 0 && headDimension % 2 == 0, "head_dim", headDimension,
      "an even number (hidden_size / num_attention_heads where absent)")
  }

  /// The most feed-forward networks, of all layers together.
  private static let mostNetworks = 1 << 18

  /// Whether the parameters can be counted, and their bytes: sizes that are allowed one by one may multiply to more.
  private var hasCountableParameters: Bool {
    let (width, inner) = (Double(hiddenSize), Double(headDimension) * Double(heads + keyValueHeads))
    let network = Double(max(feedForwardSize, experts?.feedForwardSize ?? 0, experts?.sharedFeedForwardSize ?? 0))
    let block = 2 * width * inner + 3 * width * network * Double(experts.map { $0.count + 1 } ?? 1)
    return Double(layers) * block + 2 * width * Double(vocabularySize) < 0x1p50
  }

  /// The document `write(to:)` writes: readable by transformers 4 and 5.
  public var json: JSONObject {
    var object = JSONObject([
      ("architectures", [.string(architecture.className)]),
      ("attention_dropout", 0),
      ("hidden_act", "silu"),
      ("hidden_size", .int(hiddenSize)),
      ("intermediate_size", .int(feedForwardSize)),
      ("max_position_embeddings", .int(maxPositions)),
      ("model_type", .string(architecture.rawValue)),
      ("num_attention_heads", .int(heads)),
      ("num_hidden_layers", .int(layers)),
      ("num_key_value_heads", .int(keyValueHeads)),
      ("head_dim", .int(headDimension)),
      ("rms_norm_eps", .double(rmsNormEpsilon)),
      ("rope_theta", .double(ropeTheta)),
      ("rope_scaling", ropeScaling.json),
      ("tie_word_embeddings", .bool(tiedEmbeddings)),
      ("torch_dtype", "float32"),
      ("use_cache", true),
      ("vocab_size", .int(vocabularySize)),
    ])
    if !queryKeyValueBias { object["attention_bias"] = false }
    if architecture == .qwen2Moe { object["qkv_bias"] = true }
    for (key, value) in experts?.json ?? [] { object[key] = value }
    if architecture == .llama { object["mlp_bias"] = false } else { object["use_sliding_window"] = false }
    object["bos_token_id"] = beginToken.map { .int(Int($0)) } ?? .null
    switch endTokens.count {
    case 0: object["eos_token_id"] = .null
    case 1: object["eos_token_id"] = .int(Int(endTokens[0]))
    default: object["eos_token_id"] = .array(endTokens.map { .int(Int($0)) })
    }
    object["pad_token_id"] = padToken.map { .int(Int($0)) } ?? .null
    return object
  }

  /// Writes `config.json` into an existing folder.
  public func write(to folder: String) throws {
    try JSONFile.write(json, to: folder + "/config.json")
  }

  private static func isQwen3(_ architecture: Architecture) -> Bool {
    architecture == .qwen3 || architecture == .qwen3Moe
  }

  static func hasExperts(_ architecture: Architecture) -> Bool {
    architecture == .qwen2Moe || architecture == .qwen3Moe
  }

  private static func architecture(in file: JSONFile) throws -> Architecture {
    let known = Architecture.allCases.map { $0.className }.joined(separator: ", ")
    let names = file.value("architectures")?.array?.compactMap { $0.string } ?? []
    if let name = names.first {
      guard let match = Architecture.allCases.first(where: { $0.className == name }) else {
        throw CheckpointError.unsupported(path: file.path, key: "architectures", found: name, supported: known)
      }
      return match
    }
    guard let type = try file.string("model_type") else {
      throw CheckpointError.badValue(
        path: file.path, key: "architectures", found: "absent", expected: "one of " + known)
    }
    guard let match = Architecture(rawValue: type) else {
      throw CheckpointError.unsupported(
        path: file.path, key: "model_type", found: type,
        supported: Architecture.allCases.map { $0.rawValue }.joined(separator: ", "))
    }
    return match
  }

  private static func refuseUnsupported(in file: JSONFile) throws {
    func refuse(_ key: String, _ supported: String) throws {
      throw CheckpointError.unsupported(
        path: file.path, key: key, found: file.value(key)?.text() ?? "null", supported: supported)
    }
    if let activation = try file.string("hidden_act"), activation != "silu", activation != "swish" {
      try refuse("hidden_act", "silu")
    }
    for key in ["attention_bias", "mlp_bias", "use_sliding_window"] where try file.bool(key, default: false) {
      try refuse(key, "false")
    }
    if let kinds = file.value("layer_types")?.array, kinds.contains(where: { $0.string != "full_attention" }) {
      try refuse("layer_types", "full_attention in every layer")
    }
    if file.value("qkv_bias") != nil, try file.bool("qkv_bias", default: true) == false,
      try file.string("model_type") == "qwen2_moe"
    {
      try refuse("qkv_bias", "true")
    }
    if file.value("quantization_config") != nil { try refuse("quantization_config", "unquantised F32, F16, BF16") }
  }

  private static func rope(in file: JSONFile) throws -> (theta: Double, scaling: RopeScaling) {
    let theta = try file.double("rope_theta", above: 0, default: 10_000)
    for key in ["rope_parameters", "rope_scaling"] {
      guard let value = file.value(key) else { continue }
      guard let object = value.object else { throw file.bad(key, "an object or null") }
      let inner = JSONFile(path: file.path, object: object)
      let kind = try inner.string("rope_type") ?? inner.string("type") ?? "default"
      let ownTheta = try inner.double("rope_theta", above: 0, default: theta)
      switch kind {
      case "default": return (ownTheta, .none)
      case "linear": return (ownTheta, .linear(factor: try inner.double("factor", above: 0)))
      case "llama3":
        let low = try inner.double("low_freq_factor", above: 0)
        let high = try inner.double("high_freq_factor", above: low)
        return (
          ownTheta,
          .llama3(
            factor: try inner.double("factor", above: 0), lowFrequencyFactor: low, highFrequencyFactor: high,
            originalMaxPositions: try inner.int("original_max_position_embeddings", in: 1...(1 << 30)))
        )
      default:
        throw CheckpointError.unsupported(
          path: file.path, key: key + ".rope_type", found: kind, supported: "default, linear, llama3")
      }
    }
    return (theta, .none)
  }
}

extension RopeScaling {
  /// The value of `rope_scaling` in config.json; null when there is none.
  var json: JSON {
    switch self {
    case .none: .null
    case .linear(let factor): ["rope_type": "linear", "factor": .double(factor)]
    case .llama3(let factor, let low, let high, let original):
      [
        "rope_type": "llama3", "factor": .double(factor), "low_freq_factor": .double(low),
        "high_freq_factor": .double(high), "original_max_position_embeddings": .int(original),
      ]
    }
  }
}
