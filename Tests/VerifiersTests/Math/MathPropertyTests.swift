import Testing

@testable import Verifiers

@Suite struct MathPropertyTests {
  /// A random expression in LaTeX.
  private func expression(_ stream: inout TestStream, _ depth: Int) -> String {
    if depth == 0 || stream.below(5) == 0 {
      return ["x", "y", "n", "2", "7", "\\pi", "\\frac{3}{5}", "0.25", "\\sqrt{3}", "-4", "13"][stream.below(11)]
    }
    let a = expression(&stream, depth - 1)
    let b = expression(&stream, depth - 1)
    switch stream.below(8) {
    case 0: return "(\(a)) + (\(b))"
    case 1: return "(\(a)) - (\(b))"
    case 2: return "(\(a))(\(b))"
    case 3: return "\\frac{\(a)}{\(b)}"
    case 4: return "(\(a))^{2}"
    case 5: return "\\sqrt{(\(a))^2 + 1}"
    case 6: return "\\sin(\(a))"
    default: return "2^{\(["x", "n", "3"][stream.below(3)])} + \(a)"
    }
  }

  private func compare(_ left: String, _ right: String) throws -> Bool {
    let a = try MathParser.parse(Array(left.utf8))
    let b = try MathParser.parse(Array(right.utf8))
    let forward = MathVerifier.compare(a, b, .standard)
    let backward = MathVerifier.compare(b, a, .standard)
    #expect(forward.isSame == backward.isSame, "\(left) and \(right)")
    return forward.isSame
  }

  @Test func equalToItselfAndStableUnderRewriting() throws {
    var stream = TestStream(state: 42)
    for _ in 0..<120 {
      let text = expression(&stream, 3)
      // An undefined expression, such as a division by zero, is equal only to its own spelling.
      #expect(try compare(text, text), "\(text)")
      let respelled = text.replacing("(", with: "\\left( ").replacing(")", with: " \\right)")
        .replacing("\\frac", with: "\\dfrac").replacing("\\sqrt{", with: "\\sqrt {")
      #expect(try compare(text, respelled), "\(text) and \(respelled)")
      guard hasValue(text) else { continue }
      for rewritten in ["0 + (\(text))", "2(\(text)) - (\(text))", "\\frac{3(\(text))}{3}", "-(-(\(text)))"] {
        #expect(try compare(text, rewritten), "\(text) and \(rewritten)")
      }
      for changed in ["(\(text)) + 1", "(\(text)) + \\frac{1}{1000}"] {
        #expect(try !compare(text, changed), "\(text) and \(changed)")
      }
    }
  }

  private func hasValue(_ text: String) -> Bool {
    guard let reading = try? MathParser.parse(Array(text.utf8)) else { return false }
    var sampling = MathSampling(reading, reading)
    var evaluator = MathEvaluator(budget: .standard, steps: 10_000)
    evaluator.point = sampling.realPoint(0)
    guard let ball = evaluator.value(of: reading)?.enclosure else { return false }
    return ball.size < 1e6
  }

  @Test func arbitraryBytesNeverCrash() {
    var stream = TestStream(state: 7)
    let pieces = [
      "\\frac", "{", "}", "(", ")", "[", "]", "\\left", "\\right", "^", "_", "1", "23", "x", "\\sqrt", "|", "\\pm", ",",
      "=", "<", "\\le", "\\begin{pmatrix}", "\\end{pmatrix}", "&", "\\\\", "\\text{", " ", ".", "!", "%", "\\{", "\\}",
      "\\sin", "\\log", "\\sum", "\\infty", "-", "+", "/", "*", "e", "i", "½", "²", "√", "∪", "\u{0}", "$", "\\boxed{",
      "0.",
      "\\overline{", "_5", "\\cup", "or", "and", "\\circ", "'", ":", ";", "\\binom", "lim", "元", "\\dot{",
    ]
    let verifier = MathVerifier()
    for _ in 0..<1500 {
      var text = ""
      for _ in 0..<(1 + stream.below(14)) { text += pieces[stream.below(pieces.count)] }
      let other = String(
        decoding: (0..<stream.below(12)).map { _ in UInt8(truncatingIfNeeded: stream.next() >> 20) }, as: UTF8.self)
      let verdicts = verifier.verify([
        VerifyRequest(id: "a", response: text, reference: "5"),
        VerifyRequest(id: "b", response: "\\boxed{\(text)}", reference: .string(text)),
        VerifyRequest(id: "c", response: other, reference: .string(text + other)),
      ])
      #expect(verdicts.count == 3)
      // What can be read as a reference is equal to itself.
      if let reading = try? MathParser.parse(Array(text.utf8)) {
        let outcome = MathVerifier.compare(reading, reading, .standard)
        #expect(outcome.isSame, "\(text)")
      }
    }
  }
}
