import CKernels

/// The nearest orthogonal matrix, roughly: every singular value of a matrix brought near 1, its directions kept.
public enum Orthogonalization {
  /// Five rounds of Newton-Schulz with the quintic of Jordan et al. (2024), X <- a X + (b A + c A^2) X with A = X X^T.
  ///
  /// It is tuned for speed, not for a limit: singular values from about 1/1000 of the largest up end between 0.7 and 1.2,
  /// smaller ones are brought nearer to 1. A matrix of zeros stays one.
  public static func approximate(_ matrix: Tensor, pool: ThreadPool = .shared) -> Tensor {
    precondition(matrix.shape.count == 2, "a tensor of shape \(matrix.shape) is no matrix")
    // A is square in the shorter side.
    let tall = matrix.rows > matrix.columns
    let (n, k) = (min(matrix.rows, matrix.columns), max(matrix.rows, matrix.columns))
    var x = tall ? transposed(matrix) : matrix.copy()
    let norm = Float(ck_sum_squares(x.data, x.count).squareRoot())
    guard norm > 0 else { return matrix.copy() }
    ck_scale(1 / norm, x.data, x.data, x.count, 0)
    let (a, b, c): (Float, Float, Float) = (3.4445, -4.7750, 2.0315)
    let product = Tensor([n, n], zeroed: false)
    let polynomial = Tensor([n, n], zeroed: false)
    var next = Tensor([n, k], zeroed: false)
    for _ in 0..<5 {
      Matmul.sgemm(transB: true, m: n, n: n, k: k, x.data, lda: k, x.data, ldb: k, product.data, ldc: n, pool: pool)
      Matmul.sgemm(
        m: n, n: n, k: n, product.data, lda: n, product.data, ldb: n, polynomial.data, ldc: n, pool: pool)
      let (p, q) = (polynomial.data, product.data)
      for i in 0..<n * n { p[i] = b * q[i] + c * p[i] }
      for i in 0..<n { p[i * n + i] += a }
      Matmul.sgemm(m: n, n: k, k: n, p, lda: n, x.data, ldb: k, next.data, ldc: k, pool: pool)
      swap(&x, &next)
    }
    return tall ? transposed(x) : x
  }

  private static func transposed(_ matrix: Tensor) -> Tensor {
    let (rows, columns) = (matrix.rows, matrix.columns)
    let result = Tensor([columns, rows], zeroed: false)
    let (from, to) = (matrix.data, result.data)
    // Tiles that stay in the first cache.
    for top in stride(from: 0, to: rows, by: 32) {
      for left in stride(from: 0, to: columns, by: 32) {
        for column in left..<min(columns, left + 32) {
          for row in top..<min(rows, top + 32) { to[column * rows + row] = from[row * columns + column] }
        }
      }
    }
    return result
  }
}
