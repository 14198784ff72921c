/// A JSON value whose numbers keep their source text and whose objects keep their key order.
///
/// Foundation's decoders lose both (and name no line in a syntax error), so configuration files, data sets and
/// checkpoints are read through this type: integers of any size stay exact, and every error has a place.
public enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSON])
  case object(JSONObject)
}

/// A number as it was written. Two numbers are equal when their values are equal as written or as doubles.
public struct JSONNumber: Sendable, Equatable {
  /// The literal, for example `1e-3` or `12345678901234567890`.
  public let text: String

  /// Wraps a literal that is known to be a valid JSON number.
  public init(text: String) { self.text = text }

  /// The nearest double.
  public var double: Double { Double(text) ?? .nan }

  /// The exact integer, or nil when the literal is not an integer that fits.
  public var int: Int? {
    if let value = Int(text) { return value }
    guard let value = Double(text), value.rounded() == value, abs(value) < 9.0e15 else { return nil }
    return Int(value)
  }

  /// Equal as written, or equal as doubles.
  public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
    left.text == right.text || left.double == right.double
  }
}

/// An object: unique keys in the order they were written.
public struct JSONObject: Sendable, Equatable {
  /// The keys in order.
  public private(set) var keys: [String] = []
  private var values: [String: JSON] = [:]

  /// An empty object.
  public init() {}

  /// An object of the given pairs; a later duplicate replaces an earlier one.
  public init(_ pairs: [(String, JSON)]) {
    for (key, value) in pairs { self[key] = value }
  }

  /// The value of `key`; assigning nil removes it.
  public subscript(key: String) -> JSON? {
    get { values[key] }
    set {
      if let newValue {
        if values.updateValue(newValue, forKey: key) == nil { keys.append(key) }
      } else if values.removeValue(forKey: key) != nil {
        keys.removeAll { $0 == key }
      }
    }
  }

  /// The number of keys.
  public var count: Int { keys.count }
  /// Whether there is no key.
  public var isEmpty: Bool { keys.isEmpty }
  /// Key and value in order.
  public var pairs: [(key: String, value: JSON)] { keys.map { ($0, values[$0]!) } }

  /// Equal keys and values in any order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool { left.values == right.values }
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
