import Foundation
import Platform
import StrictJSON

/// Checks a verifier against rows before anything depends on it: references score 1, empty and garbage responses do not,
/// the same request gets the same verdict twice, and how long a verdict takes.
///
/// A run calls it before its first step; `verify` and `verifiers check` use the same code.
public struct VerifierPreflight: Sendable {
  /// One row: its request (the response is replaced) and, where the row has one, a response that must score 1.
  public struct Row: Sendable {
    /// The row as a request.
    public var request: VerifyRequest
    /// A right response; nil asks the verifier for one (``Verifier/rightResponse(to:)``), and checks nothing where it has
    /// none either.
    public var solution: String?

    /// A row.
    public init(request: VerifyRequest, solution: String? = nil) {
      self.request = request
      self.solution = solution
    }
  }

  /// Something that is not as it must be.
  public struct Finding: Sendable, Equatable, CustomStringConvertible {
    /// The row's id.
    public let row: String
    /// What was given: `reference`, `empty`, `garbage`, `again`.
    public let probe: String
    /// What came out and what was expected.
    public let message: String

    /// The text to print.
    public var description: String { "row \(row), \(probe): \(message)" }
  }

  /// What a check found.
  public struct Report: Sendable, CustomStringConvertible {
    /// The verifier's name.
    public let verifier: String
    /// Rows that were checked.
    public let rows: Int
    /// Rows without a right response to check.
    public let rowsWithoutSolution: Int
    /// Seconds a verdict took on average, and the longest batch of one.
    public let secondsMean: Double
    /// What is wrong; empty when all is well.
    public let findings: [Finding]

    /// More of them say nothing new.
    private static let shownFindings = 20

    /// Whether the verifier may be used.
    public var passes: Bool { findings.isEmpty }

    /// The text to print.
    public var description: String {
      let time = JSON.double((secondsMean * 1e5).rounded() / 100).text()
      let checked =
        rowsWithoutSolution == 0 ? "\(rows) rows" : "\(rows) rows, \(rows - rowsWithoutSolution) with a right answer"
      let head =
        "\(verifier): \(checked), \(time) ms a verdict, \(findings.isEmpty ? "ready" : "\(findings.count) findings")"
      let more = findings.count > Self.shownFindings ? ["  and \(findings.count - Self.shownFindings) more"] : []
      return ([head] + findings.prefix(Self.shownFindings).map { "  \($0)" } + more).joined(separator: "\n")
    }
  }

  /// Responses no verifier may reward.
  static let garbage = [
    "", " \n\t ", "\u{0}\u{1}\u{2}", "asdf qwer zxcv", "<think>", String(repeating: "(", count: 2000), "\\boxed{}",
    "🦆🦆🦆",
  ]

  /// Checks `verifier` on `rows`.
  ///
  /// - Parameters:
  ///   - verifier: What is to be checked.
  ///   - rows: A sample of the rows it will judge.
  ///   - garbagePerRow: How many of the garbage responses each row gets; the first is always the empty one.
  ///   - isMetric: Whether it decides nothing (weight 0): then it must not fail and must be steady, and may score as it
  ///     likes.
  public static func check(
    _ verifier: any Verifier, rows: [Row], garbagePerRow: Int = 2, isMetric: Bool = false
  ) -> Report {
    var requests: [VerifyRequest] = []
    var probes: [(row: Int, probe: String)] = []
    var withoutSolution = 0
    func add(_ row: Int, _ probe: String, _ response: String) {
      var request = rows[row].request
      request.id = "\(requests.count)"
      request.response = response
      requests.append(request)
      probes.append((row, probe))
    }
    for (i, row) in rows.enumerated() {
      if let solution = row.solution ?? verifier.rightResponse(to: row.request) {
        add(i, "reference", solution)
      } else {
        withoutSolution += 1
      }
      add(i, "empty", "")
      for j in 0..<max(0, min(garbagePerRow, garbage.count) - 1) {
        add(i, "garbage", garbage[1 + (i + j) % (garbage.count - 1)])
      }
    }
    let watch = Stopwatch()
    let verdicts = verifier.verify(requests)
    let seconds = watch.seconds
    // The second time in another order: a verdict may not depend on what came before it.
    let backwards = Array(verifier.verify(requests.reversed()).reversed())
    var findings: [Finding] = []
    for (i, probe) in probes.enumerated() where i < verdicts.count && i < backwards.count {
      let row = rows[probe.row].request.id
      let mayScore = isMetric || (probe.probe == "garbage" && !verifier.knowsRight(rows[probe.row].request))
      if let wrong = Self.fault(verdicts[i], probe.probe, mayScore: mayScore) {
        findings.append(Finding(row: row, probe: probe.probe, message: wrong))
      }
      if !Self.same(verdicts[i], backwards[i]) {
        findings.append(
          Finding(
            row: row, probe: "again",
            message: "\(shown(backwards[i])) after \(shown(verdicts[i])) for the same \(probe.probe)"))
      }
    }
    if verdicts.count != requests.count || backwards.count != requests.count {
      findings.append(
        Finding(row: "-", probe: "again", message: "\(verdicts.count) verdicts for \(requests.count) requests"))
    }
    return Report(
      verifier: verifier.name, rows: rows.count, rowsWithoutSolution: withoutSolution,
      secondsMean: requests.isEmpty ? 0 : seconds / Double(requests.count), findings: findings)
  }

  private static func fault(_ verdict: Verdict, _ probe: String, mayScore: Bool) -> String? {
    switch (verdict, probe) {
    case (.failed(let failure), _): "failed: \(failure)"
    case _ where mayScore: nil
    case (.score(let score, _), "reference"): score >= 1 - 1e-9 ? nil : "\(shown(verdict)), expected 1"
    case (.abstain(let reason), "reference"): "abstained (\(reason)), expected 1"
    case (.score(let score, _), _): score > 0 ? "\(shown(verdict)), expected 0" : nil
    case (.abstain, _): nil
    }
  }

  /// Whether two verdicts are the same where it matters: score, answer and outcome, not the measurements beside them.
  static func same(_ a: Verdict, _ b: Verdict) -> Bool {
    switch (a, b) {
    case (.score(let x, let left), .score(let y, let right)):
      x == y && left.extracted == right.extracted && left.outcome == right.outcome
    case (.abstain, .abstain): true
    case (.failed(let left), .failed(let right)): left.kind == right.kind
    default: false
    }
  }

  static func shown(_ verdict: Verdict) -> String {
    switch verdict {
    case .score(let score, let detail):
      "score \(JSON.double(score).text())"
        + (detail.reason.map { " (\($0.prefix(120)))" } ?? detail.outcome.map { " (\($0))" } ?? "")
    case .abstain(let reason): "abstained (\(reason))"
    case .failed(let failure): "failed (\(failure))"
    }
  }
}
