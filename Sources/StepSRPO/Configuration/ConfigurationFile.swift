import Foundation
import StrictJSON

/// Reads a run's configuration: the defaults, overlaid with a file, overlaid with `--set key.path=value`.
///
/// The resolved document holds every key there is, sorted, so a run's stored configuration says all that determined it.
public struct ConfigurationFile: Sendable {
  /// The configuration.
  public let configuration: RunConfiguration
  /// Every key with its value, sorted.
  public let resolved: JSON

  /// Reads and checks a file.
  ///
  /// - Parameters:
  ///   - path: a JSON5 file.
  ///   - overrides: `key.path=value` strings; a value is JSON, or else taken as a string.
  /// - Throws: `ConfigurationError` naming file, line and key.
  public init(path: String, overrides: [String] = []) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      let reason = FileManager.default.fileExists(atPath: path) ? "cannot be read" : "no such file"
      throw ConfigurationError(source: path, message: reason)
    }
    try self.init(text: String(decoding: data, as: UTF8.self), source: path, overrides: overrides)
  }

  /// Reads and checks a document; `source` names it in errors.
  public init(text: String, source: String, overrides: [String] = []) throws {
    var positions: [String: JSONPosition] = [:]
    var document = try Self.defaults()
    do {
      let parsed = try JSON.parseWithPositions(text, dialect: .json5)
      positions = parsed.positions
      document = try Self.overlay(document, parsed.value, path: []) { key, message in
        ConfigurationError(source: source, line: positions[key]?.line, key: key, message: message)
      }
    } catch let error as JSONError {
      throw ConfigurationError(source: source, line: error.line, message: "column \(error.column): \(error.message)")
    }
    var fromCommandLine: Set<String> = []
    for override in overrides {
      let (key, patch) = try Self.patch(override)
      fromCommandLine.insert(key)
      document = try Self.overlay(document, patch, path: []) { key, message in
        ConfigurationError(source: "--set", key: key, message: message)
      }
    }
    func error(_ key: String, _ message: String) -> ConfigurationError {
      fromCommandLine.contains(key)
        ? ConfigurationError(source: "--set", key: key, message: message)
        : ConfigurationError(source: source, line: positions[key]?.line, key: key, message: message)
    }
    try Self.requireWholeNumbers(document, like: RunConfiguration(), path: [], error: error)
    configuration = try Self.decode(document, error: error)
    resolved = document
    try configuration.validate(error: error)
  }

  /// Reads a resolved document back, as stored with a run.
  public init(resolved text: String, source: String) throws {
    try self.init(text: text, source: source)
  }
}

// MARK: - Overlaying

extension ConfigurationFile {
  private static func defaults() throws -> JSON {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(RunConfiguration())
    return try JSON.parse(utf8: Array(data))
  }

  /// `base` with the keys of `patch` replaced; a key that `base` lacks is an error.
  private static func overlay(
    _ base: JSON, _ patch: JSON, path: [String], error: (String, String) -> ConfigurationError
  ) throws -> JSON {
    let key = path.joined(separator: ".")
    guard case .object(var object) = base else {
      guard base.kind == patch.kind else { throw error(key, "found \(patch.kind), expected \(base.kind)") }
      return patch
    }
    guard case .object(let changes) = patch else {
      throw error(key, "found \(patch.kind), expected an object with the keys \(object.keys.joined(separator: ", "))")
    }
    for (name, value) in changes.pairs {
      let inner = path + [name]
      guard let known = object[name] else {
        let hint = nearestName(to: name, in: object.keys).map { ", did you mean \"\($0)\"?" } ?? ""
        let known = object.keys.joined(separator: ", ")
        throw error(inner.joined(separator: "."), "unknown key\(hint) (known here: \(known))")
      }
      object[name] = try overlay(known, value, path: inner, error: error)
    }
    return .object(object)
  }

  /// `a.b=3` as `{"a": {"b": 3}}`.
  private static func patch(_ override: String) throws -> (key: String, patch: JSON) {
    guard let equals = override.firstIndex(of: "="), equals != override.startIndex else {
      throw ConfigurationError(source: "--set", message: "found \"\(override)\", expected key.path=value")
    }
    let key = String(override[..<equals])
    let text = String(override[override.index(after: equals)...])
    let value = (try? JSON.parse(text, dialect: .json5)) ?? .string(text)
    let patch = key.split(separator: ".", omittingEmptySubsequences: false).reversed().reduce(value) { inner, name in
      .object(JSONObject([(String(name), inner)]))
    }
    return (key, patch)
  }

  /// Foundation's decoder does not say which number is not whole, so the defaults' own types are asked first.
  private static func requireWholeNumbers(
    _ value: JSON, like standard: Any, path: [String], error: (String, String) -> ConfigurationError
  ) throws {
    let key = path.joined(separator: ".")
    if standard is Int, let number = value.double, value.int == nil {
      throw error(key, "found \(number), expected a whole number")
    }
    guard case .object(let object) = value else { return }
    for child in Mirror(reflecting: standard).children {
      guard let label = child.label, let inner = object[snakeCase(label)] else { continue }
      try requireWholeNumbers(inner, like: child.value, path: path + [snakeCase(label)], error: error)
    }
  }

  private static func decode(
    _ document: JSON, error: (String, String) -> ConfigurationError
  ) throws -> RunConfiguration {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      return try decoder.decode(RunConfiguration.self, from: Data(document.text().utf8))
    } catch let failure as DecodingError {
      let (context, what) = Self.explain(failure)
      throw error(context.codingPath.map { snakeCase($0) }.joined(separator: "."), what)
    }
  }

  private static func explain(_ failure: DecodingError) -> (DecodingError.Context, String) {
    switch failure {
    case .dataCorrupted(let context): (context, context.debugDescription)
    case .typeMismatch(let type, let context): (context, "expected \(word(for: type))")
    case .valueNotFound(let type, let context): (context, "found null, expected \(word(for: type))")
    case .keyNotFound(let key, let context): (context, "the key \"\(snakeCase(key))\" is missing")
    @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "\(failure)")
    }
  }

  private static func word(for type: Any.Type) -> String {
    if type == Int.self { return "a whole number" }
    if type == Double.self { return "a number" }
    if type == String.self { return "a string" }
    if type == Bool.self { return "true or false" }
    return "\(type)"
  }

  private static func snakeCase(_ key: any CodingKey) -> String {
    if let index = key.intValue { return String(index) }
    return snakeCase(key.stringValue)
  }

  private static func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { text, character in
      if character.isUppercase { text += "_" }
      text += character.lowercased()
    }
  }
}
