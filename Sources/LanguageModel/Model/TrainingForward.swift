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
    tokenLogProbs(batch, temperature: temperature, recomputing: false, balance: nil, tape: tape)
  }

  /// The same with a choice between time and memory.
  ///
  /// - Parameters:
  ///   - recomputing: keeps only the residual stream between blocks and computes each block again in the backward
  ///     pass: about a third more time, the memory of one block's activations instead of all; the same bits.
  ///   - balance: takes part in the backward pass with the load-balancing loss of the routers, and says it.
  public func tokenLogProbs(
    _ batch: PackedBatch, temperature: Float = 1, recomputing: Bool, balance: RouterBalance? = nil, tape: Tape
  ) -> (logProb: Tensor, entropy: Tensor) {
    let last = lastHidden(batch, recomputing: recomputing, balance: balance, tape: tape)
    let hidden = tape.gather(last, rows: batch.scoredRows)
    let normed = tape.rmsNorm(hidden, finalNorm, epsilon: Float(configuration.rmsNormEpsilon))
    return tape.tokenLogProbs(hidden: normed, head: headMatrix, targets: batch.targets, temperature: temperature)
  }

  /// Logits of every row of the batch, [T, V]; for inspection. Training uses `tokenLogProbs`.
  public func logits(_ batch: PackedBatch, tape: Tape = Tape(recording: false)) -> Tensor {
    let hidden = lastHidden(batch, tape: tape)
    let normed = tape.rmsNorm(hidden, finalNorm, epsilon: Float(configuration.rmsNormEpsilon))
    return tape.linear(normed, headMatrix)
  }

  /// The residual stream after the last block, before the final norm: [T, C].
  func lastHidden(
    _ batch: PackedBatch, recomputing: Bool = false, balance: RouterBalance? = nil, tape: Tape
  ) -> Tensor {
    let longest = batch.positions.reduce(0) { max($0, Int($1) + 1) }
    let table = rotaryTable(positions: longest)
    var x = tape.embedding(embeddingTable, batch.tokens)
    for (index, layer) in layers.enumerated() {
      let input = x
      func block(_ tape: Tape) -> Tensor {
        let middle = tape.add(input, attention(input, layer, batch, table, tape))
        return tape.add(middle, feedForward(middle, layer, balance.map { ($0, index) }, tape))
      }
      x = recomputing ? tape.recomputing([input] + layer.trained, block) : block(tape)
    }
    return x
  }

  /// x[T,C] -> [T,C]
  private func attention(
    _ x: Tensor, _ layer: Layer, _ batch: PackedBatch, _ table: RotaryTable, _ tape: Tape
  ) -> Tensor {
    let epsilon = Float(configuration.rmsNormEpsilon)
    let h = tape.rmsNorm(x, layer.inputNorm, epsilon: epsilon)
    var q = layer.query(h, tape)  // [T, Hq * dim]
    var k = layer.key(h, tape)  // [T, Hk * dim]
    let v = layer.value(h, tape)
    if let norm = layer.queryNorm { q = tape.rmsNorm(q, norm, epsilon: epsilon) }
    if let norm = layer.keyNorm { k = tape.rmsNorm(k, norm, epsilon: epsilon) }
    q = tape.rotary(q, positions: batch.positions, table: table)
    k = tape.rotary(k, positions: batch.positions, table: table)
    let mixed = tape.causalAttention(q, k, v, segments: batch.segments, headDimension: configuration.headDimension)
    return layer.output(mixed, tape)
  }

  /// x[T,C] -> [T,C]
  private func feedForward(
    _ x: Tensor, _ layer: Layer, _ balance: (RouterBalance, layer: Int)?, _ tape: Tape
  ) -> Tensor {
    let h = tape.rmsNorm(x, layer.feedForwardNorm, epsilon: Float(configuration.rmsNormEpsilon))
    switch layer.feedForward {
    case .dense(let network): return network(h, tape)
    case .sparse(let experts): return mixture(h, experts, balance, tape)
    }
  }

  /// h[T,C] -> [T,C]: the weighted outputs of each token's experts, and the shared expert's where there is one.
  private func mixture(
    _ h: Tensor, _ experts: Experts, _ balance: (RouterBalance, layer: Int)?, _ tape: Tape
  ) -> Tensor {
    guard let shape = configuration.experts else { preconditionFailure("experts without a configuration") }
    let (weights, routing) = tape.route(
      experts.router(h, tape), perToken: shape.perToken, normalizing: shape.normalizesWeights, balance: balance)
    let outputs = experts.networks.enumerated().map { expert, network -> Tensor? in
      let rows = routing.rows(of: expert)
      return rows.isEmpty ? nil : network(tape.gather(h, rows: rows), tape)
    }
    let mixed = tape.combine(outputs, weights, routing, columns: h.columns)
    guard let shared = experts.shared else { return mixed }
    return tape.add(mixed, tape.gate(shared.network(h, tape), by: shared.gate(h, tape)))
  }
}

extension LanguageModel.Network {
  var projections: [Projection] { [gate, up, down] }

  /// x[T,C] -> [T,C]
  func callAsFunction(_ x: Tensor, _ tape: Tape) -> Tensor { down(tape.swiGLU(gate(x, tape), up(x, tape)), tape) }
}

extension LanguageModel.Layer {
  /// The tensors that a backward pass gives gradients.
  var trained: [Tensor] {
    var projections = [query, key, value, output]
    switch feedForward {
    case .dense(let network): projections += network.projections
    case .sparse(let experts):
      projections += [experts.router] + experts.networks.flatMap { $0.projections }
      if let shared = experts.shared { projections += shared.network.projections + [shared.gate] }
    }
    let tensors = projections.flatMap { [$0.update?.a, $0.update?.b, $0.bias, $0.parameter].compactMap { $0 } }
    return (tensors + [inputNorm, feedForwardNorm] + [queryNorm, keyNorm].compactMap { $0 }).filter { $0.requiresGrad }
  }
}
