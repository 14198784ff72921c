import StrictJSON

/// Several verifiers in one, as a data row's list asks for; see ``VerifierChoice``.
public struct WeightedVerifier: Verifier {
  /// The choice as text.
  public let name: String
  /// What was chosen.
  public let choice: VerifierChoice
  private let verifiers: [any Verifier]

  /// A combination of the verifiers that `choice` names, in its order.
  public init(choice: VerifierChoice, verifiers: [any Verifier]) {
    precondition(choice.parts.count == verifiers.count, "one verifier for each part")
    name = choice.text
    self.choice = choice
    self.verifiers = verifiers
  }

  /// One verdict per request, in order.
  public func verify(_ requests: [VerifyRequest]) -> [Verdict] {
    let all = verifiers.map { $0.verify(requests) }
    return requests.indices.map { i in choice.verdict(from: all.map { $0[i] }) }
  }
}

extension VerifierRegistry {
  /// The verifier a row's `verifier` column asks for: a name, or a list of names and `{"name", "weight"}` objects.
  /// - Throws: `VerifierFailure` (`unavailable` for an unknown name, `badRequest` for anything else).
  public func verifier(describedBy column: JSON) throws -> any Verifier {
    let choice = try VerifierChoice(column: column)
    let verifiers = try choice.parts.map { try verifier(named: $0.name) }
    return choice.parts.count == 1 ? verifiers[0] : WeightedVerifier(choice: choice, verifiers: verifiers)
  }
}
