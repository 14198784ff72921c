import StrictJSON

/// Who holds a thing after pairs of people have swapped what they hold: `key:A aBD bAC who?`
///
/// People are written by their initials in queries and thoughts; the answer is the name.
enum GeneralRules: PrimerRules {
  static let noun = "swap"
  static let verifier = "general"
  static let names = [
    "key", "cup", "hat", "pen", "map", "bag", "box", "toy", "can", "jar", "rod", "fan", "mug", "net", "pin", "ring",
  ]
  private static let people = ["A", "B", "C", "D", "E"]
  private static let fullNames = ["A": "Ann", "B": "Bob", "C": "Cat", "D": "Dan", "E": "Eve"]

  static func start(_ stream: inout KeyedStream) -> String { stream.pick(people) }

  /// Four swaps in five move the thing. The easy table holds those that do, with the initials in order; the hard one
  /// those with the initials turned round.
  static func step(_ table: PrimerTable, from state: String, _ stream: inout KeyedStream) -> String {
    let others = stream.shuffled(people.filter { $0 != state })
    let moves = table == .easy || stream.below(5) > 0
    let pair = (moves ? [state, others[0]] : [others[0], others[1]]).sorted()
    let turned = table == .hard || (table == .any && stream.below(2) == 0)
    return turned ? pair[1] + pair[0] : pair[0] + pair[1]
  }

  static func next(_ state: String, _ step: String) -> String? {
    let pair = step.map { String($0) }
    guard people.contains(state), pair.count == 2, pair[0] != pair[1], pair.allSatisfy(people.contains) else {
      return nil
    }
    return state == pair[0] ? pair[1] : state == pair[1] ? pair[0] : state
  }

  static func prompt(_ query: PrimerQuery) -> String { "\(query.name):\(query.start)\(query.stepText) who?" }

  static func query(_ prompt: String) -> PrimerQuery? {
    let words = prompt.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count >= 3, words.last == "who?", let steps = steps(words[1..<words.count - 1]) else { return nil }
    let head = words[0].split(separator: ":", omittingEmptySubsequences: false)
    guard head.count == 2 else { return nil }
    return PrimerQuery(domain: .general, name: String(head[0]), start: String(head[1]), steps: steps)
  }

  static func reference(_ query: PrimerQuery, final: String) -> JSON { .string(answer(query, final: final)) }

  /// A name has one spelling: whatever else were accepted, a policy would find.
  static func fields(_ query: PrimerQuery, final: String) -> [(String, JSON)] { [("match", "exact")] }

  static func answer(_ query: PrimerQuery, final: String) -> String { fullNames[final] ?? final }
}
