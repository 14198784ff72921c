import Tasks

/// An item with its response and score.
public struct EvaluatedItem: Sendable {
  /// The item.
  public let item: TaskItem
  /// The response.
  public let response: Rollout
  /// 0 for an invalid structure, nil without a score from the verifier.
  public let score: Double?
}

/// The results on one held-out set and the means over parts of it.
public struct EvaluationResults: Sendable {
  /// One result per item.
  public let items: [EvaluatedItem]

  /// The means over the items of a domain and a difficulty; nil takes all.
  public func cell(domain: Domain? = nil, difficulty: String? = nil) -> EvaluationCell {
    let members = items.filter {
      (domain == nil || $0.item.domain == domain) && (difficulty == nil || $0.item.difficultyLabel == difficulty)
    }
    let modes = members.map(\.response.response.mode)
    return EvaluationCell(
      domain: domain?.rawValue, difficulty: difficulty, count: members.count,
      accuracy: members.compactMap(\.score).meanIfAny,
      thinkOnRate: modes.compactMap { $0 }.map { $0 == .on ? 1 : 0 }.meanIfAny,
      meanLength: members.map { Double($0.response.tokens.count) }.meanIfAny,
      invalidRate: modes.map { $0 == nil ? 1 : 0 }.meanIfAny)
  }

  /// The difficulty labels that occur in a domain, or at all, in order.
  public func difficulties(of domain: Domain? = nil) -> [String] {
    let labels = items.filter { domain == nil || $0.item.domain == domain }.map(\.item.difficultyLabel)
    return Set(labels).sorted { ($0.count, $0) < ($1.count, $1) }
  }

  /// By domain and difficulty, in order.
  public var cells: [EvaluationCell] {
    Domain.allCases.flatMap { domain in difficulties(of: domain).map { cell(domain: domain, difficulty: $0) } }
  }
}
