import CKernels

extension Tape {
  /// y = x / sqrt(mean(x^2) + epsilon) * weight over groups of `weight.count` columns.
  ///
  /// With a weight of x's width this is the usual RMSNorm of x[T,C]; with a weight of a head's width it normalises
  /// each head of x[T, heads * width] by itself (query and key norm).
  public func rmsNorm(_ x: Tensor, _ weight: Tensor, epsilon: Float) -> Tensor {
    let c = weight.count
    precondition(c > 0 && x.columns % c == 0, "rmsNorm: \(x.shape) by a weight of \(weight.shape)")
    let rows = x.count / c
    let y = Tensor(x.shape, zeroed: false)
    let inverse = Tensor([rows], zeroed: false)
    let grain = Self.rowGrain(columns: c)
    forEachChunk(of: rows, grain: grain) { part in
      let at = part.lowerBound * c
      ck_rms_forward(x.data + at, weight.data, y.data + at, inverse.data + part.lowerBound, part.count, c, epsilon)
    }
    guard needsRecord(x, weight) else { return y }
    record(y) { [unowned self, unowned y] in
      guard let dy = y.grad else { return }
      let (dx, adds) = x.requiresGrad ? x.gradientSlot() : (x, false)
      let (hasX, hasWeight) = (x.requiresGrad, weight.requiresGrad)
      // One partial sum of dweight for each chunk, added up in the order of the chunks.
      let partial = Tensor([hasWeight ? (rows + grain - 1) / grain : 0, c])
      forEachChunk(of: rows, grain: grain) { part in
        let at = part.lowerBound * c
        ck_rms_backward(
          x.data + at, weight.data, inverse.data + part.lowerBound, dy.data + at, hasX ? dx.data + at : nil,
          hasWeight ? partial.data + part.lowerBound / grain * c : nil, part.count, c, adds ? 1 : 0)
      }
      if hasWeight { ck_column_sums(partial.data, partial.rows, c, weight.gradientToAddTo().data) }
    }
    return y
  }

  /// Rows for one chunk of a kernel over rows: about 16 Ki elements.
  static func rowGrain(columns: Int) -> Int { max(1, 16_384 / max(1, columns)) }
}
