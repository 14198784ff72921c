/// Byte-pair merges by rank.
struct BytePairMerges: Sendable {
  private struct Merge: Sendable {
    let rank: Int32
    let result: Int32
  }

  private var merges: [UInt64: Merge] = [:]
  /// The token of each single byte.
  private let byteTokens: [Int32]

  init(byteTokens: [Int32], capacity: Int) {
    self.byteTokens = byteTokens
    merges.reserveCapacity(capacity)
  }

  /// Adds the merge of two tokens; of a pair named twice the last counts, as in Hugging Face tokenizers.
  mutating func add(_ left: Int32, _ right: Int32, into result: Int32, rank: Int) {
    merges[Self.key(left, right)] = Merge(rank: Int32(rank), result: result)
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// The tokens of one word: merges applied lowest rank first, leftmost first among equals.
  func tokens(of word: ArraySlice<UInt8>) -> [Int32] {
    word.count <= 24 ? tokensOfShortWord(word) : tokensOfLongWord(word)
  }

  private func tokensOfShortWord(_ word: ArraySlice<UInt8>) -> [Int32] {
    var tokens = word.map { byteTokens[Int($0)] }
    while tokens.count > 1 {
      var best: (rank: Int32, index: Int, result: Int32)?
      for i in 0..<tokens.count - 1 {
        guard let merge = merges[Self.key(tokens[i], tokens[i + 1])] else { continue }
        if best.map({ merge.rank < $0.rank }) ?? true { best = (merge.rank, i, merge.result) }
      }
      guard let best else { break }
      tokens[best.index] = best.result
      tokens.remove(at: best.index + 1)
    }
    return tokens
  }

  /// The same by a heap over a linked list: n log n, so that a long word from outside cannot stall the encoder.
  private func tokensOfLongWord(_ word: ArraySlice<UInt8>) -> [Int32] {
    var tokens = word.map { byteTokens[Int($0)] }
    let count = tokens.count
    var next = (0..<count).map { $0 + 1 }
    var previous = (0..<count).map { $0 - 1 }
    var heap = MergeHeap()
    func candidate(_ i: Int) -> MergeHeap.Entry? {
      guard i >= 0, next[i] < count, let merge = merges[Self.key(tokens[i], tokens[next[i]])] else { return nil }
      return MergeHeap.Entry(
        rank: merge.rank, index: Int32(i), left: tokens[i], right: tokens[next[i]], result: merge.result)
    }
    for i in 0..<count - 1 {
      if let entry = candidate(i) { heap.push(entry) }
    }
    while let entry = heap.pop() {
      let i = Int(entry.index)
      // A stale entry: one of its two tokens has been merged away since.
      guard tokens[i] == entry.left, next[i] < count, tokens[next[i]] == entry.right else { continue }
      let gone = next[i]
      tokens[i] = entry.result
      tokens[gone] = -1
      next[i] = next[gone]
      if next[i] < count { previous[next[i]] = i }
      if let entry = candidate(previous[i]) { heap.push(entry) }
      if let entry = candidate(i) { heap.push(entry) }
    }
    return tokens.filter { $0 >= 0 }
  }
}

/// A binary heap of possible merges, least (rank, index) first.
private struct MergeHeap {
  struct Entry {
    let rank: Int32
    let index: Int32
    let left: Int32
    let right: Int32
    let result: Int32

    func precedes(_ other: Entry) -> Bool { rank != other.rank ? rank < other.rank : index < other.index }
  }

  private var entries: [Entry] = []

  mutating func push(_ entry: Entry) {
    entries.append(entry)
    var i = entries.count - 1
    while i > 0, entries[i].precedes(entries[(i - 1) / 2]) {
      entries.swapAt(i, (i - 1) / 2)
      i = (i - 1) / 2
    }
  }

  mutating func pop() -> Entry? {
    guard let top = entries.first, let last = entries.popLast() else { return nil }
    if entries.isEmpty { return top }
    entries[0] = last
    var i = 0
    while true {
      var least = i
      for child in [2 * i + 1, 2 * i + 2] where child < entries.count && entries[child].precedes(entries[least]) {
        least = child
      }
      if least == i { return top }
      entries.swapAt(i, least)
      i = least
    }
  }
}
