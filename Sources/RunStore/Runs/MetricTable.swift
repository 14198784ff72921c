import StrictJSON

/// Metrics of one or more runs as CSV or JSON.
public enum MetricTable {
  /// One run's wanted metrics.
  public struct Run: Sendable {
    /// The run's name.
    public var name: String
    /// Name and points of each metric, in the wanted order.
    public var metrics: [(name: String, points: [MetricPoint])]

    /// One run's wanted metrics.
    public init(name: String, metrics: [(name: String, points: [MetricPoint])]) {
      self.name = name
      self.metrics = metrics
    }
  }

  /// `step` and one column per metric; with several runs, `run` comes first. A value that was not recorded is empty,
  /// one that was no number is `nan`.
  public static func csv(_ runs: [Run]) -> String {
    let names = runs.flatMap { $0.metrics.map(\.name) }.reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    var out = ((runs.count > 1 ? ["run"] : []) + ["step"] + names).map(field).joined(separator: ",") + "\n"
    for run in runs {
      let columns = names.map { name in
        Dictionary(
          run.metrics.first { $0.name == name }?.points.map { ($0.step, $0.value) } ?? [],
          uniquingKeysWith: { _, last in last })
      }
      for step in Set(columns.flatMap(\.keys)).sorted() {
        let values = columns.map { $0[step].map { $0.isNaN ? "nan" : JSON.double($0).text() } ?? "" }
        out += ((runs.count > 1 ? [field(run.name)] : []) + ["\(step)"] + values).joined(separator: ",") + "\n"
      }
    }
    return out
  }

  /// `{"run": NAME, "metrics": {NAME: [[step, value], …]}}`; a value that was no number is null.
  public static func json(_ run: Run) -> JSON {
    let metrics = run.metrics.map { metric in
      (metric.name, JSON.array(metric.points.map { .array([.int($0.step), .double($0.value)]) }))
    }
    return ["run": .string(run.name), "metrics": .object(JSONObject(metrics))]
  }

  /// A field of a CSV file (RFC 4180): quoted where it must be.
  public static func field(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
