import StrictJSON

/// A key whose value differs between two resolved configurations.
public struct ConfigurationChange: Sendable, Equatable, CustomStringConvertible {
  /// The dotted key.
  public let key: String
  /// The value in the first; nil where the key is missing.
  public let old: JSON?
  /// The value in the second; nil where the key is missing.
  public let new: JSON?

  /// Keys that no recorded number depends on: a run may go on with other values of them.
  private static let neutral = [
    "name", "runs_folder", "rollout.workers", "rollout.batch_size", "verification.workers",
    "verification.sandbox_processes", "limits", "checkpoint", "output",
  ]

  /// Whether no recorded number depends on the key.
  public var isNeutral: Bool { Self.neutral.contains { key == $0 || key.hasPrefix($0 + ".") } }

  /// `train.steps: 6 -> 8`.
  public var description: String { "\(key): \(Self.text(old)) -> \(Self.text(new))" }

  /// The keys that differ, in the order of the first configuration.
  public static func between(_ old: JSON, _ new: JSON) -> [ConfigurationChange] { changes("", old, new) }

  private static func changes(_ key: String, _ old: JSON?, _ new: JSON?) -> [ConfigurationChange] {
    guard old != new else { return [] }
    guard let before = old?.object, let after = new?.object else {
      return [ConfigurationChange(key: key, old: old, new: new)]
    }
    let names = before.keys + after.keys.filter { before[$0] == nil }
    return names.flatMap { changes(key.isEmpty ? $0 : "\(key).\($0)", before[$0], after[$0]) }
  }

  private static func text(_ value: JSON?) -> String { value.map { $0.text() } ?? "not set" }
}
