import StrictJSON

/// What a number of a configuration may be.
///
/// Every range has two ends. They are such that every value between them is a number, and none of them 0 by rounding,
/// in the type the value becomes where it is used: a temperature or a learning rate becomes a `Float`.
public enum NumberRange: Sendable, Equatable {
  /// A whole number.
  case whole(ClosedRange<Int>)
  /// Any number.
  case real(ClosedRange<Double>)
  /// Any number, or 0, which means something of its own: off, greedy, leave out.
  case realOrZero(ClosedRange<Double>)

  /// A share of something.
  static let share = NumberRange.real(0...1)

  /// Whether the number is one of the range. One that is too small to be written exactly is not, nor is it 0.
  public func contains(_ number: JSONNumber) -> Bool {
    let value = number.double
    let isZero = number.text.prefix { $0 != "e" && $0 != "E" }.allSatisfy { !("1"..."9").contains($0) }
    guard isZero || value.isNormal else { return false }
    return switch self {
    case .whole(let range): number.int.map { range.contains($0) } ?? false
    case .real(let range): range.contains(value)
    case .realOrZero(let range): isZero || range.contains(value)
    }
  }

  /// The range in words, as an error expects it: `a whole number from 1 to 1024`.
  public var text: String {
    switch self {
    case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .real(let range): "a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
    case .realOrZero(let range):
      "0, or a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
    }
  }

  /// The two ends as a configuration writes them.
  public var ends: [JSON] {
    switch self {
    case .whole(let range): [.int(range.lowerBound), .int(range.upperBound)]
    case .real(let range): [.double(range.lowerBound), .double(range.upperBound)]
    case .realOrZero(let range): [0, .double(range.lowerBound), .double(range.upperBound)]
    }
  }

  private static func text(_ value: Double) -> String { JSON.double(value).text().replacing("e-0", with: "e-") }
}

/// A key of the configuration that holds a number, or a list of numbers, with its range.
public struct NumericKey: Sendable, Equatable {
  /// The dotted key; `*` stands for each element of a list.
  public let key: String
  /// What the number may be.
  public let range: NumberRange
  /// Why, or what an end of the range means; empty where there is nothing to add.
  public let note: String

  /// A key.
  public init(_ key: String, _ range: NumberRange, _ note: String = "") {
    self.key = key
    self.range = range
    self.note = note
  }

  /// What is expected of the key's number, in words.
  public var expectation: String { note.isEmpty ? range.text : "\(range.text) (\(note))" }
}

extension [NumericKey] {
  /// The keys as they are called from outside of their section.
  func under(_ section: String) -> [NumericKey] {
    map { NumericKey("\(section).\($0.key)", $0.range, $0.note) }
  }
}
