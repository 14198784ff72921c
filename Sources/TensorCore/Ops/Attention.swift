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
      let (dq, adds) = q.requiresGrad ? q.gradientSlot() : (Tensor(q.shape, zeroed: false), false)
      if !adds && !plan.coversAllRows { dq.elements.update(repeating: 0) }
      let dk = k.requiresGrad ? k.gradientToAddTo() : Tensor(k.shape)
      let dv = v.requiresGrad ? v.gradientToAddTo() : Tensor(v.shape)
      let families = plan.families
      // A family holds all segments that add to the same keys, so no two items write the same numbers.
      pool.parallelFor(families.count * keyHeads) { item in
        for segment in families[item / keyHeads] {
          geometry.backward(
            segment, keyHead: item % keyHeads, out: out, dout: dout, dq: dq, accumulate: adds, dk: dk, dv: dv)
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
  /// The largest number of keys of a row, for work space.
  let maximumKeys: Int
  /// Whether to use the kernel that works a row at a time (tests compare the two).
  var plain = false

  private func call(_ segment: AttentionSegment, queries: Range<Int>, keyHead: Int) -> ck_attention {
    var call = ck_attention()
    let column = keyHead * group * dim
    call.q = UnsafePointer(q.data + column)
    call.k = UnsafePointer(k.data + keyHead * dim)
    call.v = UnsafePointer(v.data + keyHead * dim)
    call.out = out.data + column
    call.lse = lse.data + keyHead * group
    call.q_stride = q.columns
    call.kv_stride = k.columns
    call.lse_stride = lse.columns
    call.begin = segment.rows.lowerBound
    call.q_begin = queries.lowerBound
    call.q_end = queries.upperBound
    call.prefix_begin = segment.prefix?.lowerBound ?? 0
    call.prefix_end = segment.prefix?.upperBound ?? 0
    call.group = group
    call.dim = dim
    call.scale = 1 / Float(dim).squareRoot()
    return call
  }

  func forward(_ block: AttentionPlan.QueryBlock, keyHead: Int) {
    let work = Tensor([ck_attention_work(maximumKeys, dim)], zeroed: false)
    var call = call(block.segment, queries: block.queries, keyHead: keyHead)
    if plain { ck_attention_plain_forward(&call, work.data) } else { ck_attention_forward(&call, work.data) }
  }

  func backward(
    _ segment: AttentionSegment, keyHead: Int, out: Tensor, dout: Tensor, dq: Tensor, accumulate: Bool, dk: Tensor,
    dv: Tensor
  ) {
    let work = Tensor([ck_attention_work(maximumKeys, dim)], zeroed: false)
    var call = call(segment, queries: segment.rows, keyHead: keyHead)
    call.dout = UnsafePointer(dout.data + keyHead * group * dim)
    call.dq = dq.data + keyHead * group * dim
    call.accumulate_q = accumulate ? 1 : 0
    call.dk = dk.data + keyHead * dim
    call.dv = dv.data + keyHead * dim
    if plain { ck_attention_plain_backward(&call, work.data) } else { ck_attention_backward(&call, work.data) }
  }
}
