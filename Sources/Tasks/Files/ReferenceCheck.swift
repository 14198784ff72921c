import StrictJSON
import Verifiers

/// Whether every reference of a data set passes its own verifier: a row whose right answer counts as wrong teaches the
/// opposite of what it should.
public struct ReferenceCheck: Sendable {
  /// A row whose right answer did not score 1.
  public struct Finding: Sendable, Equatable, CustomStringConvertible {
    /// The row's id.
    public let id: String
    /// What was submitted.
    public let answer: String
    /// What came out.
    public let found: String

    /// The finding in a line.
    public var description: String { "\(id): the reference \"\(answer.prefix(80))\" gives \(found), expected 1" }
  }

  /// Answers that scored 1.
  public private(set) var passed = 0
  /// Rows that name no right answer, such as instructions and code without a solution.
  public private(set) var withoutAnswer = 0
  /// The answers that did not score 1.
  public private(set) var findings: [Finding] = []

  /// Right answers of a row: its solution where the verifier runs programs, otherwise every acceptable reference.
  public static func answers(of item: TaskItem) -> [String] {
    if item.verifier == "code" { return item.fields["solution"]?.string.map { [$0] } ?? [] }
    let references: [JSON]
    switch item.reference {
    case .null: references = []
    case .array(let values): references = values
    default: references = [item.reference]
    }
    return references.compactMap { value in
      if case .number(let number) = value { return number.text }
      return value.string
    }
  }

  /// Checks `items`, which share the verifier.
  public init(_ items: [TaskItem], verifier: any Verifier) {
    var requests: [VerifyRequest] = []
    var ids: [String] = []
    for item in items {
      let answers = Self.answers(of: item)
      if answers.isEmpty { withoutAnswer += 1 }
      for answer in answers {
        ids.append(item.id)
        requests.append(
          VerifyRequest(
            id: String(requests.count), prompt: item.prompt, response: answer, reference: item.reference,
            fields: item.fields))
      }
    }
    let verdicts = verifier.verify(requests)
    for (place, request) in requests.enumerated() {
      let verdict = place < verdicts.count ? verdicts[place] : .failed(VerifierFailure(.badReply, "no verdict"))
      if let score = verdict.score, score >= 1 - 1e-9 {
        passed += 1
      } else {
        findings.append(Finding(id: ids[place], answer: request.response, found: Self.text(verdict)))
      }
    }
  }

  private static func text(_ verdict: Verdict) -> String {
    switch verdict {
    case .score(let score, let detail):
      JSON.double(score).text() + (detail.reason.map { " (\($0.prefix(120)))" } ?? "")
    case .abstain(let reason): "no score (\(reason))"
    case .failed(let failure): "a failure (\(failure))"
    }
  }

  /// The findings of two checks together.
  public mutating func add(_ other: ReferenceCheck) {
    passed += other.passed
    withoutAnswer += other.withoutAnswer
    findings += other.findings
  }
}
