import StrictJSON

/// Which rollouts are wanted.
public struct RolloutFilter: Sendable, Equatable {
  /// Only of this step.
  public var step: Int?
  /// Only of the query with this id.
  public var query: String?
  /// Only in this mode, `on` or `off`.
  public var mode: String?
  /// At most this many.
  public var limit: Int?
  /// Only of the group in this place of its step.
  public var group: Int?
  /// Only the one in this place of its group.
  public var sample: Int?

  /// A filter; nil does not restrict.
  public init(step: Int? = nil, query: String? = nil, mode: String? = nil, limit: Int? = nil) {
    self.step = step
    self.query = query
    self.mode = mode
    self.limit = limit
  }
}

/// A rollout as it was stored, with its query, its group's evidence and its verdict.
public struct StoredRollout: Sendable, Equatable {
  /// All values by the name of their column, in a fixed order; what is not known is null.
  public let values: JSONObject

  /// The value of a column.
  public subscript(column: String) -> JSON { values[column] ?? .null }

  /// `STEP.GROUP.SAMPLE`, which names the rollout on the command line.
  public var id: String { self["rollout"].string ?? "" }
}

extension RunReader {
  /// The rollout called `STEP.GROUP.SAMPLE`; nil when there is none.
  /// - Throws: ``SQLiteError``.
  public func rollout(_ id: String) throws -> StoredRollout? {
    let parts = id.split(separator: ".").compactMap { Int($0) }
    guard parts.count == 3 else { return nil }
    var filter = RolloutFilter(step: parts[0], limit: 1)
    filter.group = parts[1]
    filter.sample = parts[2]
    var found: StoredRollout?
    try forEachRollout(filter) { found = $0 }
    return found
  }

  /// Calls `body` with the wanted rollouts in the order of step, group and sample, one in memory at a time.
  /// - Throws: ``SQLiteError``, or what `body` throws.
  public func forEachRollout(_ filter: RolloutFilter = RolloutFilter(), _ body: (StoredRollout) throws -> Void) throws {
    var conditions: [String] = []
    var values: [SQLiteValue] = []
    if let step = filter.step {
      conditions.append("r.step = ?")
      values.append(.int(step))
    }
    if let group = filter.group {
      conditions.append("r.group_index = ?")
      values.append(.int(group))
    }
    if let sample = filter.sample {
      conditions.append("r.sample = ?")
      values.append(.int(sample))
    }
    if let query = filter.query {
      conditions.append("q.id = ?")
      values.append(.text(query))
    }
    if let mode = filter.mode {
      conditions.append("r.mode = ?")
      values.append(.text(mode))
    }
    values.append(.int(filter.limit ?? -1))
    let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    let statement = try database.newStatement(
      """
      SELECT r.step || '.' || r.group_index || '.' || r.sample AS rollout, r.step, r.group_index AS "group", r.sample,
        q.id AS query, q.source, q.domain, q.difficulty, q.prompt, q.reference AS reference,
        r.kind, r.mode, r.length, r.truncated, r.invalid_reason, r.text,
        v.verifier, v.verdict, v.score, v.extracted, v.outcome AS verdict_outcome, v.reason, v.failure,
        a.score AS audit_score, a.reason AS audit_reason,
        r.outcome, r.judge_reward, r.answer_reward, r.judge_advantage, r.gate_advantage, r.answer_advantage,
        r.think_on_probability, g.accuracy_on, g.accuracy_off, g.delta, g.right_mode, g.contributes
      FROM rollouts r
        JOIN groups g ON g.step = r.step AND g.group_index = r.group_index
        JOIN queries q ON q.query = g.query
        LEFT JOIN verdicts v
          ON v.step = r.step AND v.group_index = r.group_index AND v.sample = r.sample AND v.verifier = q.verifier
        LEFT JOIN verdicts a ON a.step = r.step AND a.group_index = r.group_index AND a.sample = r.sample
          AND a.verifier = '\(StoredAudit.verifier)'
      \(condition) ORDER BY r.step, r.group_index, r.sample LIMIT ?
      """)
    let columns = statement.columns
    try statement.forEachRow(values) { row in
      var object = JSONObject()
      for (column, value) in zip(columns, row.values) { object[column] = Self.json(value, column: column) }
      try body(StoredRollout(values: object))
    }
  }

  private static func json(_ value: SQLiteValue, column: String) -> JSON {
    switch column {
    case "truncated", "contributes": return .bool(value.int == 1)
    case "reference": return value.string.flatMap { try? JSON.parse($0) } ?? .null
    default:
      switch value {
      case .integer(let number): return .int(Int(number))
      case .real(let number): return .double(number)
      case .text(let text): return .string(text)
      case .null, .blob: return .null
      }
    }
  }
}
