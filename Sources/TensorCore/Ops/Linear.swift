import CKernels

/// A trained update of low rank to a weight W[N,K]: W + scale B A (Hu et al., 2021).
public struct LowRankUpdate: Sendable {
  /// A, [r,K].
  public let a: Tensor
  /// B, [N,r].
  public let b: Tensor
  /// alpha / r, or alpha / sqrt(r) where rank-stabilised.
  public let scale: Float

  /// An update; `a` and `b` agree in r.
  public init(a: Tensor, b: Tensor, scale: Float) {
    precondition(a.rows == b.columns, "a low-rank update of \(a.shape) and \(b.shape)")
    self.a = a
    self.b = b
    self.scale = scale
  }

  /// W + scale B A as a new tensor.
  public func merged(into weight: Tensor) -> Tensor {
    let (n, k, r) = (b.rows, a.columns, a.rows)
    precondition(weight.rows == n && weight.columns == k, "an update of [\(n), \(k)] to \(weight.shape)")
    let scaled = Tensor(b.shape, zeroed: false)
    ck_scale(scale, b.data, scaled.data, b.count, 0)
    let result = Tensor(weight.shape, zeroed: false)
    result.copyElements(from: weight)
    Matmul.sgemm(m: n, n: k, k: r, scaled.data, lda: r, a.data, ldb: k, result.data, ldc: k, accumulate: true)
    return result
  }
}

extension Tape {
  /// y[T,N] = x[T,K] weight[N,K]^T + bias[N].
  public func linear(_ x: Tensor, _ weight: Tensor, bias: Tensor? = nil) -> Tensor {
    linear(x, .f32(weight), bias: bias)
  }

  /// y[T,N] = x[T,K] W^T + bias[N] + scale (x A^T) B^T; a frozen weight gets no gradient.
  public func linear(
    _ x: Tensor, _ weight: WeightMatrix, bias: Tensor? = nil, update: LowRankUpdate? = nil
  ) -> Tensor {
    let (t, k, n) = (x.rows, weight.columns, weight.rows)
    precondition(x.columns == k, "linear: \(x.shape) by a weight of [\(n), \(k)]")
    precondition(bias.map { $0.count == n } ?? true, "linear: a bias of another size than \(n)")
    precondition(update.map { $0.b.rows == n && $0.a.columns == k } ?? true, "linear: an update of another shape")
    let y = Tensor(x.shape.dropLast() + [n], zeroed: false)
    weight.project(x.data, rows: t, into: y.data, pool: pool)
    if let bias { ck_add_bias(y.data, bias.data, t, n) }
    let low = update.map { addUpdate($0, x, to: y) }
    let trained = weight.trained
    let trains = x.requiresGrad || trained != nil || bias?.requiresGrad == true
    guard recording, trains || update?.a.requiresGrad == true || update?.b.requiresGrad == true else { return y }
    record(y) { [unowned self, unowned y] in
      guard let dy = y.grad else { return }
      if x.requiresGrad {  // dx = dy W
        let (dx, adds) = x.gradientSlot()
        weight.projectBack(dy.data, rows: t, into: dx.data, accumulate: adds, pool: pool)
      }
      if let trained {  // dW[N,K] = dy^T x
        let (dw, adds) = trained.gradientSlot()
        Matmul.sgemm(
          transA: true, m: n, n: k, k: t, dy.data, lda: n, x.data, ldb: k, dw.data, ldc: k, accumulate: adds,
          pool: pool)
      }
      if let bias, bias.requiresGrad { ck_column_sums(dy.data, t, n, bias.gradientToAddTo().data) }
      if let update, let low { propagate(dy, through: update, low: low, to: x) }
    }
    return y
  }

  /// y += low B^T with low = scale x A^T, which is returned: [T,r].
  private func addUpdate(_ update: LowRankUpdate, _ x: Tensor, to y: Tensor) -> Tensor {
    let (t, k, n, r) = (x.rows, update.a.columns, update.b.rows, update.a.rows)
    let low = Tensor([t, r], zeroed: false)
    Matmul.sgemm(
      transB: true, m: t, n: r, k: k, x.data, lda: k, update.a.data, ldb: k, low.data, ldc: r, pool: pool)
    ck_scale(update.scale, low.data, low.data, low.count, 0)
    Matmul.sgemm(
      transB: true, m: t, n: n, k: r, low.data, lda: r, update.b.data, ldb: r, y.data, ldc: n, accumulate: true,
      pool: pool)
    return low
  }

  /// dB[N,r] += dy^T low; dlow = scale dy B; dA[r,K] += dlow^T x; dx += dlow A.
  private func propagate(_ dy: Tensor, through update: LowRankUpdate, low: Tensor, to x: Tensor) {
    let (a, b) = (update.a, update.b)
    let (t, k, n, r) = (x.rows, a.columns, b.rows, a.rows)
    if b.requiresGrad {
      let (db, adds) = b.gradientSlot()
      Matmul.sgemm(
        transA: true, m: n, n: r, k: t, dy.data, lda: n, low.data, ldb: r, db.data, ldc: r, accumulate: adds,
        pool: pool)
    }
    guard a.requiresGrad || x.requiresGrad else { return }
    let dLow = Tensor([t, r], zeroed: false)
    Matmul.sgemm(m: t, n: r, k: n, dy.data, lda: n, b.data, ldb: r, dLow.data, ldc: r, pool: pool)
    ck_scale(update.scale, dLow.data, dLow.data, dLow.count, 0)
    if a.requiresGrad {
      let (da, adds) = a.gradientSlot()
      Matmul.sgemm(
        transA: true, m: r, n: k, k: t, dLow.data, lda: r, x.data, ldb: k, da.data, ldc: k, accumulate: adds,
        pool: pool)
    }
    if x.requiresGrad {
      let (dx, adds) = x.gradientSlot()
      Matmul.sgemm(
        m: t, n: k, k: r, dLow.data, lda: r, a.data, ldb: k, dx.data, ldc: k, accumulate: adds, pool: pool)
    }
  }

  /// y[T,C] = table[V,C] at ids[T]; each id must lie in 0..<V. A bfloat16 table is frozen.
  public func embedding(_ table: WeightMatrix, _ ids: [Int32]) -> Tensor {
    switch table {
    case .f32(let tensor): return embedding(tensor, ids)
    case .bf16(let half):
      precondition(ids.allSatisfy { $0 >= 0 && Int($0) < half.rows }, "embedding: an id outside 0..<\(half.rows)")
      let y = Tensor([ids.count, half.columns], zeroed: false)
      table.gather(ids, count: ids.count, into: y.data)
      return y
    }
  }
}
