/// Strings and numbers of the parser.
extension JSONParser {
  mutating func string() throws -> String {
    let quote = bytes[index]
    let start = index
    index += 1
    // The common case, no escape and ASCII or valid UTF-8, copies one run of bytes.
    let run = index
    while index < bytes.count, bytes[index] != quote, bytes[index] != UInt8(ascii: "\\"), bytes[index] >= 0x20 {
      index += 1
    }
    if index < bytes.count, bytes[index] == quote {
      guard let text = String(validating: bytes[run..<index], as: UTF8.self) else { throw encodingError(run..<index) }
      index += 1
      return text
    }
    var buffer = Array(bytes[run..<index])
    while true {
      guard index < bytes.count else { throw error("string is not closed", at: start) }
      let byte = bytes[index]
      if byte == quote {
        guard let text = String(validating: buffer, as: UTF8.self) else { throw encodingError(run..<index) }
        index += 1
        return text
      }
      if byte == UInt8(ascii: "\\") {
        index += 1
        try escape(into: &buffer)
      } else if byte < 0x20 {
        throw error("control character \(found()) in a string; write it as an escape")
      } else {
        buffer.append(byte)
        index += 1
      }
    }
  }

  /// The error at the first byte of a range that is no part of a character.
  func encodingError(_ range: Range<Int>) -> JSONError {
    let place = UTF8Check.firstInvalid(bytes[range]) ?? range.lowerBound
    let byte = place < bytes.count ? String(bytes[place], radix: 16, uppercase: true) : "?"
    return error("the byte 0x\(byte) is not valid UTF-8", at: place)
  }

  private mutating func escape(into buffer: inout [UInt8]) throws {
    guard index < bytes.count else { throw error("string is not closed") }
    let byte = bytes[index]
    index += 1
    switch byte {
    case UInt8(ascii: "n"): buffer.append(0x0A)
    case UInt8(ascii: "t"): buffer.append(0x09)
    case UInt8(ascii: "r"): buffer.append(0x0D)
    case UInt8(ascii: "b"): buffer.append(0x08)
    case UInt8(ascii: "f"): buffer.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(byte)
    case UInt8(ascii: "u"): buffer.append(contentsOf: Array(String(try unicodeEscape()).utf8))
    case UInt8(ascii: "'") where dialect == .json5: buffer.append(byte)
    case 0x0A where dialect == .json5: break
    default:
      index -= 1
      throw error("unknown escape \\\(found())")
    }
  }

  /// One scalar, joining a surrogate pair; a lone surrogate becomes U+FFFD, as Python's and JavaScript's text would.
  private mutating func unicodeEscape() throws -> Character {
    let high = try hexadecimal()
    if (0xD800..<0xDC00).contains(high), index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
      bytes[index + 1] == UInt8(ascii: "u")
    {
      let mark = index
      index += 2
      let low = try hexadecimal()
      if (0xDC00..<0xE000).contains(low) {
        let scalar = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
        return Character(Unicode.Scalar(scalar)!)
      }
      index = mark
    }
    return Character(Unicode.Scalar(high) ?? "\u{FFFD}")
  }

  private mutating func hexadecimal() throws -> UInt32 {
    // `UInt32` itself would take a sign as well.
    let digits = bytes[index...].prefix(4)
    guard digits.count == 4, digits.allSatisfy(Self.isHexadecimal),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("\\u needs four hexadecimal digits") }
    index += 4
    return value
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
  }

  mutating func number() throws -> JSON {
    let start = index
    let isSigned = dialect == .json5 && takeByte("+")
    let literalStart = index
    let negative = !isSigned && takeByte("-")
    if dialect == .json5, take("0x") || take("0X") {
      let digits = index
      while index < bytes.count, Self.isHexadecimal(bytes[index]) { index += 1 }
      guard index > digits else { throw error("bad hexadecimal number", at: start) }
      // With its sign, as the lowest number has no positive counterpart.
      let text = (negative ? "-" : "") + String(decoding: bytes[digits..<index], as: UTF8.self)
      guard let value = Int(text, radix: 16) else {
        throw error("the hexadecimal number does not fit in 64 bits", at: start)
      }
      return .int(value)
    }
    let whole = digits()
    var fraction = 0
    var hasPoint = false
    if takeByte(".") {
      hasPoint = true
      fraction = digits()
    }
    let firstDigit = literalStart + (negative ? 1 : 0)
    if dialect == .strict {
      guard whole > 0, !hasPoint || fraction > 0 else { throw error("bad number", at: start) }
    }
    guard whole + fraction > 0 else { throw error("bad number", at: start) }
    guard whole <= 1 || bytes[firstDigit] != UInt8(ascii: "0") else {
      throw error("number with a leading zero", at: start)
    }
    if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") { index += 1 }
      guard digits() > 0 else { throw error("bad exponent", at: start) }
    }
    var text = String(decoding: bytes[literalStart..<index], as: UTF8.self)
    if whole == 0 { text = text.replacing(".", with: "0.", maxReplacements: 1) }
    if hasPoint, fraction == 0 { text = text.replacing(".", with: ".0", maxReplacements: 1) }
    return .number(JSONNumber(text: text))
  }

  private mutating func digits() -> Int {
    let start = index
    while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 { index += 1 }
    return index - start
  }
}
