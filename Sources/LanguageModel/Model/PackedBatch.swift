import TensorCore

/// Sequences packed end to end for one training forward, with no padding.
///
/// A group's prompt appears once; each response is a segment that attends to it. The model's head is applied only to
/// the scored rows: a row paired with the token that its next-token distribution is asked about. One row may be scored
/// several times (the last prompt row predicts the first token of every response).
public struct PackedBatch: Sendable, Equatable {
  /// Input tokens, one a row.
  public private(set) var tokens: [Int32] = []
  /// Position of each row in its own sequence, from 0.
  public private(set) var positions: [Int32] = []
  /// The attention structure.
  public private(set) var segments: [AttentionSegment] = []
  /// Rows whose distribution is asked for, in order of scoring; may repeat.
  public private(set) var scoredRows: [Int32] = []
  /// The token asked about at each scored row.
  public private(set) var targets: [Int32] = []

  /// An empty batch.
  public init() {}

  /// Number of input rows T.
  public var rows: Int { tokens.count }
  /// Number of scored rows R.
  public var scoredCount: Int { scoredRows.count }

  /// Appends a segment of input tokens.
  ///
  /// - Parameters:
  ///   - tokens: the segment's tokens.
  ///   - prefix: rows, already in the batch, that the segment continues.
  /// - Returns: its rows.
  @discardableResult
  public mutating func appendSegment(_ tokens: some Collection<Int32>, after prefix: Range<Int>? = nil) -> Range<Int> {
    precondition(prefix.map { $0.upperBound <= rows } ?? true, "a prefix of rows that are not in the batch yet")
    let range = rows..<rows + tokens.count
    guard !tokens.isEmpty else { return range }
    let shared = prefix.flatMap { $0.isEmpty ? nil : $0 }
    let start = shared.map { Int(positions[$0.upperBound - 1]) + 1 } ?? 0
    self.tokens.append(contentsOf: tokens)
    for i in 0..<tokens.count { positions.append(Int32(start + i)) }
    segments.append(AttentionSegment(rows: range, prefix: shared))
    return range
  }

  /// Asks for the log-probability of `target` as the token after `row`. Returns the index among the scored rows.
  @discardableResult
  public mutating func score(row: Int, target: Int32) -> Int {
    precondition(row >= 0 && row < rows, "row \(row) is not in the batch")
    scoredRows.append(Int32(row))
    targets.append(target)
    return scoredRows.count - 1
  }

  /// Appends a prompt once and its responses after it, every response token scored.
  ///
  /// - Parameters:
  ///   - prompt: at least one token.
  ///   - responses: any number, each of any length; a response's last token is only a target, never an input.
  /// - Returns: for each response, the indices of its tokens among the scored rows, in order.
  @discardableResult
  public mutating func appendGroup(prompt: [Int32], responses: [[Int32]]) -> [Range<Int>] {
    precondition(!prompt.isEmpty, "a prompt has at least one token")
    let prefix = appendSegment(prompt)
    return responses.map { response in
      let first = scoredCount
      let rows = appendSegment(response.dropLast(), after: prefix)
      for (i, target) in response.enumerated() {
        score(row: i == 0 ? prefix.upperBound - 1 : rows.lowerBound + i - 1, target: target)
      }
      return first..<scoredCount
    }
  }
}
