import CKernels
import TensorCore

/// Attention of one position's query heads to the paged keys and values of one key head.
enum PageAttention {
  /// Floats the score buffer needs.
  static func scoreFloats(_ configuration: ModelConfiguration, positions: Int) -> Int {
    let group = configuration.heads / configuration.keyValueHeads
    // Prefix and own positions are each rounded up to whole pages.
    return group * (positions + 2 * KeyValuePages.positions)
  }

  /// out[group, dim] = softmax(queries[group, dim] keys^T / sqrt(dim)) values, over `prefixCount` positions in the
  /// first `prefixPages` pages of the table and `ownCount` in the pages after them.
  static func attend(
    queries: UnsafePointer<Float>, group: Int, dim: Int, table: UnsafePointer<UnsafePointer<Float>?>, offset: Int,
    prefixPages: Int, prefixCount: Int, ownCount: Int, scores: UnsafeMutablePointer<Float>,
    into out: UnsafeMutablePointer<Float>
  ) {
    var arguments = ck_page_attention(
      queries: queries, out: out, scores: scores, table: table, offset: offset, prefix_pages: prefixPages,
      prefix_count: prefixCount, own_count: ownCount, group: group, dim: dim, scale: 1 / Float(dim).squareRoot())
    ck_page_attention(&arguments)
  }

  /// The same in scalar code, as the kernel's reference.
  static func plain(
    queries: UnsafePointer<Float>, group: Int, dim: Int, table: UnsafePointer<UnsafePointer<Float>?>, offset: Int,
    prefixPages: Int, prefixCount: Int, ownCount: Int, scores: UnsafeMutablePointer<Float>,
    into out: UnsafeMutablePointer<Float>
  ) {
    let size = KeyValuePages.positions
    let count = prefixCount + ownCount
    func place(_ t: Int) -> (block: UnsafePointer<Float>, slot: Int) {
      let (page, slot) =
        t < prefixCount
        ? (t / size, t % size) : (prefixPages + (t - prefixCount) / size, (t - prefixCount) % size)
      guard let start = table[page] else { preconditionFailure("a position without a page") }
      return (start + offset, slot)
    }
    for g in 0..<group {
      let q = queries + g * dim
      for t in 0..<count {
        let (keys, slot) = place(t)
        var sum: Float = 0
        for d in 0..<dim { sum += q[d] * keys[d * size + slot] }
        scores[t] = sum
      }
      Kernel.softmax(scores, into: scores, count: count, scale: 1 / Float(dim).squareRoot())
      let o = out + g * dim
      for d in 0..<dim { o[d] = 0 }
      for t in 0..<count {
        let (block, slot) = place(t)
        let values = block + dim * size + slot * dim
        for d in 0..<dim { o[d] += scores[t] * values[d] }
      }
    }
  }
}
