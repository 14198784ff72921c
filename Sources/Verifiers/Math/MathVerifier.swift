import StrictJSON

/// Scores mathematical answers: 1 when the response's answer equals the reference, 0 otherwise.
///
/// Equality is algebraic simplification and numeric approximation (the report's words); everything else about it is
/// ours. A response without an answer, or with one that cannot be read, scores 0 with the reason; a reference that
/// cannot be read is a failure, never a score.
public struct MathVerifier: Verifier {
  /// What an instance may vary.
  public struct Options: Sendable, Equatable {
    /// Whether the last number of a response counts where it marks no answer.
    public var takesLastNumber: Bool

    /// Options; the defaults are the lenient extraction.
    public init(takesLastNumber: Bool = true) { self.takesLastNumber = takesLastNumber }
  }

  /// `math`.
  public let name = "math"
  /// The options.
  public let options: Options
  private let budget = MathBudget.standard

  /// A verifier.
  public init(options: Options = Options()) { self.options = options }

  /// One verdict per request, in order.
  public func verify(_ requests: [VerifyRequest]) -> [Verdict] {
    var verdicts: [Verdict] = []
    verdicts.reserveCapacity(requests.count)
    // Rollouts of one query share their reference: keep the last one parsed.
    var known: (reference: JSON, parsed: [Reference])?
    for request in requests {
      let references: [Reference]
      if let cached = known, cached.reference.isIdentical(to: request.reference) {
        references = cached.parsed
      } else {
        references = request.references.map(parse)
        known = (request.reference, references)
      }
      verdicts.append(verdict(request, references))
    }
    return verdicts
  }

  /// Whether a reference can be used, so that a data set is checked before training.
  /// - Returns: nil when it can, otherwise why not.
  public func problem(withReference reference: JSON) -> VerifierFailure? {
    if case .failure(let failure) = parse(reference) { return failure }
    return nil
  }

  // MARK: References

  typealias Reference = Result<MathExpression, VerifierFailure>

  private func parse(_ reference: JSON) -> Reference {
    let text: String
    switch reference {
    case .string(let value): text = value
    case .number(let number): text = number.text
    default:
      return .failure(
        VerifierFailure(.badReference, "the reference is \(reference.kind); a string, a number or a list is expected"))
    }
    return MathVerifier.readReference(Array(text.utf8), budget)
  }

  static func readReference(_ bytes: [UInt8], _ budget: MathBudget) -> Reference {
    do throws(MathSyntaxError) {
      return .success(try MathParser.parse(bytes, budget: budget))
    } catch {
      // A worked solution as the reference: take its answer where it marks one.
      let extractor = MathExtractor(takesLastNumber: false, budget: budget)
      if let finding = try? extractor.find(in: bytes), finding.rule == .boxed || finding.rule == .phrase,
        let reading = finding.reading ?? (try? MathParser.parse(finding.bytes, budget: budget)),
        !reading.isWords
      {
        return .success(reading)
      }
      let shown = String(decoding: bytes.prefix(80), as: UTF8.self)
      return .failure(
        VerifierFailure(
          .badReference, "the reference \"\(shown)\" cannot be read: \(error.reason). Correct the row or leave it out.")
      )
    }
  }

  // MARK: Verdicts

  private func verdict(_ request: VerifyRequest, _ references: [Reference]) -> Verdict {
    if references.isEmpty {
      return .failed(VerifierFailure(.badReference, "the row has no reference; give a string, a number or a list"))
    }
    let readings = references.compactMap { try? $0.get() }
    var failure: VerifierFailure?
    for case .failure(let found) in references where failure == nil { failure = found }
    if readings.isEmpty, let failure { return .failed(failure) }
    let response = answerPart(of: request)
    var extractor = MathExtractor(takesLastNumber: options.takesLastNumber, budget: budget)
    extractor.expectsWords = readings.contains { $0.isWords }
    let finding: MathExtractor.Finding
    do throws(MathExtractor.NoAnswer) {
      finding = try extractor.find(in: response)
    } catch {
      return zero("no_answer", error.reason, extracted: nil, failure)
    }
    let extracted = String(decoding: finding.bytes.prefix(2000), as: UTF8.self)
    let answer: MathExpression
    do throws(MathSyntaxError) {
      answer = try MathVerifier.read(finding, extractor)
    } catch {
      return zero("unparsable_answer", "the answer cannot be read: \(error.reason)", extracted: extracted, failure)
    }
    var last: MathOutcome?
    for reading in readings {
      let outcome = MathVerifier.judge(answer, finding.bytes, against: reading, budget)
      if outcome.isSame {
        return .score(
          1,
          VerdictDetail(
            extracted: extracted, outcome: "equal",
            reason: "\(outcome.method.rawValue); answer found by rule \(finding.rule.rawValue)"))
      }
      last = outcome
    }
    let reason = last.map { "\($0.method.rawValue): \($0.difference)" } ?? "different"
    return zero("different", "\(reason); answer found by rule \(finding.rule.rawValue)", extracted: extracted, failure)
  }

  /// The response without an echo of the prompt, which is no part of the answer.
  func answerPart(of request: VerifyRequest) -> [UInt8] {
    var response = Array(request.response.utf8)
    if !request.prompt.isEmpty, response.starts(with: request.prompt.utf8) {
      response.removeFirst(request.prompt.utf8.count)
    }
    return response
  }

  /// A score of 0, unless a reference that could not be read might have matched.
  private func zero(_ outcome: String, _ reason: String, extracted: String?, _ failure: VerifierFailure?) -> Verdict {
    if let failure { return .failed(failure) }
    return .score(0, VerdictDetail(extracted: extracted, outcome: outcome, reason: reason))
  }

  /// Reads what was found. A box that holds a sentence is searched like a response, where no words are expected.
  static func read(
    _ finding: MathExtractor.Finding, _ extractor: MathExtractor
  ) throws(MathSyntaxError) -> MathExpression {
    if let reading = finding.reading { return reading }
    let answer = try MathParser.parse(finding.bytes, budget: extractor.budget)
    if answer.isWords, !extractor.expectsWords, let inner = try? extractor.find(in: finding.bytes),
      inner.rule == .phrase, let reading = inner.reading
    {
      return reading
    }
    return answer
  }

  /// Compares a reading of a response with a reference. Where the reference has no variables, the `m` of `15 m` in
  /// the response may be a unit.
  static func judge(
    _ answer: MathExpression, _ text: [UInt8], against reference: MathExpression, _ budget: MathBudget
  ) -> MathOutcome {
    let outcome = compare(answer, reference, budget)
    if outcome.isSame { return outcome }
    if case .variable(let letter) = reference, MathExtractor.leadingChoice(in: text) == letter {
      return .same(.structural)
    }
    if answer.variables.isEmpty || !reference.variables.isEmpty { return outcome }
    guard let plain = try? MathParser.parse(text, budget: budget, readsUnitLetters: true), plain != answer else {
      return outcome
    }
    let other = compare(plain, reference, budget)
    return other.isSame ? other : outcome
  }

  /// Compares two readings.
  static func compare(
    _ answer: MathExpression, _ reference: MathExpression, _ budget: MathBudget
  ) -> MathOutcome {
    var comparer = MathComparer(budget: budget)
    return comparer.compare(answers: answer, reference)
  }
}

extension MathExpression {
  /// Whether it is words and nothing else.
  var isWords: Bool { if case .text = self { true } else { false } }
}
