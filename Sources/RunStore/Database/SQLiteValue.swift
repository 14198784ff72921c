/// A value SQLite can store.
public enum SQLiteValue: Sendable, Equatable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])

  /// An integer, or null for nil.
  public static func int(_ value: Int?) -> SQLiteValue { value.map { .integer(Int64($0)) } ?? .null }
  /// A double, or null for nil. SQLite has no NaN: it is stored as null.
  public static func double(_ value: Double?) -> SQLiteValue { value.map { $0.isNaN ? .null : .real($0) } ?? .null }
  /// A text, or null for nil.
  public static func string(_ value: String?) -> SQLiteValue { value.map { .text($0) } ?? .null }
  /// 1 or 0.
  public static func bool(_ value: Bool) -> SQLiteValue { .integer(value ? 1 : 0) }

  /// The integer, or nil for any other kind.
  public var int: Int? { if case .integer(let value) = self { Int(value) } else { nil } }
  /// The number as a double, or nil when this is none.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    default: nil
    }
  }
  /// The text, or nil for any other kind.
  public var string: String? { if case .text(let value) = self { value } else { nil } }
}
