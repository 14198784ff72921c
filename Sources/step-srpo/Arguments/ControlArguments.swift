import AutoThink
import LanguageModel
import StepSRPO

/// The options by which `eval`, `generate` and `chat` decide about mode, cost and draws.
enum ControlArguments {
  /// Who chooses the mode.
  static func options(modes: [String] = ["auto", "on", "off"]) -> [CommandDescription.Option] {
    let probe = modes.contains("probe") ? "; probe forces both on every query" : ""
    return [
      .value("--mode", "MODE", "who chooses the mode (default: auto, the policy)\(probe)", choices: modes),
      .value("--threshold", "P", "think where the policy's p(think_on) is at least P, instead of --mode"),
      .value("--think-budget", "N", "close the thought after N tokens, so that an answer still comes"),
      .value("--budget", "N", "close a whole response within N tokens, every part in time"),
      .value("--latency", "SECONDS", "a budget that fits this time, from the speed measured here"),
      .value("--max-new-tokens", "N", "cut a response after N tokens (default: 192)"),
      .value("--temperature", "T", "sampling temperature; 0 is greedy (default: 0)"),
      .value("--top-p", "P", "nucleus mass (default: 1)"),
      .value("--seed", "N", "seed of the draws (default: 1)"),
      .value("--threads", "N", "sampling threads; they never change a result (default: 2)"),
    ]
  }

  /// The control and the draws a command line asks for.
  ///
  /// A budget of `--budget` or `--latency` closes responses; nothing but it then cuts them.
  static func settings(
    _ arguments: ParsedArguments, _ policy: Policy, _ weights: DecodingWeights, _ console: Console
  ) throws -> EvaluationSettings {
    var settings = EvaluationSettings()
    let positions = policy.model.configuration.maxPositions
    let least = ControlledRequests(policy, control: ModeControl(), maxNewTokens: 1).leastBudget
    settings.control = ModeControl(try choice(arguments))
    settings.control.thinkBudget = try arguments.int("--think-budget", in: 1...Int.max)
    settings.control.budget = try arguments.int("--budget", in: least...Int.max)
    if let text = arguments.string("--latency") {
      guard arguments.string("--budget") == nil else {
        throw arguments.usage("--latency and --budget both limit a response; give one of them")
      }
      guard let seconds = try arguments.double("--latency"), seconds > 0 else {
        throw arguments.usage("--latency: found \"\(text)\", expected a positive number of seconds")
      }
      let target = try LatencyTarget(seconds: seconds, policy: policy, weights: weights)
      settings.control.budget = max(least, target.budget)
      let short = target.budget < least ? ", less than the \(least) a response needs: that is taken" : ""
      console.note(
        "latency     \(Int(target.tokensPerSecond)) tokens/s measured: \(target.budget) tokens in \(text) s\(short)")
    }
    let longest = max(1, positions - 1)
    settings.maxNewTokens = min(
      try arguments.int("--max-new-tokens", in: 1...positions) ?? settings.maxNewTokens, longest)
    if let budget = settings.control.budget {
      settings.maxNewTokens = min(longest, max(budget, settings.maxNewTokens))
    }
    settings.temperature = try arguments.number("--temperature", like: "evaluation.temperature") ?? 0
    settings.topP = try arguments.number("--top-p", like: "rollout.top_p") ?? 1
    settings.seed = UInt64(try arguments.int("--seed") ?? 1)
    settings.workers = try arguments.int("--threads", in: 1...256) ?? 2
    return settings
  }

  private static func choice(_ arguments: ParsedArguments) throws -> ModeControl.Choice {
    if let threshold = try arguments.double("--threshold") {
      guard arguments.string("--mode") == nil else {
        throw arguments.usage("--threshold and --mode both choose the mode; give one of them")
      }
      guard (0...1).contains(threshold) else {
        throw arguments.usage("--threshold: found \(threshold), expected a probability from 0 to 1")
      }
      return .threshold(threshold)
    }
    switch arguments.string("--mode") {
    case "on": return .on
    case "off": return .off
    default: return .auto
    }
  }

  /// A checkpoint as a policy.
  /// - Throws: `CommandFailure` with code 2 for a folder that is none.
  static func policy(_ folder: String) throws -> Policy {
    do { return try Policy(folder: folder) } catch { throw CommandFailure(code: .usage, description: "\(error)") }
  }
}
