import Foundation
import Platform
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
    let bytes: [UInt8]
    do { bytes = try InputFile.contents(of: path, limit: 64 << 20) } catch {
      throw ConfigurationError(source: path, message: error.reason)
    }
    try self.init(utf8: bytes, source: path, overrides: overrides)
  }

  /// Reads and checks a document; `source` names it in errors.
  public init(text: String, source: String, overrides: [String] = []) throws {
    try self.init(utf8: Array(text.utf8), source: source, overrides: overrides)
  }

  private init(utf8 bytes: [UInt8], source: String, overrides: [String]) throws {
    let parsed: (value: JSON, positions: [String: JSONPosition])
    do { parsed = try JSON.parseWithPositions(utf8: bytes, dialect: .json5) } catch let error as JSONError {
      throw ConfigurationError(source: source, line: error.line, message: "column \(error.column): \(error.message)")
    }
    let set = try overrides.map { try Override($0) }
    let preset = Self.preset(of: [parsed.value] + set.map(\.patch))
    let positions = parsed.positions
    var document = try Self.overlay(Self.defaults(preset), parsed.value, path: [], preset) { key, message in
      ConfigurationError(source: source, line: positions[key]?.line, key: key, message: message)
    }
    for override in set {
      document = try Self.overlay(document, override.patch, path: [], preset) { key, message in
        ConfigurationError(source: override.source, key: key, message: message)
      }
    }
    /// The last override that touches a key is to blame for it, or else the file.
    func error(_ key: String, _ message: String) -> ConfigurationError {
      let override = set.last { $0.touches(key) }
      return ConfigurationError(
        source: override?.source ?? source, line: override == nil ? positions[key]?.line : nil, key: key,
        message: message)
    }
    document = try Self.checked(document, path: [], error: error)
    configuration = try Self.decode(Self.completed(document, preset), error: error)
    resolved = document
    try configuration.checkRelations(error: error)
  }

  /// Reads a resolved document back, as stored with a run. Keys come with defaults that change nothing, so that a run of an
  /// earlier version is what it was.
  public init(resolved text: String, source: String, overrides: [String] = []) throws {
    try self.init(text: text, source: source, overrides: overrides)
  }
}

// MARK: - Overlaying

extension ConfigurationFile {
  /// The preset the last of `documents` names, so that its parts are the defaults; a word that is none is left to the
  /// decoder, which names the right ones.
  private static func preset(of documents: [JSON]) -> AlgorithmSection.Preset {
    documents.compactMap { $0["algorithm"]?["preset"]?.string }.last.flatMap(AlgorithmSection.Preset.init) ?? .stepSRPO
  }

  /// The defaults of a preset, without the keys of `algorithm` that it does not use.
  private static func defaults(_ preset: AlgorithmSection.Preset) throws -> JSON {
    guard case .object(var document) = try encoded(RunConfiguration(preset: preset)),
      case .object(let section)? = document["algorithm"]
    else { return .null }
    document["algorithm"] = .object(JSONObject(section.pairs.filter { preset.keys.contains($0.0) }))
    return .object(document)
  }

  /// `document` with the keys its preset does not use, which the decoder wants all the same.
  private static func completed(_ document: JSON, _ preset: AlgorithmSection.Preset) throws -> JSON {
    try overlay(encoded(RunConfiguration(preset: preset)), document, path: [], preset) { key, message in
      ConfigurationError(source: "", key: key, message: message)
    }
  }

  private static func encoded(_ value: some Encodable) throws -> JSON {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys]
    return try JSON.parse(utf8: Array(encoder.encode(value)))
  }

  /// The defaults of the objects in a list, which has none of its own to overlay.
  private static func element(of key: String) throws -> JSON? {
    guard key == "tasks.stages" else { return nil }
    return try encoded(StageSection())
  }

  /// `base` with the keys of `patch` replaced; a key that `base` lacks is an error.
  private static func overlay(
    _ base: JSON, _ patch: JSON, path: [String], _ preset: AlgorithmSection.Preset,
    error: (String, String) -> ConfigurationError
  ) throws -> JSON {
    let key = path.joined(separator: ".")
    guard case .object(var object) = base else {
      guard base.kind == patch.kind else { throw error(key, "found \(patch.kind), expected \(base.kind)") }
      guard case .array(let elements) = patch, let standard = try element(of: key) else { return patch }
      return .array(
        try elements.enumerated().map { try overlay(standard, $1, path: path + [String($0)], preset, error: error) })
    }
    guard case .object(let changes) = patch else {
      throw error(key, "found \(patch.kind), expected an object with the keys \(object.keys.joined(separator: ", "))")
    }
    for (name, value) in changes.pairs {
      let inner = path + [name]
      guard let known = object[name] else {
        throw error(inner.joined(separator: "."), unknownKey(name, in: object.keys, path, preset))
      }
      object[name] = try overlay(known, value, path: inner, preset, error: error)
    }
    return .object(object)
  }

  private static func unknownKey(
    _ name: String, in keys: [String], _ path: [String], _ preset: AlgorithmSection.Preset
  ) -> String {
    let users = AlgorithmSection.Preset.allCases.filter { $0.keys.contains(name) }.map(\.rawValue)
    if path == ["algorithm"], !users.isEmpty {
      return "the preset \(preset.rawValue) does not use this key (it uses \(keys.joined(separator: ", "))); "
        + "\(users.joined(separator: ", ")) \(users.count == 1 ? "does" : "do")"
    }
    let hint = nearestName(to: name, in: keys).map { ", did you mean \"\($0)\"?" } ?? ""
    return "unknown key\(hint) (known here: \(keys.joined(separator: ", ")))"
  }

  /// The document with every number checked against the range of its key, whole ones written plainly; Foundation's
  /// decoder names no key where a number does not fit.
  private static func checked(
    _ value: JSON, path: [String], error: (String, String) -> ConfigurationError
  ) throws -> JSON {
    switch value {
    case .number(let number):
      let pattern = path.map { Int($0) == nil ? $0 : "*" }.joined(separator: ".")
      let key = path.joined(separator: ".")
      let found = number.text.count > 40 ? "\(number.text.prefix(40))…" : number.text
      guard let range = ranges[pattern] else { throw error(key, "found \(found), expected a string") }
      guard range.range.contains(number) else { throw error(key, "found \(found), expected \(range.expectation)") }
      if case .whole = range.range { return number.int.map { .int($0) } ?? value }
      return value
    case .array(let elements):
      return .array(
        try elements.enumerated().map { try checked($1, path: path + [String($0)], error: error) })
    case .object(let object):
      return .object(
        JSONObject(try object.pairs.map { ($0.key, try checked($0.value, path: path + [$0.key], error: error)) }))
    case .null, .bool, .string: return value
    }
  }

  private static let ranges = Dictionary(RunConfiguration.numbers.map { ($0.key, $0) }) { first, _ in first }

  private static func decode(
    _ document: JSON, error: (String, String) -> ConfigurationError
  ) throws -> RunConfiguration {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do { return try decoder.decode(RunConfiguration.self, from: Data(document.text().utf8)) } catch let failure
      as DecodingError
    { throw error(failure.snakeCaseKey, failure.found) }
  }
}

/// One `--set`.
private struct Override {
  /// The dotted key.
  let key: String
  /// `a.b=3` as `{"a": {"b": 3}}`.
  let patch: JSON
  /// The words of the command line, as errors name them.
  let source: String

  init(_ text: String) throws {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw ConfigurationError(source: "--set", message: "found \"\(text)\", expected key.path=value")
    }
    key = String(text[..<equals])
    source = "--set \(text.count > 120 ? "\(text.prefix(120))…" : text)"
    let words = String(text[text.index(after: equals)...])
    let value = (try? JSON.parse(words, dialect: .json5)) ?? .string(words)
    patch = key.split(separator: ".", omittingEmptySubsequences: false).reversed().reduce(value) { inner, name in
      .object(JSONObject([(String(name), inner)]))
    }
  }

  /// Whether it sets the key, something in it, or what it is a part of.
  func touches(_ other: String) -> Bool {
    other == key || other.hasPrefix(key + ".") || key.hasPrefix(other + ".")
  }
}
