/// What a verifier says about one response. A failure is never a number.
public enum Verdict: Sendable, Equatable {
  /// A score in 0...1. The report's verifiers give 0 or 1.
  case score(Double, VerdictDetail)
  /// The verifier works but cannot judge this response, for example because the row lacks what it needs.
  case abstain(reason: String)
  /// The verifier itself failed; the response remains unjudged.
  case failed(VerifierFailure)

  /// The score, or nil when there is none.
  public var score: Double? { if case .score(let value, _) = self { value } else { nil } }
  /// The detail of a score.
  public var detail: VerdictDetail? { if case .score(_, let detail) = self { detail } else { nil } }
  /// The failure, or nil when there is none.
  public var failure: VerifierFailure? { if case .failed(let failure) = self { failure } else { nil } }
}

/// How a score came about, for people who audit it.
public struct VerdictDetail: Sendable, Equatable {
  /// The answer as the verifier read it out of the response.
  public var extracted: String?
  /// A short machine-readable outcome; for code: `passed`, `wrong_answer`, `runtime_error`, …
  public var outcome: String?
  /// Why this score, in words.
  public var reason: String?
  /// Named side measurements, recorded as metrics and never used as reward.
  public var metrics: [String: Double]

  /// A detail.
  public init(
    extracted: String? = nil, outcome: String? = nil, reason: String? = nil, metrics: [String: Double] = [:]
  ) {
    self.extracted = extracted
    self.outcome = outcome
    self.reason = reason
    self.metrics = metrics
  }
}

/// Why a verifier could not give a verdict.
public struct VerifierFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds that are counted apart.
  public enum Kind: String, Sendable, CaseIterable {
    /// The row's reference or tests cannot be used.
    case badReference = "bad_reference"
    /// The request lacks a field or has one of the wrong type.
    case badRequest = "bad_request"
    /// The verifier did not answer in time.
    case timeout
    /// The verifier's process ended.
    case crashed
    /// The sandbox could not be set up or broke.
    case sandbox = "sandbox_failure"
    /// The verifier answered something that is no verdict.
    case badReply = "bad_reply"
    /// No such verifier, or what it needs is not installed.
    case unavailable
  }

  /// The kind.
  public let kind: Kind
  /// What happened and what to do next.
  public let message: String

  /// A failure.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// `kind: message`.
  public var description: String { "\(kind.rawValue): \(message)" }
}
