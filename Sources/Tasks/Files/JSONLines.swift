import Platform
import StrictJSON

/// Files of one JSON object a line, plain or gzip-compressed (told by the first two bytes, not by the name).
enum JSONLines {
  /// Calls `body` with every object and its line number, from 1. Blank lines are skipped.
  ///
  /// A file that is one JSON array of objects is read too; its rows are numbered by their place in the array.
  /// - Throws: `TaskFileError` for a file that cannot be read, and for the first line that is no JSON object.
  static func rows(of path: String) throws -> [(line: Int, object: JSONObject)] {
    try rows(in: try contents(of: path), path: path)
  }

  /// The same of bytes; `path` names them in errors.
  static func rows(in bytes: [UInt8], path: String) throws -> [(line: Int, object: JSONObject)] {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    if let first = bytes[start...].first(where: { !$0.isJSONBlank }), first == UInt8(ascii: "[") {
      return try array(bytes, path)
    }
    var rows: [(line: Int, object: JSONObject)] = []
    var line = 0
    var index = start
    while index < bytes.count {
      line += 1
      let end = bytes[index...].firstIndex(of: 0x0A) ?? bytes.count
      let slice = bytes[index..<end]
      index = end + 1
      guard slice.contains(where: { !$0.isJSONBlank }) else { continue }
      rows.append((line, try object(Array(slice), path, line)))
    }
    return rows
  }

  private static func object(_ bytes: [UInt8], _ path: String, _ line: Int) throws -> JSONObject {
    let value: JSON
    do {
      value = try JSON.parse(utf8: bytes)
    } catch let error as JSONError {
      throw TaskFileError(
        file: path, line: line, found: "malformed JSON at column \(error.column): \(error.message)",
        expected: "one JSON object a line")
    }
    guard let object = value.object else {
      throw TaskFileError(file: path, line: line, found: value.kind, expected: "one JSON object a line")
    }
    return object
  }

  private static func array(_ bytes: [UInt8], _ path: String) throws -> [(line: Int, object: JSONObject)] {
    do {
      let values = try JSON.parse(utf8: bytes).array ?? []
      return try values.enumerated().map { index, value in
        guard let object = value.object else {
          throw TaskFileError(file: path, line: index + 1, found: value.kind, expected: "an array of JSON objects")
        }
        return (index + 1, object)
      }
    } catch let error as JSONError {
      throw TaskFileError(
        file: path, line: error.line, found: "malformed JSON at column \(error.column): \(error.message)",
        expected: "one JSON object a line, or one array of objects")
    }
  }

  /// The bytes of a file, unpacked where it is gzip-compressed.
  static func contents(of path: String) throws -> [UInt8] {
    let bytes: [UInt8]
    do { bytes = try InputFile.contents(of: path) } catch {
      throw TaskFileError(
        file: path, found: InputFile.irregularity(of: path) ?? error.reason,
        expected: "a readable data file; paths are relative to the working folder")
    }
    if bytes.starts(with: Array("PAR1".utf8)) {
      throw TaskFileError(
        file: path, found: "a parquet file, which is not read",
        expected: "JSON lines. Convert it with: python3 -c 'import pandas as p; "
          + "p.read_parquet(\"IN.parquet\").to_json(\"OUT.jsonl\", orient=\"records\", lines=True)'")
    }
    return bytes.starts(with: [0x1F, 0x8B]) ? try GzipFile.contents(of: path, packed: bytes.count) : bytes
  }
}

extension UInt8 {
  fileprivate var isJSONBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D || self == 0x0A }
}
