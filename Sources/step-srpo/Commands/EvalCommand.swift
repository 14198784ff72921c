import AutoThink
import Foundation
import LanguageModel
import RunStore
import StepSRPO
import StrictJSON
import Tasks

/// `step-srpo eval`: checkpoints on held-out data.
enum EvalCommand: Command {
  static let description = CommandDescription(
    name: "eval", summary: "Measure checkpoints on held-out data.",
    positionals: [
      .init(
        name: "CHECKPOINT", help: "a Hugging Face folder, for example runs/RUN/checkpoints/step-000100",
        isRepeated: true)
    ],
    options: [
      .many(
        "--data", "FILE",
        "data files, or the built-in \(EvaluationData.builtIn.joined(separator: ", ")) (default: primer)")
    ] + DataArguments.options + [
      .value("--limit", "N", "only the first N items of each set"),
      .value("--items-per-cell", "N", "items per domain and level of a built-in set (default: 50)"),
      .value(
        "--domain", "DOMAIN", "only these domains of primer", isRepeated: true,
        choices: Domain.allCases.map(\.rawValue)),
      .value("--samples", "K", "responses per item, for pass@k and maj@k; needs a temperature (default: 1)"),
    ] + ControlArguments.options(modes: ["auto", "on", "off", "probe"]) + [
      .value("--audit", "VERIFIER", "a second verifier that reads every right answer, for example exact"),
      .value("--baseline", "NAME", "compare with \"on\", the same checkpoint always thinking, or another checkpoint"),
      .value("--store", "FILE", "where responses are kept (default: evaluations.sqlite in the run or checkpoint)"),
      .flag("--no-store", "keep nothing; an interrupted evaluation starts again"),
      BuiltInVerifiers.pluginsOption, BuiltInVerifiers.classifierOption,
      .flag("--fresh", "throw away what the store has of this evaluation"),
      .flag("--json", "one JSON object instead of tables"),
    ],
    notes: """
      The same command continues an evaluation that was stopped. --mode probe forces both modes on every
      item beside the free response: which modes are right, what the policy's choice loses and costs, and
      accuracy and tokens along --threshold. Several checkpoints give tables over them. An item of
      tools-live is a whole conversation with live tool calls: right where every reply is.

      """ + DataArguments.notes)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let checkpoints = arguments.positionals
    let labels = Self.labels(checkpoints)
    let sets = try EvaluationData.sets(arguments, console)
    let registry = try BuiltInVerifiers.registry(BuiltInVerifiers.Settings(arguments))
    let scorer = Scorer(registry: registry, workers: 2)
    let baseline = arguments.string("--baseline")
    let isProbe = arguments.string("--mode") == "probe"
    if isProbe, baseline != nil {
      throw arguments.usage("--mode probe compares both modes already; leave --baseline out")
    }
    // A wrong folder is found before the first response is drawn.
    let policies = try checkpoints.map(ControlArguments.policy)
    let audit = Audit(verifier: arguments.string("--audit") ?? "")
    try Preflight.check(sets.flatMap(\.items), audit: audit, registry: registry, console: console)
    _ = Interrupt()

    func outcomes(_ folder: String, _ policy: Policy, always mode: ModeControl.Choice? = nil) throws
      -> [EvaluationSession.Outcome]
    {
      let weights = DecodingWeights(policy.model, snapshot: false)
      var settings = try ControlArguments.settings(arguments, policy, weights, console)
      settings.probes = isProbe
      settings.audit = audit
      settings.samples = try arguments.int("--samples", in: 1...4096) ?? 1
      guard settings.samples == 1 || settings.temperature > 0 else {
        throw arguments.usage(
          "--samples \(settings.samples) needs --temperature above 0: greedy responses are all alike")
      }
      // As in training, so that evaluations of a run and of its checkpoints are the same measurement.
      settings.offBudget = max(1, settings.maxNewTokens / 4)
      if let mode { settings.control.choice = mode }
      let session = try EvaluationSession(
        checkpoint: folder, policy: policy, weights: weights, store: try store(arguments, folder),
        evaluator: Evaluator(scorer: scorer, settings: settings), fresh: arguments.flag("--fresh"), console: console)
      return try sets.map(session.run)
    }
    var columns: [EvaluationText.Column] = []
    var baselines: [[EvaluationSession.Outcome]] = []
    let other = try baseline.flatMap { $0 == "on" ? nil : try ControlArguments.policy($0) }
    for (folder, (label, policy)) in zip(checkpoints, zip(labels, policies)) {
      columns.append(EvaluationText.Column(label: label, outcomes: try outcomes(folder, policy)))
      guard let baseline else { continue }
      if let other {
        if baselines.isEmpty { baselines.append(try outcomes(baseline, other)) }
      } else {
        baselines.append(try outcomes(folder, policy, always: .on))
      }
    }
    for column in columns {
      for outcome in column.outcomes {
        let failures = EvaluationSummary(EvaluationResults(items: outcome.items)).failures
        guard failures > 0 else { continue }
        console.note(
          "\(outcome.set): the verifier failed on \(failures) responses, which count nowhere; the same command tries again"
        )
      }
    }
    let comparisons = columns.enumerated().map { place, column -> [EvaluationComparison] in
      guard let base = baselines.indices.contains(place) ? baselines[place] : baselines.first else { return [] }
      return zip(column.outcomes, base).map { EvaluationComparison($0.items, baseline: $1.items) }
    }
    console.out(
      arguments.flag("--json")
        ? json(columns, checkpoints, comparisons, isProbe: isProbe).text() + "\n"
        : text(columns, comparisons, baseline: baseline, isProbe: isProbe))
    return .success
  }

  private static func store(_ arguments: ParsedArguments, _ folder: String) throws -> EvaluationStore? {
    guard !arguments.flag("--no-store") else { return nil }
    let path = arguments.string("--store") ?? EvaluationStore.defaultPath(checkpoint: folder)
    do { return try EvaluationStore(path: path) } catch {
      throw CommandFailure(
        code: .usage, description: "\(error). Name another place with --store FILE, or keep nothing with --no-store")
    }
  }

  /// The folders' names, or their whole paths where those are not different.
  private static func labels(_ folders: [String]) -> [String] {
    let names = folders.map { URL(fileURLWithPath: $0).lastPathComponent }
    return Set(names).count == names.count ? names : folders
  }

  private static func text(
    _ columns: [EvaluationText.Column], _ comparisons: [[EvaluationComparison]], baseline: String?, isProbe: Bool
  ) -> String {
    var parts = [EvaluationText.summary(columns)]
    if columns.count > 1 { parts.append(EvaluationText.figures(columns)) }
    for place in columns[0].outcomes.indices {
      let reports = columns.map { column in
        let results = EvaluationResults(items: column.outcomes[place].items)
        return (
          label: columns.count > 1 ? column.label : "all",
          report: EvaluationReport(
            step: 0, dataset: column.outcomes[place].set, total: results.cell(), cells: results.cells, seconds: 0)
        )
      }
      if (2...60).contains(reports[0].report.cells.count) { parts.append(EvaluationTable.text(reports)) }
    }
    for column in columns {
      for outcome in column.outcomes {
        parts.append(EvaluationText.obeyed(outcome))
        parts.append(EvaluationText.conversations(outcome))
        parts.append(EvaluationText.verifiers(outcome))
        parts.append(EvaluationText.repeated(outcome))
        if isProbe { parts.append(EvaluationText.probe(outcome)) }
      }
    }
    if let baseline {
      for (column, rows) in zip(columns, comparisons) {
        let named = zip(column.outcomes, rows).map { (set: $0.set, comparison: $1) }
        parts.append(EvaluationText.against(column.label, baseline == "on" ? "always thinking" : baseline, named))
      }
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// `datasets` of the one checkpoint, or `checkpoints` with the `datasets` of each.
  private static func json(
    _ columns: [EvaluationText.Column], _ checkpoints: [String], _ comparisons: [[EvaluationComparison]], isProbe: Bool
  ) -> JSON {
    let objects = columns.enumerated().map { place, column -> JSON in
      var datasets = JSONObject()
      for (index, outcome) in column.outcomes.enumerated() {
        var object = EvaluationSummary(EvaluationResults(items: outcome.items)).json(seconds: outcome.seconds)
        if outcome.tooLong > 0 { object["too_long"] = .int(outcome.tooLong) }
        if isProbe { object["probe"] = ProbeReport(outcome.items).json }
        if comparisons[place].indices.contains(index) { object["against"] = comparisons[place][index].json }
        datasets[outcome.set] = .object(object)
      }
      return .object(datasets)
    }
    guard objects.count > 1 else { return ["datasets": objects[0]] }
    return [
      "checkpoints": .array(
        zip(checkpoints, objects).map { ["checkpoint": .string($0), "datasets": $1] })
    ]
  }
}
