/// A weight matrix laid out for products with few rows, as in generation.
///
/// A row of the result depends only on that row of x: not on how many rows there are, nor on their contents. So what a
/// model generates does not depend on what else is in the batch.
public final class PackedMatrix: @unchecked Sendable {
  /// Rows of the weight: the width of the result.
  public let outputs: Int
  /// Columns of the weight: the width of x.
  public let inputs: Int
  private let weight: Tensor

  /// Packs weight[N,K]; the numbers are copied.
  public init(_ weight: Tensor) {
    outputs = weight.rows
    inputs = weight.columns
    self.weight = weight.copy()
  }

  /// y[m,N] = x[m,K] weight^T on the calling thread.
  public func multiply(
    _ x: UnsafePointer<Float>, rows m: Int, into y: UnsafeMutablePointer<Float>, accumulate: Bool = false
  ) {
    for row in 0..<m {
      Matmul.openBLAS(
        transA: false, transB: true, m: 1, n: outputs, k: inputs, x + row * inputs, lda: inputs, weight.data,
        ldb: inputs, y + row * outputs, ldc: outputs, accumulate: accumulate)
    }
  }
}
