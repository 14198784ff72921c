import StrictJSON

/// Folding operations modulo ten into one function: `def f=3x+2 a+4 b*7 %10` asks for
/// `def f(x):return(1*x+2)%10`, which is run against unit tests.
///
/// A state is the two coefficients `mc` of `m*x+c`; m is 1, 3, 7 or 9, so no fold is a constant function.
enum CodeRules: PrimerRules {
  static let noun = "fold"
  static let verifier = "code"
  static let names = "hkmnpqrt".map { String($0) }

  static func start(_ stream: inout KeyedStream) -> String { "\(stream.pick([1, 3, 7, 9]))\(stream.below(10))" }

  static func step(_ table: PrimerTable, from state: String, _ stream: inout KeyedStream) -> String {
    MathRules.arithmeticStep(table, &stream)
  }

  static func next(_ state: String, _ step: String) -> String? {
    guard state.count == 2,
      let slope = step.hasPrefix("*") ? MathRules.next(String(state.prefix(1)), step) : String(state.prefix(1)),
      MathRules.digit(slope) != nil, let constant = MathRules.next(String(state.suffix(1)), step)
    else { return nil }
    return slope + constant
  }

  static func prompt(_ query: PrimerQuery) -> String {
    "def \(query.name)=\(query.start.prefix(1))x+\(query.start.suffix(1))\(query.stepText) %10"
  }

  static func query(_ prompt: String) -> PrimerQuery? {
    let words = prompt.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count >= 4, words[0] == "def", words.last == "%10", let steps = steps(words[2..<words.count - 1])
    else { return nil }
    let head = words[1].split(separator: "=", omittingEmptySubsequences: false)
    guard head.count == 2, head[1].count == 4, head[1].dropFirst().hasPrefix("x+") else { return nil }
    return PrimerQuery(
      domain: .code, name: String(head[0]), start: String(head[1].prefix(1) + head[1].suffix(1)), steps: steps)
  }

  static func reference(_ query: PrimerQuery, final: String) -> JSON { .null }

  static func fields(_ query: PrimerQuery, final: String) -> [(String, JSON)] {
    guard let slope = MathRules.digit(final.prefix(1)), let constant = MathRules.digit(final.suffix(1)) else {
      return []
    }
    // Two arguments already tell any two of the forty functions apart; the rest keeps lookup tables out.
    let cases = [0, 1, 2, 5, 8, 13, 40].map { argument -> JSON in
      ["args": [.int(argument)], "expected": .int((slope * argument + constant) % 10)]
    }
    return [("tests", ["kind": "call", "entry_point": .string(query.name), "cases": .array(cases)])]
  }

  static func answer(_ query: PrimerQuery, final: String) -> String {
    "def \(query.name)(x):return(\(final.prefix(1))*x+\(final.suffix(1)))%10"
  }
}
