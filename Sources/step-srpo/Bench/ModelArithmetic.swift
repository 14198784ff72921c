import LanguageModel

/// Floating-point operations of a transformer's matrix products and attention; a multiply-add counts as two. Norms,
/// rotations and the sampler are left out, as is usual where speeds of different programs are compared.
struct ModelArithmetic {
  /// The shape.
  let configuration: ModelConfiguration

  /// One forward pass.
  ///
  /// - Parameters:
  ///   - rows: input tokens.
  ///   - attended: positions that all rows together attend to.
  ///   - scored: rows that the head is applied to.
  func forward(rows: Int, attended: Int, scored: Int) -> Double {
    let c = configuration
    let projections = c.hiddenSize * (2 * c.queryWidth + 2 * c.keyValueWidth)
    let layer = 2 * Double(rows) * Double(projections + 3 * c.hiddenSize * c.feedForwardSize)
    let attention = 4 * Double(attended) * Double(c.queryWidth)
    return Double(c.layers) * (layer + attention) + 2 * Double(scored) * Double(c.hiddenSize * c.vocabularySize)
  }

  /// Positions that `rows` rows attend to behind `start` earlier ones, themselves included.
  static func attended(rows: Int, after start: Int = 0) -> Int { rows * start + rows * (rows + 1) / 2 }

  /// Sampling `rollouts` continuations of one prompt that is computed once. The last token is drawn but not read.
  func sampling(promptLength: Int, newTokens: Int, rollouts: Int) -> Double {
    forward(rows: promptLength, attended: Self.attended(rows: promptLength), scored: 1)
      + Double(rollouts)
      * forward(
        rows: newTokens - 1, attended: Self.attended(rows: newTokens - 1, after: promptLength), scored: newTokens - 1)
  }
}
