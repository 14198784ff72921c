import Tasks

/// How often the queries of a pool are asked, by domain and difficulty. The report's mix is biased to hard queries and
/// keeps an easy share; the formula is **[ours]**.
///
///     weight = domain weight * (1 + hard_bias * difficulty)
///
/// and the queries easier than `easy_below` are scaled together to `easy_share` of all draws. Difficulty is 1 - the pass
/// rate of the current policy: the data's to begin with, re-estimated whenever a query is asked. The default asks every
/// query once an epoch.
public struct MixSection: Codable, Sendable, Equatable {
  /// Relative weight of a query of this domain; 0 leaves the domain out.
  public var math = 1.0
  /// See `math`.
  public var code = 1.0
  /// See `math`.
  public var science = 1.0
  /// See `math`.
  public var general = 1.0
  /// How much more often the hardest queries are asked: 1 asks them twice as often as the easiest.
  public var hardBias = 0.0
  /// Share of the draws that are easy queries; 0 leaves their share as it comes.
  public var easyShare = 0.0
  /// A query of a difficulty below this is easy.
  public var easyBelow = 0.35

  /// The defaults.
  public init() {}

  /// The weight of a domain.
  public func weight(of domain: Domain) -> Double {
    switch domain {
    case .math: math
    case .code: code
    case .science: science
    case .general: general
    }
  }

  /// Whether every query is asked once an epoch.
  var isPlain: Bool { self == MixSection() }

  /// Relative weights of `queries`; a query of unknown difficulty counts as middling.
  func weights(of queries: [(domain: Domain, difficulty: Double?)]) -> [Double] {
    var weights = queries.map { weight(of: $0.domain) * (1 + hardBias * ($0.difficulty ?? 0.5)) }
    guard easyShare > 0 else { return weights }
    let easy = queries.indices.filter { (queries[$0].difficulty ?? 0.5) < easyBelow }
    let easyWeight = easy.reduce(0) { $0 + weights[$1] }
    let otherWeight = weights.reduce(0, +) - easyWeight
    guard easyWeight > 0, otherWeight > 0, easyShare < 1 else { return weights }
    let factor = easyShare / (1 - easyShare) * otherWeight / easyWeight
    for i in easy { weights[i] *= factor }
    return weights
  }
}

/// A stage of the run: its mix and its end. SRPO's two stages (arXiv 2504.14286) are two of these: mathematics first,
/// then mathematics and code **[peer]**.
public struct StageSection: Codable, Sendable, Equatable {
  /// Its name in notes.
  public var name = ""
  /// Reinforcement steps; 0, for the last stage only, lasts to the end of the run.
  public var steps = 0
  /// The domains it asks; empty asks all of the pool's.
  public var domains: [Domain] = []
  /// The mix.
  public var mix = MixSection()

  /// The defaults.
  public init() {}

  /// Whether it asks queries of this domain.
  public func asks(_ domain: Domain) -> Bool {
    (domains.isEmpty || domains.contains(domain)) && mix.weight(of: domain) > 0
  }
}

extension TaskSection {
  /// The stages in order; without a list one that lasts the whole run and has the tasks' own mix.
  public var plan: [StageSection] {
    guard stages.isEmpty else { return stages }
    var whole = StageSection()
    whole.mix = mix
    return [whole]
  }
}
