import Foundation
import StrictJSON

/// The verifiers known by name.
public struct VerifierRegistry: Sendable {
  private var verifiers: [String: any Verifier] = [:]
  /// Names that stand for nothing usable, and why; asking for one gives the reason.
  private var unusable: [String: VerifierFailure] = [:]

  /// A registry of the given verifiers; a later one replaces an earlier one of the same name.
  public init(_ verifiers: [any Verifier] = []) {
    for verifier in verifiers { register(verifier) }
  }

  /// Adds a verifier, replacing one of the same name.
  public mutating func register(_ verifier: any Verifier) {
    verifiers[verifier.name] = verifier
    unusable[verifier.name] = nil
  }

  /// Adds the plug-ins of a folder: every subfolder that holds a `verifier.json`, under the subfolder's name.
  ///
  /// Nothing is started. A plug-in that cannot be used (a manifest that cannot be read, another name than its folder's, a
  /// name that is taken) disturbs nobody who does not ask for it; who does gets the reason.
  public mutating func register(pluginsIn folder: URL) {
    for plugin in PluginManifest.discover(in: folder) {
      let name = plugin.lastPathComponent
      do {
        guard verifiers[name] == nil else {
          throw VerifierFailure(.unavailable, "\(plugin.path): the name \"\(name)\" is taken; rename the folder")
        }
        let verifier = try PluginVerifier(folder: plugin)
        guard verifier.name == name else {
          throw VerifierFailure(
            .unavailable, "\(plugin.path): the manifest says its name is \"\(verifier.name)\", the folder \"\(name)\"")
        }
        register(verifier)
      } catch {
        if verifiers[name] == nil {
          unusable[name] = error as? VerifierFailure ?? VerifierFailure(.unavailable, "\(error)")
        }
      }
    }
  }

  /// The names that can be asked for, sorted.
  public var names: [String] { verifiers.keys.sorted() }

  /// The names that are known and cannot be used, with the reason, sorted.
  public var unusableNames: [(name: String, reason: String)] {
    unusable.sorted { $0.key < $1.key }.map { ($0.key, $0.value.message) }
  }

  /// The verifier called `name`.
  /// - Throws: `VerifierFailure` (`unavailable`) naming the known verifiers and the nearest spelling, or why the one of
  ///   that name cannot be used.
  public func verifier(named name: String) throws -> any Verifier {
    if let verifier = verifiers[name] { return verifier }
    if let reason = unusable[name] { throw reason }
    let hint = nearestName(to: name, in: names).map { "; did you mean \"\($0)\"?" } ?? "."
    throw VerifierFailure(.unavailable, "unknown verifier \"\(name)\"\(hint) Known: \(names.joined(separator: ", ")).")
  }
}
