import Testing

@testable import Verifiers

@Suite struct MathExtractionTests {
  private func found(_ response: String, lastNumber: Bool = true) -> (text: String, rule: MathExtractionRule)? {
    let extractor = MathExtractor(takesLastNumber: lastNumber, budget: .standard)
    guard let finding = try? extractor.find(in: Array(response.utf8)) else { return nil }
    return (String(decoding: finding.bytes, as: UTF8.self), finding.rule)
  }

  @Test(arguments: [
    ("so \\boxed{5}.", "5", MathExtractionRule.boxed),
    ("\\boxed{3} no, \\boxed{5}. Hope this helps, see 3 others.", "5", .boxed),
    ("\\boxed{\\frac{1}{2}}", "\\frac{1}{2}", .boxed),
    ("\\fbox{7}", "7", .boxed),
    ("\\boxed 5", "5", .boxed),
    ("$\\boxed{1}$ and $\\boxed{2}$", "1, 2", .boxed),
    ("\\boxed{x = \\{1, 2\\}}", "x = \\{1, 2\\}", .boxed),
    ("The answer is 3.5.", "3.5", .phrase),
    ("The answer is 3.5. Let me know!", "3.5", .phrase),
    ("The final answer is $\\frac{1}{2}$. I hope it is correct.", "\\frac{1}{2}", .phrase),
    ("Answer: 42", "42", .phrase),
    ("**Answer:** **73**", "73", .phrase),
    ("Final Answer:\n\n$x = 4$", "x = 4", .phrase),
    ("9 - 4 = 5\n#### 5", "5", .phrase),
    ("The answer is 42 because 6 times 7 is 42.", "42", .phrase),
    ("The answer is $1$ or $2$.", "1, 2", .phrase),
    ("所以答案是 18。", "18。", .phrase),
    ("\\frac{3}{4}", "\\frac{3}{4}", .whole),
    ("3x - y + 13 = 0", "3x - y + 13 = 0", .whole),
    ("Hence we get $y = 3$ and so on to $x=\\sqrt{2}$ as claimed", "x=\\sqrt{2}", .delimited),
    ("So she has 1,250 apples left, which makes her glad", "1,250", .lastNumber),
    ("It fell by -3.5 %, they said to us", "-3.5", .lastNumber),
  ])
  func readsTheAnswerAndNamesTheRule(_ response: String, _ text: String, _ rule: MathExtractionRule) {
    let found = found(response)
    #expect(found?.text == text)
    #expect(found?.rule == rule)
  }

  @Test func theThoughtIsNeverTheAnswer() {
    #expect(found("<think>\\boxed{1}</think>\\boxed{2}")?.text == "2")
    #expect(found("<think>\\boxed{1}") == nil)
    #expect(found("<think>\\boxed{1}</think>") == nil)
    #expect(found("<think>a</think><think>b</think><answer>4</answer>")?.text == "4")
  }

  @Test func answerTagsDecide() {
    #expect(found("\\boxed{1} <answer>2</answer>")?.text == "2")
    #expect(found("<answer>1</answer> <answer>The answer is \\boxed{2}</answer>")?.text == "2")
    #expect(found("<answer></answer>") == nil)
  }

  @Test func noAnswerIsNoAnswer() {
    for response in [
      "\\boxed{}", "\\boxed{ }", "I don't know", "It is maybe 5 or 6", "The answer is either 4 or 5, I am not sure", "",
      "   ", "There is no way to tell from this.",
    ] { #expect(found(response) == nil, "\(response)") }
    #expect(found("So she has 12 apples left", lastNumber: false) == nil)
  }

  @Test func severalGuessesAreNoRewardForASingleAnswer() {
    #expect(mathScore("\\boxed{5, 6}", "5") == 0)
    #expect(mathScore("\\boxed{5} \\boxed{6}", "5") == 0)
    #expect(mathScore("\\boxed{5 \\text{ or } 6}", "6") == 0)
    #expect(mathScore("The answer is 5 or 6.", "5") == 0)
    #expect(mathScore("The answer is 5 or 6.", "6") == 0)
    #expect(mathScore("\\boxed{x = 5 = 6}", "6") == 0)
    #expect(mathScore("\\boxed{5 \\approx 7}", "7") == 0)
    #expect(mathScore("\\boxed{x+11} or \\boxed{11+x}", "11+x") == 1)
  }

  @Test func aBoxIsNotLookedForTwice() {
    // A trainer may hand over the answer segment alone.
    #expect(mathScore("5", "5") == 1)
    #expect(mathScore("\\boxed{5}", "\\boxed{5}") == 1)
  }
}
