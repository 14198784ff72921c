import TensorCore

extension LanguageModel {
  /// A model with random parameters, a pure function of configuration and seed.
  ///
  /// Ours: projections normal with deviation 1/sqrt(inputs); those that write to the residual stream are divided by
  /// sqrt(2 layers) besides, so that its variance does not grow with depth; embeddings 1/sqrt(width), half of it where
  /// the head is tied; biases 0; norms 1.
  ///
  /// - Throws: `CheckpointError.badValue` where the configuration's sizes do not fit together.
  public convenience init(configuration: ModelConfiguration, seed: UInt64) throws {
    var index = 0
    try self.init(configuration: configuration) { name, shape in
      defer { index += 1 }
      let tensor = Tensor(shape)
      if name.hasSuffix("norm.weight") {
        for i in 0..<tensor.count { tensor.data[i] = 1 }
      } else if !name.hasSuffix(".bias") {
        var deviation = 1 / Float(shape[1]).squareRoot()
        if name.hasSuffix("o_proj.weight") || name.hasSuffix("down_proj.weight") {
          deviation /= Float(2 * configuration.layers).squareRoot()
        } else if name.hasSuffix("embed_tokens.weight"), configuration.tiedEmbeddings {
          deviation /= 2
        }
        // One stream a parameter: the values do not depend on what stands before it.
        var stream = RandomStream(seed: seed, purpose: .initialization, query: index)
        tensor.fillGaussian(&stream, deviation: deviation)
      }
      return tensor
    }
  }
}
