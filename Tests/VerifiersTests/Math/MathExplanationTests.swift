import Testing

@testable import Verifiers

@Suite struct MathExplanationTests {
  @Test func showsBothNormalFormsAndTheDecidingRule() {
    let explanation = MathVerifier.explain(prediction: "so \\boxed{\\sqrt{12}}", reference: "2\\sqrt3")
    #expect(explanation.isEqual == true)
    #expect(explanation.method == .algebraic)
    #expect(explanation.prediction.rule == .boxed)
    #expect(explanation.prediction.normalForm == "2*3^(1/2)")
    #expect(explanation.reference.normalForm == "2*3^(1/2)")
    #expect(
      explanation.text == """
        prediction  \\sqrt{12} (rule boxed)
          normal form  2*3^(1/2)
        reference   2\\sqrt3
          normal form  2*3^(1/2)
        verdict     equal, decided by algebraic comparison
        """)
  }

  @Test func saysWhatDiffered() {
    let open = MathVerifier.explain(prediction: "(1, 2]", reference: "[1, 2]")
    #expect(open.isEqual == false)
    #expect(open.method == .structural)
    #expect(open.difference == "open against closed")
    let numbers = MathVerifier.explain(prediction: "7", reference: "8")
    #expect(numbers.method == .exact)
    #expect(numbers.difference == "the numbers differ")
    let unread = MathVerifier.explain(prediction: "\\boxed{\\frac{1}{}", reference: "8")
    #expect(unread.isEqual == false)
    #expect(unread.prediction.problem != nil)
    let badGold = MathVerifier.explain(prediction: "8", reference: "\\frac{1}{")
    #expect(badGold.isEqual == nil)
  }

  @Test(arguments: [
    ("\\frac{1}{1+\\sqrt2}", "-1 + 2^(1/2)"), ("(x+1)^2", "1 + 2*x + x^2"), ("\\ln 8", "3*ln(2)"),
    ("2^{n+1}", "2*2^[n]"), ("i^3", "-i"), ("\\cos 60^\\circ", "1/2"), ("10^{10^{10}}", "2^10000000000*5^10000000000"),
    ("\\frac{x^2}{x}", "x"), ("\\sqrt{x^4}", "x^2"),
  ])
  func normalForms(_ text: String, _ form: String) {
    #expect(MathVerifier.explain(prediction: text, reference: text).reference.normalForm == form)
  }

  @Test(arguments: [
    ("7", "7.0", MathMethod.exact), ("\\sqrt{8}", "2\\sqrt2", .algebraic),
    ("\\sqrt{5+2\\sqrt6}", "\\sqrt2+\\sqrt3", .numeric),
    ("\\{1,2\\}", "\\{2,1\\}", .structural), ("x < 3", "(-\\infty, 3)", .structural),
  ])
  func theMethodSaysHowItWasReached(_ left: String, _ right: String, _ method: MathMethod) {
    let explanation = MathVerifier.explain(prediction: left, reference: right)
    #expect(explanation.isEqual == true)
    #expect(explanation.method == method)
  }
}
