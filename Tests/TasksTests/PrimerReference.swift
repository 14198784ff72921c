import Tasks

/// The suite's queries worked out a second time, straight from the prompt and by other means than the suite's tables:
/// integer arithmetic over all arguments, vectors for headings, everybody's hands for swaps.
enum PrimerReference {
  /// The number of steps and the right answer, or nil where the prompt makes no sense.
  static func solve(_ item: TaskItem) -> (steps: Int, answer: String)? {
    let words = item.prompt.split(separator: " ").map(String.init)
    switch item.domain {
    case .math: return arithmetic(words)
    case .code: return code(words)
    case .science: return heading(words)
    case .general: return swaps(words)
    }
  }

  private static func apply(_ step: Substring, to value: Int) -> Int? {
    guard let operand = Int(step.dropFirst()) else { return nil }
    return step.first == "+" ? value + operand : step.first == "*" ? value * operand : nil
  }

  private static func arithmetic(_ words: [String]) -> (Int, String)? {
    guard var value = Int(words[0].dropFirst(2)) else { return nil }
    let steps = words.dropFirst().dropLast()
    for step in steps {
      guard let next = apply(step.dropFirst(), to: value) else { return nil }
      value = next
    }
    return (steps.count, String(value % 10))
  }

  private static func code(_ words: [String]) -> (Int, String)? {
    let head = Array(words[1])
    guard let slope = Int(String(head[2])), let constant = Int(String(head[5])) else { return nil }
    let steps = words.dropFirst(2).dropLast()
    // Follow every argument through the steps, then find the function that does the same.
    let values = (0..<10).map { argument in
      steps.reduce(slope * argument + constant) { apply($1.dropFirst(), to: $0) ?? 0 } % 10
    }
    for m in 0..<10 {
      for c in 0..<10 where (0..<10).allSatisfy({ (m * $0 + c) % 10 == values[$0] }) {
        return (steps.count, "def \(head[0])(x):return(\(m)*x+\(c))%10")
      }
    }
    return nil
  }

  private static func heading(_ words: [String]) -> (Int, String)? {
    let vectors = ["N": (0, 1), "E": (1, 0), "S": (0, -1), "W": (-1, 0)]
    guard var (x, y) = vectors[String(words[0].suffix(1))], let mark = words.firstIndex(of: "?") else { return nil }
    for step in words[1..<mark] {
      switch step.dropFirst() {
      case "L": (x, y) = (-y, x)
      case "R": (x, y) = (y, -x)
      case "/": (x, y) = (y, x)
      case "\\": (x, y) = (-y, -x)
      default: return nil
      }
    }
    let final = vectors.first { $0.value == (x, y) }?.key
    return words[(mark + 1)...].first { $0.dropLast() == final ?? "" }.map { (mark - 1, String($0.suffix(1))) }
  }

  private static func swaps(_ words: [String]) -> (Int, String)? {
    var hands: [Character: Bool] = [:]
    for person in "ABCDE" { hands[person] = words[0].last == person }
    for step in words.dropFirst().dropLast() {
      let pair = Array(step.dropFirst())
      guard pair.count == 2 else { return nil }
      let first = hands[pair[0]]
      hands[pair[0]] = hands[pair[1]]
      hands[pair[1]] = first
    }
    let names: [Character: String] = ["A": "Ann", "B": "Bob", "C": "Cat", "D": "Dan", "E": "Eve"]
    return hands.first { $0.value }.flatMap { names[$0.key] }.map { (words.count - 2, $0) }
  }
}
