/// A JSON value whose numbers keep their source text and whose objects keep their key order.
///
/// Foundation's decoders lose both (and name no line in a syntax error), so configuration files, data sets and
/// checkpoints are read through this type: integers of any size stay exact, and every error has a place.
///
/// Equality is exact: numbers by value, whatever their size, and texts by their bytes. What must also be spelled alike,
/// because a verdict or a record depends on it, is compared by ``isIdentical(to:)``.
public enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSON])
  case object(JSONObject)
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A literal.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A literal.
  public init(integerLiteral value: Int) { self = .int(value) }
  /// A literal.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// A literal.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A literal.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// A literal.
  public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(JSONObject(elements)) }
}

extension JSON {
  /// Equal values: numbers exactly, texts and keys by their bytes, objects in any order.
  public static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): ExactText(left) == ExactText(right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  /// Whether both are written alike, but for white space and escapes: `1.0` is not `1`, and keys have an order.
  public func isIdentical(to other: JSON) -> Bool {
    switch (self, other) {
    case (.number(let left), .number(let right)): ExactText(left.text) == ExactText(right.text)
    case (.array(let left), .array(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.isIdentical(to: $1) }
    case (.object(let left), .object(let right)):
      left.count == right.count
        && zip(left.pairs, right.pairs).allSatisfy {
          ExactText($0.key) == ExactText($1.key) && $0.value.isIdentical(to: $1.value)
        }
    default: self == other
    }
  }

  /// An integer value.
  public static func int(_ value: Int) -> JSON { .number(JSONNumber(text: String(value))) }

  /// A double in its shortest round-trip form. Infinity and NaN have no JSON form and become null.
  public static func double(_ value: Double) -> JSON {
    guard value.isFinite else { return .null }
    if value == value.rounded(), abs(value) < 1e15 { return .number(JSONNumber(text: String(Int(value)))) }
    return .number(JSONNumber(text: String(value)))
  }

  /// The string, or nil for any other kind.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The truth value, or nil for any other kind.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The number as a double, or nil for any other kind.
  public var double: Double? { if case .number(let value) = self { value.double } else { nil } }
  /// The number as an exact integer, or nil for any other kind.
  public var int: Int? { if case .number(let value) = self { value.int } else { nil } }
  /// The elements, or nil for any other kind.
  public var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
  /// The object, or nil for any other kind.
  public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
  /// Whether this is null.
  public var isNull: Bool { self == .null }

  /// The value of `key` in an object; nil when this is no object or lacks the key.
  public subscript(key: String) -> JSON? { object?[key] }

  /// What this is, in words for an error message: "a string", "an array", …
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
