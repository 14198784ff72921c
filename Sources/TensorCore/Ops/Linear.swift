import CKernels

extension Tape {
  /// y[T,N] = x[T,K] weight[N,K]^T + bias[N].
  public func linear(_ x: Tensor, _ weight: Tensor, bias: Tensor? = nil) -> Tensor {
    let (t, k, n) = (x.rows, x.columns, weight.rows)
    precondition(weight.columns == k, "linear: \(x.shape) by a weight of \(weight.shape)")
    precondition(bias.map { $0.count == n } ?? true, "linear: a bias of another size than \(n)")
    let y = Tensor(x.shape.dropLast() + [n], zeroed: false)
    Matmul.sgemm(transB: true, m: t, n: n, k: k, x.data, lda: k, weight.data, ldb: k, y.data, ldc: n, pool: pool)
    if let bias { ck_add_bias(y.data, bias.data, t, n) }
    guard needsRecord(x, weight) || (recording && bias?.requiresGrad == true) else { return y }
    record(y) { [unowned self, unowned y] in
      guard let dy = y.grad else { return }
      if x.requiresGrad {  // dx[T,K] = dy[T,N] weight[N,K]
        let (dx, adds) = x.gradientSlot()
        Matmul.sgemm(
          m: t, n: k, k: n, dy.data, lda: n, weight.data, ldb: k, dx.data, ldc: k, accumulate: adds, pool: pool)
      }
      if weight.requiresGrad {  // dweight[N,K] = dy[T,N]^T x[T,K]
        let (dw, adds) = weight.gradientSlot()
        Matmul.sgemm(
          transA: true, m: n, n: k, k: t, dy.data, lda: n, x.data, ldb: k, dw.data, ldc: k, accumulate: adds,
          pool: pool)
      }
      if let bias, bias.requiresGrad { ck_column_sums(dy.data, t, n, bias.gradientToAddTo().data) }
    }
    return y
  }
}
