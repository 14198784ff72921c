import TensorCore

/// Generates many continuations at once.
///
/// A group's prompt is computed once and its keys and values are shared by the group's rows. A finished row leaves at
/// once and a waiting one enters, so the batch stays full. What a request yields depends on the weights, its prompt,
/// its options and its stream, and on nothing else: not on the other rows, on `rows`, or on the engine.
///
/// An engine belongs to one thread at a time; several engines may share `DecodingWeights` and run in parallel.
public final class GenerationEngine {
  /// How tokens are drawn.
  public var options: SamplingOptions
  /// The most rows in flight.
  public let rows: Int
  private let pool: ThreadPool
  private var decoder: Decoder

  /// An engine over a snapshot of weights.
  ///
  /// - Parameters:
  ///   - rows: the most rows in flight, at most 64; by default what suits the model's size.
  ///   - pool: threads that share each step. With the default the engine works on the calling thread alone; small
  ///     models are faster with one such engine on each thread (see ``GenerationPool``).
  public init(
    _ weights: DecodingWeights, options: SamplingOptions = SamplingOptions(), rows: Int? = nil,
    pool: ThreadPool = .serial
  ) {
    self.options = options
    self.rows = min(max(1, rows ?? Self.defaultRows(weights)), Decoder.rowLimit)
    self.pool = pool
    decoder = Decoder(weights, pool: pool)
  }

  /// While the weights stay in a core's own cache, few rows keep the keys and values near too; larger weights come from
  /// farther away with every step, and more rows share the trip.
  static func defaultRows(_ weights: DecodingWeights) -> Int { weights.bytes < 8 << 20 ? 16 : Decoder.rowLimit }

  /// An engine over the model's parameters as they are now.
  public convenience init(_ model: LanguageModel, options: SamplingOptions = SamplingOptions(), rows: Int? = nil) {
    self.init(DecodingWeights(model), options: options, rows: rows)
  }

  /// Takes a newer snapshot, after an update of the model.
  public func refresh(_ weights: DecodingWeights) { decoder = Decoder(weights, pool: pool) }

  /// Takes a snapshot of the model's parameters as they are now.
  public func refresh(_ model: LanguageModel) { refresh(DecodingWeights(model)) }

  /// Serves all requests.
  ///
  /// - Parameters:
  ///   - groups: prompts with the continuations wanted of each.
  ///   - isCancelled: asked before every step.
  ///   - observe: told every token as it is drawn, with its group and the place of its request: for streaming.
  /// - Returns: for each group, its results in the order of its requests.
  /// - Throws: `GenerationError` for a request that cannot be served, before anything is generated;
  ///   `CancellationError` when `isCancelled` said so.
  public func generate(
    _ groups: [PromptGroup], isCancelled: () -> Bool = { false },
    observe: (_ group: Int, _ index: Int, _ token: Int32) -> Void = { _, _, _ in }
  ) throws -> [[Generation]] {
    try Self.check(groups, options: options, weights: decoder.weights)
    var results = groups.map { Array(repeating: Generation(), count: $0.requests.count) }
    var next = 0
    try run(isCancelled: isCancelled, observe: observe) {
      guard next < groups.count else { return nil }
      defer { next += 1 }
      return (next, groups[next])
    } deliver: { group, index, generation in
      results[group][index] = generation
    }
    return results
  }

  /// Serves groups from a source until it is empty. Groups have been checked.
  func run(
    isCancelled: () -> Bool, observe: (_ group: Int, _ index: Int, _ token: Int32) -> Void = { _, _, _ in },
    nextGroup: () -> (index: Int, group: PromptGroup)?,
    deliver: (_ group: Int, _ index: Int, _ generation: Generation) -> Void
  ) throws {
    ThreadPool.flushDenormals()
    let configuration = decoder.weights.configuration
    var batch = RunningBatch(vocabulary: configuration.vocabularySize, rows: rows)
    var sampler = TokenSampler(options: options, vocabulary: configuration.vocabularySize)
    while true {
      if isCancelled() { throw CancellationError() }
      fill(&batch, nextGroup, deliver)
      // One draw for each row from the logits it stands at; finished rows leave.
      batch.drawNextTokens(&sampler, maxPositions: decoder.weights.maxPositions, observe, deliver)
      if batch.active.isEmpty {
        if batch.waiting.isEmpty, batch.sourceIsEmpty { return }
        continue
      }
      decoder.pass(batch.active.map { $0.lastToken }, batch.active.map { $0.cache })
      decoder.logits(of: batch.active.indices.map { Int32($0) }, into: batch.logits.data)
      for i in batch.active.indices { batch.active[i].logitsRow = i }
    }
  }

  /// Lets waiting requests into free places, computing the prompt of each new group.
  private func fill(
    _ batch: inout RunningBatch, _ nextGroup: () -> (index: Int, group: PromptGroup)?,
    _ deliver: (Int, Int, Generation) -> Void
  ) {
    while batch.active.count < rows {
      if let entry = batch.waiting.popLast() {
        let state = RowState(
          group: entry.group, index: entry.index, request: entry.request, lastPromptToken: entry.prompt.lastToken)
        if state.isFinished {
          deliver(entry.group, entry.index, state.result)
        } else {
          batch.active.append(
            RunningBatch.Row(
              state: state, cache: SequenceCache(decoder.pages, after: entry.prompt.cache), prompt: entry.prompt))
        }
        continue
      }
      guard !batch.sourceIsEmpty else { return }
      guard let (index, group) = nextGroup() else {
        batch.sourceIsEmpty = true
        return
      }
      if group.requests.isEmpty { continue }
      let prompt = prefill(group.prompt)
      for (i, request) in group.requests.enumerated().reversed() {
        batch.waiting.append(RunningBatch.Waiting(group: index, index: i, request: request, prompt: prompt))
      }
    }
  }

  /// Computes a prompt's keys and values and the logits after its last token.
  private func prefill(_ prompt: [Int32]) -> RunningBatch.Prompt {
    let cache = SequenceCache(decoder.pages)
    let logits = Tensor([decoder.weights.configuration.vocabularySize], zeroed: false)
    for start in stride(from: 0, to: prompt.count, by: Decoder.rowLimit) {
      let tokens = Array(prompt[start..<min(prompt.count, start + Decoder.rowLimit)])
      decoder.pass(tokens, Array(repeating: cache, count: tokens.count))
      if start + tokens.count == prompt.count {
        decoder.logits(of: [Int32(tokens.count - 1)], into: logits.data)
      }
    }
    return RunningBatch.Prompt(cache: cache, logits: logits, lastToken: prompt[prompt.count - 1])
  }

  /// Refuses what would have no defined result.
  static func check(
    _ groups: [PromptGroup], options: SamplingOptions, weights: DecodingWeights
  ) throws {
    guard options.temperature > 0, options.temperature.isFinite else {
      throw GenerationError.badOptions(
        "temperature is \(options.temperature), expected above 0 (for the likeliest token set greedy)")
    }
    guard options.topP > 0, options.topP <= 1 else {
      throw GenerationError.badOptions("topP is \(options.topP), expected above 0 and at most 1")
    }
    let vocabulary = weights.configuration.vocabularySize
    for (index, group) in groups.enumerated() {
      guard !group.prompt.isEmpty else { throw GenerationError.emptyPrompt(group: index) }
      guard group.prompt.count < weights.maxPositions else {
        throw GenerationError.promptTooLong(
          group: index, tokens: group.prompt.count, positions: weights.maxPositions)
      }
      func check(_ tokens: some Sequence<Int32>) throws {
        for token in tokens where token < 0 || Int(token) >= vocabulary {
          throw GenerationError.tokenOutsideVocabulary(group: index, token: token, vocabulary: vocabulary)
        }
      }
      try check(group.prompt)
      for request in group.requests {
        try check(request.rules.compactMap { $0.force })
        try check(request.watch?.tokens ?? [])
        try check(request.threshold.map { [$0.first, $0.second] } ?? [])
        for deadline in request.deadlines { try check(deadline.force) }
      }
    }
  }
}

/// The rows in flight and those that wait.
struct RunningBatch {
  /// A computed prompt, shared by its group.
  final class Prompt {
    let cache: SequenceCache
    /// Logits after the last prompt token, [V].
    let logits: Tensor
    let lastToken: Int32

    init(cache: SequenceCache, logits: Tensor, lastToken: Int32) {
      self.cache = cache
      self.logits = logits
      self.lastToken = lastToken
    }
  }

  struct Waiting {
    let group: Int
    let index: Int
    let request: GenerationRequest
    let prompt: Prompt
  }

  struct Row {
    var state: RowState
    let cache: SequenceCache
    let prompt: Prompt
    /// Where its logits stand in the batch; nil for the prompt's.
    var logitsRow: Int?
    var lastToken: Int32 = 0
  }

  var active: [Row] = []
  /// Last first.
  var waiting: [Waiting] = []
  var sourceIsEmpty = false
  /// [rows, V]
  let logits: Tensor

  init(vocabulary: Int, rows: Int) { logits = Tensor([rows, vocabulary], zeroed: false) }

  /// Draws a token for every row; rows that end are delivered and leave, the order of the others stays.
  mutating func drawNextTokens(
    _ sampler: inout TokenSampler, maxPositions: Int, _ observe: (Int, Int, Int32) -> Void,
    _ deliver: (Int, Int, Generation) -> Void
  ) {
    var kept = 0
    for i in active.indices {
      let source = active[i].logitsRow.map { logits.data + $0 * sampler.vocabulary } ?? active[i].prompt.logits.data
      let token = active[i].state.step(&sampler, logits: source)
      active[i].lastToken = token
      observe(active[i].state.group, active[i].state.index, token)
      // The drawn token would stand at position `length`.
      if !active[i].state.isFinished, active[i].cache.length + 1 >= maxPositions {
        active[i].state.endAtLastPosition()
      }
      if active[i].state.isFinished {
        deliver(active[i].state.group, active[i].state.index, active[i].state.result)
      } else {
        if kept != i { active.swapAt(kept, i) }
        kept += 1
      }
    }
    active.removeLast(active.count - kept)
  }
}
