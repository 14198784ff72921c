import TensorCore

/// A snapshot of a model's parameters, packed for products with few rows.
///
/// Immutable: any number of engines may share one. Make a new one after an update of the model.
public final class DecodingWeights: Sendable {
  /// The shape.
  public let configuration: ModelConfiguration
  /// Longest sequence, prompt included.
  public let maxPositions: Int
  let embedding: WeightMatrix
  let layers: [Layer]
  let finalNorm: Tensor
  let head: PackedMatrix
  let rotary: RotaryTable

  struct Layer: Sendable {
    let inputNorm: Tensor
    /// Query, key and value rows one after the other: [(Hq + 2 Hk) * dim, C].
    let queryKeyValue: PackedMatrix
    /// Their biases in the same order.
    let bias: Tensor?
    let queryNorm: Tensor?, keyNorm: Tensor?
    let output: PackedMatrix
    let feedForwardNorm: Tensor
    let feedForward: DecodingFeedForward
  }

  /// The longest sequence of weights that are packed without asking for another.
  public static let standardPositions = 32_768

  /// Packs the parameters of `model` as they are now, an adapter merged in.
  ///
  /// - Parameters:
  ///   - storage: how the packed weights are stored. With 16 bits sampled log-probabilities differ from the trainer's
  ///     by more than rounding; correct for it with importance weights.
  ///   - maxPositions: longest sequence to be generated, prompt included; by default the model's own, at most
  ///     ``standardPositions`` (tables and score buffers are made for it).
  ///   - snapshot: whether the embedding table is copied too. Without it less memory is used, and the model must not
  ///     change while these weights are read.
  public init(
    _ model: LanguageModel, storage: PackedMatrix.Storage = .f32, maxPositions: Int? = nil, snapshot: Bool = true
  ) {
    configuration = model.configuration
    self.maxPositions = max(1, min(model.configuration.maxPositions, maxPositions ?? Self.standardPositions))
    switch model.embeddingTable {
    case .f32(let tensor): embedding = .f32(snapshot ? tensor.copy() : tensor)
    case .bf16: embedding = model.embeddingTable
    }
    layers = model.layers.map { layer in
      let biases = [layer.query.bias, layer.key.bias, layer.value.bias].compactMap { $0 }
      return Layer(
        inputNorm: layer.inputNorm.copy(),
        queryKeyValue: PackedMatrix(
          Self.stack([layer.query, layer.key, layer.value].map { $0.merged }), storage: storage),
        bias: biases.isEmpty ? nil : Self.stack(biases),
        queryNorm: layer.queryNorm?.copy(), keyNorm: layer.keyNorm?.copy(),
        output: PackedMatrix(layer.output.merged, storage: storage),
        feedForwardNorm: layer.feedForwardNorm.copy(),
        feedForward: DecodingFeedForward(layer.feedForward, model.configuration, storage: storage))
    }
    finalNorm = model.finalNorm.copy()
    head = PackedMatrix(model.head, storage: storage)
    rotary = model.rotaryTable(positions: self.maxPositions)
    bytes = layers.reduce(head.byteCount) { sum, layer in
      sum + layer.queryKeyValue.byteCount + layer.output.byteCount + layer.feedForward.byteCount
    }
  }

  /// Bytes of packed weights that a step of many rows reads.
  let bytes: Int

  /// Tensors of equal width one after the other.
  static func stack(_ tensors: [Tensor]) -> Tensor {
    let isMatrix = tensors.contains { $0.shape.count > 1 }
    let rows = tensors.reduce(0) { $0 + (isMatrix ? $1.rows : $1.count) }
    let result = Tensor(isMatrix ? [rows, tensors[0].columns] : [rows], zeroed: false)
    var offset = 0
    for tensor in tensors {
      (result.data + offset).update(from: tensor.data, count: tensor.count)
      offset += tensor.count
    }
    return result
  }
}
