import StrictJSON
import Testing

@testable import Verifiers

/// Inputs that make other graders hang, crash or fill the memory. None may score, and all must come back.
@Suite struct MathHostileTests {
  private static func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  /// The inputs; the tests are named by their places, because some are a megabyte long.
  private static let inputs = [
    "9^{9^{9^{9^{9}}}}", times("(", 10_000) + "1" + times(")", 10_000), times("{", 10_000), times("\\frac{", 4_000),
    times("\\boxed{", 4_000) + "6" + times("}", 4_000), times("1", 1_000_000), times("a", 1_000_000),
    "(x+1)^{1000000}", "100000!", "(100000!)!", "6" + times("!", 50), "\\binom{1000000}{500000}",
    "\\sum_{k=1}^{1000000000} k", "\\sum_{k=1}^{1999}\\sum_{j=1}^{1999}\\sum_{l=1}^{1999} jkl", "1e999999999",
    "e^{e^{e^{e^{e}}}}", "\\sqrt[99999999999999999999]{2}", "2^{1/99999999999}", "10^{-100000000}", "1/0", "0/0",
    "0^{-1}",
    "\\log_1 5", "\\log 0", "\\tan 90^\\circ", "\\infty - \\infty", times("-", 10_000) + "6", times("|", 5_001) + "6",
    times("$", 50_000), times("\\pm 1 ", 60), times("1/7+", 3_000) + "1", times("\\sqrt{", 60) + "2" + times("}", 60),
    times("\\begin{pmatrix}", 1_000), times("answer is ", 20_000), times("<answer>", 20_000), "\u{0}\u{0}\u{0}",
    times("\u{1F600}", 5_000), times("²", 3_000), times("1,234", 2_000), "0." + times("3", 9_000),
    "\\gcd(10^{9999}, 6^{9999}, 15^{9999})", times("x<1 or ", 200) + "x>2", times("\\text{", 3_000),
    "-9223372036854775808 - 1", "9223372036854775807 + 1", "(-9223372036854775808)/(-1)",
    "\\lfloor 10^{40} \\pi \\rfloor",
    "2^{-9223372036854775808}", "x^{-9223372036854775808}", "(-1)^{10^{30}}", "\\sqrt[0]{5}",
    "\\sqrt[-9223372036854775808]{5}",
    "\\binom{-5}{3}", "(1)_{99}", "1_{0}", "\\overline{}", "0.\\overline{}", "\\begin{pmatrix}\\end{pmatrix}", "\\{\\}",
    "()", times("\\text{A}", 3_000), times("\\mathrm{1}", 5_000), times("||x", 3_000),
    times("\\Rightarrow ", 4_000) + "6",
    times("{-}", 4_000) + "6", times("1 000", 3_000), times("\\\\frac", 3_000), times("P(1,2)\\cup", 300),
  ]

  @Test(arguments: inputs.indices)
  func hostileInputsScoreNothing(_ place: Int) {
    let text = Self.inputs[place]
    for response in [text, "\\boxed{\(text)}", "The answer is \(text)"] {
      let verdict = MathVerifier().verify([VerifyRequest(id: "1", response: response, reference: "5")])[0]
      #expect(verdict.score == 0, "\(response.prefix(80))")
    }
    // As a reference it is refused or it is different from 5, and never equal.
    let verdict = MathVerifier().verify([VerifyRequest(id: "1", response: "5", reference: .string(text))])[0]
    #expect(verdict.score == 0 || verdict.failure?.kind == .badReference, "\(text.prefix(80))")
  }

  @Test func largeListsStayWithinTheBudget() {
    let roots = (1...250).map { "\\sqrt{\($0)}" }
    let forward = roots.joined(separator: ", ")
    let other = (roots.dropLast() + ["\\sqrt{251}"]).reversed().joined(separator: ", ")
    #expect(mathScore("\\boxed{\(other)}", .string(forward)) == 0)
  }

  @Test func invalidUTF8IsReadAsReplacementCharacters() {
    let broken = String(decoding: [0x35, 0xFF, 0xFE, 0xC0, 0x80, 0xED, 0xA0, 0x80] as [UInt8], as: UTF8.self)
    #expect(mathScore("\\boxed{\(broken)}", "5") == 0)
    #expect(mathScore(broken, "5\u{FFFD}") != 1)
  }

  @Test func lawsHoldAtTheEdgesOfTheBudget() {
    #expect(mathScore("\\boxed{4^{50000}}", "2^{100000}") == 1)
    #expect(mathScore("\\boxed{4^{50000}}", "2^{100001}") == 0)
    #expect(mathScore("\\boxed{10^{10^{10}}}", "10^{10^{10}}") == 1)
    #expect(mathScore("\\boxed{\\sqrt{10^{20}+1}}", "10^{10}") == 0)
    #expect(mathScore("\\boxed{1.6 \\times 10^{-19}}", "1.6 \\times 10^{-18}") == 0)
    #expect(mathScore("\\boxed{e^{-60}}", "0") == 0)
  }
}
