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
    let parsed: (value: JSON, positions: [String: JSONPosition])
    do { parsed = try JSON.parseWithPositions(text, dialect: .json5) } catch let error as JSONError {
      throw ConfigurationError(source: source, line: error.line, message: "column \(error.column): \(error.message)")
    }
    let positions = parsed.positions
    let patches = try overrides.map { try Self.patch($0) }
    let preset = Self.preset(of: [parsed.value] + patches.map(\.patch))
    var document = try Self.overlay(Self.defaults(preset), parsed.value, path: [], preset) { key, message in
      ConfigurationError(source: source, line: positions[key]?.line, key: key, message: message)
    }
    var fromCommandLine: Set<String> = []
    for (key, patch) in patches {
      fromCommandLine.insert(key)
      document = try Self.overlay(document, patch, path: [], preset) { key, message in
        ConfigurationError(source: "--set", key: key, message: message)
      }
    }
    func error(_ key: String, _ message: String) -> ConfigurationError {
      fromCommandLine.contains(key)
        ? ConfigurationError(source: "--set", key: key, message: message)
        : ConfigurationError(source: source, line: positions[key]?.line, key: key, message: message)
    }
    try Self.requireWholeNumbers(document, like: RunConfiguration(), path: [], error: error)
    configuration = try Self.decode(Self.completed(document, preset), error: error)
    resolved = document
    try configuration.validate(error: error)
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
    guard key == "tasks.stages" else { return Optional.none }  // a plain nil would be JSON's null
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
