/// Whether a response reasons before it answers.
public enum ThinkMode: String, Sendable, Codable, CaseIterable {
  /// `<think_on>`: the response holds a `<think>` segment.
  case on
  /// `<think_off>`: the response answers at once.
  case off

  /// The other mode.
  public var other: ThinkMode { self == .on ? .off : .on }
}
