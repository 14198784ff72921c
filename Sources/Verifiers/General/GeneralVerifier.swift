import StrictJSON

/// Light heuristics for open questions (report: "keyword overlap, simple classifier": 1 or 0).
///
/// What a row brings decides the rule, or its `match` field names one:
/// - `keywords`: every keyword (a string, or a list of spellings) occurs as whole words; `forbidden`, `min_overlap` and
///   `max_words` refine it; guards refuse empty answers, copies of the prompt, repetition and lists of guesses.
/// - `exact`: the submitted answer is one of the references, case, articles and punctuation apart.
/// - `f1` (the default with a reference): exact, or a token F1 of at least `min_f1` (0.75) with the same numbers in the
///   same order and the same negation.
/// - `drop`: DROP's F1 with its rule for numbers and for several spans; `min_f1` as above.
/// - `instructions`: IFEval's checks named in `instruction_id_list` with their `kwargs`.
/// - `classifier`: the n-gram classifier given at creation.
///
/// With `graded: true` the row gets the measured overlap instead of 1 or 0.
public struct GeneralVerifier: Verifier {
  /// The name a data row picks this verifier by.
  public let name = "general"
  /// Judges rows with `match: classifier`.
  public let classifier: NGramClassifier?

  /// A verifier.
  public init(classifier: NGramClassifier? = nil) { self.classifier = classifier }

  private static let rules = ["keywords", "exact", "f1", "drop", "instructions", "classifier"]

  /// One verdict per request, in order.
  public func verify(_ requests: [VerifyRequest]) -> [Verdict] {
    requests.map { request in
      do { return try verdict(on: request) } catch let failure as VerifierFailure {
        return .failed(failure)
      } catch {
        return .failed(VerifierFailure(.badRequest, "\(error)"))
      }
    }
  }

  /// The rule a row names or implies.
  /// - Throws: `VerifierFailure` (`badRequest`) for a name that is none.
  func rule(of request: VerifyRequest) throws -> String {
    if let wanted = request.fields["match"], !wanted.isNull {
      guard let rule = wanted.string, Self.rules.contains(rule) else {
        let found = wanted.string ?? wanted.kind
        let hint = nearestName(to: found, in: Self.rules).map { "; did you mean \"\($0)\"?" } ?? ""
        throw VerifierFailure(
          .badRequest, #""match" is "\#(found)", expected one of \#(Self.rules.joined(separator: ", "))\#(hint)"#)
      }
      return rule
    }
    if request.fields["instruction_id_list"]?.array != nil { return "instructions" }
    if let keywords = request.fields["keywords"], !keywords.isNull { return "keywords" }
    if request.reference.isNull, request.fields["ref_text"]?.string != nil { return "drop" }
    return "f1"
  }

  private func verdict(on request: VerifyRequest) throws -> Verdict {
    switch try rule(of: request) {
    case "keywords": try keywords(request)
    case "exact": try references(request, measure: .exact)
    case "drop": try references(request, measure: .drop)
    case "instructions": try instructions(request)
    case "classifier": try classified(request)
    default: try references(request, measure: .f1)
    }
  }

  // MARK: - Keywords

  private func keywords(_ request: VerifyRequest) throws -> Verdict {
    let rule = try KeywordOverlap(request.fields)
    let answer = ResponseText.answer(of: request.response)
    let finding = rule.finding(in: answer, prompt: request.prompt)
    let holds = finding.refusal == nil && finding.share >= rule.minimumShare - 1e-12
    let score = finding.refusal != nil ? 0 : try graded(request) ? finding.share : holds ? 1 : 0
    let missing = finding.missing.prefix(5).joined(separator: ", ")
    return .score(
      score,
      VerdictDetail(
        extracted: String(answer.prefix(500)),
        outcome: finding.refusal != nil ? "refused" : holds ? "correct" : "incorrect",
        reason: finding.refusal ?? (missing.isEmpty ? "all keywords said" : "not said: \(missing)"),
        metrics: ["keyword_share": finding.share]))
  }

  // MARK: - References

  private enum Measure { case exact, f1, drop }

  private func references(_ request: VerifyRequest, measure: Measure) throws -> Verdict {
    var given = request.references
    if given.isEmpty, let text = request.fields["ref_text"], !text.isNull { given = [text] }
    let references = try given.flatMap { reference -> [String] in
      // DROP's published rows join the accepted answers with a bar.
      if measure == .drop, let text = reference.string { return text.split(separator: "|").map(String.init) }
      return [try text(of: reference)]
    }
    guard !references.isEmpty, references.contains(where: { !AnswerText.words($0).isEmpty || !$0.isEmpty }) else {
      throw VerifierFailure(.badReference, "no reference and no keywords; expected one of them")
    }
    let minimum = try number(request, "min_f1", in: 0.01...1) ?? 0.75
    let submitted = AnswerText.submitted(in: request.response)
    let words = AnswerText.words(submitted)
    var exact = false
    var best = 0.0
    for reference in references {
      let expected = AnswerText.words(reference)
      let isSame = expected.isEmpty ? trimmed(submitted) == trimmed(reference) : words == expected
      exact = exact || isSame
      switch measure {
      case .exact: best = exact ? 1 : best
      case .f1: best = max(best, isSame ? 1 : plausibleF1(words, expected))
      case .drop:
        let score = TokenOverlap.drop(Self.spans(submitted), Self.spans(reference))
        let measured =
          Self.isNumberWithUnit(words, expected) ? 1 : max(score, TokenOverlap.drop([submitted], [reference]))
        best = max(best, isSame ? 1 : Self.scales(words) == Self.scales(expected) ? measured : 0)
      }
    }
    let holds = best >= (measure == .exact ? 1 : minimum - 1e-9)
    return .score(
      try graded(request) ? best : holds ? 1 : 0,
      VerdictDetail(
        extracted: String(submitted.prefix(500)),
        outcome: holds ? "correct" : words.isEmpty ? "no_answer" : "incorrect",
        reason: exact ? "equal to a reference" : "best overlap \(JSON.double((best * 1000).rounded() / 1000).text())",
        metrics: ["exact": exact ? 1 : 0, "f1": best]))
  }

  private func text(of reference: JSON) throws -> String {
    switch reference {
    case .string(let text): return text
    case .number(let number): return number.text
    case .bool(let flag): return flag ? "true" : "false"
    default: throw VerifierFailure(.badReference, "a reference is \(reference.kind), expected a string or a number")
    }
  }

  /// Words that make a number another number.
  private static func scales(_ words: [String]) -> [String] {
    words.filter { ["hundred", "thousand", "million", "billion", "trillion", "dozen", "not", "minus"].contains($0) }
  }

  /// A number with a unit for the number alone: "12 yards" for "12", but not "12 million".
  private static func isNumberWithUnit(_ found: [String], _ expected: [String]) -> Bool {
    guard expected.count == 1, AnswerText.number(expected[0]) != nil, (2...4).contains(found.count) else {
      return false
    }
    let others: Set<String> = [
      "hundred", "thousand", "million", "billion", "trillion", "dozen", "percent", "not", "no", "than", "more", "less",
      "over", "under", "about", "or", "half", "minus", "plus", "times", "to", "never", "th", "nd", "st", "rd",
    ]
    return AnswerText.numbers(found) == expected && !found.contains(where: others.contains)
  }

  /// Token F1, or 0 where the words overlap but say something else: other numbers, or one of them denies.
  private func plausibleF1(_ found: [String], _ expected: [String]) -> Double {
    guard AnswerText.numbers(found) == AnswerText.numbers(expected) else { return 0 }
    if Self.isNumberWithUnit(found, expected) { return 1 }
    let denials: Set<String> = [
      "not", "no", "never", "none", "nor", "neither", "without", "cannot", "isnt", "dont", "doesnt",
    ]
    guard Set(found).intersection(denials) == Set(expected).intersection(denials) else { return 0 }
    return TokenOverlap.f1(found, expected)
  }

  private static func spans(_ text: String) -> [String] {
    let parts = text.split(whereSeparator: { $0 == ";" || $0 == "|" || $0 == "\n" }).flatMap { part in
      part.replacing(" and ", with: ", ").split(separator: ", ").map(String.init)
    }
    return parts.filter { !AnswerText.words($0).isEmpty }
  }

  private func trimmed(_ text: String) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  // MARK: - Fields

  private func graded(_ request: VerifyRequest) throws -> Bool {
    guard let value = request.fields["graded"], !value.isNull else { return false }
    guard let flag = value.bool else {
      throw VerifierFailure(.badRequest, #""graded" is \#(value.kind), expected true or false"#)
    }
    return flag
  }

  private func number(_ request: VerifyRequest, _ key: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let value = request.fields[key], !value.isNull else { return nil }
    guard let number = value.double, range.contains(number) else {
      throw VerifierFailure(
        .badRequest, #""\#(key)" is \#(value.text()), expected \#(range.lowerBound) to \#(range.upperBound)"#)
    }
    return number
  }
}

extension KeywordOverlap {
  /// Reads `keywords`, `forbidden`, `min_overlap` and `max_words`.
  init(_ fields: JSONObject) throws {
    guard let list = fields["keywords"]?.array ?? fields["keywords"]?.string.map({ [.string($0)] }), !list.isEmpty
    else {
      throw VerifierFailure(.badReference, #""keywords" is empty or no list"#)
    }
    keywords = try list.map { keyword in
      let spellings = keyword.string.map { [$0] } ?? keyword.array?.compactMap(\.string) ?? []
      guard spellings.contains(where: { !Self.words($0).isEmpty }) else {
        throw VerifierFailure(.badReference, "a keyword is \(keyword.text()), expected a word or a list of spellings")
      }
      return spellings
    }
    if let value = fields["forbidden"], !value.isNull {
      guard let words = value.array?.map(\.string), !words.contains(nil) else {
        throw VerifierFailure(.badRequest, #""forbidden" is \#(value.kind), expected a list of strings"#)
      }
      forbidden = words.compactMap { $0 }
    }
    if let value = fields["min_overlap"], !value.isNull {
      guard let share = value.double, share > 0, share <= 1 else {
        throw VerifierFailure(.badRequest, #""min_overlap" is \#(value.text()), expected over 0 and up to 1"#)
      }
      minimumShare = share
    }
    if let value = fields["max_words"], !value.isNull {
      guard let words = value.int, words > 0 else {
        throw VerifierFailure(.badRequest, #""max_words" is \#(value.text()), expected a positive integer"#)
      }
      maximumWords = words
    }
  }
}
