import CKernels

extension Tape {
  /// Log-probabilities of chosen tokens and the entropy of their distributions, without a full table of logits.
  ///
  /// logits = hidden[R,C] head[V,C]^T / temperature; returns log softmax(logits) at `targets`[R] and the entropy
  /// [R] in nats; both may be seeded in ``backward(_:)``. Rows are worked in chunks of at most about
  /// ``logitsChunk`` logits. A table that fits one chunk is kept for the backward pass, a larger one is computed again.
  public func tokenLogProbs(
    hidden: Tensor, head: Tensor, targets: [Int32], temperature: Float = 1
  ) -> (logProb: Tensor, entropy: Tensor) {
    tokenLogProbs(hidden: hidden, head: .f32(head), targets: targets, temperature: temperature)
  }

  /// The same with a head that may be frozen in bfloat16.
  public func tokenLogProbs(
    hidden: Tensor, head: WeightMatrix, targets: [Int32], temperature: Float = 1
  ) -> (logProb: Tensor, entropy: Tensor) {
    let (r, c, v) = (hidden.rows, hidden.columns, head.rows)
    precondition(head.columns == c && targets.count == r, "tokenLogProbs: \(hidden.shape), a head of [\(v), ...]")
    precondition(targets.allSatisfy { $0 >= 0 && Int($0) < v }, "tokenLogProbs: a target outside 0..<\(v)")
    precondition(temperature > 0, "tokenLogProbs: temperature must be above 0")
    let logProb = Tensor([r], zeroed: false)
    let entropy = Tensor([r], zeroed: false)
    let lse = Tensor([r], zeroed: false)
    let scale = 1 / temperature
    let step = max(16, min(r, Self.logitsChunk / max(1, v)))
    let records = recording && (hidden.requiresGrad || head.trained != nil)
    let grain = Self.rowGrain(columns: v)

    func computeLogits(_ rows: Range<Int>, _ logits: Tensor) {
      head.project(hidden.data + rows.lowerBound * c, rows: rows.count, into: logits.data, pool: pool)
    }
    let logits = Tensor([min(step, r), v], zeroed: false)
    targets.withUnsafeBufferPointer { targets in
      guard let targets = targets.baseAddress else { return }
      for start in stride(from: 0, to: r, by: step) {
        let rows = start..<min(r, start + step)
        computeLogits(rows, logits)
        forEachChunk(of: rows.count, grain: grain) { part in
          let at = start + part.lowerBound
          ck_log_probability_forward(
            logits.data + part.lowerBound * v, part.count, v, v, targets + at, scale, logProb.data + at, lse.data + at,
            entropy.data + at)
        }
      }
    }
    guard records else { return (logProb, entropy) }
    let kept = step >= r ? logits : nil
    let entropies = entropy.copy()  // the caller may overwrite its own
    record(logProb, entropy) { [unowned self, unowned logProb, unowned entropy] in
      let (dLog, dEntropy) = (logProb.grad, entropy.grad)
      let dHidden = hidden.requiresGrad ? hidden.gradientSlot() : nil
      let dHead = head.trained?.gradientSlot()
      let work = kept ?? Tensor([min(step, r), v], zeroed: false)
      for start in stride(from: 0, to: r, by: step) {
        let rows = start..<min(r, start + step)
        if kept == nil { computeLogits(rows, work) }
        targets.withUnsafeBufferPointer { targets in
          guard let targets = targets.baseAddress else { return }
          forEachChunk(of: rows.count, grain: grain) { part in
            let at = start + part.lowerBound
            ck_log_probability_backward(
              work.data + part.lowerBound * v, part.count, v, v, targets + at, scale, lse.data + at,
              entropies.data + at, dLog.map { UnsafePointer($0.data + at) },
              dEntropy.map { UnsafePointer($0.data + at) }
            )
          }
        }
        if let dHidden {  // [R,C] = dlogits[R,V] head[V,C]
          head.projectBack(
            work.data, rows: rows.count, into: dHidden.tensor.data + start * c, accumulate: dHidden.holdsValues,
            pool: pool)
        }
        if let dHead {  // [V,C] = dlogits[R,V]^T hidden[R,C]
          Matmul.sgemm(
            transA: true, m: v, n: c, k: rows.count, work.data, lda: v, hidden.data + start * c, ldb: c,
            dHead.tensor.data, ldc: c, accumulate: dHead.holdsValues || start > 0, pool: pool)
        }
      }
    }
    return (logProb, entropy)
  }

  /// The most logits that one chunk holds (16 MiB).
  public static var logitsChunk: Int { 4 << 20 }
}
