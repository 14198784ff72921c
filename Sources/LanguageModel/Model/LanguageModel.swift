import Synchronization
import TensorCore

/// A decoder-only transformer with its parameters in memory: what is trained, saved and sampled from.
///
/// Parameters are float32 tensors that require gradients unless they are frozen. With a ``LoRAAdapter`` attached all of
/// them are frozen and the adapter's matrices are trained; frozen matrices may be stored in bfloat16. A forward pass
/// may run on several threads at once as long as nobody changes the model meanwhile.
public final class LanguageModel: @unchecked Sendable {
  /// The shape.
  public let configuration: ModelConfiguration
  /// The adapter that is trained in place of the weights.
  public internal(set) var adapter: LoRAAdapter? { didSet { layers = makeLayers() } }

  /// All parameters in checkpoint order, with their Hugging Face names.
  var weights: [(name: String, weight: WeightMatrix)] {
    didSet {
      index = Self.index(weights)
      layers = makeLayers()
    }
  }
  private var index: [String: Int]
  private(set) var layers: [Layer] = []
  private let rotary = Mutex<RotaryTable?>(nil)

  /// The parts of one block.
  struct Layer {
    let inputNorm: Tensor
    let query: Projection, key: Projection, value: Projection
    let queryNorm: Tensor?, keyNorm: Tensor?
    let output: Projection
    let feedForwardNorm: Tensor
    let feedForward: FeedForward
  }

  /// gate, up and down of a SwiGLU network.
  struct Network {
    let gate: Projection, up: Projection, down: Projection
  }

  /// The second half of a block.
  enum FeedForward {
    case dense(Network)
    case sparse(Experts)
  }

  /// A router and its experts.
  struct Experts {
    let router: Projection
    let networks: [Network]
    /// The expert of all tokens and the gate [1,C] it is scaled by.
    let shared: (network: Network, gate: Projection)?
  }

  /// A model over existing parameters; `tensor` is asked once for each name, in checkpoint order.
  convenience init(configuration: ModelConfiguration, tensor: (_ name: String, _ shape: [Int]) throws -> Tensor) throws
  {
    try self.init(weightsOf: configuration) { name, shape in
      let tensor = try tensor(name, shape)
      tensor.requiresGrad = true
      return WeightMatrix.f32(tensor)
    }
  }

  /// A model over existing weights.
  init(weightsOf configuration: ModelConfiguration, weight: (_ name: String, _ shape: [Int]) throws -> WeightMatrix)
    throws
  {
    try configuration.validate()
    self.configuration = configuration
    weights = try configuration.parameterShapes.map { ($0.name, try weight($0.name, $0.shape)) }
    index = Self.index(weights)
    layers = makeLayers()
  }

  /// Another model over the same tensors.
  init(sharing other: LanguageModel) {
    (configuration, adapter, weights) = (other.configuration, other.adapter, other.weights)
    index = Self.index(other.weights)
    layers = makeLayers()
  }

  private static func index(_ weights: [(name: String, weight: WeightMatrix)]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: weights.enumerated().map { ($1.name, $0) })
  }

  private func makeLayers() -> [Layer] {
    (0..<configuration.layers).map { index in
      let prefix = "model.layers.\(index)."
      func vector(_ name: String) -> Tensor? { self.weight(prefix + name)?.float32 }
      func required(_ name: String) -> Tensor {
        guard let tensor = vector(name) else { preconditionFailure("parameterShapes lacks \(prefix + name)") }
        return tensor
      }
      func projection(_ name: String) -> Projection {
        guard let weight = self.weight(prefix + name + ".weight") else {
          preconditionFailure("parameterShapes lacks \(prefix + name).weight")
        }
        return Projection(weight: weight, bias: vector(name + ".bias"), update: adapter?.update(of: prefix + name))
      }
      func network(_ path: String) -> Network {
        Network(
          gate: projection(path + ".gate_proj"), up: projection(path + ".up_proj"),
          down: projection(path + ".down_proj"))
      }
      var feedForward: FeedForward
      if let experts = configuration.experts, experts.isSparse(layer: index) {
        feedForward = .sparse(
          Experts(
            router: projection("mlp.gate"), networks: (0..<experts.count).map { network("mlp.experts.\($0)") },
            shared: experts.sharedFeedForwardSize.map { _ in
              (network("mlp.shared_expert"), projection("mlp.shared_expert_gate"))
            }))
      } else {
        feedForward = .dense(network("mlp"))
      }
      return Layer(
        inputNorm: required("input_layernorm.weight"),
        query: projection("self_attn.q_proj"), key: projection("self_attn.k_proj"),
        value: projection("self_attn.v_proj"), queryNorm: vector("self_attn.q_norm.weight"),
        keyNorm: vector("self_attn.k_norm.weight"), output: projection("self_attn.o_proj"),
        feedForwardNorm: required("post_attention_layernorm.weight"), feedForward: feedForward)
    }
  }

  func weight(_ name: String) -> WeightMatrix? { index[name].map { weights[$0].weight } }

  private func required(_ name: String) -> WeightMatrix {
    guard let weight = weight(name) else { preconditionFailure("parameterShapes lacks \(name)") }
    return weight
  }

  var embeddingTable: WeightMatrix { required("model.embed_tokens.weight") }
  /// The embedding table itself where the head is tied.
  var headMatrix: WeightMatrix { weight("lm_head.weight") ?? embeddingTable }
  var finalNorm: Tensor { required("model.norm.weight").float32 }
  var embedding: Tensor { embeddingTable.float32 }
  /// The head [V, C] in float32; the embedding table itself where the head is tied.
  public var head: Tensor { headMatrix.float32 }

  /// The float32 parameters in checkpoint order, with their Hugging Face names: all of them, unless frozen matrices
  /// were stored in bfloat16.
  public var parameters: [(name: String, tensor: Tensor)] {
    weights.compactMap { entry in
      guard case .f32(let tensor) = entry.weight else { return nil }
      return (entry.name, tensor)
    }
  }

  /// What an optimiser updates: the adapter's matrices and every parameter that is not frozen.
  public var trainableParameters: [(name: String, tensor: Tensor)] {
    (adapter?.parameters ?? []) + parameters.filter { $0.tensor.requiresGrad }
  }

  /// The float32 parameter of a name, or nil.
  public func parameter(_ name: String) -> Tensor? {
    guard case .f32(let tensor) = weight(name) else { return nil }
    return tensor
  }

  /// A parameter in float32 with the adapter's update, as saved and sampled from; may be the parameter itself.
  public func mergedParameter(_ name: String) -> Tensor? {
    guard let weight = weight(name) else { return nil }
    guard name.hasSuffix(".weight"), let update = adapter?.update(of: String(name.dropLast(7))) else {
      return weight.float32
    }
    return update.merged(into: weight.float32)
  }

  /// A checksum over names and up to 1024 evenly spaced elements of every tensor, an adapter not counted: tells whether
  /// two models are the same without reading them whole.
  public var fingerprint: UInt64 {
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ word: UInt32) { sum = (sum ^ UInt64(word)) &* 0x100_0000_01b3 }
    for (name, weight) in weights {
      for byte in name.utf8 { add(UInt32(byte)) }
      let samples = weight.samples(atMost: 1024)
      for value in samples { add(value.bitPattern) }
    }
    return sum
  }

  /// Number of floats in the model, an adapter not counted.
  public var parameterCount: Int { configuration.parameterCount }

  /// Forgets all gradients.
  public func zeroGrad() {
    for (_, tensor) in parameters { tensor.zeroGrad() }
    for (_, tensor) in adapter?.parameters ?? [] { tensor.zeroGrad() }
  }

  /// Copies the parameters of a model of the same shape and storage, for example a frozen reference.
  public func copyParameters(from other: LanguageModel) {
    precondition(configuration == other.configuration, "models of different shapes")
    precondition(parameters.count == other.parameters.count, "models whose matrices are stored differently")
    for (mine, theirs) in zip(parameters, other.parameters) { mine.tensor.copyElements(from: theirs.tensor) }
  }

  /// Cosines and sines for at least `positions` positions. They are a pure function of position, so a longer table
  /// changes nothing.
  func rotaryTable(positions: Int) -> RotaryTable {
    rotary.withLock { table in
      if let table, table.positions >= positions { return table }
      var size = 512
      while size < positions { size *= 2 }
      let grown = RotaryTable(frequencies: configuration.rotaryFrequencies, positions: size)
      table = grown
      return grown
    }
  }
}
