/// A table of aligned columns with a heading.
public enum TextTable {
  /// Each line ends in a newline; cells are neutralised.
  /// - Parameter rightAligned: the columns of numbers, from 0.
  public static func text(heading: [String], rows: [[String]], rightAligned: Set<Int> = []) -> String {
    let table = ([heading] + rows).map { $0.map { TerminalText.neutralised($0, keepingNewlines: false) } }
    let widths = heading.indices.map { column in
      table.map { $0.indices.contains(column) ? TerminalText.width($0[column]) : 0 }.max() ?? 0
    }
    return table.map { row in
      let cells = row.prefix(widths.count).enumerated().map { column, cell in
        TerminalText.padded(cell, to: widths[column], right: rightAligned.contains(column))
      }
      return cells.joined(separator: "  ").trimmingTrailingSpaces() + "\n"
    }.joined()
  }
}
