import CKernels

/// A weight matrix laid out for products with few rows, as in generation.
///
/// A row of the result depends only on that row of x: not on how many rows there are, nor on their contents. So what a
/// model generates does not depend on what else is in the batch.
public final class PackedMatrix: @unchecked Sendable {
  /// Rows of the weight: the width of the result.
  public let outputs: Int
  /// Columns of the weight: the width of x.
  public let inputs: Int
  /// Panels of 32 rows of the weight, [inputs][32] each, zero-padded.
  private let panels: Tensor

  /// Packs weight[N,K]; the numbers are copied.
  public init(_ weight: Tensor, pool: ThreadPool = .shared) {
    let (n, k) = (weight.rows, weight.columns)
    (outputs, inputs) = (n, k)
    let panels = Tensor([Matmul.roundedUp(n, 32), k], zeroed: false)
    let step = Matmul.roundedUp(max(32, 16_384 / max(1, k)), 32)
    pool.parallelFor((n + step - 1) / step) { chunk in
      ck_pack_transposed(weight.data, k, k, chunk * step, min(n, (chunk + 1) * step), panels.data)
    }
    self.panels = panels
  }

  /// y[m,N] = x[m,K] weight^T (or +=), on the calling thread unless a pool is given.
  public func multiply(
    _ x: UnsafePointer<Float>, rows m: Int, into y: UnsafeMutablePointer<Float>, accumulate: Bool = false,
    pool: ThreadPool = .serial
  ) {
    Matmul.multiply(
      m: m, n: outputs, k: inputs, x, lda: inputs, panels: panels.data, y, ldc: outputs, accumulate: accumulate,
      pool: pool)
  }
}
