import TensorCore

/// How tokens are drawn.
public struct SamplingOptions: Sendable, Equatable {
  /// Logits are divided by it; above 0. Log-probabilities are those of the tempered distribution, also when greedy.
  public var temperature: Float
  /// Nucleus sampling: draw among the fewest likeliest tokens whose probabilities reach this sum. 1 keeps all.
  /// Reported log-probabilities are those of the full distribution, which is what a trainer recomputes.
  public var topP: Float
  /// Take the likeliest token instead of drawing (the lowest id among equals).
  public var greedy: Bool

  /// Options; plain sampling by default.
  public init(temperature: Float = 1, topP: Float = 1, greedy: Bool = false) {
    self.temperature = temperature
    self.topP = topP
    self.greedy = greedy
  }
}

/// What happens after a trigger token has been generated for the first time (or is the prompt's last token).
public struct TokenRule: Sendable, Equatable {
  /// The trigger.
  public var after: Int32
  /// The token that must come next; its log-probability is reported as usual.
  public var force: Int32?
  /// The most tokens that may follow the trigger; generation then ends with `.budget`.
  public var budget: Int?

  /// A rule; `force` and `budget` may be combined.
  public init(after: Int32, force: Int32? = nil, budget: Int? = nil) {
    self.after = after
    self.force = force
    self.budget = budget
  }
}

/// A choice between two tokens by a threshold instead of a draw, at the step after the first `after`.
public struct ThresholdRule: Sendable, Equatable {
  /// The trigger: a generated token, or the prompt's last.
  public var after: Int32
  /// Taken where `p(first) / (p(first) + p(second))` reaches the threshold.
  public var first: Int32
  /// Taken elsewhere.
  public var second: Int32
  /// 0 always takes `first`; above 1 always `second`.
  public var threshold: Double

  /// A rule.
  public init(after: Int32, first: Int32, second: Int32, threshold: Double) {
    self.after = after
    self.first = first
    self.second = second
    self.threshold = threshold
  }
}

/// A part that is closed when its budget ends, so that generation goes on with what comes next.
public struct TokenDeadline: Sendable, Equatable {
  /// The token that starts the count (a generated one, or the prompt's last); nil counts from the beginning.
  public var after: Int32?
  /// The most tokens that may follow before the part is closed.
  public var budget: Int
  /// Whether `budget` counts all generated tokens, and not only those after the trigger.
  public var countsFromStart: Bool
  /// Any of these ends the part in time, and the deadline with it.
  public var unless: Set<Int32>
  /// What is forced at the deadline, in order.
  public var force: [Int32]

  /// A deadline.
  public init(after: Int32?, budget: Int, countsFromStart: Bool = false, unless: Set<Int32>, force: [Int32]) {
    self.after = after
    self.budget = budget
    self.countsFromStart = countsFromStart
    self.unless = unless
    self.force = force
  }
}

/// Asks for the log-probabilities of some tokens at one step: the one after the first `after`.
public struct TokenWatch: Sendable, Equatable {
  /// The trigger: a generated token, or the prompt's last.
  public var after: Int32
  /// The tokens asked about.
  public var tokens: [Int32]

  /// A watch.
  public init(after: Int32, tokens: [Int32]) {
    self.after = after
    self.tokens = tokens
  }
}

/// One continuation of a prompt.
public struct GenerationRequest: Sendable {
  /// Source of the draws: token i uses the stream's number i. Give every request its own.
  public var stream: RandomStream
  /// The most tokens to generate.
  public var maxNewTokens: Int
  /// Tokens that end the generation; the one that did is part of the result.
  public var stopTokens: Set<Int32>
  /// Forced tokens and budgets.
  public var rules: [TokenRule]
  /// Log-probabilities to report.
  public var watch: TokenWatch?
  /// A choice that a threshold makes; a rule that forces a token at the same step goes first.
  public var threshold: ThresholdRule?
  /// Parts with a budget after which they are closed.
  public var deadlines: [TokenDeadline]

  /// A request.
  public init(
    stream: RandomStream, maxNewTokens: Int, stopTokens: Set<Int32> = [], rules: [TokenRule] = [],
    watch: TokenWatch? = nil, threshold: ThresholdRule? = nil, deadlines: [TokenDeadline] = []
  ) {
    self.threshold = threshold
    self.deadlines = deadlines
    self.stream = stream
    self.maxNewTokens = maxNewTokens
    self.stopTokens = stopTokens
    self.rules = rules
    self.watch = watch
  }
}

/// A prompt and the continuations wanted of it; the prompt is computed once.
public struct PromptGroup: Sendable {
  /// At least one token.
  public var prompt: [Int32]
  /// The continuations.
  public var requests: [GenerationRequest]

  /// A group.
  public init(prompt: [Int32], requests: [GenerationRequest]) {
    self.prompt = prompt
    self.requests = requests
  }
}

/// What came of a request.
public struct Generation: Sendable, Equatable {
  /// Why it ended.
  public enum Finish: String, Sendable, Equatable {
    /// A stop token, which is the last token.
    case stop
    /// `maxNewTokens`, or the model's last position.
    case length
    /// A rule's budget.
    case budget
  }

  /// The generated tokens, forced ones included.
  public var tokens: [Int32] = []
  /// Log-probability of each token under the tempered full distribution.
  public var logProbs: [Float] = []
  /// Indices of the tokens that a rule, a threshold or a deadline chose.
  public var forced: [Int] = []
  /// Why it ended.
  public var finish: Finish = .length
  /// Log-probabilities of the watched tokens; nil when their step never came.
  public var watched: [Float]?

  /// An empty result.
  public init() {}
}

/// Why a request cannot be served. Generation itself cannot fail.
public enum GenerationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A prompt without tokens.
  case emptyPrompt(group: Int)
  /// A prompt that leaves no position for a new token.
  case promptTooLong(group: Int, tokens: Int, positions: Int)
  /// A token id the model has no row for.
  case tokenOutsideVocabulary(group: Int, token: Int32, vocabulary: Int)
  /// Options that define no distribution.
  case badOptions(String)

  /// What was found and what was expected.
  public var description: String {
    switch self {
    case .emptyPrompt(let group): "prompt \(group) has no token; begin it with the family's first token or a turn start"
    case .promptTooLong(let group, let tokens, let positions):
      "prompt \(group) has \(tokens) tokens; the model has \(positions) positions, prompt and response together"
    case .tokenOutsideVocabulary(let group, let token, let vocabulary):
      "prompt \(group) uses token \(token); the model's vocabulary has \(vocabulary): tokenizer and model do not match"
    case .badOptions(let reason): reason
    }
  }
}
