import AutoThink
import Foundation
import StepSRPO
import Tasks
import Verifiers

/// `step-srpo data difficulty`: how hard the tasks of a file are for a checkpoint.
enum DataDifficultyCommand: Command {
  static let description = CommandDescription(
    name: "data difficulty", summary: "Measure how hard tasks are for a checkpoint, and write it into their file.",
    positionals: [
      .init(name: "CHECKPOINT", help: "a Hugging Face folder, for example runs/RUN/checkpoints/step-000100"),
      .init(name: "FILE", help: "a task file (JSON lines)"),
    ],
    options: [
      .value("--output", "FILE", "where the tasks are written (default: FILE itself)"),
      .value("--samples", "N", "responses a task (default: 8)"),
      .value(
        "--mode", "MODE", "who chooses the mode (default: auto, the policy)",
        choices: ["auto", "on", "off"]),
      .value("--temperature", "T", "sampling temperature (default: 1)"),
      .value("--max-new-tokens", "N", "most tokens of a response (default: 192)"),
      .value("--off-budget", "N", "most tokens after <think_off> (default: a quarter of --max-new-tokens)"),
      .value("--seed", "N", "seed of the draws (default: 1)"),
      BuiltInVerifiers.pluginsOption, BuiltInVerifiers.classifierOption,
      .flag("--dry-run", "measure and print, and write nothing"),
    ],
    notes: """
      Difficulty is 1 - the share of right responses. A task none of whose responses got a verdict keeps
      the difficulty it had, and is counted. The file is replaced in one move.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let path = arguments.positionals[1]
    let policy: Policy
    var items: [TaskItem]
    do {
      policy = try Policy(folder: arguments.positionals[0])
      items = try TaskFile.read(path)
    } catch {
      throw CommandFailure(code: .usage, description: "\(error)")
    }
    let rollout = try Self.rollout(arguments, policy)
    let room = PromptRoom(positions: policy.model.configuration.maxPositions, rollout)
    if let item = items.first(where: { !room.fits(policy.codec.prompt($0).count) }) {
      throw CommandFailure(
        code: .usage,
        description:
          "\(path): the prompt of \"\(item.id)\" has \(policy.codec.prompt(item).count) tokens, expected at most "
          + "\(max(0, room.longestPrompt)): of the model's \(room.positions) positions \(room.response) are kept for a "
          + "response")
    }
    let samples = try arguments.int("--samples", in: 1...10_000) ?? 8
    let registry = try BuiltInVerifiers.registry(BuiltInVerifiers.Settings(arguments))
    try Preflight.check(items, registry: registry, console: console)
    let rates = try PassRates(
      policy: policy, rollout: rollout, scorer: Scorer(registry: registry, workers: 2),
      seed: arguments.int("--seed", in: 0...Int.max) ?? 1)(
        items.enumerated().map { ($0.offset, $0.element) }, samples: samples,
        forcing: arguments.string("--mode").flatMap(ThinkMode.init(rawValue:)))
    for (place, rate) in rates.enumerated() where rate != nil { items[place].difficulty = rate.map { 1 - $0 } }
    console.out(Self.table(items, rates))
    let unknown = rates.count { $0 == nil }
    if unknown > 0 {
      console.note("\(unknown) of \(items.count) tasks got no verdict and keep the difficulty they had")
    }
    guard !arguments.flag("--dry-run") else { return .success }
    let output = arguments.string("--output") ?? path
    try TaskFile.write(items, to: output)
    console.note("wrote \(items.count) tasks to \(output)")
    return .success
  }

  private static func rollout(_ arguments: ParsedArguments, _ policy: Policy) throws -> RolloutSection {
    var rollout = RolloutSection()
    let longest = max(1, policy.model.configuration.maxPositions - 1)
    rollout.maxNewTokens = min(longest, try arguments.int("--max-new-tokens", in: 1...longest) ?? rollout.maxNewTokens)
    rollout.offBudget = try arguments.int("--off-budget", in: 1...longest) ?? 0
    rollout.temperature = try arguments.number("--temperature", like: "rollout.temperature") ?? 1
    return rollout
  }

  /// Tasks by domain and tenth of difficulty.
  private static func table(_ items: [TaskItem], _ rates: [Double?]) -> String {
    let measured = zip(items, rates).filter { $0.1 != nil }.map(\.0)
    var text = "domain   tasks  mean difficulty  easiest tenth  hardest tenth\n"
    for domain in Domain.allCases {
      let own = measured.filter { $0.domain == domain }.compactMap(\.difficulty)
      guard !own.isEmpty else { continue }
      let mean = own.reduce(0, +) / Double(own.count)
      text += String(
        format: "%-8@ %5d  %15.3f  %13d  %13d\n", domain.rawValue as NSString, own.count, mean,
        own.count { $0 <= 0.1 }, own.count { $0 >= 0.9 })
    }
    return text
  }
}
