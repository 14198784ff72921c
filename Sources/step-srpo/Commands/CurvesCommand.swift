import RunStore
import StepSRPO
import StrictJSON

/// `step-srpo curves`: metrics over the steps, as a chart or as numbers.
enum CurvesCommand: Command {
  static let description = CommandDescription(
    name: "curves", summary: "Chart metrics of runs in the terminal, or print their numbers.",
    positionals: [
      .init(
        name: "RUN", help: "a run's name, or the path of its folder; several are laid over each other", isRepeated: true
      )
    ],
    options: [
      .value(
        "--metric", "NAME",
        "a metric; * stands for any text, \"all\" for every metric (default: \(MetricSelection.standard.joined(separator: ", ")))",
        isRepeated: true),
      .flag("--csv", "comma-separated values: step and one column per metric"),
      .flag("--json", "one JSON object per run: {\"run\", \"metrics\": {NAME: [[step, value], ...]}}"),
      .value("--tensorboard", "DIR", "write TensorBoard event files, DIR/RUN/events..., of all or the named metrics"),
      .value("--smooth", "N", "show the mean of the last N values"),
      .value("--width", "N", "columns of the chart (default: the terminal's)"),
      .value("--height", "N", "rows of each chart (default: 13)"),
      .flag("--ascii", "draw with ASCII characters only"),
      CommandDescription.runsOption,
    ],
    notes: "Metrics of one unit share a chart. `step-srpo metrics` says what each one means.")

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    if arguments.flag("--csv"), arguments.flag("--json") {
      throw arguments.usage("--csv and --json exclude each other")
    }
    let width = try arguments.int("--width", in: 20...1000)
    let height = try arguments.int("--height", in: 3...200) ?? 13
    let smoothing = try arguments.int("--smooth", in: 1...1_000_000) ?? 1
    let runsFolder = arguments.string("--runs") ?? RunFolder.defaultRunsFolder
    if let folder = arguments.string("--tensorboard") {
      for text in arguments.positionals {
        let reader = try RunReader(RunFolder.open(text, in: runsFolder))
        let wanted = arguments.strings("--metric")
        let names = wanted.isEmpty ? nil : try Self.names(wanted, reader)
        console.out(try EventFile.write(reader, names: names, to: folder) + "\n")
      }
      return .success
    }
    var runs: [MetricTable.Run] = []
    for text in arguments.positionals {
      let reader = try RunReader(RunFolder.open(text, in: runsFolder))
      runs.append(try selected(arguments.strings("--metric"), of: reader, smoothing: smoothing))
    }
    if arguments.flag("--csv") {
      console.out(MetricTable.csv(runs))
    } else if arguments.flag("--json") {
      for run in runs { console.out(MetricTable.json(run).text() + "\n") }
    } else {
      var charts = charts(runs)
      for index in charts.indices {
        charts[index].columns = width ?? console.columns()
        charts[index].rows = height
        charts[index].unicode = console.usesUnicode && !arguments.flag("--ascii")
        charts[index].colour = console.usesColour
      }
      console.out(charts.map { $0.text() }.joined(separator: "\n"))
    }
    return .success
  }

  private static func selected(_ wanted: [String], of reader: RunReader, smoothing: Int) throws -> MetricTable.Run {
    let recorded = try reader.metricNames()
    var names = MetricSelection.standard.filter(recorded.contains)
    if !wanted.isEmpty {
      names = try Self.names(wanted, reader)
    } else if names.isEmpty {
      throw CommandFailure(
        code: .failure,
        description: "run \"\(reader.folder.name)\" has no values of the standard metrics yet. Recorded: "
          + (recorded.isEmpty ? "nothing" : recorded.joined(separator: ", ")))
    }
    return MetricTable.Run(
      name: reader.folder.name, metrics: try names.map { ($0, smoothed(try reader.series($0), smoothing)) })
  }

  private static func names(_ wanted: [String], _ reader: RunReader) throws -> [String] {
    do { return try MetricSelection.names(wanted, recorded: reader.metricNames()) } catch let error
      as MetricSelectionError
    {
      throw UsageError(command: "curves", message: "\(reader.folder.name): \(error)")
    }
  }

  /// The mean of the last `count` finite values at each step.
  static func smoothed(_ points: [MetricPoint], _ count: Int) -> [MetricPoint] {
    guard count > 1 else { return points }
    return points.indices.map { index in
      let window = points[max(0, index - count + 1)...index].map(\.value).filter(\.isFinite)
      let mean = window.isEmpty ? .nan : window.reduce(0, +) / Double(window.count)
      return MetricPoint(step: points[index].step, value: mean)
    }
  }

  /// One chart per unit, in the order in which units are first wanted.
  static func charts(_ runs: [MetricTable.Run]) -> [TerminalChart] {
    var units: [String] = []
    var series: [String: [TerminalChart.Series]] = [:]
    var meanings: [String: [String]] = [:]
    for run in runs {
      for metric in run.metrics {
        let unit = MetricRegistry.definition(of: metric.name)?.unit ?? "1"
        if !units.contains(unit) { units.append(unit) }
        let label = runs.count > 1 ? "\(run.name): \(metric.name)" : metric.name
        series[unit, default: []].append(
          TerminalChart.Series(label: label, points: metric.points.map { (Double($0.step), $0.value) }))
        if !meanings[unit, default: []].contains(metric.name) { meanings[unit, default: []].append(metric.name) }
      }
    }
    return units.map { unit in
      let lines = series[unit] ?? []
      let names = (meanings[unit] ?? []).joined(separator: ", ")
      let values = lines.flatMap { $0.points.map(\.y) }.filter(\.isFinite)
      // Shares are shown against the whole unless all of them are small.
      let isShare = unit == "ratio" && (values.max() ?? 0) > 0.25 && values.allSatisfy { (0...1).contains($0) }
      return TerminalChart(title: "\(names) [\(unit)]", series: lines, range: isShare ? 0...1 : nil)
    }
  }
}
