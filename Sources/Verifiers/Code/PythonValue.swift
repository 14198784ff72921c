import Foundation
import StrictJSON

/// Comparing what a solution returned with what a row expects. The returned value arrives in the tagged form of the
/// fork server, which keeps exact types apart: a subclass that equals everything is an `o`, and equals nothing.
enum PythonValue {
  /// The tagged form of a JSON value, as an argument of a call: arrays are lists, objects dictionaries.
  static func tagged(_ value: JSON) -> JSON {
    switch value {
    case .null, .bool, .string: return value
    case .number(let number): return isInteger(number.text) ? value : ["f", .string(number.text)]
    case .array(let elements): return .array([.string("l")] + elements.map(tagged))
    case .object(let object):
      return .array([.string("d")] + object.pairs.flatMap { [.string($0.key), tagged($0.value)] })
    }
  }

  /// Whether a returned value is the expected one. A tuple may stand for an array, since JSON has no tuples; a boolean is
  /// no number; integers are compared digit by digit; a float may differ in its last bits (1e-9 relative).
  static func equals(_ value: JSON, _ expected: JSON) -> Bool {
    switch expected {
    case .null: return value.isNull
    case .bool(let flag): return value.bool == flag
    case .string(let text):
      // Swift's own comparison would join canonically equivalent spellings.
      return value.string.map { $0.unicodeScalars.elementsEqual(text.unicodeScalars) } ?? false
    case .number(let number): return equals(value, number: number.text)
    case .array(let elements):
      guard case .array(let found) = value, found.first == "l" || found.first == "t" else { return false }
      return found.count == elements.count + 1 && zip(found.dropFirst(), elements).allSatisfy { equals($0, $1) }
    case .object(let object):
      guard case .array(let found) = value, let tag = found.first?.string, ["d", "O", "C"].contains(tag),
        found.count == 1 + 2 * object.count
      else { return false }
      var seen: Set<String> = []
      for i in stride(from: 1, to: found.count, by: 2) {
        guard let key = key(found[i]), let wanted = object[key], seen.insert(key).inserted else { return false }
        if !equals(found[i + 1], wanted) { return false }
      }
      return true
    }
  }

  /// A dictionary key as JSON writes it.
  private static func key(_ value: JSON) -> String? {
    switch value {
    case .string(let text): text
    case .number(let number): number.text
    default: nil
    }
  }

  private static func equals(_ value: JSON, number expected: String) -> Bool {
    if case .number(let found) = value {
      if isInteger(expected) { return canonical(found.text) == canonical(expected) }
      return isClose(found.double, Double(expected) ?? .nan)
    }
    guard case .array(let parts) = value, parts.count == 2, parts[0] == "f", let text = parts[1].string,
      let number = Double(text)
    else { return false }
    return isClose(number, Double(expected) ?? .nan)
  }

  private static func isClose(_ a: Double, _ b: Double) -> Bool {
    a == b || (a.isFinite && b.isFinite && abs(a - b) <= 1e-9 * max(abs(a), abs(b)))
  }

  private static func isInteger(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 == 0x2D || (0x30...0x39).contains($0) }
  }

  private static func canonical(_ text: String) -> String { text == "-0" ? "0" : text }

  /// A short, readable form for reasons.
  static func shown(_ value: JSON) -> String {
    switch value {
    case .array(let parts):
      guard let tag = parts.first?.string else { return "?" }
      let inner = parts.dropFirst().map(shown).joined(separator: ", ")
      switch tag {
      case "f": return parts.count > 1 ? parts[1].string ?? "?" : "?"
      case "l": return "[\(inner)]"
      case "t": return "(\(inner))"
      case "o": return "an object of type \(inner)"
      default: return "\(tag)(\(inner))"
      }
    default: return value.text()
    }
  }
}
