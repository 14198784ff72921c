import RunStore
import StepSRPO
import StrictJSON
import Verifiers

/// `step-srpo rescore`: what would the verifiers say today?
enum RescoreCommand: Command {
  static let description = CommandDescription(
    name: "rescore", summary: "Compute the verdicts, rewards and advantages of stored rollouts again.",
    positionals: [.init(name: "RUN", help: "a run's name, or the path of its folder")],
    options: [
      .value("--verifier", "NAME", "only what this verifier judged"),
      .value("--step", "N", "only this step (default: all)"),
      .value("--limit", "N", "changes to show (default: 20; all with --json)"),
      .flag("--json", "one JSON object per change and line, then one for the whole"),
      CommandDescription.runsOption,
    ],
    notes: "Nothing in the run is changed.")

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let reader = try RunReader(
      RunFolder.open(arguments.positionals[0], in: arguments.string("--runs") ?? RunFolder.defaultRunsFolder))
    let configuration = try ConfigurationFile(
      resolved: reader.config().text(), source: reader.folder.databasePath
    ).configuration
    let registry = try BuiltInVerifiers.registry(BuiltInVerifiers.Settings(configuration.verification))
    let verifier = arguments.string("--verifier")
    if let verifier { try checkVerifier(verifier, reader, registry) }
    let isJSON = arguments.flag("--json")
    var left = try arguments.int("--limit", in: 0...Int.max) ?? (isJSON ? Int.max : 20)
    var hidden = 0
    let scorer = Scorer(registry: registry, workers: configuration.verification.workers)
    let rescoring = try Rescoring(
      reader, configuration, scorer: scorer, verifier: verifier, step: try arguments.int("--step", in: 1...Int.max)
    ) { change in
      guard left > 0 else { return hidden += 1 }
      // What only follows from a neighbour's flip is counted; shown are the flips themselves.
      guard isJSON || change.isFlip else { return }
      left -= 1
      console.out(isJSON ? json(change).text() + "\n" : text(change))
    }
    if isJSON {
      console.out(json(rescoring).text() + "\n")
    } else {
      if hidden > 0 { console.out("and \(hidden) more changes\n") }
      console.out(summary(rescoring))
    }
    return .success
  }

  private static func checkVerifier(_ name: String, _ reader: RunReader, _ registry: VerifierRegistry) throws {
    do { _ = try registry.verifier(named: name) } catch let failure as VerifierFailure {
      throw CommandFailure(code: .usage, description: failure.message)
    }
    let used = try reader.database.rows("SELECT DISTINCT verifier FROM queries ORDER BY 1").compactMap { $0[0].string }
    guard !used.contains(name) else { return }
    throw CommandFailure(
      code: .usage,
      description: "verifier \"\(name)\" judged nothing in this run; these did: \(used.joined(separator: ", "))")
  }

  private static func text(_ change: Rescoring.Change) -> String {
    func side(_ rollout: RolloutRecord) -> String {
      var text = Rescoring.kind(rollout.verdict)
      if let read = rollout.verdict?.detail?.extracted { text += " (read \"\(read)\")" }
      if case .abstain(let reason) = rollout.verdict { text += " (\(reason))" }
      if let failure = rollout.verdict?.failure { text += " (\(failure))" }
      return text
    }
    func number(_ value: Double?) -> String { value.map { NumberText.fixed($0, 4) } ?? "-" }
    let line =
      "\(change.id)  \(change.query)  \(change.verifier): \(side(change.before)) -> \(side(change.after))  reward "
      + "\(number(change.before.answerReward)) -> \(number(change.after.answerReward))  answer advantage "
      + "\(number(change.before.answerAdvantage)) -> \(number(change.after.answerAdvantage))"
    return TerminalText.neutralised(line, keepingNewlines: false) + "\n"
  }

  private static func summary(_ rescoring: Rescoring) -> String {
    var text = ""
    for (verifier, tally) in rescoring.tallies.sorted(by: { $0.key < $1.key }) {
      let flips = tally.flips.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      text +=
        "\(verifier): \(tally.verdicts) verdicts, "
        + (flips.isEmpty ? "none flips" : flips.joined(separator: ", ")) + "\n"
    }
    let rewards = rescoring.meanRewards.map { $0.map { NumberText.fixed($0, 4) } ?? "-" }
    return text
      + "mean answer reward \(rewards[0]) -> \(rewards[1]); rewards or advantages of \(rescoring.changed) of "
      + "\(rescoring.rollouts) rollouts change; the right mode of \(rescoring.modeFlips) groups changes\n"
  }

  private static func json(_ change: Rescoring.Change) -> JSON {
    func side(_ rollout: RolloutRecord) -> JSON {
      func number(_ value: Double?) -> JSON { value.map { .double($0) } ?? .null }
      return [
        "verdict": .string(Rescoring.kind(rollout.verdict)), "score": number(rollout.verdict?.score),
        "extracted": rollout.verdict?.detail?.extracted.map { .string($0) } ?? .null,
        "outcome": number(rollout.outcome), "judge_reward": number(rollout.judgeReward),
        "answer_reward": number(rollout.answerReward), "judge_advantage": number(rollout.judgeAdvantage),
        "gate_advantage": number(rollout.gateAdvantage), "answer_advantage": number(rollout.answerAdvantage),
      ]
    }
    return [
      "rollout": .string(change.id), "query": .string(change.query), "verifier": .string(change.verifier),
      "flips": .bool(change.isFlip), "before": side(change.before), "after": side(change.after),
    ]
  }

  private static func json(_ rescoring: Rescoring) -> JSON {
    let tallies = rescoring.tallies.sorted { $0.key < $1.key }.map { name, tally -> (String, JSON) in
      let flips = tally.flips.sorted { $0.key < $1.key }.map { ($0.key, JSON.int($0.value)) }
      return (name, ["verdicts": .int(tally.verdicts), "flips": .object(JSONObject(flips))])
    }
    return [
      "rollouts": .int(rescoring.rollouts), "changed": .int(rescoring.changed),
      "right_mode_flips": .int(rescoring.modeFlips),
      "mean_answer_reward": .array(rescoring.meanRewards.map { $0.map { .double($0) } ?? .null }),
      "verifiers": .object(JSONObject(tallies)),
    ]
  }
}
