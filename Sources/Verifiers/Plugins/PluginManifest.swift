import Foundation
import Platform
import StrictJSON

/// What `verifier.json` says about an out-of-process verifier.
public struct PluginManifest: Sendable, Equatable {
  /// The name a data row picks it by; the folder bears the same name.
  public var name: String
  /// Changes whenever the same request may get another verdict.
  public var version: String
  /// One line for lists.
  public var description = ""
  /// The executable and its arguments. A first word with a slash is relative to the folder; one without is searched in
  /// `PATH`.
  public var command: [String]
  /// Run in the folder before the first start when the command's file does not exist; empty when nothing is to build.
  public var build: [String] = []
  /// Names of environment variables it may see; everything else is withheld.
  public var environment: [String] = []
  /// Seconds it may take for one request, counted from the later of sending it and the last answer.
  public var timeout = 10.0
  /// Seconds from its start to its greeting.
  public var startTimeout = 20.0
  /// Requests it may have at once.
  public var maximumInFlight = 8
  /// Processes kept of it.
  public var processes = 1
  /// Failures in a row after which it is given up for the batch.
  public var restarts = 3
  /// Megabytes of address space; 0 sets no limit.
  public var memoryMegabytes = 0
  /// Whether it may use the network.
  public var network = false
  /// Whether it runs in bubblewrap: read-only system, its own folder, a private `/tmp`, nothing else.
  public var sandbox = true
  /// What must be installed: programs, or `python:MODULE`.
  public var needs: [String] = []
  /// How to install what is needed.
  public var install = ""
  /// Whether the same request always gets the same verdict; then verdicts are remembered.
  public var deterministic = true
  /// Whether a row's reference decides. False for constraints of form (a length, a schema), which a reference need not
  /// meet and a text without sense may.
  public var usesReference = true
  /// A file of JSON lines with `prediction`, `reference` and `expected`, for `verifiers check`.
  public var tests = "tests.jsonl"

  private static let keys = [
    "name", "version", "description", "command", "build", "environment", "timeout_s", "start_timeout_s",
    "max_in_flight",
    "processes", "restarts", "memory_mb", "network", "sandbox", "needs", "install", "deterministic", "tests",
    "uses_reference",
  ]

  /// Reads `verifier.json` in a folder.
  /// - Throws: `VerifierFailure` (`unavailable`) naming file, key, what was found and what was expected.
  public init(folder: URL) throws {
    let file = folder.appending(path: "verifier.json")
    let json: JSON
    do { json = try JSON.parse(utf8: InputFile.contents(of: file.path), dialect: .json5) } catch {
      throw VerifierFailure(.unavailable, (error as? FileError)?.description ?? "\(file.path): \(error)")
    }
    do { try self.init(json: json) } catch {
      throw VerifierFailure(.unavailable, "\(file.path): \((error as? VerifierFailure)?.message ?? "\(error)")")
    }
  }

  /// Reads a manifest.
  /// - Throws: `VerifierFailure` (`unavailable`).
  public init(json: JSON) throws {
    guard let object = json.object else { throw Self.wrong("the manifest", json, "an object") }
    for key in object.keys where !Self.keys.contains(key) {
      let hint = nearestName(to: key, in: Self.keys).map { "; did you mean \"\($0)\"?" } ?? ""
      throw VerifierFailure(.unavailable, "unknown key \"\(key)\"\(hint)")
    }
    func text(_ key: String) throws -> String? {
      guard let value = object[key] else { return nil }
      guard let text = value.string else { throw Self.wrong(key, value, "a string") }
      return text
    }
    func list(_ key: String) throws -> [String]? {
      guard let value = object[key] else { return nil }
      guard let texts = value.array?.compactMap(\.string), texts.count == value.array?.count else {
        throw Self.wrong(key, value, "a list of strings")
      }
      return texts
    }
    func number(_ key: String, _ range: ClosedRange<Double>) throws -> Double? {
      guard let value = object[key] else { return nil }
      guard let number = value.double, range.contains(number) else {
        throw Self.wrong(key, value, "a number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
    func flag(_ key: String) throws -> Bool? {
      guard let value = object[key] else { return nil }
      guard let flag = value.bool else { throw Self.wrong(key, value, "true or false") }
      return flag
    }
    guard let name = try text("name"), !name.isEmpty,
      name.allSatisfy({ $0.isLetter || $0.isNumber || "-_.".contains($0) })
    else { throw Self.wrong("name", object["name"], "letters, digits, '-', '_' and '.'") }
    guard let command = try list("command"), !command.isEmpty, !command.contains("") else {
      throw Self.wrong("command", object["command"], "a list that begins with the executable")
    }
    self.name = name
    self.command = command
    version = try text("version") ?? "1"
    description = try text("description") ?? ""
    build = try list("build") ?? []
    environment = try list("environment") ?? []
    timeout = try number("timeout_s", 0.05...3600) ?? timeout
    startTimeout = try number("start_timeout_s", 0.1...3600) ?? startTimeout
    maximumInFlight = Int(try number("max_in_flight", 1...4096) ?? Double(maximumInFlight))
    processes = Int(try number("processes", 1...256) ?? Double(processes))
    restarts = Int(try number("restarts", 0...1000) ?? Double(restarts))
    memoryMegabytes = Int(try number("memory_mb", 0...1_048_576) ?? Double(memoryMegabytes))
    network = try flag("network") ?? network
    sandbox = try flag("sandbox") ?? sandbox
    needs = try list("needs") ?? []
    install = try text("install") ?? ""
    deterministic = try flag("deterministic") ?? deterministic
    usesReference = try flag("uses_reference") ?? usesReference
    tests = try text("tests") ?? tests
  }

  private static func wrong(_ key: String, _ found: JSON?, _ expected: String) -> VerifierFailure {
    VerifierFailure(
      .unavailable, "\"\(key)\" is \(found.map { String($0.text().prefix(60)) } ?? "missing"), expected \(expected)")
  }

  /// The plug-ins in a folder of plug-ins: subfolders that hold a `verifier.json`, sorted by name.
  public static func discover(in folder: URL) -> [URL] {
    let found = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return found.filter { FileManager.default.fileExists(atPath: $0.appending(path: "verifier.json").path) }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }
}
