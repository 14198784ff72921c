import AutoThink
import RunStore
import StepSRPO
import StrictJSON
import Tasks

/// Evaluations as text for people.
struct EvaluationText {
  /// A checkpoint with what it gave.
  struct Column {
    let label: String
    let outcomes: [EvaluationSession.Outcome]
  }

  /// The main table: a line a data set and checkpoint.
  static func summary(_ columns: [Column]) -> String {
    let isAudited = columns.flatMap(\.outcomes).contains { EvaluationResults(items: $0.items).auditedAccuracy != nil }
    let heading = [
      "data", "checkpoint", "items", "accuracy", "95 %", "audited", "think-on", "95 %", "tokens", "on", "off",
      "truncated",
      "invalid", "time",
    ]
    var rows: [[String]] = []
    for place in columns.first.map({ $0.outcomes.indices }) ?? 0..<0 {
      for column in columns {
        let outcome = column.outcomes[place]
        let summary = EvaluationSummary(EvaluationResults(items: outcome.items))
        rows.append([
          outcome.set, column.label, String(summary.count), percent(summary.accuracy),
          range(summary.accuracyInterval), percent(summary.auditedAccuracy), percent(summary.thinkOnRate),
          range(summary.thinkOnInterval),
          number(summary.meanLength), number(summary.meanLength(in: .on)), number(summary.meanLength(in: .off)),
          percent(summary.truncatedRate), percent(summary.invalidRate), NumberText.duration(outcome.seconds),
        ])
      }
    }
    let several = columns.count > 1
    let kept = heading.indices.filter { (several || $0 != 1) && (isAudited || heading[$0] != "audited") }
    return TextTable.text(
      heading: kept.map { heading[$0] }, rows: rows.map { row in kept.map { row[$0] } },
      rightAligned: Set(kept.indices.filter { kept[$0] >= 2 }))
      + "95 %: Wilson's interval of a share, else a bootstrap over items. tokens: mean of a response, and by mode.\n"
  }

  /// Data sets down, checkpoints across: think-on rate (the report's Figure 7), tokens (Figure 8) and accuracy.
  static func figures(_ columns: [Column]) -> String {
    let measures: [(String, (EvaluationSummary) -> String)] = [
      ("think-on rate (Figure 7)", { percent($0.thinkOnRate) }),
      ("tokens of a response (Figure 8)", { number($0.meanLength) }), ("accuracy", { percent($0.accuracy) }),
    ]
    return measures.map { name, text in
      let rows = (columns.first?.outcomes.indices ?? 0..<0).map { place in
        [columns[0].outcomes[place].set]
          + columns.map { text(EvaluationSummary(EvaluationResults(items: $0.outcomes[place].items))) }
      }
      return "\(name)\n"
        + TextTable.text(
          heading: ["data"] + columns.map(\.label), rows: rows, rightAligned: Set(1...max(1, columns.count)))
    }.joined(separator: "\n")
  }

  /// pass@k and maj@k of a set; empty with one response an item.
  static func repeated(_ outcome: EvaluationSession.Outcome) -> String {
    let summary = EvaluationSummary(EvaluationResults(items: outcome.items))
    guard !summary.ks.isEmpty else { return "" }
    let rows = summary.ks.map { [String($0), percent(summary.pass(at: $0)), percent(summary.majority(at: $0))] }
    return "\(outcome.set)\n" + TextTable.text(heading: ["k", "pass@k", "maj@k"], rows: rows, rightAligned: [0, 1, 2])
  }

  /// Whether users who ask for a mode get it; empty where nobody asks.
  static func obeyed(_ outcome: EvaluationSession.Outcome) -> String {
    guard let obeyed = EvaluationSummary(EvaluationResults(items: outcome.items)).obeyed else { return "" }
    return "\(outcome.set): \(obeyed.count) users ask for a mode, \(percent(obeyed.share)) are obeyed\n"
  }

  /// The turns of conversations held live, by kind; empty where there are none.
  static func conversations(_ outcome: EvaluationSession.Outcome) -> String {
    guard let summary = ConversationSummary(outcome.items) else { return "" }
    let ends = ToolConversation.End.allCases.compactMap { end in summary.ends[end].map { "\($0) \(word(end))" } }
    let rows = summary.kinds.map { kind in
      [
        kind.level.map(ToolSuite.name(ofLevel:)) ?? "after a mistake", String(kind.count), percent(kind.accuracy),
        percent(kind.thinkOnRate), number(kind.meanLength),
      ]
    }
    return "\(outcome.set): \(summary.turns) turns in conversations held live; \(ends.joined(separator: ", "))\n"
      + TextTable.text(
        heading: ["turn", "turns", "right", "think-on", "tokens"], rows: rows, rightAligned: [1, 2, 3, 4])
  }

  private static func word(_ end: ToolConversation.End) -> String {
    switch end {
    case .finished: "came to their end"
    case .invalid: "ended by a turn without an answer"
    case .endlessCalls: "ended by calls without a reply"
    case .noRoom: "ended for want of room"
    }
  }

  /// What each verifier could not score; empty where every valid response has a score.
  static func verifiers(_ outcome: EvaluationSession.Outcome) -> String {
    let verifiers = EvaluationSummary(EvaluationResults(items: outcome.items)).verifiers
    guard verifiers.contains(where: { $0.usage.scores < $0.usage.requests }) else { return "" }
    let rows = verifiers.map { name, usage in
      [
        name, String(usage.requests), String(usage.scores), String(usage.abstentions), String(usage.failures),
        usage.firstFailure.map { TerminalText.neutralised(String($0.prefix(80))) } ?? "",
      ]
    }
    return "\(outcome.set): responses without a score, which count in no mean\n"
      + TextTable.text(
        heading: ["verifier", "asked", "scored", "abstained", "failed", "first failure"], rows: rows,
        rightAligned: [1, 2, 3, 4])
  }

  /// The probe of a set: the 2 x 2 table, the choice and the curve.
  static func probe(_ outcome: EvaluationSession.Outcome) -> String {
    let report = ProbeReport(outcome.items)
    var text = "\(outcome.set): both modes forced on \(report.count) items\n"
    text += TextTable.text(
      heading: ["", "off right", "off wrong"],
      rows: [
        ["on right", String(report.bothRight), String(report.onlyOnRight)],
        ["on wrong", String(report.onlyOffRight), String(report.neitherRight)],
      ], rightAligned: [1, 2])
    text += "\n"
    text += TextTable.text(
      heading: ["choice", "accuracy", "tokens"],
      rows: [
        ["always think", percent(report.accuracyOn), number(report.tokensOn)],
        ["never think", percent(report.accuracyOff), number(report.tokensOff)],
        ["the policy's own", percent(report.accuracyChosen), number(report.tokensChosen)],
        ["the right mode", percent(report.accuracyRightMode), number(report.tokensRightMode)],
      ], rightAligned: [1, 2])
    text +=
      "\njudge accuracy \(percent(report.judgeAccuracy)) \(range(report.judgeInterval)) of \(report.judged) items "
    text +=
      "with a right mode; regret \(percent(report.regret)) accuracy; token cost \(number(report.tokenCost)) tokens\n"
    guard !report.curve.isEmpty else { return text }
    text += "\n"
    text += TextTable.text(
      heading: ["threshold", "think-on", "accuracy", "tokens"],
      rows: report.curve.map {
        [
          $0.threshold > 1 ? "never" : NumberText.fixed($0.threshold, 2), percent($0.thinkOnRate),
          percent($0.accuracy), number($0.tokens),
        ]
      }, rightAligned: [0, 1, 2, 3])
    return text
  }

  /// A comparison with the baseline (the report's Figure 9).
  static func against(_ label: String, _ baseline: String, _ rows: [(set: String, comparison: EvaluationComparison)])
    -> String
  {
    "\(label) against \(baseline) (Figure 9)\n"
      + TextTable.text(
        heading: ["data", "items", "accuracy", "95 %", "tokens", "baseline", "saved"],
        rows: rows.map { set, comparison in
          [
            set, String(comparison.count),
            comparison.accuracyDifference.map { ($0 >= 0 ? "+" : "") + NumberText.fixed(100 * $0, 1) + " points" }
              ?? "-",
            range(comparison.accuracyInterval), number(comparison.tokens), number(comparison.baselineTokens),
            percent(comparison.saved),
          ]
        }, rightAligned: [1, 2, 3, 4, 5, 6])
  }

  private static func percent(_ share: Double?) -> String {
    share.map { NumberText.percent($0, decimals: 1) } ?? "-"
  }

  private static func number(_ value: Double?) -> String { value.map { NumberText.fixed($0, 1) } ?? "-" }

  private static func range(_ interval: ConfidenceInterval?) -> String {
    interval.map { "[\(NumberText.fixed(100 * $0.low, 1)), \(NumberText.fixed(100 * $0.high, 1))]" } ?? "-"
  }
}
