import Foundation
import StepSRPO
import StrictJSON

/// Picks recorded metrics by name or pattern.
public enum MetricSelection {
  /// What `curves` shows unless told otherwise: does the policy learn when to think, and does it stay right?
  public static let standard = [Metric.thinkOnRate.name, Metric.accuracy.name, Metric.meanLength.name]

  /// The recorded names that the wanted ones stand for, in the wanted order and without repetition. `*` in a wanted
  /// name stands for any text; `all` for every name.
  /// - Throws: ``MetricSelectionError`` for a wanted name that stands for nothing, with the nearest spelling.
  public static func names(_ wanted: [String], recorded: [String]) throws -> [String] {
    var names: [String] = []
    for pattern in wanted {
      let found = pattern == "all" ? recorded : recorded.filter { matches($0, pattern) }
      if found.isEmpty {
        let isRegistered = MetricRegistry.definition(of: pattern) != nil
        throw MetricSelectionError(
          name: pattern, isRegistered: isRegistered,
          nearest: nearestName(to: pattern, in: recorded) ?? recorded.first { $0.contains(pattern) })
      }
      names += found.filter { !names.contains($0) }
    }
    return names
  }

  /// Whether `*` in the pattern can be filled so that it becomes the name.
  static func matches(_ name: String, _ pattern: String) -> Bool {
    let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = pieces.first, let last = pieces.last, pieces.count > 1 else { return name == pattern }
    guard name.hasPrefix(first), name.count >= first.count + last.count, name.hasSuffix(last) else { return false }
    var rest = name.dropFirst(first.count).dropLast(last.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let found = rest.range(of: piece) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }
}

/// A wanted metric that was not recorded.
public struct MetricSelectionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The wanted name.
  public let name: String
  /// Whether the registry knows it.
  public let isRegistered: Bool
  /// The likely spelling among the recorded ones.
  public let nearest: String?

  /// What was wanted, why it is not there, what comes nearest.
  public var description: String {
    let hint = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
    return isRegistered
      ? "metric \"\(name)\" was not recorded in this run\(hint)"
      : "unknown metric \"\(name)\"\(hint) `--metric all` shows all that were recorded"
  }
}
