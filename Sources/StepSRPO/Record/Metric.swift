/// A metric as the registry defines it: what is counted, in which unit, over what.
///
/// Every number a run records carries one of these names; documentation, CSV headers and report tooltips are made
/// from this table. A name that is not here cannot be written down.
public struct MetricDefinition: Sendable, Equatable {
  /// The recorded name, TRL's where TRL has one. `{…}` marks a part filled in when the metric is recorded.
  public let name: String
  /// The unit, for example `tokens`, `nats`, `1` for a pure ratio.
  public let unit: String
  /// What a mean or a ratio is taken over.
  public let denominator: String
  /// One sentence.
  public let meaning: String
}

/// A metric of the registry, with its braces filled in and an optional qualifier (`/math/3`).
public struct Metric: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The name in the registry.
  public let base: String
  /// The recorded name.
  public let name: String

  private init(base: String, name: String) {
    self.base = base
    self.name = name
  }

  init(_ definition: MetricDefinition, filling parts: [String] = []) {
    var name = definition.name
    for part in parts {
      guard let open = name.firstIndex(of: "{"), let close = name.firstIndex(of: "}") else { break }
      name.replaceSubrange(open...close, with: part)
    }
    precondition(!name.contains("{"), "metric \(definition.name) needs \(parts.count + 1) parts")
    self.init(base: definition.name, name: name)
  }

  /// The same metric over one domain and difficulty only: `mode/think_on_rate/math/3`.
  public func by(domain: String, difficulty: String) -> Metric {
    Metric(base: base, name: "\(name)/\(domain)/\(difficulty)")
  }

  /// The recorded name.
  public var description: String { name }

  /// Names order as text.
  public static func < (left: Metric, right: Metric) -> Bool { left.name < right.name }
}
