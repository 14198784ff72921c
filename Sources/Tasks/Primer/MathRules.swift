import StrictJSON

/// Arithmetic modulo ten: `x=3 a+4 b*7 %10?`
enum MathRules: PrimerRules {
  static let noun = "sum"
  static let verifier = "math"
  // None of these is the name of a step.
  static let names = "hjkmnpqrstuvwxyz".map { String($0) }
  private static let easy = ["+1", "+2", "+3", "+4"]
  private static let hard = ["+5", "+6", "+7", "*3", "*7", "*9"]

  static func start(_ stream: inout KeyedStream) -> String { String(stream.below(10)) }

  static func step(_ table: PrimerTable, from state: String, _ stream: inout KeyedStream) -> String {
    arithmeticStep(table, &stream)
  }

  /// A step of the table that mathematics and code share. Products are drawn often, so that order matters.
  static func arithmeticStep(_ table: PrimerTable, _ stream: inout KeyedStream) -> String {
    switch table {
    case .easy: stream.pick(easy)
    case .hard: stream.pick(hard)
    case .any: stream.pick(easy + hard)
    }
  }

  static func next(_ state: String, _ step: String) -> String? {
    guard let value = digit(state), let operand = digit(step.dropFirst()), step.count == 2 else { return nil }
    switch step.first {
    case "+": return String((value + operand) % 10)
    case "*": return String(value * operand % 10)
    default: return nil
    }
  }

  /// A single decimal digit.
  static func digit(_ text: some StringProtocol) -> Int? {
    guard text.utf8.count == 1, let byte = text.utf8.first, (0x30...0x39).contains(byte) else { return nil }
    return Int(byte) - 0x30
  }

  static func prompt(_ query: PrimerQuery) -> String { "\(query.name)=\(query.start)\(query.stepText) %10?" }

  static func query(_ prompt: String) -> PrimerQuery? {
    let words = prompt.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count >= 3, words.last == "%10?", let steps = steps(words[1..<words.count - 1]) else { return nil }
    let head = words[0].split(separator: "=", omittingEmptySubsequences: false)
    guard head.count == 2 else { return nil }
    return PrimerQuery(domain: .math, name: String(head[0]), start: String(head[1]), steps: steps)
  }

  static func reference(_ query: PrimerQuery, final: String) -> JSON { .string(final) }
  static func fields(_ query: PrimerQuery, final: String) -> [(String, JSON)] { [] }
  static func answer(_ query: PrimerQuery, final: String) -> String { final }
}
