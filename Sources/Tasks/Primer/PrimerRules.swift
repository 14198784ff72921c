import StrictJSON

/// The rules of one domain: a small state, steps that change it, and how both are written.
///
/// Every step is one lookup in a table of at most 100 entries; a query is a chain of them. The tables do not commute,
/// so a chain has to be followed and cannot be summed up from the counts of its steps.
protocol PrimerRules {
  /// What a step is called in a judge rationale.
  static var noun: String { get }
  /// Words that vary the wording and mean nothing.
  static var names: [String] { get }
  /// What stands before the start state, with `name` in its place, and after the last step.
  static func prompt(_ query: PrimerQuery) -> String
  /// Reads a prompt back; nil when it is none of this domain.
  static func query(_ prompt: String) -> PrimerQuery?

  /// A start state.
  static func start(_ stream: inout KeyedStream) -> String
  /// Lettered options, empty where the domain has none.
  static var options: [String] { get }
  /// A step of the small table of level 1 (`easy`), of the rest of the table (`hard`) or of either (`any`).
  static func step(_ table: PrimerTable, from state: String, _ stream: inout KeyedStream) -> String
  /// The state after a step; nil when either is unknown.
  static func next(_ state: String, _ step: String) -> String?

  /// The name of the built-in verifier.
  static var verifier: String { get }
  /// What the verifier compares with.
  static func reference(_ query: PrimerQuery, final: String) -> JSON
  /// What else the verifier needs.
  static func fields(_ query: PrimerQuery, final: String) -> [(String, JSON)]
  /// The answer as a response writes it.
  static func answer(_ query: PrimerQuery, final: String) -> String
  /// The result as a thought writes it.
  static func result(_ query: PrimerQuery, final: String) -> String
}

/// Which part of a domain's step table a step is drawn from.
enum PrimerTable { case easy, hard, any }

extension PrimerRules {
  static var options: [String] { [] }
  static func result(_ query: PrimerQuery, final: String) -> String { final }

  /// The words of a prompt that are steps: `a`, `b`, … followed by the step itself, in order and without a gap.
  static func steps(_ words: some Collection<Substring>) -> [String]? {
    var steps: [String] = []
    for (word, key) in zip(words, PrimerQuery.keys) {
      guard word.first == key else { return nil }
      steps.append(String(word.dropFirst()))
    }
    return steps.count == words.count && !steps.isEmpty ? steps : nil
  }
}

/// A query of the suite in parts.
struct PrimerQuery: Equatable {
  /// The names of the steps.
  static let keys = Array("abcdefg")

  var domain: Domain
  /// The word that varies the wording.
  var name: String
  /// The start state.
  var start: String
  /// The steps in order, at most seven.
  var steps: [String]
  /// What the letters A, B, … stand for; empty where there are no options.
  var options: [String] = []

  /// The rules of the query's domain.
  var rules: any PrimerRules.Type { domain.primerRules }
  /// The user's text.
  var prompt: String { rules.prompt(self) }
  /// The steps as a prompt writes them: ` a+4 b*7`.
  var stepText: String { zip(Self.keys, steps).map { " \($0)\($1)" }.joined() }

  /// The state after each step; nil when a step or the start is not of the domain.
  var states: [String]? {
    var states: [String] = []
    var state = start
    for step in steps {
      guard let next = rules.next(state, step) else { return nil }
      states.append(next)
      state = next
    }
    return states.isEmpty ? nil : states
  }

  /// What the splits are cut by. A chain of three or more steps is held out in every wording; of shorter ones there are
  /// only a few dozen, so there the wording is part of the content.
  var content: String {
    steps.count > 2 ? "\(domain.rawValue)|\(start)|\(stepText)|\(options.joined())" : "\(domain.rawValue)|\(prompt)"
  }

  init(domain: Domain, name: String, start: String, steps: [String], options: [String] = []) {
    self.domain = domain
    self.name = name
    self.start = start
    self.steps = steps
    self.options = options
  }

  /// Reads an item of the suite back from its prompt.
  init?(_ item: TaskItem) {
    guard let query = item.domain.primerRules.query(item.prompt), query.states != nil else { return nil }
    self = query
  }
}

extension Domain {
  /// The suite's rules for this domain.
  var primerRules: any PrimerRules.Type {
    switch self {
    case .math: MathRules.self
    case .code: CodeRules.self
    case .science: ScienceRules.self
    case .general: GeneralRules.self
    }
  }
}
