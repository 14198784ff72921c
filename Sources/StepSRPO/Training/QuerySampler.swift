import AutoThink
import Tasks
import TensorCore

/// Which queries a step asks, in an order that is a function of the seed, the epoch and the history alone.
///
/// A stage gives the domains and the mix; each stage begins with an epoch of its own. In an epoch a query is drawn as
/// often as its weight says, once in the plain mix.
///
/// History resampling is SRPO's (arXiv 2504.14286) **[peer]**: at an epoch's end the queries whose rollouts were all
/// right are dropped, for good. Made mode-aware **[ours]**, because used word for word with a mode gate it would delete
/// exactly the prompts that teach think-off: a query rests only when think-off was always right *and* the policy already
/// picks it, a share of the resting ones comes back each epoch, and queries that were wrong throughout for several epochs
/// rest for one.
public struct QuerySampler: Codable, Sendable, Equatable {
  /// What is remembered of one query.
  public struct History: Codable, Sendable, Equatable {
    /// Outcomes summed and counted with thinking, over all epochs.
    public var on = Tally()
    /// The same without thinking.
    public var off = Tally()
    /// Difficulty, 1 - the policy's pass rate: the data's to begin with, then an average that forgets half with each
    /// visit; nil while unknown.
    public var difficulty: Double?
    /// Whether the rules let it rest, when last asked.
    public var settled = false
    /// Consecutive epochs in which every rollout was wrong.
    public var wrongEpochs = 0
    /// The first epoch in which it is asked again.
    public var restsUntil = 0
    /// The mean outcome of the reference policy; nil where it was not asked, or none of its responses had a score.
    public var referenceReward: Double?
  }

  /// A sum with its count.
  public struct Tally: Codable, Sendable, Equatable {
    /// The sum.
    public var sum = 0.0
    /// The count.
    public var count = 0

    /// The mean, or nil over nothing.
    public var mean: Double? { count > 0 ? sum / Double(count) : nil }
  }

  /// The rules.
  public private(set) var rules: ResamplingSection
  /// The stages.
  public private(set) var stages: [StageSection]
  private var seed: Int
  private let domains: [Domain]
  /// The present stage's place in the list.
  public private(set) var stage = 0
  /// The present epoch, from 0.
  public private(set) var epoch = 0
  private var position = 0
  private var order: [Int]
  /// By query.
  public private(set) var history: [History]

  /// A sampler over `count` queries without domains or difficulties, all asked once an epoch.
  public init(count: Int, seed: Int, rules: ResamplingSection = ResamplingSection()) {
    self.init(
      queries: Array(repeating: (Domain.general, nil), count: count), stages: [StageSection()], seed: seed, rules: rules
    )
  }

  /// A sampler over the queries of a pool.
  public init(_ queries: [TaskItem], configuration: RunConfiguration) {
    self.init(
      queries: queries.map { ($0.domain, $0.difficulty) }, stages: configuration.tasks.plan, seed: configuration.seed,
      rules: configuration.resampling)
  }

  init(
    queries: [(domain: Domain, difficulty: Double?)], stages: [StageSection], seed: Int, rules: ResamplingSection
  ) {
    precondition(!queries.isEmpty, "a sampler needs at least one query")
    self.rules = rules
    self.seed = seed
    self.stages = stages
    domains = queries.map(\.domain)
    history = queries.map { query in
      var history = History()
      history.difficulty = query.difficulty
      return history
    }
    order = []
    order = drawn(Array(queries.indices))
  }

  /// The indices of the next `count` queries. A new epoch begins when the present one is used up, and with each stage.
  public mutating func next(_ count: Int, step: Int = 1) -> [Int] {
    let current = Self.stage(at: step, stages)
    if current != stage {
      stage = current
      beginEpoch()
    }
    var batch: [Int] = []
    while batch.count < count {
      if position == order.count { beginEpoch() }
      guard !order.isEmpty else { break }
      batch.append(order[position])
      position += 1
    }
    return batch
  }

  /// Goes on under a configuration's seed, rules and stages, from the next epoch on: a run forked from a checkpoint may
  /// have others than the run it comes from.
  mutating func adopt(_ configuration: RunConfiguration) {
    seed = configuration.seed
    rules = configuration.resampling
    stages = configuration.tasks.plan
    stage = min(stage, stages.count - 1)
  }

  /// The stage of a step, counted from 1; the last one takes all steps that are left.
  static func stage(at step: Int, _ stages: [StageSection]) -> Int {
    var end = 0
    for (place, stage) in stages.enumerated().dropLast() {
      end += stage.steps
      if step <= end { return place }
    }
    return max(0, stages.count - 1)
  }

  /// h_m of a query: its success rate by mode so far.
  public func successRates(of query: Int) -> [ThinkMode: Double] {
    var rates: [ThinkMode: Double] = [:]
    rates[.on] = history[query].on.mean
    rates[.off] = history[query].off.mean
    return rates
  }

  /// Remembers a group's outcome.
  ///
  /// - Parameters:
  ///   - outcomes: mode and outcome of every valid, scored rollout.
  ///   - thinkOff: the policy's mean probability of think-off at the gate, where known.
  ///   - passRate: the mean outcome of the responses whose mode the policy chose, where known.
  public mutating func record(
    query: Int, outcomes: [(mode: ThinkMode, outcome: Double)], thinkOff: Double?, passRate: Double? = nil
  ) {
    if let passRate {
      history[query].difficulty = history[query].difficulty.map { ($0 + 1 - passRate) / 2 } ?? 1 - passRate
    }
    for (mode, outcome) in outcomes {
      switch mode {
      case .on:
        history[query].on.sum += outcome
        history[query].on.count += 1
      case .off:
        history[query].off.sum += outcome
        history[query].off.count += 1
      }
    }
    guard !outcomes.isEmpty else { return }
    switch rules.rule {
    case .modeAware:
      let off = outcomes.filter { $0.mode == .off }
      history[query].settled =
        !off.isEmpty && off.allSatisfy { $0.outcome >= 1 } && (thinkOff ?? 0) >= rules.settledOff
    case .srpo: history[query].settled = outcomes.allSatisfy { $0.outcome >= 1 }
    }
    history[query].wrongEpochs = outcomes.allSatisfy { $0.outcome <= 0 } ? history[query].wrongEpochs + 1 : 0
  }

  /// Remembers a judged group.
  mutating func record(_ group: JudgedGroup) {
    record(
      query: group.group.query, outcomes: group.evidence, thinkOff: group.thinkOffProbability, passRate: group.passRate)
    // A query whose user is not obeyed yet has more to teach, however right the answers are.
    guard let asked = group.group.item.mode else { return }
    let free = group.group.rollouts.filter { $0.kind == .free }
    if free.contains(where: { $0.response.mode != asked }) { history[group.group.query].settled = false }
  }

  /// Remembers the reference policy's mean outcome on a query.
  public mutating func record(query: Int, referenceReward: Double?) {
    history[query].referenceReward = referenceReward
  }

  private mutating func beginEpoch() {
    epoch += 1
    position = 0
    if rules.enabled {
      for query in history.indices
      where rules.rule == .modeAware && history[query].wrongEpochs >= rules.allWrongEpochs {
        history[query].wrongEpochs = 0
        history[query].restsUntil = epoch + 1
      }
    }
    let active = history.indices.filter { isAsked($0) }
    order = drawn(active)
    if order.isEmpty { order = drawn(Array(history.indices)) }
  }

  private func isAsked(_ query: Int) -> Bool {
    guard rules.enabled else { return true }
    if history[query].restsUntil > epoch { return false }
    guard history[query].settled else { return true }
    guard rules.rule == .modeAware else { return false }
    var stream = RandomStream(seed: UInt64(seed), purpose: .readmission, step: epoch, query: query)
    return stream.nextUniform() < rules.readmission
  }

  /// The order of an epoch over `queries`: each as often as the stage's mix says, shuffled.
  private func drawn(_ queries: [Int]) -> [Int] {
    let stage = stages[self.stage]
    let asked = queries.filter { stage.asks(domains[$0]) }
    var order = asked
    if !stage.mix.isPlain {
      let weights = stage.mix.weights(of: asked.map { (domains[$0], history[$0].difficulty) })
      let total = weights.reduce(0, +)
      order = zip(asked, weights).flatMap { query, weight -> [Int] in
        // The fraction of a draw is left to chance, so that even small weights are asked now and then.
        let times = total > 0 && total.isFinite ? Double(asked.count) * weight / total : 0
        var stream = RandomStream(seed: UInt64(seed), purpose: .taskMix, step: epoch, query: query)
        return Array(repeating: query, count: Int(times + stream.nextUniform()))
      }
      if order.isEmpty { order = asked }
    }
    var stream = RandomStream(seed: UInt64(seed), purpose: .queryOrder, step: epoch)
    stream.shuffle(&order)
    return order
  }
}

extension RandomPurpose {
  /// The order of queries in an epoch.
  public static let queryOrder: RandomPurpose = "query order"
  /// How often a query of fractional weight is drawn.
  public static let taskMix: RandomPurpose = "task mix"
  /// Which resting queries come back.
  public static let readmission: RandomPurpose = "readmission"
}
