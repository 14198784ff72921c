/// Which part of the suite a run uses.
public struct PrimerOptions: Sendable, Equatable {
  /// The seed of the draws. It never moves an item from one split to another.
  public var seed: Int
  /// The domains, each with the same share.
  public var domains: [Domain]
  /// The relative share of each level, easiest first; a level without an entry, or with 0, does not occur.
  public var levelWeights: [Double]
  /// Those of domains that have their own, relative to all others.
  public var domainLevelWeights: [Domain: [Double]]

  /// Options; by default all four domains and all six levels alike.
  public init(
    seed: Int = 1, domains: [Domain] = Domain.allCases,
    levelWeights: [Double] = [Double](repeating: 1, count: Primer.levels.count),
    domainLevelWeights: [Domain: [Double]] = [:]
  ) {
    self.seed = seed
    self.domains = domains
    self.levelWeights = levelWeights
    self.domainLevelWeights = domainLevelWeights
  }

  /// The cells that occur with their weights.
  /// - Throws: `PrimerError.badOptions` naming what is wrong.
  func cells() throws -> [(domain: Domain, level: Int, weight: Double)] {
    guard !domains.isEmpty, Set(domains).count == domains.count else {
      throw PrimerError.badOptions(
        "domains: found [\(domains.map(\.rawValue).joined(separator: ", "))], expected different domains, at least one")
    }
    let cells = try domains.flatMap { domain in
      let weights = domainLevelWeights[domain] ?? levelWeights
      guard weights.count <= Primer.levels.count else {
        throw PrimerError.badOptions(
          "level weights: found \(weights.count) of them, expected at most \(Primer.levels.count), easiest first")
      }
      guard weights.allSatisfy({ $0.isFinite && $0 >= 0 }), weights.contains(where: { $0 > 0 }) else {
        throw PrimerError.badOptions(
          "level weights: found \(weights), expected finite numbers of 0 or more, one of them positive")
      }
      return zip(Primer.levels, weights).filter { $1 > 0 }.map { (domain: domain, level: $0, weight: $1) }
    }
    guard cells.reduce(0, { $0 + $1.weight }).isFinite else {
      throw PrimerError.badOptions("level weights: found a sum that is no number, expected smaller weights")
    }
    return cells
  }
}

/// What can go wrong with the suite.
public enum PrimerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Options that describe no suite.
  case badOptions(String)
  /// A cell has fewer different items than asked for.
  case exhausted(split: TaskSplit, domain: Domain, level: Int, found: Int, wanted: Int)
  /// An item whose prompt is not one of the suite.
  case foreignItem(id: String, prompt: String)

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .badOptions(let text): "primer: \(text)"
    case .exhausted(let split, let domain, let level, let found, let wanted):
      "primer: \(domain.rawValue) level \(level) has about \(found) different \(split.rawValue) items, \(wanted) were "
        + "asked for; ask for fewer or use more levels and domains"
    case .foreignItem(let id, let prompt):
      "primer: item \"\(id)\" is not of the suite: its prompt is \"\(prompt.prefix(60))\"; the oracle answers items that "
        + "Primer made"
    }
  }
}
