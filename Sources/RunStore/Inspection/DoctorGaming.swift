import StepSRPO

// MARK: - Rewards that are not for the answer

extension Doctor {
  /// What the audit refuses, and right answers in forms that nobody wrote at the beginning.
  func gamingFindings() throws -> [Finding] { try auditFindings() + formFindings() }

  private func auditFindings() throws -> [Finding] {
    guard let share = try mean(.auditDisagreement), share > 0.01 else { return [] }
    let refused = try reader.database.rows(
      """
      SELECT a.extracted, count(*) FROM verdicts a WHERE a.verifier = ? AND a.score < 0.5 AND a.step BETWEEN ? AND ?
      GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3
      """, [.text(StoredAudit.verifier)] + range)
    return [
      Finding(
        name: "audit-disagrees", severity: share > 0.1 ? .dead : .warning,
        evidence: "the audit refuses \(percent(share)) of the rewarded responses it read in \(scope)"
          + examples(refused),
        advice: look(try refusedRollout()) + [
          "read them: if they are wrong, the verifier pays for something else than the answer, and the policy has found it",
          "if they are right, the audit is too strict for these rows: name another in verification.audit or in the column "
            + "\"audit\"",
        ])
    ]
  }

  private func formFindings() throws -> [Finding] {
    var findings: [Finding] = []
    for name in try reader.metricNames() where MetricRegistry.definition(of: name) == Self.newForms {
      let all = try reader.series(name, stage: .train).filter { $0.value.isFinite }
      let first = all.prefix(Self.window).map(\.value)
      let last = all.suffix(Self.window).map(\.value)
      guard !last.isEmpty else { continue }
      let (before, now) = (first.reduce(0, +) / Double(first.count), last.reduce(0, +) / Double(last.count))
      guard now > before + 0.05 || now > 0.2 else { continue }
      let verifier = name.split(separator: "/")[1]
      let written = try reader.database.rows(
        """
        SELECT v.extracted, count(*) FROM verdicts v JOIN groups g USING (step, group_index) JOIN queries q USING (query)
        WHERE v.verifier = q.verifier AND v.verifier = ? AND v.score >= 0.5 AND v.step BETWEEN ? AND ?
          AND length(v.extracted) <= 200 AND lower(trim(v.extracted)) <> lower(trim(q.reference, '" '))
        GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3
        """, [.text(String(verifier))] + range)
      findings.append(
        Finding(
          name: "answers-drift", severity: now > 0.2 ? .dead : .warning,
          evidence:
            "\(percent(now)) of the answers that \(verifier) calls right have a form that was not written in the "
            + "first steps (\(percent(before)) soon after them)" + examples(written),
          advice: [
            "read them: step-srpo samples \(run) --step \(steps?.upperBound ?? 0)",
            "judge short answers to the letter (\"match\": \"exact\"), and see what pays: step-srpo data check FILE",
            "name a second, stricter verifier that is never trained on: verification.audit: \"exact\"",
          ]))
    }
    return findings
  }

  private static let newForms = MetricRegistry.definition(of: Metric.newFormRatio("any").name)

  private var range: [SQLiteValue] { [.int(steps?.lowerBound ?? 0), .int(steps?.upperBound ?? 0)] }

  private var run: String { reader.folder.name }

  private func refusedRollout() throws -> String? {
    try reader.database.rows(
      """
      SELECT step || '.' || group_index || '.' || sample FROM verdicts WHERE verifier = ? AND score < 0.5
        AND step BETWEEN ? AND ? ORDER BY step DESC, group_index, sample LIMIT 1
      """, [.text(StoredAudit.verifier)] + range
    ).first?[0].string
  }

  /// `, most often "Ann(" (70), "Dan(" (48)`.
  private func examples(_ rows: [SQLiteRow]) -> String {
    guard !rows.isEmpty else { return "" }
    return ", most often "
      + rows.map { "\"\($0[0].string?.prefix(40) ?? "")\" (\($0[1].int ?? 0))" }.joined(separator: ", ")
  }
}
