/// A configuration that cannot be used: where, what was found and what was expected.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file, or `--set KEY=VALUE` for an override.
  public let source: String
  /// The line in the file, from 1, where it is known.
  public let line: Int?
  /// The dotted key, empty for the whole document.
  public let key: String
  /// What was found and what was expected.
  public let message: String

  /// An error.
  public init(source: String, line: Int? = nil, key: String = "", message: String) {
    self.source = source
    self.line = line
    self.key = key
    self.message = message
  }

  /// Whether the command line is to blame and not a file.
  public var isOverride: Bool { source.hasPrefix("--set") }

  /// `configs/x.json:12: train.steps: found …, expected …`.
  public var description: String {
    let place = line.map { "\(source):\($0)" } ?? source
    return key.isEmpty ? "\(place): \(message)" : "\(place): \(key): \(message)"
  }
}
