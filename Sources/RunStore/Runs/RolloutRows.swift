import AutoThink
import StepSRPO
import StrictJSON
import Tasks
import Verifiers

/// Groups, rollouts, verdicts and evaluations as rows.
extension RunRecorder {
  func insertGroup(_ group: GroupRecord, step: Int, index: Int) throws {
    let query = try queryNumber(group.item, step: step)
    try database.run(
      """
      INSERT INTO groups (step, group_index, query, accuracy_on, accuracy_off, delta, right_mode, contributes,
        history_on, history_off, reference_reward) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .int(step), .int(index), .int(query), .double(group.accuracyOn), .double(group.accuracyOff),
        .double(group.delta), .string(group.rightMode?.rawValue), .bool(group.contributes),
        .double(group.history[.on]), .double(group.history[.off]), .double(group.referenceReward),
      ])
    for rollout in group.rollouts {
      try insertRollout(rollout, step: step, group: index)
      for segment in CreditSegment.allCases {
        guard let part = rollout.contributions[segment] else { continue }
        try insertSegment(part, segment, step: step, group: index, sample: rollout.sample)
      }
      if let verdict = rollout.verdict {
        try insertVerdict(verdict, of: group.item.verifier, step: step, group: index, sample: rollout.sample)
      }
      if let audit = rollout.audit {
        try insertVerdict(audit, of: StoredAudit.verifier, step: step, group: index, sample: rollout.sample)
      }
    }
  }

  /// The number of a query, which is entered when it is met for the first time. Numbers count up from 1 in the order
  /// of the batches, so they are the same in a resumed run.
  private func queryNumber(_ item: TaskItem, step: Int) throws -> Int {
    let digest = SQLiteValue.text(StoredQuery.digest(item))
    if let number = try database.rows("SELECT query FROM queries WHERE digest = ?", [digest]).first?[0].int {
      return number
    }
    let next = (try database.rows("SELECT coalesce(max(query), 0) FROM queries").first?[0].int ?? 0) + 1
    try database.run(
      """
      INSERT INTO queries (\(StoredQuery.columns.joined(separator: ", ")), query, first_step, digest)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, StoredQuery.values(of: item) + [.int(next), .int(step), digest])
    return next
  }

  private func insertRollout(_ rollout: RolloutRecord, step: Int, group: Int) throws {
    try database.run(
      """
      INSERT INTO rollouts (step, group_index, sample, kind, mode, length, truncated, invalid_reason, outcome,
        judge_reward, answer_reward, judge_advantage, gate_advantage, answer_advantage, think_on_probability, gate,
        judge_tokens, gate_tokens, answer_tokens, answer, reference_divergence, text)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .int(step), .int(group), .int(rollout.sample), .text(rollout.kind.rawValue), .string(rollout.mode?.rawValue),
        .int(rollout.length), .bool(rollout.truncated), .string(rollout.invalidReason), .double(rollout.outcome),
        .double(rollout.judgeReward), .double(rollout.answerReward), .double(rollout.judgeAdvantage),
        .double(rollout.gateAdvantage), .double(rollout.answerAdvantage), .double(rollout.thinkOnProbability),
        .string(rollout.gate?.rawValue), .int(rollout.segmentTokens.judge), .int(rollout.segmentTokens.gate),
        .int(rollout.segmentTokens.answer), .string(rollout.answer), .double(rollout.referenceDivergence),
        .text(rollout.text),
      ])
  }

  private func insertSegment(
    _ part: SegmentContribution, _ segment: CreditSegment, step: Int, group: Int, sample: Int
  ) throws {
    try database.run(
      """
      INSERT INTO segments (step, group_index, sample, segment, tokens, advantage, weight, normaliser, importance,
        ratio_min, ratio_max, held, surrogate, loss) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .int(step), .int(group), .int(sample), .text(segment.rawValue), .int(part.tokens), .double(part.advantage),
        .double(part.weight), .int(part.normaliser), .double(part.importanceSum), .double(part.ratioMin),
        .double(part.ratioMax), .int(part.held), .double(part.surrogate), .double(part.loss),
      ])
  }

  private func insertVerdict(_ verdict: Verdict, of verifier: String, step: Int, group: Int, sample: Int) throws {
    var kind = "failed"
    var reason: String?
    var failure: VerifierFailure.Kind?
    switch verdict {
    case .score(_, let detail):
      kind = "score"
      reason = detail.reason
    case .abstain(let text):
      kind = "abstain"
      reason = text
    case .failed(let error):
      reason = error.message
      failure = error.kind
    }
    let metrics = verdict.detail?.metrics ?? [:]
    let measured = JSONObject(metrics.sorted { $0.key < $1.key }.map { ($0.key, JSON.double($0.value)) })
    try database.run(
      """
      INSERT INTO verdicts (step, group_index, sample, verifier, verdict, score, extracted, outcome, reason, failure,
        metrics) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .int(step), .int(group), .int(sample), .text(verifier), .text(kind), .double(verdict.score),
        .string(verdict.detail?.extracted), .string(verdict.detail?.outcome), .string(reason),
        .string(failure?.rawValue), .string(metrics.isEmpty ? nil : JSON.object(measured).text()),
      ])
  }

  /// An evaluation of the same step and data set replaces the earlier one: after a resume it may be made again.
  func insertEvaluation(_ report: EvaluationReport) throws {
    // A slash would be read as the border between the parts of a metric's name.
    let dataset = report.dataset.replacing("/", with: "_")
    try database.run(
      "DELETE FROM evaluations WHERE step = ? AND dataset = ?", [.int(report.step), .text(report.dataset)])
    for (index, cell) in ([report.total] + report.cells).enumerated() {
      try database.run(
        """
        INSERT INTO evaluations (step, dataset, cell, domain, difficulty, count, accuracy, think_on_rate, mean_length,
          invalid_rate, audited_accuracy, audit_disagreement) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .int(report.step), .text(report.dataset), .int(index), .string(cell.domain), .string(cell.difficulty),
          .int(cell.count), .double(cell.accuracy), .double(cell.thinkOnRate), .double(cell.meanLength),
          .double(cell.invalidRate), .double(cell.auditedAccuracy), .double(cell.auditDisagreement),
        ])
      var metrics: [Metric: Double] = [:]
      let measured: [(Metric, Double?)] = [
        (.evalAccuracy(dataset), cell.accuracy), (.evalThinkOnRate(dataset), cell.thinkOnRate),
        (.evalMeanLength(dataset), cell.meanLength), (.evalInvalidRate(dataset), cell.invalidRate),
        (.evalAuditedAccuracy(dataset), cell.auditedAccuracy),
        (.evalAuditDisagreement(dataset), cell.auditDisagreement),
      ]
      for (metric, value) in measured {
        guard let value else { continue }
        if index == 0 {
          metrics[metric] = value
        } else if let domain = cell.domain, let difficulty = cell.difficulty {
          metrics[metric.by(domain: domain, difficulty: difficulty)] = value
        }
      }
      try insertMetrics(metrics, stage: .evaluation, step: report.step)
    }
  }
}
