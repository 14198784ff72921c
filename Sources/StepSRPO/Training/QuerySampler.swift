import AutoThink
import TensorCore

/// Which queries a step asks, in an order that is a function of the seed, the epoch and the history alone.
///
/// History resampling is SRPO's (arXiv 2504.14286), made mode-aware **[ours]**: used word for word with a mode gate it
/// would delete exactly the prompts that teach think-off. So a query rests only when think-off was always right *and*
/// the policy already picks it; a share of the resting ones comes back each epoch. Queries that were wrong throughout
/// for several epochs rest for one.
public struct QuerySampler: Codable, Sendable, Equatable {
  /// What is remembered of one query.
  public struct History: Codable, Sendable, Equatable {
    /// Outcomes summed and counted with thinking, over all epochs.
    public var on = Tally()
    /// The same without thinking.
    public var off = Tally()
    /// Whether think-off was always right, and the policy picked it, when last asked.
    public var settled = false
    /// Consecutive epochs in which every rollout was wrong.
    public var wrongEpochs = 0
    /// The first epoch in which it is asked again.
    public var restsUntil = 0
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
  private var seed: Int
  /// The present epoch, from 0.
  public private(set) var epoch = 0
  private var position = 0
  private var order: [Int]
  /// By query.
  public private(set) var history: [History]

  /// A sampler over `count` queries.
  public init(count: Int, seed: Int, rules: ResamplingSection = ResamplingSection()) {
    precondition(count > 0, "a sampler needs at least one query")
    self.rules = rules
    self.seed = seed
    history = Array(repeating: History(), count: count)
    order = Self.shuffled(Array(0..<count), seed: seed, epoch: 0)
  }

  /// The indices of the next `count` queries. A new epoch begins when the present one is used up.
  public mutating func next(_ count: Int) -> [Int] {
    var batch: [Int] = []
    while batch.count < count {
      if position == order.count { beginEpoch() }
      batch.append(order[position])
      position += 1
    }
    return batch
  }

  /// Goes on under another seed and other rules, from the next epoch on: a run forked from a checkpoint may have both.
  mutating func adopt(seed: Int, rules: ResamplingSection) {
    self.seed = seed
    self.rules = rules
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
  public mutating func record(query: Int, outcomes: [(mode: ThinkMode, outcome: Double)], thinkOff: Double?) {
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
    let off = outcomes.filter { $0.mode == .off }
    history[query].settled =
      !off.isEmpty && off.allSatisfy { $0.outcome >= 1 } && (thinkOff ?? 0) >= rules.settledOff
    history[query].wrongEpochs = outcomes.allSatisfy { $0.outcome <= 0 } ? history[query].wrongEpochs + 1 : 0
  }

  private mutating func beginEpoch() {
    epoch += 1
    position = 0
    if rules.enabled {
      for query in history.indices where history[query].wrongEpochs >= rules.allWrongEpochs {
        history[query].wrongEpochs = 0
        history[query].restsUntil = epoch + 1
      }
    }
    var active = history.indices.filter { isAsked($0) }
    if active.isEmpty { active = Array(history.indices) }
    order = Self.shuffled(active, seed: seed, epoch: epoch)
  }

  private func isAsked(_ query: Int) -> Bool {
    guard rules.enabled else { return true }
    if history[query].restsUntil > epoch { return false }
    guard history[query].settled else { return true }
    var stream = RandomStream(seed: UInt64(seed), purpose: .readmission, step: epoch, query: query)
    return stream.nextUniform() < rules.readmission
  }

  private static func shuffled(_ queries: [Int], seed: Int, epoch: Int) -> [Int] {
    var stream = RandomStream(seed: UInt64(seed), purpose: .queryOrder, step: epoch)
    var order = queries
    stream.shuffle(&order)
    return order
  }
}

extension RandomPurpose {
  /// The order of queries in an epoch.
  public static let queryOrder: RandomPurpose = "query order"
  /// Which resting queries come back.
  public static let readmission: RandomPurpose = "readmission"
}
