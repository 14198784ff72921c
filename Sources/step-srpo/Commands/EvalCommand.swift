import ColdStart
import RunStore
import StepSRPO
import StrictJSON
import Tasks
import Verifiers

/// `step-srpo eval`: a checkpoint on held-out data.
enum EvalCommand: Command {
  static let description = CommandDescription(
    name: "eval", summary: "Measure a checkpoint on held-out data.",
    positionals: [
      .init(name: "CHECKPOINT", help: "a Hugging Face folder, for example runs/RUN/checkpoints/step-000100")
    ],
    options: [
      .value(
        "--data", "FILE", "a task file; \"primer\" is the built-in suite's test split (default)", isRepeated: true),
      .value("--mode", "MODE", "who chooses the mode (default: auto, the policy)", choices: ["auto", "on", "off"]),
      .value("--temperature", "T", "sampling temperature; 0 is greedy (default: 0)"),
      .value(
        "--domain", "DOMAIN", "only these domains of primer", isRepeated: true,
        choices: Domain.allCases.map(\.rawValue)),
      .value("--items-per-cell", "N", "items per domain and level of primer (default: 50)"),
      .value("--max-new-tokens", "N", "most tokens of a response (default: 192)"),
      .value("--seed", "N", "seed of the draws (default: 1)"),
      BuiltInVerifiers.pluginsOption, BuiltInVerifiers.classifierOption,
      .flag("--json", "one JSON object instead of tables"),
    ])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let policy: Policy
    let sets: [EvaluationSet]
    do {
      policy = try Policy(folder: arguments.positionals[0])
      sets = try Self.sets(arguments)
    } catch {
      throw CommandFailure(code: .usage, description: "\(error)")
    }
    var rollout = RolloutSection()
    if let limit = try arguments.int("--max-new-tokens", in: 1...policy.model.configuration.maxPositions) {
      rollout.maxNewTokens = limit
    }
    rollout.maxNewTokens = min(rollout.maxNewTokens, policy.model.configuration.maxPositions - 1)
    let registry = try BuiltInVerifiers.registry(BuiltInVerifiers.Settings(arguments))
    try Preflight.check(sets.flatMap(\.items), registry: registry, console: console)
    let evaluator = Evaluator(
      sets: sets, scorer: Scorer(registry: registry, workers: 2), rollout: rollout,
      temperature: try arguments.double("--temperature") ?? 0, seed: try arguments.int("--seed") ?? 1)
    let mode = EvaluationMode(rawValue: arguments.string("--mode") ?? "auto") ?? .auto
    var datasets = JSONObject()
    for set in sets {
      let results = try evaluator.results(policy, set.items, mode)
      if arguments.flag("--json") {
        datasets[set.name] = Self.json(results)
      } else {
        let report = EvaluationReport(
          step: 0, dataset: set.name, total: results.cell(), cells: results.cells, seconds: 0)
        console.out(EvaluationTable.text([(mode.rawValue, report)]) + "\n")
      }
    }
    if arguments.flag("--json") {
      console.out(JSON.object(JSONObject([("datasets", .object(datasets))])).text() + "\n")
    }
    return .success
  }

  private static func sets(_ arguments: ParsedArguments) throws -> [EvaluationSet] {
    let names = arguments.strings("--data")
    let perCell = try arguments.int("--items-per-cell", in: 1...1000) ?? 50
    let chosen = arguments.strings("--domain").compactMap(Domain.init(rawValue:))
    let primer = try Primer(PrimerOptions(domains: chosen.isEmpty ? Domain.allCases : chosen))
    return try (names.isEmpty ? ["primer"] : names).map { name in
      name == "primer"
        ? EvaluationSet(name: name, items: try primer.items(.test, perCell: perCell))
        : EvaluationSet(name: PipelineData.name(ofFile: name), items: try TaskFile.read(name))
    }
  }

  /// The means of a set, overall and by difficulty; a mean over nothing is absent.
  private static func json(_ results: EvaluationResults) -> JSON {
    var object = fields(results.cell())
    object["invalid_rate"] = results.cell().invalidRate.map { .double($0) }
    object["by_difficulty"] = .object(
      JSONObject(results.difficulties().map { ($0, .object(fields(results.cell(difficulty: $0)))) }))
    return .object(object)
  }

  private static func fields(_ cell: EvaluationCell) -> JSONObject {
    var object = JSONObject([("n", .int(cell.count))])
    object["accuracy"] = cell.accuracy.map { .double($0) }
    object["think_on_rate"] = cell.thinkOnRate.map { .double($0) }
    object["mean_length"] = cell.meanLength.map { .double($0) }
    return object
  }
}
