import CKernels

/// A run of packed rows that attend causally to each other, and before that to all of a shared prefix.
///
/// In a packed batch a group's prompt is one segment without prefix and each response is a segment whose prefix is the
/// prompt's rows: the prompt is computed once, and its keys and values receive gradients from every response.
public struct AttentionSegment: Sendable, Equatable {
  /// The rows of this segment.
  public var rows: Range<Int>
  /// The rows that every row of this segment attends to first.
  public var prefix: Range<Int>?

  /// A segment; `prefix` lies outside `rows`.
  public init(rows: Range<Int>, prefix: Range<Int>? = nil) {
    self.rows = rows
    self.prefix = prefix
  }
}

extension Tape {
  /// Causal grouped-query attention over packed segments, scale 1 / sqrt(headDimension).
  ///
  /// q[T, Hq * dim], k[T, Hk * dim], v[T, Hk * dim] -> [T, Hq * dim]; Hk divides Hq. Rows in no segment give zeros.
  /// Only the log-sum-exp of each row and head is kept for the backward pass.
  public func causalAttention(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, segments: [AttentionSegment], headDimension dim: Int
  ) -> Tensor {
    let t = q.rows
    precondition(q.columns % dim == 0 && k.columns % dim == 0 && k.shape == v.shape && k.rows == t)
    let (queryHeads, keyHeads) = (q.columns / dim, k.columns / dim)
    precondition(queryHeads % keyHeads == 0, "\(queryHeads) query heads do not share \(keyHeads) key heads")
    let plan = AttentionPlan(segments: segments, rows: t)
    let out = Tensor(q.shape, zeroed: !plan.coversAllRows)
    let lse = Tensor([t, queryHeads], zeroed: false)
    let geometry = AttentionGeometry(
      q: q, k: k, v: v, out: out, lse: lse, dim: dim, group: queryHeads / keyHeads, maximumKeys: plan.maximumKeys)
    let blocks = plan.queryBlocks
    pool.parallelFor(blocks.count * keyHeads) { item in
      geometry.forward(blocks[item / keyHeads], keyHead: item % keyHeads)
    }
    guard needsRecord(q, k, v) else { return out }
    record(out) { [unowned self, unowned out] in
      guard let dout = out.grad else { return }
      let gradients = [q, k, v].map { $0.requiresGrad ? $0.gradientToAddTo() : Tensor($0.shape) }
      let families = plan.families
      // A family holds all segments that add to the same keys, so no two items write the same numbers.
      pool.parallelFor(families.count * keyHeads) { item in
        for segment in families[item / keyHeads] {
          geometry.backward(
            segment, keyHead: item % keyHeads, out: out, dout: dout, dq: gradients[0], dk: gradients[1],
            dv: gradients[2])
        }
      }
    }
    return out
  }
}

/// The tensors of one attention call and how they are laid out.
struct AttentionGeometry {
  let q: Tensor, k: Tensor, v: Tensor
  unowned let out: Tensor
  let lse: Tensor
  let dim: Int
  /// Query heads for each key head.
  let group: Int
  let maximumKeys: Int

  init(
    q: Tensor, k: Tensor, v: Tensor, out: Tensor, lse: Tensor, dim: Int, group: Int, maximumKeys: Int
  ) {
    (self.q, self.k, self.v, self.out, self.lse) = (q, k, v, out, lse)
    (self.dim, self.group, self.maximumKeys) = (dim, group, maximumKeys)
  }

  private func call(_ segment: AttentionSegment, queries: Range<Int>, head: Int) -> ck_attention {
    var call = ck_attention()
    let keyColumn = head / group * dim
    call.q = UnsafePointer(q.data + head * dim)
    call.k = UnsafePointer(k.data + keyColumn)
    call.v = UnsafePointer(v.data + keyColumn)
    call.lse = lse.data + head
    call.q_stride = q.columns
    call.kv_stride = k.columns
    call.lse_stride = lse.columns
    call.begin = segment.rows.lowerBound
    call.q_begin = queries.lowerBound
    call.q_end = queries.upperBound
    call.prefix_begin = segment.prefix?.lowerBound ?? 0
    call.prefix_end = segment.prefix?.upperBound ?? 0
    call.dim = dim
    call.scale = 1 / Float(dim).squareRoot()
    return call
  }

  func forward(_ block: AttentionPlan.QueryBlock, keyHead: Int) {
    let scores = Tensor([maximumKeys], zeroed: false)
    for head in keyHead * group..<(keyHead + 1) * group {
      var call = call(block.segment, queries: block.queries, head: head)
      call.out = out.data + head * dim
      ck_attention_plain_forward(&call, scores.data)
    }
  }

  func backward(
    _ segment: AttentionSegment, keyHead: Int, out: Tensor, dout: Tensor, dq: Tensor, dk: Tensor, dv: Tensor
  ) {
    let scores = Tensor([maximumKeys], zeroed: false)
    for head in keyHead * group..<(keyHead + 1) * group {
      var call = call(segment, queries: segment.rows, head: head)
      call.out = out.data + head * dim
      call.dout = UnsafePointer(dout.data + head * dim)
      call.dq = dq.data + head * dim
      call.dk = dk.data + keyHead * dim
      call.dv = dv.data + keyHead * dim
      ck_attention_plain_backward(&call, scores.data)
    }
  }
}
