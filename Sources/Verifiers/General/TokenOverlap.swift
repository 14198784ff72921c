/// How much two texts share, as SQuAD and DROP measure it.
enum TokenOverlap {
  /// SQuAD's F1 over words with counts: the harmonic mean of precision and recall of the words they share.
  static func f1(_ found: [String], _ expected: [String]) -> Double {
    guard !found.isEmpty, !expected.isEmpty else { return found.isEmpty && expected.isEmpty ? 1 : 0 }
    var counts: [String: Int] = [:]
    for word in expected { counts[word, default: 0] += 1 }
    var shared = 0
    for word in found where counts[word, default: 0] > 0 {
      counts[word, default: 0] -= 1
      shared += 1
    }
    guard shared > 0 else { return 0 }
    let precision = Double(shared) / Double(found.count)
    let recall = Double(shared) / Double(expected.count)
    return 2 * precision * recall / (precision + recall)
  }

  /// DROP's F1 of one span: over sets of words, and 0 unless the numbers of the expected span, if it has any, are met.
  static func dropSpan(_ found: [String], _ expected: [String]) -> Double {
    let wanted = Set(AnswerText.numbers(expected))
    if !wanted.isEmpty, wanted.isDisjoint(with: AnswerText.numbers(found)) { return 0 }
    let left = Set(found)
    let right = Set(expected)
    guard !left.isEmpty, !right.isEmpty else { return left.isEmpty && right.isEmpty ? 1 : 0 }
    let shared = Double(left.intersection(right).count)
    let precision = shared / Double(left.count)
    let recall = shared / Double(right.count)
    return shared == 0 ? 0 : 2 * precision * recall / (precision + recall)
  }

  /// DROP's F1 of several spans: spans are paired so that the sum is largest; unpaired ones count as 0.
  static func drop(_ found: [String], _ expected: [String]) -> Double {
    let left = found.map(AnswerText.words)
    let right = expected.map(AnswerText.words)
    guard !left.isEmpty, !right.isEmpty else { return 0 }
    // Which side is longer does not matter to the sum; the assignment below walks the shorter one.
    let (rows, columns) = left.count <= right.count ? (left, right) : (right, left)
    guard columns.count <= 12 else { return 0 }
    let flipped = left.count > right.count
    var best: [Int: Double] = [0: 0]
    for row in rows {
      var next: [Int: Double] = [:]
      for (used, sum) in best {
        for (j, column) in columns.enumerated() where used & (1 << j) == 0 {
          let score = flipped ? dropSpan(column, row) : dropSpan(row, column)
          next[used | 1 << j] = max(next[used | 1 << j] ?? 0, sum + score)
        }
      }
      best = next
    }
    return (best.values.max() ?? 0) / Double(columns.count)
  }
}
