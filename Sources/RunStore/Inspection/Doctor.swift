import StepSRPO
import StrictJSON

/// A reason why a run does not learn, with what shows it and what to try.
public struct Finding: Sendable, Equatable {
  /// How bad it is.
  public enum Severity: String, Sendable {
    /// The run cannot learn like this.
    case dead
    /// Something is wrong, but it learns.
    case warning
  }

  /// The name of the disease, one word or a few with `-` between them.
  public var name: String
  /// How bad it is.
  public var severity: Severity
  /// What was found, in a sentence with its numbers.
  public var evidence: String
  /// What to try next, the most promising first.
  public var advice: [String]

  /// As JSON.
  public var json: JSON {
    [
      "name": .string(name), "severity": .string(severity.rawValue), "evidence": .string(evidence),
      "advice": .array(advice.map { .string($0) }),
    ]
  }
}

/// Looks through a run for the known dead states. It judges the last steps, because that is what the run is now.
public struct Doctor {
  /// Steps it looks back over.
  public static let window = 20

  let reader: RunReader
  let steps: ClosedRange<Int>?
  let name: String

  /// A doctor for a run.
  /// - Throws: ``SQLiteError``.
  public init(_ reader: RunReader) throws {
    self.reader = reader
    name = reader.folder.name
    let last = try reader.lastStep()
    steps = last > 0 ? max(1, last - Self.window + 1)...last : nil
  }

  /// The steps that were looked at, in words.
  public var scope: String {
    steps.map { "steps \($0.lowerBound) to \($0.upperBound)" } ?? "no reinforcement step was recorded yet"
  }

  /// All findings, dead states first; empty for a healthy run.
  /// - Throws: ``RunStoreError`` or ``SQLiteError``.
  public func findings() throws -> [Finding] {
    let all =
      try stateFindings() + gamingFindings() + verifierFindings() + responseFindings() + groupFindings()
      + updateFindings()
    return all.filter { $0.severity == .dead } + all.filter { $0.severity != .dead }
  }

  /// The mean of a metric over the steps looked at; nil without a value.
  func mean(_ metric: Metric) throws -> Double? {
    let values = try values(metric)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  func values(_ metric: Metric) throws -> [Double] {
    guard let steps else { return [] }
    return try reader.series(metric.name, stage: .train).filter { steps.contains($0.step) }.map(\.value)
      .filter(\.isFinite)
  }

  /// The rollout that shows a disease, as its name on the command line.
  func example(_ condition: String) throws -> String? {
    guard let steps else { return nil }
    return try reader.database.rows(
      """
      SELECT r.step || '.' || r.group_index || '.' || r.sample FROM rollouts r
      WHERE r.step BETWEEN ? AND ? AND \(condition) ORDER BY r.step DESC, r.group_index, r.sample LIMIT 1
      """, [.int(steps.lowerBound), .int(steps.upperBound)]
    ).first?[0].string
  }

  func look(_ id: String?) -> [String] { id.map { ["look at it: step-srpo explain \(name) \($0)"] } ?? [] }

  func percent(_ share: Double) -> String { NumberText.percent(share, decimals: share < 0.1 ? 1 : 0) }
}

// MARK: - The run as a whole

extension Doctor {
  private func stateFindings() throws -> [Finding] {
    let summary = try RunSummary(reader.folder)
    var findings: [Finding] = []
    switch summary.state {
    case "failed":
      findings.append(
        Finding(
          name: "failed", severity: .dead, evidence: summary.info.statusDetail ?? "the run ended with an error",
          advice: ["remove the cause, then: step-srpo resume \(name)"]))
    case "interrupted":
      findings.append(
        Finding(
          name: "interrupted", severity: .warning,
          evidence: "no process is running it, and it stands at step \(summary.step)"
            + (summary.info.totalSteps.map { " of \($0)" } ?? ""),
          advice: ["step-srpo resume \(name) goes on from checkpoint \(summary.checkpoint.map(String.init) ?? "0")"]))
    default: break
    }
    let names = try reader.database.rows(
      "SELECT name, min(step) FROM metrics WHERE value IS NULL GROUP BY name ORDER BY 2, 1")
    if let first = names.first {
      findings.append(
        Finding(
          name: "not-a-number", severity: .dead,
          evidence: "\(names.count) metrics hold values that are no numbers, first \(first[0].string ?? "") at step "
            + "\(first[1].int ?? 0)",
          advice: ["lower train.learning_rate or train.max_grad_norm and fork from an earlier checkpoint"]))
    }
    return findings
  }
}

// MARK: - Verifiers and references

extension Doctor {
  private func verifierFindings() throws -> [Finding] {
    guard let steps else { return [] }
    let range: [SQLiteValue] = [.int(steps.lowerBound), .int(steps.upperBound)]
    var findings: [Finding] = []
    for row in try reader.database.rows(
      """
      SELECT verifier, count(*), sum(verdict = 'failed'), sum(verdict = 'abstain') FROM verdicts
      WHERE step BETWEEN ? AND ? GROUP BY verifier ORDER BY verifier
      """, range)
    {
      let verifier = row[0].string ?? ""
      let total = Double(row[1].int ?? 1)
      let failed = Double(row[2].int ?? 0) / total
      if failed > 0.02 {
        let first = try reader.database.rows(
          """
          SELECT step || '.' || group_index || '.' || sample, failure, reason FROM verdicts
          WHERE step BETWEEN ? AND ? AND verifier = ? AND verdict = 'failed' ORDER BY step DESC LIMIT 1
          """, range + [.text(verifier)]
        ).first
        findings.append(
          Finding(
            name: "verifier-errors", severity: failed > 0.5 ? .dead : .warning,
            evidence: "\(verifier) failed on \(percent(failed)) of \(Int(total)) requests, last with "
              + "\(first?[1].string ?? ""): \(first?[2].string ?? "")",
            advice: look(first?[0].string) + [
              "after the repair: step-srpo rescore \(name) --verifier \(verifier) shows what the verdicts would have been"
            ]))
      }
      let abstained = Double(row[3].int ?? 0) / total
      // An audit may say nothing of whole domains.
      if abstained > 0.2, verifier != StoredAudit.verifier {
        findings.append(
          Finding(
            name: "verifier-abstains", severity: abstained > 0.9 ? .dead : .warning,
            evidence: "\(verifier) gave no verdict on \(percent(abstained)) of \(Int(total)) requests",
            advice: ["check that the rows hold what the verifier needs: step-srpo samples \(name) --json"]))
      }
    }
    return findings + (try referenceFindings(range))
  }

  /// Queries whose reference no verdict could be reached with, or that nobody ever got right while others are.
  private func referenceFindings(_ range: [SQLiteValue]) throws -> [Finding] {
    let broken = try reader.database.rows(
      """
      SELECT q.id, q.verifier, max(v.reason) FROM verdicts v
        JOIN groups g ON g.step = v.step AND g.group_index = v.group_index JOIN queries q ON q.query = g.query
      WHERE v.failure IN ('bad_reference', 'bad_request') GROUP BY q.query ORDER BY q.query
      """)
    var findings: [Finding] = []
    if let first = broken.first {
      let all = try reader.database.rows("SELECT count(*) FROM queries").first?[0].int ?? 1
      let share = Double(broken.count) / Double(max(1, all))
      findings.append(
        Finding(
          name: "references-fail", severity: share > 0.5 ? .dead : .warning,
          evidence: "\(broken.count) of \(all) queries have a reference that their verifier cannot use, first "
            + "\"\(first[0].string ?? "")\" (\(first[1].string ?? "")): \(first[2].string ?? "")",
          advice: [
            "correct these rows of the task file, or drop them: step-srpo query \(name) \"SELECT DISTINCT q.id "
              + "FROM verdicts v JOIN groups g USING (step, group_index) JOIN queries q USING (query) WHERE v.failure IN "
              + "('bad_reference', 'bad_request')\""
          ]))
    }
    let never = try reader.database.rows(
      """
      SELECT q.id, count(*) FROM rollouts r JOIN groups g ON g.step = r.step AND g.group_index = r.group_index
        JOIN queries q ON q.query = g.query
      WHERE r.outcome IS NOT NULL AND r.invalid_reason IS NULL GROUP BY q.query
      HAVING max(r.outcome) <= 0 AND count(*) >= 24 ORDER BY 2 DESC, q.query
      """)
    if let first = never.first, (try mean(.accuracy) ?? 0) > 0.3 {
      findings.append(
        Finding(
          name: "never-right", severity: .warning,
          evidence: "\(never.count) queries were never answered right in 24 or more valid rollouts, first "
            + "\"\(first[0].string ?? "")\" (\(first[1].int ?? 0) rollouts): their references may be wrong",
          advice: ["step-srpo samples \(name) --query '\(first[0].string ?? "")'"]))
    }
    return findings
  }
}
