import TensorCore

extension LanguageModel {
  /// Log-probability of every scored token and entropy of its distribution, for a loss or for evaluation.
  ///
  /// - Parameters:
  ///   - batch: packed sequences; T rows, R scored.
  ///   - temperature: logits are divided by it, as in sampling.
  ///   - tape: records for a backward pass, or not.
  /// - Returns: two tensors [R], in nats; seed either or both in `tape.backward`.
  public func tokenLogProbs(
    _ batch: PackedBatch, temperature: Float = 1, tape: Tape
  ) -> (logProb: Tensor, entropy: Tensor) {
    let hidden = tape.gather(lastHidden(batch, tape: tape), rows: batch.scoredRows)
    let normed = tape.rmsNorm(hidden, finalNorm, epsilon: Float(configuration.rmsNormEpsilon))
    return tape.tokenLogProbs(hidden: normed, head: head, targets: batch.targets, temperature: temperature)
  }

  /// Logits of every row of the batch, [T, V]; for inspection. Training uses `tokenLogProbs`.
  public func logits(_ batch: PackedBatch, tape: Tape = Tape(recording: false)) -> Tensor {
    let hidden = lastHidden(batch, tape: tape)
    let normed = tape.rmsNorm(hidden, finalNorm, epsilon: Float(configuration.rmsNormEpsilon))
    return tape.linear(normed, head)
  }

  /// The residual stream after the last block, before the final norm: [T, C].
  func lastHidden(_ batch: PackedBatch, tape: Tape) -> Tensor {
    let longest = batch.positions.reduce(0) { max($0, Int($1) + 1) }
    let table = rotaryTable(positions: longest)
    var x = tape.embedding(embedding, batch.tokens)
    for layer in layers {
      x = tape.add(x, attention(x, layer, batch, table, tape))
      x = tape.add(x, feedForward(x, layer, tape))
    }
    return x
  }

  /// x[T,C] -> [T,C]
  private func attention(
    _ x: Tensor, _ layer: Layer, _ batch: PackedBatch, _ table: RotaryTable, _ tape: Tape
  ) -> Tensor {
    let epsilon = Float(configuration.rmsNormEpsilon)
    let h = tape.rmsNorm(x, layer.inputNorm, epsilon: epsilon)
    var q = tape.linear(h, layer.query, bias: layer.queryBias)  // [T, Hq * dim]
    var k = tape.linear(h, layer.key, bias: layer.keyBias)  // [T, Hk * dim]
    let v = tape.linear(h, layer.value, bias: layer.valueBias)
    if let norm = layer.queryNorm { q = tape.rmsNorm(q, norm, epsilon: epsilon) }
    if let norm = layer.keyNorm { k = tape.rmsNorm(k, norm, epsilon: epsilon) }
    q = tape.rotary(q, positions: batch.positions, table: table)
    k = tape.rotary(k, positions: batch.positions, table: table)
    let mixed = tape.causalAttention(q, k, v, segments: batch.segments, headDimension: configuration.headDimension)
    return tape.linear(mixed, layer.output)
  }

  /// x[T,C] -> [T,C]
  private func feedForward(_ x: Tensor, _ layer: Layer, _ tape: Tape) -> Tensor {
    let h = tape.rmsNorm(x, layer.feedForwardNorm, epsilon: Float(configuration.rmsNormEpsilon))
    return tape.linear(tape.swiGLU(tape.linear(h, layer.gate), tape.linear(h, layer.up)), layer.down)
  }
}
