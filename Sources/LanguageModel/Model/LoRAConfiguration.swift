import Foundation
import StrictJSON
import TensorCore

/// Which linear layers get an update of low rank, and how it is scaled: PEFT's `adapter_config.json`.
public struct LoRAConfiguration: Sendable, Equatable {
  /// r, the rank of every update.
  public var rank: Int
  /// The update's weight: it is multiplied by alpha / r.
  public var alpha: Double
  /// Names of linear layers as they end, for example `q_proj` or `model.layers.0.mlp.up_proj`.
  public var targets: [String]
  /// Scales by alpha / sqrt(r) instead (`use_rslora`).
  public var rankStabilized: Bool

  /// The linear layers that an adapter may update in each block.
  public static let linearLayers = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

  /// A configuration; by default every linear layer but the head, alpha twice the rank.
  public init(
    rank: Int = 16, alpha: Double? = nil, targets: [String] = LoRAConfiguration.linearLayers,
    rankStabilized: Bool = false
  ) {
    self.rank = rank
    self.alpha = alpha ?? 2 * Double(rank)
    self.targets = targets
    self.rankStabilized = rankStabilized
  }

  /// The factor of B A.
  public var scale: Float { Float(alpha / (rankStabilized ? Double(rank).squareRoot() : Double(rank))) }

  /// Whether the module of this path, for example `model.layers.0.self_attn.q_proj`, is among the targets.
  func covers(_ module: String) -> Bool { targets.contains { module == $0 || module.hasSuffix("." + $0) } }

  /// Reads `adapter_config.json`.
  ///
  /// - Throws: `CheckpointError` for another kind of adapter, or an option whose mathematics is not implemented.
  public init(folder: String) throws {
    let file = try JSONFile(path: folder + "/adapter_config.json", purpose: "the adapter's shape")
    func refuse(_ key: String, _ supported: String) throws {
      throw CheckpointError.unsupported(
        path: file.path, key: key, found: file.value(key)?.text() ?? "absent", supported: supported)
    }
    if try file.string("peft_type") != "LORA" { try refuse("peft_type", "\"LORA\"") }
    for key in ["use_dora", "use_qalora", "use_bdlora", "fan_in_fan_out", "lora_bias"]
    where try file.bool(key, default: false) {
      try refuse(key, "false")
    }
    if let bias = try file.string("bias"), bias != "none" { try refuse("bias", "\"none\"") }
    for key in ["rank_pattern", "alpha_pattern"] {
      guard let value = file.value(key) else { continue }
      guard let object = value.object else { throw file.bad(key, "an object or null") }
      if !object.isEmpty { try refuse(key, "none") }
    }
    for key in [
      "modules_to_save", "target_parameters", "trainable_token_indices", "alora_invocation_tokens", "layer_replication",
      "monteclora_config", "velora_config",
    ] {
      if let value = file.value(key), value.array?.isEmpty != true { try refuse(key, "none") }
    }
    let targets: [String]
    if let one = file.value("target_modules")?.string {
      // PEFT reads a string as a regular expression over paths, but for this one.
      if one != "all-linear" { try refuse("target_modules", "a list of names, or \"all-linear\"") }
      targets = Self.linearLayers
    } else {
      guard let names = file.value("target_modules")?.array?.map({ $0.string }), !names.isEmpty,
        names.allSatisfy({ $0 != nil })
      else { throw file.bad("target_modules", "a list of names, or \"all-linear\"") }
      targets = names.compactMap { $0 }
    }
    self.init(
      rank: try file.int("r", in: 1...65_536), alpha: try file.double("lora_alpha", above: 0),
      targets: targets, rankStabilized: try file.bool("use_rslora", default: false))
  }

  /// The document PEFT reads, for these modules.
  func json(basePath: String, modules: [String]) -> JSONObject {
    JSONObject([
      ("base_model_name_or_path", .string(basePath)),
      ("bias", "none"),
      ("fan_in_fan_out", false),
      ("inference_mode", true),
      ("init_lora_weights", true),
      ("lora_alpha", alpha == alpha.rounded() && alpha < 1e9 ? .int(Int(alpha)) : .double(alpha)),
      ("lora_dropout", 0),
      ("modules_to_save", .null),
      ("peft_type", "LORA"),
      ("r", .int(rank)),
      ("target_modules", .array(modules.map { .string($0) })),
      ("task_type", "CAUSAL_LM"),
      ("use_dora", false),
      ("use_rslora", .bool(rankStabilized)),
    ])
  }
}
