/// The candidate closest to `name` by edit distance (with transpositions), when it is close enough to be a likely
/// misspelling: at most a third of the longer word, and never more than four edits.
public func nearestName(to name: String, in candidates: [String]) -> String? {
  let scored = candidates.map { (candidate: $0, distance: editDistance(name.lowercased(), $0.lowercased())) }
  guard let best = scored.min(by: { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }) else { return nil }
  return best.distance <= min(4, max(2, max(name.count, best.candidate.count) / 3)) ? best.candidate : nil
}

/// Damerau-Levenshtein distance (adjacent transpositions count one).
func editDistance(_ left: String, _ right: String) -> Int {
  let a = Array(left)
  let b = Array(right)
  guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
  var previous2: [Int] = []
  var previous = Array(0...b.count)
  for i in 1...a.count {
    var current = [i] + Array(repeating: 0, count: b.count)
    for j in 1...b.count {
      current[j] = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { current[j] = min(current[j], previous2[j - 2] + 1) }
    }
    previous2 = previous
    previous = current
  }
  return previous[b.count]
}
