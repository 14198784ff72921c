import AutoThink
import StepSRPO
import StrictJSON
import Tasks
import Verifiers

/// The groups of a step as the trainer reported them: everything that was recorded, read back.
extension RunReader {
  /// The steps that were recorded, in order.
  /// - Throws: ``SQLiteError``.
  public func steps() throws -> [Int] {
    try database.rows("SELECT step FROM steps ORDER BY step").compactMap { $0[0].int }
  }

  /// The groups of `step`, in the order of the batch; empty for a step that was not recorded.
  /// - Throws: ``SQLiteError``.
  public func groups(step: Int) throws -> [GroupRecord] {
    let contributions = try contributions(step: step)
    let verdicts = try verdicts(step: step)
    let audits = try audits(step: step)
    var rollouts: [Int: [RolloutRecord]] = [:]
    try database.statement(
      """
      SELECT group_index, sample, kind, text, length, truncated, mode, invalid_reason, outcome, judge_reward,
        answer_reward, judge_advantage, gate_advantage, answer_advantage, think_on_probability, gate, judge_tokens,
        gate_tokens, answer_tokens, answer, reference_divergence
      FROM rollouts WHERE step = ? ORDER BY group_index, sample
      """
    ).forEachRow([.int(step)]) { row in
      let place = RolloutPlace(group: row[0].int ?? 0, sample: row[1].int ?? 0)
      var record = Self.rollout(row)
      record.verdict = verdicts[place]
      record.audit = audits[place]
      record.contributions = contributions[place] ?? PerSegment(repeating: nil)
      rollouts[place.group, default: []].append(record)
    }
    return try database.rows(
      """
      SELECT \(StoredQuery.columns.map { "q.\($0)" }.joined(separator: ", ")),
        g.group_index, g.accuracy_on, g.accuracy_off, g.delta, g.right_mode, g.contributes, g.history_on,
        g.history_off, g.reference_reward
      FROM groups g JOIN queries q ON q.query = g.query WHERE g.step = ? ORDER BY g.group_index
      """, [.int(step)]
    ).map { row in
      var record = GroupRecord(
        item: StoredQuery.item(row), accuracyOn: row[9].double, accuracyOff: row[10].double, delta: row[11].double,
        rightMode: row[12].string.flatMap(ThinkMode.init), contributes: row[13].int == 1,
        rollouts: rollouts[row[8].int ?? 0] ?? [])
      record.history[.on] = row[14].double
      record.history[.off] = row[15].double
      record.referenceReward = row[16].double
      return record
    }
  }

  private static func rollout(_ row: SQLiteRow) -> RolloutRecord {
    var record = RolloutRecord(
      sample: row[1].int ?? 0, kind: row[2].string.flatMap(RolloutKind.init) ?? .free, text: row[3].string ?? "",
      length: row[4].int ?? 0, truncated: row[5].int == 1, mode: row[6].string.flatMap(ThinkMode.init),
      invalidReason: row[7].string)
    record.outcome = row[8].double
    record.judgeReward = row[9].double
    record.answerReward = row[10].double
    record.judgeAdvantage = row[11].double
    record.gateAdvantage = row[12].double
    record.answerAdvantage = row[13].double
    record.thinkOnProbability = row[14].double
    record.gate = row[15].string.flatMap(ThinkMode.init)
    record.segmentTokens.judge = row[16].int ?? 0
    record.segmentTokens.gate = row[17].int ?? 0
    record.segmentTokens.answer = row[18].int ?? 0
    record.answer = row[19].string
    record.referenceDivergence = row[20].double
    return record
  }

  private func contributions(step: Int) throws -> [RolloutPlace: PerSegment<SegmentContribution?>] {
    var all: [RolloutPlace: PerSegment<SegmentContribution?>] = [:]
    for row in try database.rows(
      """
      SELECT group_index, sample, segment, advantage, weight, normaliser, tokens, importance, ratio_min, ratio_max,
        held, surrogate, loss FROM segments WHERE step = ?
      """, [.int(step)])
    {
      guard let segment = row[2].string.flatMap(CreditSegment.init) else { continue }
      var part = SegmentContribution(
        advantage: row[3].double ?? .nan, weight: row[4].double ?? .nan, normaliser: row[5].int ?? 0)
      part.tokens = row[6].int ?? 0
      part.importanceSum = row[7].double ?? .nan
      part.ratioMin = row[8].double ?? .nan
      part.ratioMax = row[9].double ?? .nan
      part.held = row[10].int ?? 0
      part.surrogate = row[11].double ?? .nan
      part.loss = row[12].double ?? .nan
      all[RolloutPlace(group: row[0].int ?? 0, sample: row[1].int ?? 0), default: PerSegment(repeating: nil)][segment] =
        part
    }
    return all
  }

  private func verdicts(step: Int) throws -> [RolloutPlace: Verdict] {
    var all: [RolloutPlace: Verdict] = [:]
    for row in try database.rows(
      """
      SELECT v.group_index, v.sample, v.verdict, v.score, v.extracted, v.outcome, v.reason, v.failure, v.metrics
      FROM verdicts v JOIN groups g ON g.step = v.step AND g.group_index = v.group_index
        JOIN queries q ON q.query = g.query AND q.verifier = v.verifier
      WHERE v.step = ?
      """, [.int(step)])
    {
      all[RolloutPlace(group: row[0].int ?? 0, sample: row[1].int ?? 0)] = Self.verdict(row)
    }
    return all
  }

  private func audits(step: Int) throws -> [RolloutPlace: Verdict] {
    var all: [RolloutPlace: Verdict] = [:]
    for row in try database.rows(
      """
      SELECT group_index, sample, verdict, score, extracted, outcome, reason, failure, metrics FROM verdicts
      WHERE step = ? AND verifier = ?
      """, [.int(step), .text(StoredAudit.verifier)])
    {
      all[RolloutPlace(group: row[0].int ?? 0, sample: row[1].int ?? 0)] = Self.verdict(row)
    }
    return all
  }

  private static func verdict(_ row: SQLiteRow) -> Verdict? {
    switch row[2].string {
    case "score":
      let metrics = row[8].string.flatMap { try? JSON.parse($0) }?.object?.pairs ?? []
      return .score(
        row[3].double ?? .nan,
        VerdictDetail(
          extracted: row[4].string, outcome: row[5].string, reason: row[6].string,
          metrics: Dictionary(metrics.map { ($0.key, $0.value.double ?? .nan) }) { first, _ in first }))
    case "abstain": return .abstain(reason: row[6].string ?? "")
    case "failed":
      return .failed(
        VerifierFailure(row[7].string.flatMap(VerifierFailure.Kind.init) ?? .crashed, row[6].string ?? ""))
    default: return nil
    }
  }
}
