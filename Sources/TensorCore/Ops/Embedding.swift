import CKernels

extension Tape {
  /// y[T,C] = table[V,C] at ids[T]; each id must lie in 0..<V.
  public func embedding(_ table: Tensor, _ ids: [Int32]) -> Tensor {
    let (v, c, t) = (table.rows, table.columns, ids.count)
    precondition(ids.allSatisfy { $0 >= 0 && Int($0) < v }, "embedding: an id outside 0..<\(v)")
    let y = Tensor([t, c], zeroed: false)
    ck_gather_rows(table.data, ids, y.data, t, c)
    guard needsRecord(table) else { return y }
    record(y) { [unowned self, unowned y] in
      guard let dy = y.grad else { return }
      // Cut by columns: rows of the table may repeat, and each sum then keeps the order of the rows.
      let dTable = table.gradientToAddTo()
      forEachChunk(of: c, grain: 64) { columns in
        ck_scatter_add_rows(dTable.data, ids, dy.data, t, c, columns.lowerBound, columns.upperBound)
      }
    }
    return y
  }

  /// y[R,C] = x[T,C] at the rows `indices`[R], which may repeat.
  public func gather(_ x: Tensor, rows indices: [Int32]) -> Tensor { embedding(x, indices) }
}
