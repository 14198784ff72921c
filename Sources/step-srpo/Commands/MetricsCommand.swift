import RunStore
import StepSRPO
import StrictJSON

/// `step-srpo metrics`: the registry.
enum MetricsCommand: Command {
  static let description = CommandDescription(
    name: "metrics", summary: "List every metric with its unit, what it is taken over, and its meaning.",
    options: [
      .flag("--markdown", "a table for a document"), .flag("--csv", "comma-separated values"),
      .flag("--json", "one JSON object per metric and line"),
    ],
    notes: """
      `{...}` stands for a name filled in when the metric is recorded. The mode/ and eval/ metrics are
      also recorded by domain and difficulty: mode/think_on_rate/math/3. A mean over nothing is absent.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let forms = ["--markdown", "--csv", "--json"].filter { arguments.flag($0) }
    if forms.count > 1 { throw arguments.usage("\(forms.joined(separator: " and ")) exclude each other") }
    let all = MetricRegistry.definitions
    switch forms.first {
    case "--markdown":
      console.out("| metric | unit | over | meaning |\n|---|---|---|---|\n")
      for metric in all {
        console.out("| `\(metric.name)` | \(metric.unit) | \(metric.denominator) | \(metric.meaning) |\n")
      }
    case "--csv":
      console.out("metric,unit,over,meaning\n")
      for metric in all {
        let fields = [metric.name, metric.unit, metric.denominator, metric.meaning].map(MetricTable.field)
        console.out(fields.joined(separator: ",") + "\n")
      }
    case "--json":
      for metric in all {
        let json: JSON = [
          "metric": .string(metric.name), "unit": .string(metric.unit), "over": .string(metric.denominator),
          "meaning": .string(metric.meaning),
        ]
        console.out(json.text() + "\n")
      }
    default:
      console.out(
        TextTable.text(
          heading: ["metric", "unit", "over", "meaning"],
          rows: all.map { [$0.name, $0.unit, $0.denominator, $0.meaning] }))
    }
    return .success
  }
}
