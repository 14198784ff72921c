import StrictJSON

/// Turns of a conversation with tools: the right call, or the right reply. **[ours]**
///
/// Where the reference holds tool calls, the response must hold the same ones in the same order, compared as values: the
/// order of arguments and the spelling of numbers mean nothing, everything else does. Elsewhere the response must be the
/// reference, blanks apart. Case counts, because names of tools and keys do.
public struct ToolVerifier: Verifier {
  /// The name a data row picks this verifier by.
  public let name = "tool"

  /// A verifier.
  public init() {}

  /// One verdict per request, in order.
  public func verify(_ requests: [VerifyRequest]) -> [Verdict] { requests.map(Self.verdict) }

  private static func verdict(_ request: VerifyRequest) -> Verdict {
    var references: [String] = []
    for reference in request.references {
      switch reference {
      case .string(let text): references.append(text)
      case .number(let number): references.append(number.text)
      default:
        return .failed(
          VerifierFailure(.badReference, "a reference is \(reference.kind), expected a text or a number"))
      }
    }
    guard references.contains(where: { !words($0).isEmpty }) else {
      return .failed(VerifierFailure(.badReference, "no reference; expected the right call or the right reply"))
    }
    let found = words(request.response)
    let calls = ToolCall.calls(in: request.response)
    for reference in references where !words(reference).isEmpty {
      guard let expected = ToolCall.calls(in: reference) else {
        return .failed(VerifierFailure(.badReference, "the reference holds a tool call that cannot be read"))
      }
      if expected.isEmpty ? words(reference) == found : calls == expected {
        return verdict(1, found, "correct", "as the reference")
      }
    }
    if found.isEmpty { return verdict(0, found, "no_answer", "an empty response") }
    if calls == nil { return verdict(0, found, "unreadable_call", "a tool call that is no JSON object with a name") }
    return verdict(0, found, "incorrect", "another call or reply")
  }

  private static func verdict(_ score: Double, _ found: [Substring], _ outcome: String, _ reason: String) -> Verdict {
    .score(
      score,
      VerdictDetail(extracted: String(found.joined(separator: " ").prefix(500)), outcome: outcome, reason: reason))
  }

  private static func words(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }
}
