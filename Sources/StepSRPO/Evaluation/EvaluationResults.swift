import AutoThink
import Tasks

/// The results on one held-out set and the means over parts of it.
///
/// A mean over items weighs every item alike, however many of its responses have a score.
public struct EvaluationResults: Sendable {
  /// One result per item.
  public let items: [EvaluatedItem]

  /// Results.
  public init(items: [EvaluatedItem]) { self.items = items }

  /// The items of a domain and a difficulty; nil takes all.
  public func part(domain: Domain? = nil, difficulty: String? = nil) -> EvaluationResults {
    EvaluationResults(
      items: items.filter {
        (domain == nil || $0.item.domain == domain) && (difficulty == nil || $0.item.difficultyLabel == difficulty)
      })
  }

  /// The means over the items of a domain and a difficulty; nil takes all.
  public func cell(domain: Domain? = nil, difficulty: String? = nil) -> EvaluationCell {
    let members = part(domain: domain, difficulty: difficulty)
    let samples = members.items.flatMap(\.free)
    var cell = EvaluationCell(
      domain: domain?.rawValue, difficulty: difficulty, count: members.items.count, accuracy: members.accuracy,
      thinkOnRate: members.thinkOnRate, meanLength: samples.map { Double($0.length) }.meanIfAny,
      invalidRate: samples.map { $0.invalidReason == nil ? 0 : 1 }.meanIfAny)
    cell.auditedAccuracy = members.auditedAccuracy
    cell.auditDisagreement = members.auditDisagreement
    return cell
  }

  /// Mean over items of the mean score of their responses; nil where nothing has a score.
  public var accuracy: Double? { items.compactMap { $0.free.meanScore }.meanIfAny }

  /// ``accuracy`` where an answer that the audit refuses counts as wrong; nil where the audit read nothing.
  public var auditedAccuracy: Double? {
    guard auditDisagreement != nil else { return nil }
    return items.compactMap { $0.free.compactMap(\.auditedScore).meanIfAny }.meanIfAny
  }

  /// The share of right answers that the audit refuses, among those it gave a score; nil where it read none.
  public var auditDisagreement: Double? {
    items.flatMap(\.free).compactMap(\.isRefused).map { $0 ? 1 : 0 }.meanIfAny
  }

  /// Share of think-on among valid responses, turns of a conversation one by one; nil without any.
  public var thinkOnRate: Double? {
    items.flatMap(\.free).flatMap(\.modes).map { $0 == .on ? 1 : 0 }.meanIfAny
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
