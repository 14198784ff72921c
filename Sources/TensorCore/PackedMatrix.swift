import CKernels

/// A weight matrix laid out for products with few rows, as in generation.
///
/// A row of the result depends only on that row of x: not on how many rows there are, nor on their contents. So what a
/// model generates does not depend on what else is in the batch.
public final class PackedMatrix: @unchecked Sendable {
  /// How the weights are kept; products accumulate in float32 always.
  public enum Storage: String, Sendable, CaseIterable {
    /// Exact.
    case f32
    /// Rounded to nearest even: half the memory, and half the time where memory decides. The relative error of a
    /// weight is at most 2^-9.
    case bf16
    /// 8-bit integers with a scale for each row of the weight, its largest magnitude / 127: a quarter of the memory. The
    /// error of a weight is at most half a scale.
    case int8

    /// Bytes of one weight.
    public var bytes: Int {
      switch self {
      case .f32: 4
      case .bf16: 2
      case .int8: 1
      }
    }
  }

  /// Rows of the weight: the width of the result.
  public let outputs: Int
  /// Columns of the weight: the width of x.
  public let inputs: Int
  /// How the weights are kept.
  public let storage: Storage
  /// Panels of 32 rows of the weight, [inputs][32] each, zero-padded (bf16: two columns in each word).
  private let panels: Tensor
  /// For int8 the factor of each row of the weight.
  private let scales: Tensor?

  /// Packs weight[N,K]; the numbers are copied.
  public init(_ weight: Tensor, storage: Storage = .f32, pool: ThreadPool = .shared) {
    let (n, k) = (weight.rows, weight.columns)
    (outputs, inputs, self.storage) = (n, k, storage)
    let panels = Tensor([Matmul.roundedUp(n, 32) * storage.bytes / 4, k], zeroed: false)
    let scales = storage == .int8 ? Tensor([Matmul.roundedUp(n, 32)], zeroed: false) : nil
    let step = Matmul.roundedUp(max(32, 16_384 / max(1, k)), 32)
    pool.parallelFor((n + step - 1) / step) { chunk in
      let (begin, end) = (chunk * step, min(n, (chunk + 1) * step))
      switch storage {
      case .f32: ck_pack_transposed(weight.data, k, k, begin, end, panels.data)
      case .bf16:
        let words = UnsafeMutableRawPointer(panels.data).assumingMemoryBound(to: UInt32.self)
        ck_pack_bf16(weight.data, k, k, begin, end, words)
      case .int8:
        guard let scales else { return }
        let bytes = UnsafeMutableRawPointer(panels.data).assumingMemoryBound(to: Int8.self)
        ck_pack_int8(weight.data, k, k, begin, end, bytes, scales.data)
      }
    }
    self.panels = panels
    self.scales = scales
  }

  /// y[m,N] = x[m,K] weight^T (or +=), on the calling thread unless a pool is given.
  public func multiply(
    _ x: UnsafePointer<Float>, rows m: Int, into y: UnsafeMutablePointer<Float>, accumulate: Bool = false,
    pool: ThreadPool = .serial
  ) {
    Matmul.multiply(
      m: m, n: outputs, k: inputs, x, lda: inputs, panels: panels.data, storage: storage, scales: scales?.data, y,
      ldc: outputs, accumulate: accumulate, pool: pool)
  }

  /// The bytes of the packed weights.
  public var byteCount: Int { (panels.count + (scales?.count ?? 0)) * 4 }
}
