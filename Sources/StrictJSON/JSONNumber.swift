/// A number as it was written. Two numbers are equal when their values are, exactly: `1e2` is `100`, and no integer of twenty
/// digits is its neighbour, although both have the same nearest double.
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

  /// Equal values.
  public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
    if ExactText(left.text) == ExactText(right.text) { return true }
    guard let first = left.scientific, let second = right.scientific else { return false }
    return first == second
  }

  /// The value as 0.d1d2… times a power of ten: digits without zeros at either end. Zero has none, and no sign.
  private struct Scientific: Equatable {
    var isNegative = false
    var digits: [UInt8] = []
    var exponent = 0
  }

  /// Nil for an exponent that no machine word holds: such a number equals only what is spelled alike.
  private var scientific: Scientific? {
    var value = Scientific()
    var isBehindPoint = false
    var bytes = text.utf8[...]
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      value.isNegative = sign == UInt8(ascii: "-")
      bytes = bytes.dropFirst()
    }
    while let byte = bytes.first, byte | 0x20 != UInt8(ascii: "e") {
      bytes = bytes.dropFirst()
      if byte == UInt8(ascii: ".") {
        isBehindPoint = true
      } else if byte == UInt8(ascii: "0"), value.digits.isEmpty {
        if isBehindPoint { value.exponent -= 1 }
      } else {
        value.digits.append(byte)
        if !isBehindPoint { value.exponent += 1 }
      }
    }
    while value.digits.last == UInt8(ascii: "0") { value.digits.removeLast() }
    guard !value.digits.isEmpty else { return Scientific() }
    guard !bytes.isEmpty else { return value }
    guard let power = Int(String(Substring(bytes.dropFirst()))) else { return nil }
    let (sum, overflows) = value.exponent.addingReportingOverflow(power)
    guard !overflows else { return nil }
    value.exponent = sum
    return value
  }
}
