/// What a step has gathered: judged groups of one round of sampling, or of several where dynamic sampling asks for more.
struct StepBatch {
  /// All groups in the order they were sampled, those set aside among them.
  private(set) var groups: [JudgedGroup] = []
  /// What the verifiers did in all rounds.
  private(set) var usage: [String: VerifierUsage] = [:]
  /// Rounds of sampling.
  private(set) var rounds = 0
  private let plan: RolloutSection

  /// An empty batch.
  init(_ plan: RolloutSection) { self.plan = plan }

  /// Adds a round. Under dynamic sampling groups without both right and wrong answers are set aside, and so are those
  /// beyond a full batch.
  mutating func add(_ judged: [JudgedGroup], usage: [String: VerifierUsage]) {
    rounds += 1
    self.usage.merge(usage) { $0.merged(with: $1) }
    for var group in judged {
      group.isSetAside = plan.samplingRounds > 1 && (!group.isMixed || kept.count >= plan.queriesPerStep)
      groups.append(group)
    }
  }

  /// The groups the update learns from.
  var kept: [JudgedGroup] { groups.filter { !$0.isSetAside } }

  /// The places of the kept groups among all.
  var keptPlaces: [Int] { groups.indices.filter { !groups[$0].isSetAside } }

  /// Whether another round is worth its tokens: the batch is short and the plan allows one.
  var isShort: Bool { rounds < plan.samplingRounds && kept.count < plan.queriesPerStep }

  /// Sampled tokens.
  var tokens: Int { groups.reduce(0) { $0 + $1.group.rollouts.reduce(0) { $0 + $1.tokens.count } } }
}

extension VerifierUsage {
  /// Both together, the first failure of the first.
  func merged(with other: VerifierUsage) -> VerifierUsage {
    var sum = self
    sum.scores += other.scores
    sum.requests += other.requests
    sum.failures += other.failures
    sum.timeouts += other.timeouts
    sum.weightedRequests += other.weightedRequests
    sum.weightedFailures += other.weightedFailures
    sum.seconds += other.seconds
    sum.firstFailure = firstFailure ?? other.firstFailure
    return sum
  }
}
