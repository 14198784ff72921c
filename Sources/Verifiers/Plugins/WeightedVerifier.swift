import StrictJSON

/// Several verifiers in one: the score is the weighted mean of theirs, and a weight of 0 makes one a metric only.
///
/// A failure or an abstention of a part that counts is that of the whole; one of a part with weight 0 is not.
public struct WeightedVerifier: Verifier {
  /// The name a data row picks this verifier by.
  public let name: String
  /// The parts in order.
  public let parts: [(verifier: any Verifier, weight: Double)]

  /// A combination.
  /// - Throws: `VerifierFailure` (`badRequest`) for a negative weight, or when none is over 0.
  public init(name: String? = nil, parts: [(verifier: any Verifier, weight: Double)]) throws {
    guard parts.allSatisfy({ $0.weight >= 0 && $0.weight.isFinite }), parts.contains(where: { $0.weight > 0 }) else {
      throw VerifierFailure(.badRequest, "weights must be 0 or more, and one must be over 0")
    }
    self.name = name ?? parts.map(\.verifier.name).joined(separator: "+")
    self.parts = parts
  }

  /// One verdict per request, in order.
  public func verify(_ requests: [VerifyRequest]) -> [Verdict] {
    let all = parts.map { $0.verifier.verify(requests) }
    let total = parts.reduce(0) { $0 + $1.weight }
    return requests.indices.map { i in
      var sum = 0.0
      var detail = VerdictDetail()
      var reasons: [String] = []
      for (part, verdicts) in zip(parts, all) {
        let verdict = verdicts[i]
        if let score = verdict.score { detail.metrics["\(part.verifier.name)/score"] = score }
        for (key, value) in verdict.detail?.metrics ?? [:] { detail.metrics["\(part.verifier.name)/\(key)"] = value }
        guard part.weight > 0 else { continue }
        switch verdict {
        case .score(let score, let inner):
          sum += part.weight * score
          detail.extracted = detail.extracted ?? inner.extracted
          if let reason = inner.reason ?? inner.outcome { reasons.append("\(part.verifier.name): \(reason)") }
        case .abstain(let reason): return .abstain(reason: "\(part.verifier.name): \(reason)")
        case .failed(let failure):
          return .failed(VerifierFailure(failure.kind, "\(part.verifier.name): \(failure.message)"))
        }
      }
      detail.reason = reasons.isEmpty ? nil : reasons.joined(separator: "; ")
      return .score(min(1, max(0, sum / total)), detail)
    }
  }
}

extension VerifierRegistry {
  /// The verifier a row's `verifier` column asks for: a name, or a list of names and `{"name", "weight"}` objects.
  /// - Throws: `VerifierFailure` (`unavailable` for an unknown name, `badRequest` for anything else).
  public func verifier(describedBy column: JSON) throws -> any Verifier {
    switch column {
    case .string(let name): return try verifier(named: name)
    case .array(let elements):
      let parts = try elements.map { element -> (verifier: any Verifier, weight: Double) in
        if let name = element.string { return (try verifier(named: name), 1) }
        guard let name = element["name"]?.string, let weight = (element["weight"] ?? 1).double else {
          throw VerifierFailure(
            .badRequest, "a verifier is \(element.text().prefix(60)), expected a name or {\"name\", \"weight\"}")
        }
        return (try verifier(named: name), weight)
      }
      return try WeightedVerifier(parts: parts)
    default: throw VerifierFailure(.badRequest, "\"verifier\" is \(column.kind), expected a name or a list")
    }
  }
}
