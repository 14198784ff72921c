/// How the segments of a packed batch are cut into independent pieces of work. Depends on the segments only.
struct AttentionPlan {
  /// Some query rows of one segment.
  struct QueryBlock {
    let segment: AttentionSegment
    let queries: Range<Int>
  }

  /// The most rows of one query block. Each block prepares its keys anew, so blocks are not small.
  static let blockRows = 240

  /// For the forward pass: blocks of queries, each writing its own rows.
  let queryBlocks: [QueryBlock]
  /// For the backward pass: sets of segments that share no row with another set, neither as rows nor as prefix.
  let families: [[AttentionSegment]]
  /// The largest number of keys that any row attends to.
  let maximumKeys: Int
  /// Whether every row belongs to a segment.
  let coversAllRows: Bool

  init(segments: [AttentionSegment], rows: Int) {
    let segments = segments.filter { !$0.rows.isEmpty }
    var blocks: [QueryBlock] = []
    var longest = 1
    var owner = [Int](repeating: -1, count: rows)
    for (index, segment) in segments.enumerated() {
      precondition(
        segment.rows.lowerBound >= 0 && segment.rows.upperBound <= rows, "segment \(segment) of \(rows) rows")
      for row in segment.rows {
        precondition(owner[row] < 0, "row \(row) belongs to two segments")
        owner[row] = index
      }
      longest = max(longest, segment.rows.count + (segment.prefix?.count ?? 0))
      for start in stride(from: segment.rows.lowerBound, to: segment.rows.upperBound, by: Self.blockRows) {
        let end = min(segment.rows.upperBound, start + Self.blockRows)
        blocks.append(QueryBlock(segment: segment, queries: start..<end))
      }
    }
    coversAllRows = !owner.contains(-1)

    // Union of segments that touch a common row; a prefix outside every segment is claimed by its first reader.
    var parent = Array(segments.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while parent[index] != index { index = parent[index] }
      return index
    }
    for (index, segment) in segments.enumerated() {
      guard let prefix = segment.prefix else { continue }
      precondition(
        prefix.lowerBound >= 0 && prefix.upperBound <= rows && !prefix.overlaps(segment.rows),
        "segment \(segment) of \(rows) rows")
      for row in prefix {
        if owner[row] < 0 { owner[row] = index }
        let (a, b) = (root(index), root(owner[row]))
        parent[max(a, b)] = min(a, b)
      }
    }
    var members: [Int: [AttentionSegment]] = [:]
    var order: [Int] = []
    for (index, segment) in segments.enumerated() {
      let key = root(index)
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(segment)
    }
    families = order.map { members[$0] ?? [] }
    queryBlocks = blocks
    maximumKeys = longest
  }
}
