import AutoThink
import Foundation
import StepSRPO
import StrictJSON
import Verifiers

/// What differs between two runs, and where it began.
public struct RunDifference {
  /// A metric that differs.
  public struct Place: Sendable, Equatable {
    /// What its step counts.
    public var stage: MetricStage
    /// The step.
    public var step: Int
    /// The metric.
    public var metric: String
    /// The values; nil where a run did not record it.
    public var values: [Double?]
  }

  /// A rollout that differs.
  public struct Rollout: Sendable, Equatable {
    /// Its name on the command line.
    public var id: String
    /// What differs, in words, with both values.
    public var differences: [String]
  }

  /// Differences of version, build, data and the like, as `name: a -> b`.
  public private(set) var facts: [String] = []
  /// Differences of the configuration.
  public private(set) var configuration: [ConfigurationChange] = []
  /// The metrics that differ at the first place where any does, in the order of the registry.
  public private(set) var first: [Place] = []
  /// The rollouts that differ in that step.
  public private(set) var rollouts: [Rollout] = []
  /// How many steps both runs have recorded.
  public private(set) var commonSteps = 0

  /// Whether no recorded number differs, as far as both runs go.
  public var sameNumbers: Bool { first.isEmpty }

  /// Compares two runs.
  /// - Throws: ``RunStoreError``, ``SQLiteError`` or a `JSONError`.
  public init(_ a: RunReader, _ b: RunReader) throws {
    let infos = [try a.info(), try b.info()]
    for (name, value) in [
      ("code version", { (info: RunInfo) in info.codeVersion }), ("build", { $0.build ?? "unknown" }),
      ("data", { $0.dataHash ?? "unknown" }), ("seed", { "\($0.seed)" }),
      ("forked from", { $0.forkedFrom ?? "nothing" }),
    ] where value(infos[0]) != value(infos[1]) { facts.append("\(name): \(value(infos[0])) -> \(value(infos[1]))") }
    configuration = ConfigurationChange.between(try a.config(), try b.config())
    commonSteps = min(try a.lastStep(), try b.lastStep())
    first = try Self.first(a, b, commonSteps: commonSteps)
    if let place = first.first, place.stage == .train { rollouts = try Self.rollouts(a, b, step: place.step) }
  }

  // MARK: Metrics

  /// Cold start, then evaluation 0, step 1, evaluation 1, …; within a place the registry's order.
  private static func first(_ a: RunReader, _ b: RunReader, commonSteps: Int) throws -> [Place] {
    let values = [try values(a), try values(b)]
    let coldStart = values.map { run in run.keys.filter { $0.stage == .coldStart }.map(\.step).max() ?? 0 }
    var places: [Place] = []
    for key in Set(values[0].keys).union(values[1].keys) {
      // What one run has not come to yet is no difference.
      if key.stage == .coldStart ? key.step > coldStart.min()! : key.step > commonSteps { continue }
      if MetricRegistry.definition(of: key.metric)?.unit == "s" { continue }
      let pair = values.map { $0[key] }
      let same = pair[0] == pair[1] || (pair[0]?.isNaN == true && pair[1]?.isNaN == true)
      if !same { places.append(Place(stage: key.stage, step: key.step, metric: key.metric, values: pair)) }
    }
    guard let earliest = places.map(order).min(by: <) else { return [] }
    let names = MetricRegistry.definitions.map(\.name)
    func rank(_ place: Place) -> (Int, String) {
      (names.firstIndex(of: MetricRegistry.definition(of: place.metric)?.name ?? "") ?? names.count, place.metric)
    }
    return places.filter { order($0) == earliest }.sorted { rank($0) < rank($1) }
  }

  private static func order(_ place: Place) -> (Int, Int, Int) {
    switch place.stage {
    case .coldStart: (0, place.step, 0)
    case .train: (1, place.step, 0)
    case .evaluation: (1, place.step, 1)
    }
  }

  private struct Key: Hashable {
    var stage: MetricStage
    var step: Int
    var metric: String
  }

  private static func values(_ reader: RunReader) throws -> [Key: Double] {
    var values: [Key: Double] = [:]
    try reader.database.statement("SELECT stage, step, name, value FROM metrics").forEachRow { row in
      guard let stage = row[0].string.flatMap(MetricStage.init) else { return }
      values[Key(stage: stage, step: row[1].int ?? 0, metric: row[2].string ?? "")] = row[3].double ?? .nan
    }
    return values
  }

  // MARK: Rollouts

  private static func rollouts(_ a: RunReader, _ b: RunReader, step: Int) throws -> [Rollout] {
    let groups = [try a.groups(step: step), try b.groups(step: step)]
    var found: [Rollout] = []
    for index in 0..<max(groups[0].count, groups[1].count) {
      let pair = groups.map { $0.indices.contains(index) ? $0[index] : nil }
      guard let one = pair[0], let two = pair[1] else {
        found.append(Rollout(id: "\(step).\(index)", differences: ["only one run has this group"]))
        continue
      }
      if one.item != two.item {
        let what =
          one.item.id == two.item.id ? "query \(one.item.id) differs" : "query: \(one.item.id) -> \(two.item.id)"
        found.append(Rollout(id: "\(step).\(index)", differences: [what]))
        continue
      }
      for sample in 0..<max(one.rollouts.count, two.rollouts.count) {
        let rollouts = [one, two].map { $0.rollouts.indices.contains(sample) ? $0.rollouts[sample] : nil }
        let differences = Self.differences(rollouts[0], rollouts[1])
        if !differences.isEmpty { found.append(Rollout(id: "\(step).\(index).\(sample)", differences: differences)) }
      }
    }
    return found
  }

  private static func differences(_ a: RolloutRecord?, _ b: RolloutRecord?) -> [String] {
    guard let a, let b else { return a == nil && b == nil ? [] : ["only one run has it"] }
    guard a != b else { return [] }
    func text(_ value: Double?) -> String { value.map { JSON.double($0).text() } ?? "none" }
    var differences: [String] = []
    if a.kind != b.kind { differences.append("kind: \(a.kind.rawValue) -> \(b.kind.rawValue)") }
    if a.text != b.text { differences.append("text from character \(a.text.commonPrefix(with: b.text).count + 1)") }
    if a.mode != b.mode { differences.append("mode: \(a.mode?.rawValue ?? "none") -> \(b.mode?.rawValue ?? "none")") }
    if a.verdict != b.verdict { differences.append("verdict: \(words(a.verdict)) -> \(words(b.verdict))") }
    for (name, path) in [
      ("outcome", \RolloutRecord.outcome), ("judge reward", \.judgeReward), ("answer reward", \.answerReward),
      ("judge advantage", \.judgeAdvantage), ("gate advantage", \.gateAdvantage),
      ("answer advantage", \.answerAdvantage), ("p(think-on)", \.thinkOnProbability),
    ] where a[keyPath: path] != b[keyPath: path] {
      differences.append("\(name): \(text(a[keyPath: path])) -> \(text(b[keyPath: path]))")
    }
    for segment in CreditSegment.allCases where a.contributions[segment] != b.contributions[segment] {
      differences.append(
        "loss of \(segment.rawValue): \(text(a.contributions[segment]?.loss)) -> "
          + text(b.contributions[segment]?.loss))
    }
    return differences
  }

  private static func words(_ verdict: Verdict?) -> String {
    switch verdict {
    case .score(let score, let detail):
      JSON.double(score).text() + (detail.extracted.map { " (read \"\($0)\")" } ?? "")
    case .abstain(let reason): "abstained (\(reason))"
    case .failed(let failure): "failed (\(failure))"
    case nil: "none"
    }
  }
}
