import AutoThink
import LanguageModel

/// The sequences one update learns from: only responses, and in them only tokens, that carry a gradient.
public struct UpdateBatch: Sendable {
  /// One response behind its prompt.
  public struct Sequence: Sendable {
    /// Which prompt it continues.
    public let prompt: Int
    /// Whose response it is: the group's place among those the batch was made of, and the rollout's in its group.
    public let place: RolloutPlace
    /// The response's tokens.
    public let tokens: [Int32]
    /// The tokens with a gradient, in order.
    public var scored: [ScoredToken]
  }

  /// The prompts.
  public private(set) var prompts: [[Int32]] = []
  /// The responses, those of one prompt side by side.
  public var sequences: [Sequence] = []
  /// N_J, N_g, N_Y: all tokens of the counted rollouts, those without gradient included, so that an update's size does
  /// not depend on how many rollouts happened to differ. J counts free rollouts only where a forced gate is silent.
  public private(set) var counts = PerSegment(repeating: 0)

  /// The batch of `groups` for `loss`.
  ///
  /// With a normaliser per segment (Step-SRPO) a group that does not contribute leaves nothing; the other forms count
  /// every group, as their sources do.
  /// - Parameters:
  ///   - loss: says which tokens are scored and how they are counted.
  ///   - gates: the gate tokens, for a loss in which the gate is a choice between the modes; nil leaves it a token like
  ///     any other.
  ///   - first: the place of the first of `groups` in the step.
  public init(
    _ groups: some Swift.Sequence<JudgedGroup>, for loss: PolicyLoss = PolicyLoss(), gates: GateTokens? = nil,
    first: Int = 0
  ) {
    let counted = groups.enumerated().filter { _, judged in
      judged.result.contributes || (loss.aggregation != .segments && judged.outcomes.contains { $0 != nil })
    }
    for (place, judged) in counted {
      let scorable = judged.group.rollouts.indices.filter { judged.outcomes[$0] != nil }
      let share = 1 / Double(counted.count * scorable.count)
      prompts.append(judged.group.prompt)
      for i in scorable {
        let rollout = judged.group.rollouts[i]
        let place = RolloutPlace(group: first + place, sample: rollout.sample)
        add(rollout, at: place, judged.result.advantages[i], share: share, loss, gates)
      }
    }
  }

  private mutating func add(
    _ rollout: Rollout, at place: RolloutPlace, _ advantages: PerSegment<Double>, share: Double, _ loss: PolicyLoss,
    _ gates: GateTokens?
  ) {
    let everyToken = loss.scoresEveryToken || (loss.ratio == .sequence && !advantages.isZero)
    var scored: [ScoredToken] = []
    var length = 0
    for position in rollout.tokens.indices {
      guard let segment = rollout.response.segment(of: position) else { continue }
      let isForcedGate = rollout.kind == .probe && segment == .gate
      if segment != .judge || rollout.kind == .free || loss.forcedGate != .silent { counts[segment] += 1 }
      if segment != .gate || loss.gateNormaliser == .shared { length += 1 }
      let advantage = advantages[segment]
      // A gate that could not be read, for another token or another place, is no choice between the modes.
      let mode = segment == .gate && loss.gateChoice == .modes ? rollout.response.gate : nil
      let otherGate = mode.flatMap { gates?.other(than: $0) }
      let hasForm = otherGate != nil && loss.gateFormWeight > 0
      guard advantage != 0 || everyToken || hasForm else { continue }
      var token = ScoredToken(
        position: position, segment: segment, advantage: advantage, samplerLogProb: rollout.logProbs[position])
      token.sequence = sequences.count
      token.share = share
      token.referenceLogProb = rollout.referenceLogProbs?[position]
      token.otherGate = otherGate
      if isForcedGate, loss.forcedGate == .half {
        token.samplerLogProb = Self.oneHalf
        token.oldLogProb = Self.oneHalf
      }
      scored.append(token)
    }
    guard let last = scored.last else { return }
    for i in scored.indices { scored[i].sequenceLength = length }
    // Tokens after the last scored one would be computed for nothing.
    sequences.append(
      Sequence(prompt: prompts.count - 1, place: place, tokens: Array(rollout.tokens[...last.position]), scored: scored)
    )
  }

  /// log 1/2, the probability a forced gate was really drawn with.
  private static let oneHalf = Float(-0.693_147_180_559_945_3)
}

/// The two gate tokens of a vocabulary.
public struct GateTokens: Sendable, Equatable {
  /// `<think_on>`.
  public var on: Int32
  /// `<think_off>`.
  public var off: Int32

  /// Those of a codec.
  public init(_ codec: ResponseCodec) {
    on = codec.gate(.on)
    off = codec.gate(.off)
  }

  /// The other mode's gate.
  func other(than mode: ThinkMode) -> Int32 { mode == .on ? off : on }
}

/// Some sequences of a batch packed for one forward and backward pass.
struct UpdatePass {
  /// Rows, segments and targets for the model: first the scored tokens in order, then the other gates of those that have
  /// one.
  private(set) var packed = PackedBatch()
  /// The index in the batch of each sequence, in order.
  private(set) var members: [Int] = []
  private var otherGates: [(row: Int, token: Int32)] = []

  private mutating func finish() {
    for gate in otherGates { packed.score(row: gate.row, target: gate.token) }
  }

  /// Cuts a batch into passes of at most about `limit` rows. The cut depends on the batch only.
  static func passes(of batch: UpdateBatch, limit: Int) -> [UpdatePass] {
    var passes: [UpdatePass] = []
    var pass = UpdatePass()
    var prompt: (index: Int, rows: Range<Int>)?
    for (index, sequence) in batch.sequences.enumerated() {
      if !pass.members.isEmpty, pass.packed.rows + sequence.tokens.count > limit {
        pass.finish()
        passes.append(pass)
        pass = UpdatePass()
        prompt = nil
      }
      if prompt?.index != sequence.prompt {
        prompt = (sequence.prompt, pass.packed.appendSegment(batch.prompts[sequence.prompt]))
      }
      guard let promptRows = prompt?.rows else { continue }
      let rows = pass.packed.appendSegment(sequence.tokens.dropLast(), after: promptRows)
      for token in sequence.scored {
        let row = token.position == 0 ? promptRows.upperBound - 1 : rows.lowerBound + token.position - 1
        pass.packed.score(row: row, target: sequence.tokens[token.position])
        if let other = token.otherGate { pass.otherGates.append((row, other)) }
      }
      pass.members.append(index)
    }
    if !pass.members.isEmpty {
      pass.finish()
      passes.append(pass)
    }
    return passes
  }
}
