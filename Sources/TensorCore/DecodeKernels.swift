import CKernels

/// The vectorised kernels on raw pointers, on the calling thread, for loops that need no tape (generation).
public enum Kernel {
  /// y = softmax(scale x) over n elements, scale > 0; returns the log-sum-exp of scale x. x and y may be the same.
  @discardableResult
  public static func softmax(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count n: Int, scale: Float = 1
  ) -> Float {
    ck_softmax(x, y, n, scale)
  }

  /// y = exp(x), exactly 0 below -87.
  public static func exp(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count n: Int) {
    ck_exponential(x, y, n)
  }

  /// y = RMSNorm(x) over rows of `columns`; x and y may be the same.
  public static func rmsNorm(
    _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, rows: Int,
    columns: Int, epsilon: Float
  ) {
    ck_rms_forward(x, weight, y, nil, rows, columns, epsilon)
  }

  /// y = silu(gate) up; y may be one of the two.
  public static func swiGLU(
    _ gate: UnsafePointer<Float>, _ up: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count n: Int
  ) {
    ck_swiglu_forward(gate, up, y, n)
  }

  /// Rotates x[rows, heads * dim] in place by each row's position.
  public static func rotary(
    _ x: UnsafeMutablePointer<Float>, positions: UnsafePointer<Int32>, table: RotaryTable, rows: Int, heads: Int
  ) {
    ck_rotary(
      x, x, table.cosine.data, table.sine.data, positions, rows, heads, table.headDimension, 1, 0)
  }

  /// y += x.
  public static func add(_ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, count n: Int) {
    ck_add(x, y, y, n)
  }

  /// y += s x.
  public static func addScaled(
    _ x: UnsafePointer<Float>, _ s: Float, to y: UnsafeMutablePointer<Float>, count n: Int
  ) {
    ck_scale(s, x, y, n, 1)
  }

  /// y[r,:] += bias.
  public static func addBias(
    _ bias: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, rows: Int, columns: Int
  ) {
    ck_add_bias(y, bias, rows, columns)
  }

  /// y[r,:] = table[ids[r],:].
  public static func gatherRows(
    _ table: Tensor, ids: UnsafePointer<Int32>, into y: UnsafeMutablePointer<Float>, rows: Int
  ) {
    ck_gather_rows(table.data, ids, y, rows, table.columns)
  }
}
