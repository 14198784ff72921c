import StrictJSON

/// The sparse feed-forward parts of a mixture-of-experts model (Qwen2-MoE, Qwen3-MoE): a router sends each token to a
/// few of many experts.
public struct ExpertConfiguration: Sendable, Equatable {
  /// Number of experts of a sparse layer, E.
  public var count: Int
  /// Experts that each token goes to, K.
  public var perToken: Int
  /// Inner width of one expert.
  public var feedForwardSize: Int
  /// Whether the K router probabilities are scaled to the sum 1 (`norm_topk_prob`).
  public var normalizesWeights: Bool
  /// Inner width of the expert that every token goes through (Qwen2-MoE); nil without one.
  public var sharedFeedForwardSize: Int?
  /// Weight of the load-balancing loss in training (`router_aux_loss_coef`).
  public var auxiliaryLossWeight: Double
  /// Every how many-th layer is sparse, counted from 1 (`decoder_sparse_step`).
  public var sparseStep: Int
  /// Layers that are dense all the same (`mlp_only_layers`).
  public var denseLayers: Set<Int>

  /// A configuration; by default every layer is sparse.
  public init(
    count: Int, perToken: Int, feedForwardSize: Int, normalizesWeights: Bool = false, sharedFeedForwardSize: Int? = nil,
    auxiliaryLossWeight: Double = 0.001, sparseStep: Int = 1, denseLayers: Set<Int> = []
  ) {
    self.count = count
    self.perToken = perToken
    self.feedForwardSize = feedForwardSize
    self.normalizesWeights = normalizesWeights
    self.sharedFeedForwardSize = sharedFeedForwardSize
    self.auxiliaryLossWeight = auxiliaryLossWeight
    self.sparseStep = sparseStep
    self.denseLayers = denseLayers
  }

  /// Whether the layer of this index has experts.
  public func isSparse(layer: Int) -> Bool { !denseLayers.contains(layer) && (layer + 1) % max(1, sparseStep) == 0 }

  /// Reads the keys of config.json for a family with experts.
  init(file: JSONFile, architecture: ModelConfiguration.Architecture) throws {
    let dense = try file.value("mlp_only_layers").map { value -> [Int] in
      guard let layers = value.array?.map(\.int), layers.allSatisfy({ ($0 ?? -1) >= 0 }) else {
        throw file.bad("mlp_only_layers", "a list of layer numbers")
      }
      return layers.compactMap { $0 }
    }
    let count = try file.int(file.value("num_experts") == nil ? "num_local_experts" : "num_experts", in: 1...65_536)
    let hasShared = architecture == .qwen2Moe
    self.init(
      count: count,
      perToken: try file.int("num_experts_per_tok", in: 1...count),
      feedForwardSize: try file.int("moe_intermediate_size", in: 1...(1 << 20)),
      normalizesWeights: try file.bool("norm_topk_prob", default: false),
      sharedFeedForwardSize: hasShared ? try file.int("shared_expert_intermediate_size", in: 1...(1 << 20)) : nil,
      auxiliaryLossWeight: try file.double("router_aux_loss_coef", atLeast: 0, default: 0.001),
      sparseStep: try file.int("decoder_sparse_step", in: 1...4096, default: 1),
      denseLayers: Set(dense ?? []))
  }

  /// The keys that transformers reads, beside those of a dense model.
  var json: [(String, JSON)] {
    var pairs: [(String, JSON)] = [
      ("decoder_sparse_step", .int(sparseStep)),
      ("mlp_only_layers", .array(denseLayers.sorted().map { .int($0) })),
      ("moe_intermediate_size", .int(feedForwardSize)),
      ("norm_topk_prob", .bool(normalizesWeights)),
      ("num_experts", .int(count)),
      ("num_experts_per_tok", .int(perToken)),
      ("output_router_logits", false),
      ("router_aux_loss_coef", .double(auxiliaryLossWeight)),
    ]
    if let sharedFeedForwardSize { pairs.append(("shared_expert_intermediate_size", .int(sharedFeedForwardSize))) }
    return pairs
  }

  /// Names under the layer's `mlp.` and shapes of a sparse layer's parameters, in checkpoint order.
  func parameterShapes(hiddenSize: Int) -> [(name: String, shape: [Int])] {
    func network(_ prefix: String, _ size: Int) -> [(name: String, shape: [Int])] {
      [
        (prefix + "gate_proj.weight", [size, hiddenSize]), (prefix + "up_proj.weight", [size, hiddenSize]),
        (prefix + "down_proj.weight", [hiddenSize, size]),
      ]
    }
    var list: [(name: String, shape: [Int])] = [("gate.weight", [count, hiddenSize])]
    for expert in 0..<count { list += network("experts.\(expert).", feedForwardSize) }
    if let sharedFeedForwardSize {
      list += network("shared_expert.", sharedFeedForwardSize)
      list.append(("shared_expert_gate.weight", [1, hiddenSize]))
    }
    return list
  }
}
