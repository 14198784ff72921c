import CKernels
import COpenBLAS

/// Products of dense row-major matrices.
///
/// The kernels are our own (`gemm.h`): Debian's OpenBLAS does not know newer processors and reaches half of what they
/// can do. OpenBLAS remains the reference in tests, and does the work in unoptimised builds, where C code is slow.
public enum Matmul {
  /// C[m,n] = A'[m,k] B'[k,n], or C += when `accumulate`; A' is A or its transpose, likewise B'.
  ///
  /// `lda`, `ldb` and `ldc` are the distances in floats between rows as they are stored. The result does not depend
  /// on the pool: the work is cut by m, n and k only.
  public static func sgemm(
    transA: Bool = false, transB: Bool = false, m: Int, n: Int, k: Int,
    _ a: UnsafePointer<Float>, lda: Int, _ b: UnsafePointer<Float>, ldb: Int,
    _ c: UnsafeMutablePointer<Float>, ldc: Int, accumulate: Bool = false, pool: ThreadPool = .shared
  ) {
    guard m > 0, n > 0 else { return }
    if ck_is_optimized() == 0 || (transA && transB) {
      cutOpenBLAS(
        transA: transA, transB: transB, m: m, n: n, k: k, a, lda: lda, b, ldb: ldb, c, ldc: ldc,
        accumulate: accumulate, pool: pool)
    } else if transA {
      columns(m: m, n: n, k: k, a, lda: lda, b, ldb: ldb, c, ldc: ldc, accumulate: accumulate, pool: pool)
    } else {
      rows(
        transB: transB, m: m, n: n, k: k, a, lda: lda, b, ldb: ldb, c, ldc: ldc, accumulate: accumulate, pool: pool)
    }
  }

  // MARK: - Own kernels

  /// A not transposed: B is packed once, then blocks of rows and groups of columns are independent. Every element is
  /// one chain over k, so any cut gives the same bits.
  static func rows(
    transB: Bool, m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, lda: Int, _ b: UnsafePointer<Float>, ldb: Int,
    _ c: UnsafeMutablePointer<Float>, ldc: Int, accumulate: Bool, pool: ThreadPool
  ) {
    let panels = Tensor([roundedUp(n, 32) * k], zeroed: false)
    let columnsAtOnce = roundedUp(max(32, 16_384 / max(1, k)), 32)
    pool.parallelFor((n + columnsAtOnce - 1) / columnsAtOnce) { chunk in
      let (begin, end) = (chunk * columnsAtOnce, min(n, (chunk + 1) * columnsAtOnce))
      if transB {
        ck_pack_transposed(b, ldb, k, begin, end, panels.data)
      } else {
        ck_pack_rows(b, ldb, k, begin, end, panels.data)
      }
    }
    multiply(m: m, n: n, k: k, a, lda: lda, panels: panels.data, c, ldc: ldc, accumulate: accumulate, pool: pool)
  }

  /// The product with packed panels, cut into blocks of rows and, when these are few, groups of columns.
  static func multiply(
    m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, lda: Int, panels: UnsafePointer<Float>,
    storage: PackedMatrix.Storage = .f32, scales: UnsafePointer<Float>? = nil, _ c: UnsafeMutablePointer<Float>,
    ldc: Int, accumulate: Bool,
    pool: ThreadPool
  ) {
    let rowStep = 96
    let rowBlocks = (m + rowStep - 1) / rowStep
    var columnStep = n
    if rowBlocks < 16, 2 * m * n * k > 1_000_000 {
      columnStep = max(32, roundedUp(n / (16 / max(1, rowBlocks)), 32))
    }
    let columnBlocks = (n + columnStep - 1) / columnStep
    pool.parallelFor(rowBlocks * columnBlocks) { chunk in
      let row = chunk / columnBlocks * rowStep
      let column = chunk % columnBlocks * columnStep
      let (rows, columns) = (min(rowStep, m - row), min(columnStep, n - column))
      let (from, to) = (a + row * lda, c + row * ldc + column)
      switch storage {
      case .f32: ck_gemm_rows(from, lda, rows, panels + column * k, k, columns, to, ldc, accumulate ? 1 : 0)
      case .bf16:
        let words = UnsafeRawPointer(panels + column / 2 * k).assumingMemoryBound(to: UInt32.self)
        ck_gemm_rows_bf16(from, lda, rows, words, k, columns, to, ldc, accumulate ? 1 : 0)
      case .int8:
        guard let scales else { preconditionFailure("8-bit panels without scales") }
        let bytes = UnsafeRawPointer(panels + column / 4 * k).assumingMemoryBound(to: Int8.self)
        ck_gemm_rows_int8(from, lda, rows, bytes, scales + column, k, columns, to, ldc, accumulate ? 1 : 0)
      }
    }
  }

  /// A transposed, as for the gradient of a weight: m and n are widths, k is the number of rows. A small result is
  /// the sum of partial products over slices of k, added up in the order of the slices; a large one is cut by rows.
  static func columns(
    m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, lda: Int, _ b: UnsafePointer<Float>, ldb: Int,
    _ c: UnsafeMutablePointer<Float>, ldc: Int, accumulate: Bool, pool: ThreadPool
  ) {
    func product(
      _ m: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
      _ ldc: Int, _ accumulate: Bool
    ) {
      let work = Tensor([ck_columns_work(n)], zeroed: false)
      ck_gemm_columns(a, lda, b, ldb, m, n, k, c, ldc, accumulate ? 1 : 0, work.data)
    }
    if m * n <= 1 << 18, k > 1024 {
      let slices = (k + 1023) / 1024
      let partial = Tensor([slices, m * n], zeroed: false)
      pool.parallelFor(slices) { slice in
        let start = slice * 1024
        product(m, min(1024, k - start), a + start * lda, b + start * ldb, partial.data + slice * m * n, n, false)
      }
      let rowStep = max(1, 8192 / n)
      pool.parallelFor((m + rowStep - 1) / rowStep) { chunk in
        for row in chunk * rowStep..<min(m, (chunk + 1) * rowStep) {
          let target = c + row * ldc
          for slice in 0..<slices {
            ck_scale(1, partial.data + slice * m * n + row * n, target, n, accumulate || slice > 0 ? 1 : 0)
          }
        }
      }
    } else {
      let rowStep = m * n * k < 1 << 18 ? m : max(96, roundedUp(m / 8, 12))
      pool.parallelFor((m + rowStep - 1) / rowStep) { chunk in
        let row = chunk * rowStep
        product(min(rowStep, m - row), k, a + row, b, c + row * ldc, ldc, accumulate)
      }
    }
  }

  static func roundedUp(_ count: Int, _ step: Int) -> Int { (count + step - 1) / step * step }
}
