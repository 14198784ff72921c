import AutoThink
import StepSRPO
import StrictJSON
import Tasks
import Verifiers

/// Verdicts, rewards and advantages of stored rollouts, computed again with the verifiers as they are now. Nothing in
/// the run is changed.
public struct Rescoring {
  /// A rollout whose verdict, reward or advantage is another now.
  public struct Change: Sendable, Equatable {
    /// Its name on the command line.
    public var id: String
    /// The query's id.
    public var query: String
    /// The verifier.
    public var verifier: String
    /// As stored.
    public var before: RolloutRecord
    /// As computed now.
    public var after: RolloutRecord

    /// Whether the verdict is another, not only what follows from the group's other verdicts.
    public var isFlip: Bool { Rescoring.kind(before.verdict) != Rescoring.kind(after.verdict) }
  }

  /// What one verifier said.
  public struct Tally: Sendable, Equatable {
    /// Verdicts asked for again.
    public var verdicts = 0
    /// From wrong to right, right to wrong, and to or from no score.
    public var flips: [String: Int] = [:]
  }

  /// By verifier.
  public private(set) var tallies: [String: Tally] = [:]
  /// Rollouts whose rewards or advantages are others now.
  public private(set) var changed = 0
  /// Groups whose right mode m* is another now.
  public private(set) var modeFlips = 0
  /// All rollouts looked at.
  public private(set) var rollouts = 0
  /// Sums and counts of the answer reward, before and after.
  private var rewards = [(sum: 0.0, count: 0), (sum: 0.0, count: 0)]

  /// The mean answer reward as stored and as computed now; nil over nothing.
  public var meanRewards: [Double?] { rewards.map { $0.count > 0 ? $0.sum / Double($0.count) : nil } }

  /// Rescores a run.
  ///
  /// - Parameters:
  ///   - verifier: only what this verifier judged; all when nil.
  ///   - step: only this step; all when nil.
  ///   - configuration: the run's.
  ///   - onChange: told of each change, in order.
  /// - Throws: ``SQLiteError``, `VerifierFailure` for a verifier the scorer does not know, what `onChange` throws.
  public init(
    _ reader: RunReader, _ configuration: RunConfiguration, scorer: Scorer, verifier: String? = nil, step: Int? = nil,
    onChange: (Change) throws -> Void
  ) throws {
    let algorithm = configuration.credit
    for step in try step.map({ [$0] }) ?? reader.steps() {
      let groups = try reader.groups(step: step)
      let verdicts = try Self.verdicts(groups, verifier, scorer)
      for (index, group) in groups.enumerated() where verifier == nil || group.item.verifier == verifier {
        let rescored = Self.rescored(group, verdicts[index], algorithm, configuration)
        if rescored.rightMode != group.rightMode { modeFlips += 1 }
        for (before, after) in zip(group.rollouts, rescored.rollouts) {
          count(before, after, group.item.verifier)
          let change = Change(
            id: "\(step).\(index).\(before.sample)", query: group.item.id, verifier: group.item.verifier,
            before: before, after: after)
          let isChanged = !Self.sameNumbers(before, after)
          if isChanged { changed += 1 }
          if isChanged || change.isFlip { try onChange(change) }
        }
      }
    }
  }

  private mutating func count(_ before: RolloutRecord, _ after: RolloutRecord, _ verifier: String) {
    rollouts += 1
    for (index, reward) in [before.answerReward, after.answerReward].enumerated() {
      guard let reward else { continue }
      rewards[index].sum += reward
      rewards[index].count += 1
    }
    guard before.answer != nil else { return }
    tallies[verifier, default: Tally()].verdicts += 1
    let kinds = [Self.kind(before.verdict), Self.kind(after.verdict)]
    if kinds[0] != kinds[1] { tallies[verifier]?.flips["\(kinds[0]) -> \(kinds[1])", default: 0] += 1 }
  }

  /// `right`, `wrong`, `partly right`, `abstained`, `failed` or `none`.
  public static func kind(_ verdict: Verdict?) -> String {
    switch verdict {
    case .score(let score, _): score >= 1 ? "right" : score <= 0 ? "wrong" : "partly right"
    case .abstain: "abstained"
    case .failed: "failed"
    case nil: "none"
    }
  }

  private static func sameNumbers(_ a: RolloutRecord, _ b: RolloutRecord) -> Bool {
    a.outcome == b.outcome && a.judgeReward == b.judgeReward && a.answerReward == b.answerReward
      && a.judgeAdvantage == b.judgeAdvantage && a.gateAdvantage == b.gateAdvantage
      && a.answerAdvantage == b.answerAdvantage
  }

  /// New verdicts by group and rollout; nil for what is not asked about.
  private static func verdicts(_ groups: [GroupRecord], _ verifier: String?, _ scorer: Scorer) throws -> [[Verdict?]] {
    var requests: [ScoringRequest] = []
    var places: [(group: Int, rollout: Int)] = []
    for (g, group) in groups.enumerated() where verifier == nil || group.item.verifier == verifier {
      for (r, rollout) in group.rollouts.enumerated() {
        guard let answer = rollout.answer else { continue }
        requests.append(ScoringRequest(item: group.item, answer: answer, id: "\(g)/\(r)"))
        places.append((g, r))
      }
    }
    var all = groups.map { group in [Verdict?](repeating: nil, count: group.rollouts.count) }
    for (place, verdict) in zip(places, try scorer(requests).verdicts) { all[place.group][place.rollout] = verdict }
    return all
  }

  /// The group with new verdicts and all that follows from them, by the trainer's own rules.
  private static func rescored(
    _ group: GroupRecord, _ verdicts: [Verdict?], _ algorithm: any Algorithm, _ configuration: RunConfiguration
  ) -> GroupRecord {
    var group = group
    for (i, verdict) in verdicts.enumerated() { group.rollouts[i].verdict = verdict }
    let outcomes = JudgedGroup.outcomes(
      group.rollouts.map { ($0.invalidReason == nil, $0.verdict) },
      failurePolicy: configuration.verification.failurePolicy)
    for (i, outcome) in outcomes.enumerated() { group.rollouts[i].outcome = outcome }
    let result = algorithm(
      group.rollouts.map(\.judged),
      of: QueryHistory(
        successRates: group.history, referenceReward: group.referenceReward, requestedMode: group.item.mode))
    group.accuracyOn = result.evidence.accuracyOn
    group.accuracyOff = result.evidence.accuracyOff
    group.delta = result.evidence.delta
    group.rightMode = result.evidence.rightMode
    group.contributes = result.contributes
    for i in group.rollouts.indices {
      group.rollouts[i].judgeReward = result.judgeRewards[i]
      group.rollouts[i].answerReward = result.answerRewards[i]
      group.rollouts[i].judgeAdvantage = result.advantages[i].judge
      group.rollouts[i].gateAdvantage = result.advantages[i].gate
      group.rollouts[i].answerAdvantage = result.advantages[i].answer
    }
    return group
  }
}
