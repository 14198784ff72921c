import Foundation

/// A syntax error with its place. Lines and columns count from 1; columns count bytes.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The line, from 1.
  public let line: Int
  /// The column in bytes, from 1.
  public let column: Int
  /// What was found and what was expected.
  public let message: String

  /// `line 3, column 7: what is wrong`.
  public var description: String { "line \(line), column \(column): \(message)" }
}

/// A place in a document, from 1.
public struct JSONPosition: Sendable, Equatable {
  /// The line, from 1.
  public let line: Int
  /// The column in bytes, from 1.
  public let column: Int
}

/// The accepted language.
public enum JSONDialect: Sendable {
  /// RFC 8259 and nothing more.
  case strict
  /// For files people write: comments, trailing commas, unquoted keys, single quotes, a leading `+`, hexadecimal.
  case json5
}

extension JSON {
  /// Parses one document.
  ///
  /// - Throws: `JSONError` with line and column; duplicate keys and nesting over 512 levels are errors.
  public static func parse(_ text: String, dialect: JSONDialect = .strict) throws -> JSON {
    try parse(utf8: Array(text.utf8), dialect: dialect)
  }

  /// Parses one document of UTF-8 bytes. See ``parse(_:dialect:)``.
  public static func parse(utf8 bytes: [UInt8], dialect: JSONDialect = .strict) throws -> JSON {
    var parser = JSONParser(bytes: bytes, dialect: dialect, recordsPositions: false)
    return try parser.document()
  }

  /// Parses a document and tells where each value stands; paths are keys and indices joined by dots (`train.steps`).
  public static func parseWithPositions(
    _ text: String, dialect: JSONDialect
  ) throws -> (value: JSON, positions: [String: JSONPosition]) {
    try parseWithPositions(utf8: Array(text.utf8), dialect: dialect)
  }

  /// The same of UTF-8 bytes. See ``parseWithPositions(_:dialect:)``.
  public static func parseWithPositions(
    utf8 bytes: [UInt8], dialect: JSONDialect
  ) throws -> (value: JSON, positions: [String: JSONPosition]) {
    var parser = JSONParser(bytes: bytes, dialect: dialect, recordsPositions: true)
    let value = try parser.document()
    return (value, parser.positions)
  }
}

/// Recursive descent over bytes.
struct JSONParser {
  static let maximumDepth = 512

  let bytes: [UInt8]
  let dialect: JSONDialect
  let recordsPositions: Bool
  var index = 0
  var path: [String] = []
  var depth = 0
  private(set) var positions: [String: JSONPosition] = [:]

  init(bytes: [UInt8], dialect: JSONDialect, recordsPositions: Bool) {
    self.bytes = bytes
    self.dialect = dialect
    self.recordsPositions = recordsPositions
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  mutating func document() throws -> JSON {
    // Strings are checked as they are read; comments and bare keys are text as well.
    if dialect == .json5, !UTF8Check.isValid(bytes[...]) { throw encodingError(0..<bytes.count) }
    let value = try self.value()
    try skipSpace()
    guard index == bytes.count else { throw error("unexpected \(found()) after the end of the document") }
    return value
  }

  mutating func value() throws -> JSON {
    try skipSpace()
    if recordsPositions { positions[path.joined(separator: ".")] = position(of: index) }
    guard index < bytes.count else { throw error("unexpected end, expected a value") }
    switch bytes[index] {
    case UInt8(ascii: "{"): return try nested { try $0.object() }
    case UInt8(ascii: "["): return try nested { try $0.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "'") where dialect == .json5: return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "+"), UInt8(ascii: "."):
      guard dialect == .json5 else { throw error("unexpected \(found()), expected a value") }
      return try number()
    default:
      if take("true") { return .bool(true) }
      if take("false") { return .bool(false) }
      if take("null") { return .null }
      throw error("unexpected \(found()), expected a value")
    }
  }

  private mutating func nested(_ body: (inout JSONParser) throws -> JSON) throws -> JSON {
    guard depth < Self.maximumDepth else { throw error("nested deeper than \(Self.maximumDepth) levels") }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  private mutating func object() throws -> JSON {
    index += 1
    var object = JSONObject()
    while true {
      try skipSpace()
      if takeByte("}") { return .object(object) }
      if !object.isEmpty {
        guard takeByte(",") else { throw error("unexpected \(found()), expected ',' or '}'") }
        try skipSpace()
        if index < bytes.count, bytes[index] == UInt8(ascii: "}") {
          guard dialect == .json5 else { throw error("trailing comma before '}'") }
          index += 1
          return .object(object)
        }
      }
      let start = index
      let key = try self.key()
      guard object[key] == nil else { throw error("duplicate key \"\(key)\"", at: start) }
      try skipSpace()
      guard takeByte(":") else { throw error("unexpected \(found()), expected ':' after the key \"\(key)\"") }
      if recordsPositions { path.append(key) }
      object[key] = try value()
      if recordsPositions { path.removeLast() }
    }
  }

  private mutating func key() throws -> String {
    guard index < bytes.count else { throw error("unexpected end, expected a key or '}'") }
    if bytes[index] == UInt8(ascii: "\"") { return try string() }
    guard dialect == .json5 else { throw error("unexpected \(found()), expected a quoted key") }
    if bytes[index] == UInt8(ascii: "'") { return try string() }
    let start = index
    while index < bytes.count, Self.isIdentifier(bytes[index]) { index += 1 }
    guard index > start else { throw error("unexpected \(found()), expected a key") }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func array() throws -> JSON {
    index += 1
    var elements: [JSON] = []
    while true {
      try skipSpace()
      if takeByte("]") { return .array(elements) }
      if !elements.isEmpty {
        guard takeByte(",") else { throw error("unexpected \(found()), expected ',' or ']'") }
        try skipSpace()
        if index < bytes.count, bytes[index] == UInt8(ascii: "]") {
          guard dialect == .json5 else { throw error("trailing comma before ']'") }
          index += 1
          return .array(elements)
        }
      }
      if recordsPositions { path.append(String(elements.count)) }
      elements.append(try value())
      if recordsPositions { path.removeLast() }
    }
  }

  private static func isIdentifier(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$") || byte >= 0x80
      || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
      || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
  }
}

// MARK: - Space and places

extension JSONParser {
  mutating func skipSpace() throws {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      case UInt8(ascii: "/") where dialect == .json5: try skipComment()
      default: return
      }
    }
  }

  private mutating func skipComment() throws {
    let start = index
    let next = index + 1 < bytes.count ? bytes[index + 1] : 0
    if next == UInt8(ascii: "/") {
      while index < bytes.count, bytes[index] != 0x0A { index += 1 }
    } else if next == UInt8(ascii: "*") {
      index += 2
      while index + 1 < bytes.count, !(bytes[index] == UInt8(ascii: "*") && bytes[index + 1] == UInt8(ascii: "/")) {
        index += 1
      }
      guard index + 1 < bytes.count else { throw error("comment is not closed", at: start) }
      index += 2
    } else {
      throw error("unexpected '/'")
    }
  }

  func position(of offset: Int) -> JSONPosition {
    var line = 1
    var lineStart = 0
    for i in 0..<min(offset, bytes.count) where bytes[i] == 0x0A {
      line += 1
      lineStart = i + 1
    }
    return JSONPosition(line: line, column: offset - lineStart + 1)
  }

  func error(_ message: String, at offset: Int? = nil) -> JSONError {
    let place = position(of: offset ?? index)
    return JSONError(line: place.line, column: place.column, message: message)
  }

  func found() -> String {
    guard index < bytes.count else { return "end" }
    let byte = bytes[index]
    if byte >= 0x20, byte < 0x7F { return "'\(Character(UnicodeScalar(byte)))'" }
    return "byte 0x" + String(byte, radix: 16, uppercase: true)
  }

  mutating func takeByte(_ character: Unicode.Scalar) -> Bool {
    guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  mutating func take(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard index + count <= bytes.count else { return false }
    for i in 0..<count where bytes[index + i] != word.utf8Start[i] { return false }
    index += count
    return true
  }
}
