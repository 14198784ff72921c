import StepSRPO

/// Evaluations of the same data set side by side, by domain and difficulty: think-on rate, accuracy, that of the audit where
/// there was one, mean tokens.
public enum EvaluationTable {
  /// The table, one line per domain and difficulty and one for the total, each ending in a newline.
  ///
  /// - Parameter columns: a label and a report each, for example `before RL` and `after RL`. What a report lacks is `-`.
  public static func text(_ columns: [(label: String, report: EvaluationReport)]) -> String {
    guard let first = columns.first else { return "" }
    var keys: [Key] = []
    for cell in columns.flatMap({ $0.report.cells }) where !keys.contains(Key(cell)) { keys.append(Key(cell)) }
    let lookup = columns.map { column in
      Dictionary(column.report.cells.map { (Key($0), $0) }, uniquingKeysWith: { first, _ in first })
    }
    var rows = keys.map { key in
      Row(domain: key.domain ?? "all", difficulty: key.difficulty ?? "all", cells: lookup.map { $0[key] })
    }
    rows.append(Row(domain: "total", difficulty: "", cells: columns.map(\.report.total)))

    var measures: [(name: String, text: (EvaluationCell) -> String?)] = [
      ("think-on", { $0.thinkOnRate.map { NumberText.percent($0, decimals: 1) } }),
      ("accuracy", { $0.accuracy.map { NumberText.percent($0, decimals: 1) } }),
    ]
    if columns.contains(where: { $0.report.total.auditedAccuracy != nil }) {
      measures.append(("audited", { $0.auditedAccuracy.map { NumberText.percent($0, decimals: 1) } }))
    }
    measures += [
      ("mean tokens", { $0.meanLength.map { NumberText.fixed($0, 1) } }),
      ("invalid", { $0.invalidRate.map { NumberText.percent($0, decimals: 1) } }),
    ]
    var table: [[String]] = [["domain", "level", "items"]]
    table[0] += measures.flatMap { _ in columns.map(\.label) }
    for row in rows {
      let count = row.cells.compactMap { $0?.count }.first
      table.append(
        [row.domain, row.difficulty, count.map(String.init) ?? "-"]
          + measures.flatMap { measure in row.cells.map { $0.flatMap(measure.text) ?? "-" } })
    }
    return "\(first.report.dataset)\n" + laid(table, measures: measures.map(\.name), perMeasure: columns.count)
  }

  private struct Key: Hashable {
    let domain: String?
    let difficulty: String?

    init(_ cell: EvaluationCell) {
      domain = cell.domain
      difficulty = cell.difficulty
    }
  }

  private struct Row {
    let domain: String
    let difficulty: String
    let cells: [EvaluationCell?]
  }

  /// Two heading lines (measure, label), a rule, the rows, a rule before the total.
  private static func laid(_ table: [[String]], measures: [String], perMeasure: Int) -> String {
    var widths = table[0].indices.map { column in table.map { TerminalText.width($0[column]) }.max() ?? 0 }
    for (index, measure) in measures.enumerated() {
      let columns = 3 + index * perMeasure..<3 + (index + 1) * perMeasure
      let missing = measure.count - (widths[columns].reduce(0, +) + 2 * (perMeasure - 1))
      if missing > 0 { widths[columns.upperBound - 1] += missing }
    }
    func line(_ cells: [String]) -> String {
      cells.enumerated().map { column, cell in
        let gap = column == 0 ? "" : column >= 3 && (column - 3) % perMeasure == 0 ? "   " : "  "
        return gap + TerminalText.padded(cell, to: widths[column], right: column > 1)
      }.joined()
    }
    var heading = String(repeating: " ", count: widths[0..<3].reduce(0, +) + 4)
    for (index, measure) in measures.enumerated() {
      let columns = 3 + index * perMeasure..<3 + (index + 1) * perMeasure
      let span = widths[columns].reduce(0, +) + 2 * (perMeasure - 1)
      let left = String(repeating: " ", count: (span - measure.count) / 2)
      heading += "   " + TerminalText.padded(left + measure, to: span)
    }
    let lines = table.map(line)
    let rule = String(repeating: "-", count: lines.map(TerminalText.width).max() ?? 0)
    let body = [heading, lines[0], rule] + lines[1..<lines.count - 1] + [rule, lines[lines.count - 1]]
    return body.map { $0.trimmingTrailingSpaces() + "\n" }.joined()
  }
}

extension String {
  func trimmingTrailingSpaces() -> String {
    var end = endIndex
    while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
    return String(self[..<end])
  }
}
