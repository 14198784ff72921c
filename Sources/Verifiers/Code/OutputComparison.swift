import Foundation

/// Compares what a programme printed with what it should have printed.
enum OutputComparison {
  /// Token by token, whatever the white space between them. Integers and words must be the same text; where one side is
  /// a decimal, numbers may differ by 1e-6 (relative to a decimal reference larger than 1).
  static func matches(_ found: String, _ expected: String) -> Bool {
    let left = found.utf8.split(whereSeparator: isSpace)
    let right = expected.utf8.split(whereSeparator: isSpace)
    guard left.count == right.count else { return false }
    return zip(left, right).allSatisfy { tokenMatches(Array($0), Array($1)) }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) || byte == 0 }

  private static func tokenMatches(_ found: [UInt8], _ expected: [UInt8]) -> Bool {
    if found == expected { return true }
    guard let kind = number(expected), let other = number(found), kind == .decimal || other == .decimal,
      let a = Double(String(decoding: found, as: UTF8.self)), let b = Double(String(decoding: expected, as: UTF8.self)),
      a.isFinite, b.isFinite
    else { return false }
    let scale = kind == .decimal ? max(1, abs(b)) : 1
    return abs(a - b) <= 1e-6 * scale
  }

  private enum Number { case integer, decimal }

  /// What kind of plain number a token is; hexadecimal, `nan` and `inf` are words.
  private static func number(_ token: [UInt8]) -> Number? {
    guard token.count <= 400 else { return nil }
    var digits = 0
    var kind = Number.integer
    for (i, byte) in token.enumerated() {
      switch byte {
      case 0x30...0x39: digits += 1
      case 0x2B, 0x2D: if i > 0, token[i - 1] | 0x20 != 0x65 { return nil }
      case 0x2E, 0x65, 0x45: kind = .decimal
      default: return nil
      }
    }
    return digits > 0 ? kind : nil
  }
}
