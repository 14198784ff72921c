import StrictJSON

extension GeneralVerifier {
  /// The classifier's verdict on a whole answer.
  func classified(_ request: VerifyRequest) throws -> Verdict {
    guard let classifier else {
      throw VerifierFailure(.unavailable, #"the row asks for "match": "classifier", but no classifier file was given"#)
    }
    let answer = ResponseText.answer(of: request.response)
    guard !KeywordOverlap.words(answer).isEmpty else {
      return .score(0, VerdictDetail(outcome: "no_answer", reason: "the answer is empty"))
    }
    let probability = classifier.probability(of: answer)
    let holds = probability >= classifier.threshold
    return .score(
      holds ? 1 : 0,
      VerdictDetail(
        extracted: String(answer.prefix(500)), outcome: holds ? "correct" : "incorrect",
        reason: "probability \(JSON.double((probability * 1000).rounded() / 1000).text())",
        metrics: ["probability": probability]))
  }
}
