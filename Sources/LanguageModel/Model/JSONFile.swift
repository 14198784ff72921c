import Foundation
import Platform
import StrictJSON

/// A JSON object read from a file, whose accessors report a wrong value with file and key.
struct JSONFile {
  let path: String
  let object: JSONObject

  /// Reads the file; throws `CheckpointError` when it or its folder is absent, or it is unreadable or not an object.
  init(path: String, purpose: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      // Whoever mistyped a folder's name is not helped by the name of a file in it.
      let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
      guard folder.isEmpty || FileManager.default.fileExists(atPath: folder) else {
        throw CheckpointError.missingFolder(path: folder)
      }
      throw CheckpointError.missingFile(path: path, purpose: purpose)
    }
    let bytes: [UInt8]
    do { bytes = try InputFile.contents(of: path) } catch {
      throw CheckpointError.unreadable(path: path, reason: error.reason)
    }
    do {
      let value = try JSON.parse(utf8: bytes)
      guard let object = value.object else {
        throw CheckpointError.badValue(path: path, key: "(document)", found: value.kind, expected: "an object")
      }
      self.init(path: path, object: object)
    } catch let error as JSONError {
      throw CheckpointError.malformedJSON(path: path, error: error)
    }
  }

  init(path: String, object: JSONObject) {
    self.path = path
    self.object = object
  }

  /// The value of `key`; an explicit null counts as absent, as in the files transformers writes.
  func value(_ key: String) -> JSON? {
    guard let value = object[key], !value.isNull else { return nil }
    return value
  }

  func bad(_ key: String, _ expected: String) -> CheckpointError {
    guard let value = object[key] else {
      return .badValue(path: path, key: key, found: "absent", expected: expected)
    }
    let text = value.text()
    return .badValue(
      path: path, key: key, found: text.count > 60 ? value.kind : text, expected: expected)
  }

  func int(_ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil) throws -> Int {
    let expected = "an integer from \(range.lowerBound) to \(range.upperBound)"
    guard let value = value(key) else {
      guard let fallback else { throw bad(key, expected) }
      return fallback
    }
    guard let int = value.int, range.contains(int) else { throw bad(key, expected) }
    return int
  }

  func double(_ key: String, above minimum: Double, default fallback: Double? = nil) throws -> Double {
    guard let value = value(key) else {
      guard let fallback else { throw bad(key, "a number above \(minimum)") }
      return fallback
    }
    guard let double = value.double, double.isFinite, double > minimum else {
      throw bad(key, "a number above \(minimum)")
    }
    return double
  }

  func double(_ key: String, atLeast minimum: Double, default fallback: Double) throws -> Double {
    guard let value = value(key) else { return fallback }
    guard let double = value.double, double.isFinite, double >= minimum else {
      throw bad(key, "a number of \(minimum) or more")
    }
    return double
  }

  func bool(_ key: String, default fallback: Bool) throws -> Bool {
    guard let value = value(key) else { return fallback }
    guard let bool = value.bool else { throw bad(key, "true or false") }
    return bool
  }

  func string(_ key: String) throws -> String? {
    guard let value = value(key) else { return nil }
    guard let string = value.string else { throw bad(key, "a string") }
    return string
  }

  /// One token id or a list of them, as `eos_token_id` comes.
  func tokenIDs(_ key: String) throws -> [Int32] {
    guard let value = value(key) else { return [] }
    let list = value.array ?? [value]
    return try list.map { element in
      guard let int = element.int, int >= 0, let id = Int32(exactly: int) else {
        throw bad(key, "a token id or a list of token ids")
      }
      return id
    }
  }

  /// Writes `object` as indented JSON, replacing the file whole.
  static func write(_ object: JSONObject, to path: String) throws {
    try write(text: JSON.object(object).text(pretty: true) + "\n", to: path)
  }

  static func write(text: String, to path: String) throws {
    do { try OutputFile.write(text, to: path) } catch {
      throw CheckpointError.unreadable(path: path, reason: "cannot be written: \(error.reason)")
    }
  }
}
