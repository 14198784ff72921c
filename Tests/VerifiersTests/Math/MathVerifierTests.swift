import StrictJSON
import Testing

@testable import Verifiers

/// Scores one pair the way a data row would be scored.
func mathScore(_ response: String, _ reference: JSON) -> Double? {
  MathVerifier().verify([VerifyRequest(id: "1", response: response, reference: reference)])[0].score
}

@Suite struct MathVerifierTests {
  @Test func scoresAResponseAgainstItsReference() {
    #expect(mathScore("<think>7</think> The answer is \\boxed{\\frac{14}{6}}.", "7/3") == 1)
    #expect(mathScore("<think>7/3</think> The answer is \\boxed{\\frac{14}{5}}.", "7/3") == 0)
    #expect(mathScore("\\boxed{27}", .number(JSONNumber(text: "27.0"))) == 1)
  }

  @Test func anyOfSeveralReferencesCounts() {
    #expect(mathScore("\\boxed{2}", ["1", "2"]) == 1)
    #expect(mathScore("\\boxed{3}", ["1", "2"]) == 0)
  }

  @Test func aReferenceThatCannotBeReadIsAFailureNotAScore() {
    for reference: JSON in ["", "\\frac{1}{", .null, .object(JSONObject()), "((1", "1 2 3"] {
      let verdict = MathVerifier().verify([VerifyRequest(id: "1", response: "\\boxed{1}", reference: reference)])[0]
      #expect(verdict.failure?.kind == .badReference, "\(reference)")
    }
    #expect(MathVerifier().problem(withReference: "\\frac{1}{") != nil)
    #expect(MathVerifier().problem(withReference: "\\frac{1}{2}") == nil)
  }

  @Test func aResponseWithoutAnAnswerScoresZeroAndSaysWhy() {
    let cases = [
      ("\\boxed{}", "no_answer"), ("<think>the answer is 5", "no_answer"), ("I don't know.", "no_answer"),
      ("", "no_answer"), ("\\boxed{\\frac{1}{}", "unparsable_answer"), ("\\boxed{6}", "different"),
    ]
    for (response, outcome) in cases {
      let verdict = MathVerifier().verify([VerifyRequest(id: "1", response: response, reference: "5")])[0]
      #expect(verdict.score == 0, "\(response)")
      #expect(verdict.detail?.outcome == outcome, "\(response)")
    }
  }

  @Test func theEchoOfThePromptIsNoAnswer() {
    let prompt = "What is $2+3$? The answer is 5 or 6."
    let request = VerifyRequest(id: "1", prompt: prompt, response: prompt, reference: "5")
    #expect(MathVerifier().verify([request])[0].score == 0)
  }

  @Test func verdictsComeInOrder() {
    let requests = (0..<20).map { VerifyRequest(id: "\($0)", response: "\\boxed{\($0)}", reference: .int($0 / 2 * 2)) }
    #expect(MathVerifier().verify(requests).map(\.score) == (0..<20).map { $0 % 2 == 0 ? 1 : 0 })
  }
}
