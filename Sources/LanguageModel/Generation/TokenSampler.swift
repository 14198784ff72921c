import TensorCore

/// Draws tokens from logits.
struct TokenSampler {
  let options: SamplingOptions
  let vocabulary: Int
  private let probabilities: Tensor
  /// Likeliest first, then by id: the bits of a positive float order as the float does, so their complement in front of
  /// the id sorts as one integer.
  private var nucleus: [UInt64] = []

  init(options: SamplingOptions, vocabulary: Int) {
    self.options = options
    self.vocabulary = vocabulary
    probabilities = Tensor([vocabulary])
  }

  /// One step's distribution: log-sum-exp of the tempered logits.
  struct Distribution {
    let logits: UnsafePointer<Float>
    let scale: Float
    let logSumExp: Float

    func logProb(_ token: Int32) -> Float { logits[Int(token)] * scale - logSumExp }
  }

  /// Normalises `logits` [V]; the probabilities stay here for the next `draw`.
  func distribution(_ logits: UnsafePointer<Float>) -> Distribution {
    let scale = 1 / options.temperature
    let lse = Kernel.softmax(logits, into: probabilities.data, count: vocabulary, scale: scale)
    return Distribution(logits: logits, scale: scale, logSumExp: lse)
  }

  /// A token of the last distribution; `uniform` in [0, 1) decides.
  mutating func draw(uniform: Double) -> Int32 {
    if options.greedy { return likeliest() }
    if options.topP < 1 { return drawFromNucleus(uniform) }
    let p = probabilities.data
    var sum = 0.0
    for token in 0..<vocabulary {
      sum += Double(p[token])
      if sum > uniform { return Int32(token) }
    }
    // Rounding left the sum a little under 1: the last token that has any probability.
    for token in (0..<vocabulary).reversed() where p[token] > 0 { return Int32(token) }
    return 0
  }

  private func likeliest() -> Int32 {
    let p = probabilities.data
    var best = 0
    for token in 1..<max(1, vocabulary) where p[token] > p[best] { best = token }
    return Int32(best)
  }

  private mutating func drawFromNucleus(_ uniform: Double) -> Int32 {
    let p = probabilities.data
    // Tokens at or below this bound hold less than 1 - topP together, so the nucleus lies above it.
    let bound = (1 - options.topP) / Float(vocabulary) * 0.5
    nucleus.removeAll(keepingCapacity: true)
    for token in 0..<vocabulary where p[token] > bound {
      nucleus.append(UInt64(~p[token].bitPattern) << 32 | UInt64(token))
    }
    nucleus.sort()
    var total = 0.0
    var size = 0
    for key in nucleus {
      total += Double(p[Int(key & 0xffff_ffff)])
      size += 1
      if total >= Double(options.topP) { break }
    }
    var sum = 0.0
    for key in nucleus.prefix(size) {
      let token = Int(key & 0xffff_ffff)
      sum += Double(p[token])
      if sum > uniform * total { return Int32(token) }
    }
    return nucleus.prefix(size).last.map { Int32($0 & 0xffff_ffff) } ?? likeliest()
  }
}
