import Digests

/// Verdicts by the digest of all they depend on, forgotten in the order they came when they grow too large. Failures are not
/// kept.
struct VerdictCache: Sendable {
  typealias Key = SHA256.Digest

  private var verdicts: [Key: Verdict] = [:]
  private var order: [(key: Key, bytes: Int)] = []
  private var oldest = 0
  private var bytes = 0
  private let maximumBytes: Int

  init(bytes: Int) { maximumBytes = bytes }

  subscript(key: Key) -> Verdict? { verdicts[key] }

  /// Remembers a verdict.
  mutating func remember(_ verdict: Verdict, for key: Key) {
    let size = 256 + (verdict.detail?.textBytes ?? 0)
    guard verdict.failure == nil, verdicts[key] == nil, size <= maximumBytes else { return }
    verdicts[key] = verdict
    order.append((key, size))
    bytes += size
    while bytes > maximumBytes, oldest < order.count {
      verdicts[order[oldest].key] = nil
      bytes -= order[oldest].bytes
      oldest += 1
    }
    if oldest > 1024 {
      order.removeFirst(oldest)
      oldest = 0
    }
  }
}

extension VerdictDetail {
  /// About how many bytes its texts take.
  fileprivate var textBytes: Int {
    [extracted, outcome, reason].reduce(metrics.count * 64) { $0 + ($1?.utf8.count ?? 0) }
  }
}
