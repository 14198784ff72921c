import CKernels

/// A matrix [N,K] that is not trained, kept in bfloat16: half the memory, widened slab by slab where it is used.
public final class HalfMatrix: @unchecked Sendable {
  /// Number of rows N: outputs of a projection, or entries of a table.
  public let rows: Int
  /// Number of columns K.
  public let columns: Int
  /// Two numbers in each word.
  private let words: Tensor
  private var bits: UnsafeMutablePointer<UInt16> {
    UnsafeMutableRawPointer(words.data).assumingMemoryBound(to: UInt16.self)
  }

  /// Rounds a matrix to nearest even; the relative error of an element is at most 2^-9, and 0 where the numbers came
  /// from a bfloat16 file.
  public init(_ matrix: Tensor) {
    (rows, columns) = (matrix.rows, matrix.columns)
    words = Tensor([(matrix.count + 1) / 2], zeroed: false)
    ck_f32_to_bf16(matrix.data, bits, matrix.count)
  }

  /// Writes some rows as float32, [range.count, K].
  public func widen(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    ck_bf16_to_f32(bits + range.lowerBound * columns, target, range.count * columns)
  }

  /// The whole matrix as float32.
  public func widened() -> Tensor {
    let result = Tensor([rows, columns], zeroed: false)
    widen(0..<rows, into: result.data)
    return result
  }

  /// The element of a flat index.
  public subscript(index: Int) -> Float {
    precondition(index >= 0 && index < rows * columns)
    return Float(bitPattern: UInt32(bits[index]) << 16)
  }

  /// The bytes of the elements.
  public var byteCount: Int { words.count * 4 }
}

/// A weight matrix [N,K] in one of the two forms that a training forward reads.
public enum WeightMatrix: Sendable {
  /// Exact; may be trained.
  case f32(Tensor)
  /// Rounded and frozen.
  case bf16(HalfMatrix)

  /// Number of rows N.
  public var rows: Int {
    switch self {
    case .f32(let tensor): tensor.rows
    case .bf16(let half): half.rows
    }
  }

  /// Number of columns K.
  public var columns: Int {
    switch self {
    case .f32(let tensor): tensor.columns
    case .bf16(let half): half.columns
    }
  }

  /// The numbers in float32: the tensor itself, or a widened copy.
  public var float32: Tensor {
    switch self {
    case .f32(let tensor): tensor
    case .bf16(let half): half.widened()
    }
  }

  /// Up to `limit` evenly spaced elements, as float32.
  public func samples(atMost limit: Int) -> [Float] {
    let count = rows * columns
    let step = max(1, (count + limit - 1) / limit)
    return stride(from: 0, to: count, by: step).map { index in
      switch self {
      case .f32(let tensor): tensor[index]
      case .bf16(let half): half[index]
      }
    }
  }

  /// The tensor that a backward pass gives a gradient; nil for a frozen matrix.
  var trained: Tensor? {
    guard case .f32(let tensor) = self, tensor.requiresGrad else { return nil }
    return tensor
  }

  /// y[R,K] = the rows `ids`[R], each within 0..<N.
  public func gather(_ ids: UnsafePointer<Int32>, count: Int, into y: UnsafeMutablePointer<Float>) {
    switch self {
    case .f32(let tensor): ck_gather_rows(tensor.data, ids, y, count, tensor.columns)
    case .bf16(let half):
      for i in 0..<count { half.widen(Int(ids[i])..<Int(ids[i]) + 1, into: y + i * half.columns) }
    }
  }

  /// y[T,N] = x[T,K] W^T.
  func project(_ x: UnsafePointer<Float>, rows t: Int, into y: UnsafeMutablePointer<Float>, pool: ThreadPool) {
    let (n, k) = (rows, columns)
    forEachSlab { rows, slab in
      Matmul.sgemm(
        transB: true, m: t, n: rows.count, k: k, x, lda: k, slab, ldb: k, y + rows.lowerBound, ldc: n, pool: pool)
    }
  }

  /// dx[T,K] = dy[T,N] W, or += when `accumulate`.
  func projectBack(
    _ dy: UnsafePointer<Float>, rows t: Int, into dx: UnsafeMutablePointer<Float>, accumulate: Bool, pool: ThreadPool
  ) {
    let (n, k) = (rows, columns)
    forEachSlab { rows, slab in
      Matmul.sgemm(
        m: t, n: k, k: rows.count, dy + rows.lowerBound, lda: n, slab, ldb: k, dx, ldc: k,
        accumulate: accumulate || rows.lowerBound > 0, pool: pool)
    }
  }

  /// The matrix in float32, at once or in slabs of at most about 4 MiB.
  private func forEachSlab(_ body: (_ rows: Range<Int>, _ slab: UnsafePointer<Float>) -> Void) {
    switch self {
    case .f32(let tensor): body(0..<tensor.rows, tensor.data)
    case .bf16(let half):
      let step = max(32, (1 << 20) / max(1, half.columns))
      let slab = Tensor([min(step, half.rows), half.columns], zeroed: false)
      for start in stride(from: 0, to: half.rows, by: step) {
        let range = start..<min(half.rows, start + step)
        half.widen(range, into: slab.data)
        body(range, slab.data)
      }
    }
  }
}
