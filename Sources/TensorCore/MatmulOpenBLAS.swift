import COpenBLAS

extension Matmul {
  /// Makes OpenBLAS run on the calling thread only; the threads are ours.
  private static let openBLASIsSingleThreaded: Bool = {
    openblas_set_num_threads(1)
    return true
  }()

  /// C = A' B' (or +=) by OpenBLAS on the calling thread: the reference.
  public static func openBLAS(
    transA: Bool, transB: Bool, m: Int, n: Int, k: Int,
    _ a: UnsafePointer<Float>, lda: Int, _ b: UnsafePointer<Float>, ldb: Int,
    _ c: UnsafeMutablePointer<Float>, ldc: Int, accumulate: Bool
  ) {
    _ = openBLASIsSingleThreaded
    cblas_sgemm(
      CblasRowMajor, transA ? CblasTrans : CblasNoTrans, transB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n),
      blasint(k), 1, a, blasint(lda), b, blasint(ldb), accumulate ? 1 : 0, c, blasint(ldc))
  }

  /// The same, cut into tiles for the pool: blocks of rows when there are many, else of columns.
  static func cutOpenBLAS(
    transA: Bool, transB: Bool, m: Int, n: Int, k: Int,
    _ a: UnsafePointer<Float>, lda: Int, _ b: UnsafePointer<Float>, ldb: Int,
    _ c: UnsafeMutablePointer<Float>, ldc: Int, accumulate: Bool, pool: ThreadPool
  ) {
    var (rowStep, columnStep) = (m, n)
    if 2 * m * n * max(k, 1) >= 400_000 {
      if m >= 256 { rowStep = min(256, roundedUp(m / 2, 16)) } else { columnStep = max(64, roundedUp(n / 2, 32)) }
    }
    let columnBlocks = (n + columnStep - 1) / columnStep
    pool.parallelFor((m + rowStep - 1) / rowStep * columnBlocks) { chunk in
      let row = chunk / columnBlocks * rowStep
      let column = chunk % columnBlocks * columnStep
      openBLAS(
        transA: transA, transB: transB, m: min(rowStep, m - row), n: min(columnStep, n - column), k: k,
        a + (transA ? row : row * lda), lda: lda, b + (transB ? column * ldb : column), ldb: ldb,
        c + row * ldc + column, ldc: ldc, accumulate: accumulate)
    }
  }
}
