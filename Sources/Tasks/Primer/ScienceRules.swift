import StrictJSON

/// The heading of something that turns left or right and is reflected by mirrors: `ray:N aL b/ ? NA EB SC WD`.
///
/// The options go round the compass. In an order drawn afresh for each query a small network takes longer to find the
/// letter than to learn all four step tables of the suite, and the domain would measure that instead of thinking.
///
/// `L` and `R` are quarter turns; `/` and `\` are mirrors seen from above with north up. Turns and mirrors do not commute.
/// Headings are N, E, S, W; the answer is the letter of the option.
enum ScienceRules: PrimerRules {
  static let noun = "turn"
  static let verifier = "science"
  static let names = [
    "ray", "ion", "jet", "sub", "bee", "ant", "owl", "bot", "ufo", "van", "fox", "cat", "bug", "car", "bus", "dog",
    "elk", "emu", "gnu", "hen", "kid", "orb", "pig", "ram", "rat", "tug", "yak", "cub", "cod", "eel", "bat", "cow",
    "doe", "hog", "jay", "koi", "ape", "asp", "boa", "pod",
  ]
  private static let headings = ["N", "E", "S", "W"]
  private static let letters = ["A", "B", "C", "D"]
  private static let words = ["N": "north", "E": "east", "S": "south", "W": "west"]

  static func start(_ stream: inout KeyedStream) -> String { stream.pick(headings) }
  static var options: [String] { headings }

  static func step(_ table: PrimerTable, from state: String, _ stream: inout KeyedStream) -> String {
    switch table {
    case .easy: stream.pick(["L", "R"])
    case .hard: stream.pick(["/", "\\"])
    case .any: stream.pick(["L", "R", "/", "\\"])
    }
  }

  static func next(_ state: String, _ step: String) -> String? {
    guard let heading = headings.firstIndex(of: state) else { return nil }
    switch step {
    case "L": return headings[(heading + 3) % 4]
    case "R": return headings[(heading + 1) % 4]
    case "/": return headings[heading ^ 1]  // north and east change places, south and west do
    case "\\": return headings[3 - heading]  // north and west, east and south
    default: return nil
    }
  }

  static func prompt(_ query: PrimerQuery) -> String {
    "\(query.name):\(query.start)\(query.stepText) ?" + zip(query.options, letters).map { " \($0)\($1)" }.joined()
  }

  static func query(_ prompt: String) -> PrimerQuery? {
    let words = prompt.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count >= 7, words[words.count - 5] == "?", let steps = steps(words[1..<words.count - 5]) else {
      return nil
    }
    let head = words[0].split(separator: ":", omittingEmptySubsequences: false)
    guard head.count == 2 else { return nil }
    let options = zip(letters, words.suffix(4)).filter { $1.hasSuffix($0) }.map { String($1.dropLast()) }
    guard options.sorted() == headings.sorted() else { return nil }
    return PrimerQuery(
      domain: .science, name: String(head[0]), start: String(head[1]), steps: steps, options: options)
  }

  static func reference(_ query: PrimerQuery, final: String) -> JSON { .string(answer(query, final: final)) }

  static func fields(_ query: PrimerQuery, final: String) -> [(String, JSON)] {
    [("choices", .array(query.options.map { .string(words[$0] ?? $0) }))]
  }

  static func answer(_ query: PrimerQuery, final: String) -> String {
    zip(letters, query.options).first { $1 == final }?.0 ?? ""
  }

  static func result(_ query: PrimerQuery, final: String) -> String { final + answer(query, final: final) }
}
