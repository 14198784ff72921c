import COpenBLAS
import CKernels

/// Products of dense row-major matrices.
public enum Matmul {
  /// Makes OpenBLAS run on the calling thread only; the threads are ours.
  private static let openBLASIsSingleThreaded: Bool = {
    openblas_set_num_threads(1)
    return true
  }()

  /// C[m,n] = A'[m,k] B'[k,n], or C += when `accumulate`; A' is A or its transpose, likewise B'.
  ///
  /// `lda`, `ldb` and `ldc` are the distances in floats between rows as they are stored. The work is cut by m and n
  /// only, so the result does not depend on the pool.
  public static func sgemm(
    transA: Bool = false, transB: Bool = false, m: Int, n: Int, k: Int,
    _ a: UnsafePointer<Float>, lda: Int, _ b: UnsafePointer<Float>, ldb: Int,
    _ c: UnsafeMutablePointer<Float>, ldc: Int, accumulate: Bool = false, pool: ThreadPool = .shared
  ) {
    guard m > 0, n > 0 else { return }
    let cuts = Partition(m: m, n: n, flops: 2 * m * n * max(k, 1))
    pool.parallelFor(cuts.count) { chunk in
      let (rows, columns) = cuts[chunk]
      openBLAS(
        transA: transA, transB: transB, m: rows.count, n: columns.count, k: k,
        a + (transA ? rows.lowerBound : rows.lowerBound * lda), lda: lda,
        b + (transB ? columns.lowerBound * ldb : columns.lowerBound), ldb: ldb,
        c + rows.lowerBound * ldc + columns.lowerBound, ldc: ldc, accumulate: accumulate)
    }
  }

  /// The same product by OpenBLAS on the calling thread: the reference.
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

  /// Tiles of C for the threads: rows when there are many, else columns.
  struct Partition {
    let m: Int, n: Int, rowStep: Int, columnStep: Int

    init(m: Int, n: Int, flops: Int) {
      (self.m, self.n) = (m, n)
      if flops < 400_000 {
        (rowStep, columnStep) = (m, n)
      } else if m >= 256 {
        (rowStep, columnStep) = (min(256, (m / 2 + 15) / 16 * 16), n)
      } else {
        (rowStep, columnStep) = (m, min(256, max(64, (n / 2 + 31) / 32 * 32)))
      }
    }

    var columnCount: Int { (n + columnStep - 1) / columnStep }
    var count: Int { (m + rowStep - 1) / rowStep * columnCount }

    subscript(index: Int) -> (rows: Range<Int>, columns: Range<Int>) {
      let row = index / columnCount * rowStep
      let column = index % columnCount * columnStep
      return (row..<min(m, row + rowStep), column..<min(n, column + columnStep))
    }
  }
}
