/// A line chart for the terminal: several series over one pair of axes, told apart by marks, with colour on top where
/// there is some.
public struct TerminalChart {
  /// A line.
  public struct Series {
    /// What the legend calls it.
    public var label: String
    /// The points by rising x. A y that is not finite leaves a gap.
    public var points: [(x: Double, y: Double)]

    /// A line.
    public init(label: String, points: [(x: Double, y: Double)]) {
      self.label = label
      self.points = points
    }
  }

  /// Stands above the chart.
  public var title: String
  /// What x counts; stands at the end of its axis.
  public var xLabel: String
  /// The lines.
  public var series: [Series]
  /// The y range to show; made from the data when nil.
  public var range: ClosedRange<Double>?
  /// Columns of the whole chart, labels included; at least 20.
  public var columns = 80
  /// Rows between the axes; at least 3.
  public var rows = 13
  /// Braille lines and round marks, or plain ASCII.
  public var unicode = true
  /// Whether series are coloured by ANSI sequences.
  public var colour = false

  /// A chart of the given lines.
  public init(title: String, xLabel: String = "step", series: [Series], range: ClosedRange<Double>? = nil) {
    self.title = title
    self.xLabel = xLabel
    self.series = series
    self.range = range
  }

  private static let unicodeMarks: [Character] = ["●", "○", "▲", "△", "■", "□", "◆", "◇"]
  private static let asciiMarks: [Character] = ["*", "o", "+", "x", "#", "@", "%", "="]
  private static let colours = [36, 33, 35, 32, 34, 31, 96, 93]

  /// The chart, each line ending in a newline; a note instead of axes when there is nothing finite to draw.
  public func text() -> String {
    let finite = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    guard let firstX = finite.map(\.x).min(), let lastX = finite.map(\.x).max(),
      let lowest = finite.map(\.y).min(), let highest = finite.map(\.y).max()
    else { return heading() + "  no values yet\n" + legend() }
    let rows = max(3, self.rows)
    let yTicks = AxisTicks(covering: range ?? lowest...highest, count: max(2, rows / 3))
    let bottom = range?.lowerBound ?? yTicks.values[0]
    let top = range?.upperBound ?? yTicks.values[yTicks.values.count - 1]
    let labels = yTicks.values.filter { $0 >= bottom - 1e-12 && $0 <= top + 1e-12 }
    let labelWidth = labels.map { yTicks.label($0).count }.max() ?? 1
    let width = max(8, max(20, columns) - labelWidth - 2)

    var canvas = DotCanvas(columns: width, rows: rows, unicode: unicode)
    let xSpan = lastX > firstX ? lastX - firstX : 1
    func place(_ point: (x: Double, y: Double)) -> (x: Int, y: Int)? {
      guard point.x.isFinite, point.y.isFinite else { return nil }
      let x = (point.x - firstX) / xSpan * Double(canvas.width - 1)
      let y = (top - point.y) / (top - bottom) * Double(canvas.height - 1)
      return (Int(x.rounded()), Int(min(1e6, max(-1e6, y)).rounded()))
    }
    let placed = series.map { $0.points.map(place) }
    for (index, line) in placed.enumerated() { draw(line, of: index, on: &canvas) }
    if unicode, series.count > 1 { for (index, line) in placed.enumerated() { stamp(line, of: index, on: &canvas) } }

    var rowLabels: [Int: String] = [:]
    for value in labels {
      rowLabels[Int(((top - value) / (top - bottom) * Double(rows - 1)).rounded())] = yTicks.label(value)
    }
    var out = heading()
    for row in 0..<rows {
      let label = TerminalText.padded(rowLabels[row] ?? "", to: labelWidth, right: true)
      let axis = rowLabels[row] == nil ? (unicode ? "│" : "|") : (unicode ? "┤" : "+")
      out += "\(label) \(axis)\(canvas.row(row, paint: paint))".trimmingTrailingSpaces() + "\n"
    }
    return out + xAxis(firstX...max(firstX, lastX), span: xSpan, width: width, margin: labelWidth + 1) + legend()
  }

  private func mark(_ index: Int) -> Character {
    let marks = unicode ? Self.unicodeMarks : Self.asciiMarks
    return marks[index % marks.count]
  }

  private func paint(_ text: String, _ index: Int) -> String {
    colour ? "\u{1B}[\(Self.colours[index % Self.colours.count])m\(text)\u{1B}[0m" : text
  }

  private func draw(_ line: [(x: Int, y: Int)?], of index: Int, on canvas: inout DotCanvas) {
    var previous: (x: Int, y: Int)?
    for point in line {
      if let point { canvas.line(from: previous ?? point, to: point, owner: index, mark: mark(index)) }
      previous = point
    }
  }

  /// Marks about every tenth of the width, shifted from series to series, and at the last point.
  private func stamp(_ line: [(x: Int, y: Int)?], of index: Int, on canvas: inout DotCanvas) {
    let spacing = max(4, canvas.width / 8)
    var next = index * spacing / max(1, series.count)
    for point in line.compactMap({ $0 }) where point.x >= next {
      canvas.stamp(point.x, point.y, owner: index, mark: mark(index))
      next = point.x + spacing
    }
    if let last = line.compactMap({ $0 }).last { canvas.stamp(last.x, last.y, owner: index, mark: mark(index)) }
  }

  private func heading() -> String { title.isEmpty ? "" : TerminalText.cut(title, to: max(20, columns)) + "\n" }

  private func xAxis(_ range: ClosedRange<Double>, span: Double, width: Int, margin: Int) -> String {
    let ticks = AxisTicks(covering: range, count: max(1, width / 14), wholeNumbers: true)
    var rule = Array(repeating: unicode ? Character("─") : "-", count: width)
    var labels = Array(repeating: Character(" "), count: width + 1 + margin)
    var free = 0
    for value in ticks.values where range.contains(value) {
      let column = Int(((value - range.lowerBound) / span * Double(width - 1)).rounded())
      let label = Array(ticks.label(value))
      let start = min(labels.count - label.count, max(0, margin + 1 + column - label.count / 2))
      guard start >= free else { continue }
      rule[column] = unicode ? "┬" : "+"
      labels.replaceSubrange(start..<start + label.count, with: label)
      free = start + label.count + 2
    }
    let name = Array(" " + xLabel)
    if labels.count - name.count >= free { labels.replaceSubrange((labels.count - name.count)..., with: name) }
    let corner = unicode ? "└" : "+"
    return String(repeating: " ", count: margin) + corner + String(rule) + "\n"
      + String(labels).trimmingTrailingSpaces() + "\n"
  }

  /// Marks, names and last values.
  private func legend() -> String {
    series.enumerated().map { index, line in
      let sample = unicode ? (series.count > 1 ? "─\(mark(index))─" : "───") : "-\(mark(index))-"
      let last = line.points.last { $0.y.isFinite }
      var value = last.map { NumberText.short($0.y) } ?? "no values yet"
      let place = last.map { " at \(xLabel) \(NumberText.fixed($0.x, 0))" } ?? ""
      // The name matters more than the place of the last value.
      if 8 + TerminalText.width(line.label + value + place) <= columns { value += place }
      let label = TerminalText.cut(line.label, to: max(8, columns - 8 - TerminalText.width(value)))
      return "  \(paint(sample, index)) \(label)  \(value)\n"
    }.joined()
  }
}
