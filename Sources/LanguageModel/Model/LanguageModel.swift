import Synchronization
import TensorCore

/// A decoder-only transformer with its parameters in memory: what is trained, saved and sampled from.
///
/// Parameters are float32 tensors that require gradients. A forward pass may run on several threads at once as long as
/// nobody changes the parameters meanwhile.
public final class LanguageModel: @unchecked Sendable {
  /// The shape.
  public let configuration: ModelConfiguration
  /// All parameters in checkpoint order, with their Hugging Face names.
  public let parameters: [(name: String, tensor: Tensor)]

  let embedding: Tensor
  let layers: [Layer]
  let finalNorm: Tensor
  /// [V, C]; the embedding table itself where the head is tied.
  public let head: Tensor
  private let rotary = Mutex<RotaryTable?>(nil)

  /// The parameters of one block. Linear weights are [out, in].
  struct Layer {
    let inputNorm: Tensor
    let query: Tensor, key: Tensor, value: Tensor
    let queryBias: Tensor?, keyBias: Tensor?, valueBias: Tensor?
    let queryNorm: Tensor?, keyNorm: Tensor?
    let output: Tensor
    let feedForwardNorm: Tensor
    let gate: Tensor, up: Tensor, down: Tensor
  }

  /// A model over existing parameters; `tensor` is asked once for each name, in checkpoint order.
  init(configuration: ModelConfiguration, tensor: (_ name: String, _ shape: [Int]) throws -> Tensor) throws {
    try configuration.validate()
    var parameters: [(name: String, tensor: Tensor)] = []
    var named: [String: Tensor] = [:]
    for (name, shape) in configuration.parameterShapes {
      let tensor = try tensor(name, shape)
      tensor.requiresGrad = true
      parameters.append((name, tensor))
      named[name] = tensor
    }
    self.configuration = configuration
    self.parameters = parameters
    func required(_ name: String) -> Tensor {
      guard let tensor = named[name] else { preconditionFailure("parameterShapes lacks \(name)") }
      return tensor
    }
    embedding = required("model.embed_tokens.weight")
    layers = (0..<configuration.layers).map { index in
      let prefix = "model.layers.\(index)."
      return Layer(
        inputNorm: required(prefix + "input_layernorm.weight"),
        query: required(prefix + "self_attn.q_proj.weight"), key: required(prefix + "self_attn.k_proj.weight"),
        value: required(prefix + "self_attn.v_proj.weight"), queryBias: named[prefix + "self_attn.q_proj.bias"],
        keyBias: named[prefix + "self_attn.k_proj.bias"], valueBias: named[prefix + "self_attn.v_proj.bias"],
        queryNorm: named[prefix + "self_attn.q_norm.weight"], keyNorm: named[prefix + "self_attn.k_norm.weight"],
        output: required(prefix + "self_attn.o_proj.weight"),
        feedForwardNorm: required(prefix + "post_attention_layernorm.weight"),
        gate: required(prefix + "mlp.gate_proj.weight"), up: required(prefix + "mlp.up_proj.weight"),
        down: required(prefix + "mlp.down_proj.weight"))
    }
    finalNorm = required("model.norm.weight")
    head = named["lm_head.weight"] ?? embedding
  }

  /// The parameter of a name, or nil.
  public func parameter(_ name: String) -> Tensor? { parameters.first { $0.name == name }?.tensor }

  /// Number of trainable floats.
  public var parameterCount: Int { configuration.parameterCount }

  /// Forgets all gradients.
  public func zeroGrad() {
    for (_, tensor) in parameters { tensor.zeroGrad() }
  }

  /// Copies the parameters of a model of the same shape, for example a frozen reference.
  public func copyParameters(from other: LanguageModel) {
    precondition(configuration == other.configuration, "models of different shapes")
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
