import StrictJSON

/// The verifiers known by name.
public struct VerifierRegistry: Sendable {
  private var verifiers: [String: any Verifier] = [:]

  /// A registry of the given verifiers; a later one replaces an earlier one of the same name.
  public init(_ verifiers: [any Verifier] = []) {
    for verifier in verifiers { register(verifier) }
  }

  /// Adds a verifier, replacing one of the same name.
  public mutating func register(_ verifier: any Verifier) { verifiers[verifier.name] = verifier }

  /// The names, sorted.
  public var names: [String] { verifiers.keys.sorted() }

  /// The verifier called `name`.
  /// - Throws: `VerifierFailure` (`unavailable`) naming the known verifiers and the nearest spelling.
  public func verifier(named name: String) throws -> any Verifier {
    if let verifier = verifiers[name] { return verifier }
    let hint = nearestName(to: name, in: names).map { "; did you mean \"\($0)\"?" } ?? ""
    throw VerifierFailure(.unavailable, "unknown verifier \"\(name)\"\(hint) Known: \(names.joined(separator: ", ")).")
  }
}
