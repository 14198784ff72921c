import StrictJSON
import Verifiers

/// A key-value store as the suite `tools` works it: the state behind a conversation.
///
/// What calls it is a model's text, so nothing in it is trusted: a call that cannot be understood gets ``error`` for a
/// result, and the store stays small whatever is written.
public struct ToolSession: Sendable, Equatable {
  /// What the store says to a call it cannot serve.
  public static let error = "error"
  /// What it says to a key it does not hold.
  public static let none = "none"
  /// The most keys it holds.
  public static let capacity = 64
  /// The most bytes of a key or value.
  public static let longest = 64

  /// The values by key.
  public private(set) var values: [String: String] = [:]

  /// An empty store.
  public init() {}

  /// The store's result where the text calls it; nil where the text is a reply to the user.
  ///
  /// `set k 7` gives `ok`, `get k` the value or `none`, as do the calls `{"name": "set", "arguments": {"key": "k",
  /// "value": "7"}}` and `get` of the published tool format (see `ToolCall`). What begins like a call and is none
  /// gives `error`.
  public mutating func result(of text: String) -> String? {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    if words.first?.hasPrefix(ToolCall.opening) == true {
      guard let calls = ToolCall.calls(in: text), calls.count == 1, let call = calls.first else { return Self.error }
      let key = call.arguments["key"].flatMap(Self.text)
      let value = call.arguments["value"].flatMap(Self.text)
      switch (call.name, key, value) {
      case ("set", let key?, let value?): return set(key, value)
      case ("get", let key?, nil): return get(key)
      default: return Self.error
      }
    }
    switch (words.first, words.count) {
    case ("set", 3): return set(words[1], words[2])
    case ("get", 2): return get(words[1])
    case ("set", _), ("get", _): return Self.error
    default: return nil
    }
  }

  private mutating func set(_ key: String, _ value: String) -> String {
    guard key.utf8.count <= Self.longest, value.utf8.count <= Self.longest,
      values[key] != nil || values.count < Self.capacity
    else { return Self.error }
    values[key] = value
    return "ok"
  }

  private func get(_ key: String) -> String { values[key] ?? Self.none }

  private static func text(_ value: JSON) -> String? {
    switch value {
    case .string(let text): text
    case .number(let number): number.text
    default: nil
    }
  }
}
