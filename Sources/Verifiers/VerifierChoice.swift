import StrictJSON

/// What a row's `verifier` column asks for: one verifier, or several whose scores are weighted.
///
/// The score of several is the weighted mean of theirs. One with weight 0 is a metric only: it is asked, what it says is
/// recorded, and neither its score nor its failure touches the row's verdict.
public struct VerifierChoice: Sendable, Hashable {
  /// One of the verifiers.
  public struct Part: Sendable, Hashable {
    /// Its name in the registry.
    public let name: String
    /// Its weight: 0, or one of ``VerifierChoice/weights``.
    public let weight: Double

    /// A part.
    public init(name: String, weight: Double) {
      self.name = name
      self.weight = weight
    }
  }

  /// What a weight above 0 may be: no sum of such weights overflows, and none of them is lost beside another.
  public static let weights = 1e-9...1e9

  /// The verifiers in the row's order; one of them at least has a weight over 0, and no name stands twice.
  public let parts: [Part]

  /// A choice.
  /// - Throws: `VerifierFailure` (`badRequest`) for a weight out of range, for weights that are all 0, and for a name
  ///   that stands twice.
  public init(parts: [Part]) throws(VerifierFailure) {
    // 0 by its bits: a thread that has sampled takes the smallest numbers for 0.
    for part in parts where !(part.weight.magnitude.bitPattern == 0 || Self.weights.contains(part.weight)) {
      throw VerifierFailure(
        .badRequest,
        "the weight of \"\(part.name)\" is \(part.weight), expected 0, or a number from 1e-9 to 1e9")
    }
    guard parts.contains(where: { $0.weight > 0 }) else {
      throw VerifierFailure(.badRequest, "\"verifier\" names none with a weight over 0, expected one at least")
    }
    for (i, part) in parts.enumerated() where parts[..<i].contains(where: { $0.name == part.name }) {
      throw VerifierFailure(.badRequest, "\"verifier\" names \"\(part.name)\" twice")
    }
    self.parts = parts
  }

  /// Reads the column: a name, or a list of names and `{"name", "weight"}` objects (weight 1 where none is given).
  /// - Throws: `VerifierFailure` (`badRequest`) with what was found and what was expected.
  public init(column: JSON) throws(VerifierFailure) {
    switch column {
    case .string(let text): try self.init(text: text)
    case .array(let elements):
      var parts: [Part] = []
      for element in elements { parts.append(try Self.part(element)) }
      try self.init(parts: parts)
    default:
      throw VerifierFailure(.badRequest, "\"verifier\" is \(column.kind), expected a name or a list")
    }
  }

  /// Reads ``text``.
  /// - Throws: as ``init(column:)``.
  public init(text: String) throws(VerifierFailure) {
    guard text.hasPrefix("[") else {
      self = try VerifierChoice(parts: [Part(name: text, weight: 1)])
      return
    }
    guard let list = try? JSON.parse(text), list.array != nil else {
      throw VerifierFailure(.badRequest, "\"verifier\" is \(text.prefix(60)), expected a name or a list")
    }
    try self.init(column: list)
  }

  private static func part(_ element: JSON) throws(VerifierFailure) -> Part {
    if let name = element.string { return Part(name: name, weight: 1) }
    let keys = element.object?.keys ?? []
    if let wrong = keys.first(where: { $0 != "name" && $0 != "weight" }) {
      let hint = nearestName(to: wrong, in: ["name", "weight"]).map { "; did you mean \"\($0)\"?" } ?? ""
      throw VerifierFailure(.badRequest, "a verifier of a list has the unknown key \"\(wrong)\"\(hint)")
    }
    guard let name = element["name"]?.string, let weight = (element["weight"] ?? 1).double else {
      throw VerifierFailure(
        .badRequest, "a verifier is \(element.text().prefix(60)), expected a name or {\"name\", \"weight\"}")
    }
    return Part(name: name, weight: weight)
  }

  /// The name, or the list as compact JSON: the one spelling under which a choice is stored and compared.
  public var text: String { column.string ?? column.text() }

  /// The column as a row holds it.
  public var column: JSON {
    if parts.count == 1 { return .string(parts[0].name) }
    return .array(parts.map { ["name": .string($0.name), "weight": .double($0.weight)] })
  }

  /// The row's verdict from those of its parts, in order: the weighted mean of the scores.
  ///
  /// A failure or an abstention of a part that counts is that of the whole; one of a part with weight 0 is not.
  public func verdict(from verdicts: [Verdict]) -> Verdict {
    precondition(verdicts.count == parts.count, "one verdict for each part")
    if parts.count == 1 { return verdicts[0] }
    let total = parts.reduce(0) { $0 + $1.weight }
    var sum = 0.0
    var detail = VerdictDetail()
    var reasons: [String] = []
    for (part, verdict) in zip(parts, verdicts) {
      if let score = verdict.score { detail.metrics["\(part.name)/score"] = score }
      for (key, value) in verdict.detail?.metrics ?? [:] { detail.metrics["\(part.name)/\(key)"] = value }
      guard part.weight > 0 else { continue }
      switch verdict {
      case .score(let score, let inner):
        sum += part.weight * score
        detail.extracted = detail.extracted ?? inner.extracted
        if let reason = inner.reason ?? inner.outcome { reasons.append("\(part.name): \(reason)") }
      case .abstain(let reason): return .abstain(reason: "\(part.name): \(reason)")
      case .failed(let failure): return .failed(VerifierFailure(failure.kind, "\(part.name): \(failure.message)"))
      }
    }
    detail.reason = reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    return .score(min(1, max(0, sum / total)), detail)
  }
}
