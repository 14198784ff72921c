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
  /// N_J, N_g, N_Y: all tokens of the contributing groups' scorable rollouts, those without gradient included, so that
  /// an update's size does not depend on how many rollouts happened to differ. J counts free rollouts only.
  public private(set) var counts = PerSegment(repeating: 0)

  /// The batch of `groups`; those that do not contribute leave nothing.
  ///
  /// - Parameter first: the place of the first of `groups` in the step.
  public init(_ groups: some Swift.Sequence<JudgedGroup>, first: Int = 0) {
    for (place, judged) in groups.enumerated() where judged.result.contributes {
      prompts.append(judged.group.prompt)
      for (i, rollout) in judged.group.rollouts.enumerated() where judged.outcomes[i] != nil {
        let advantages = judged.result.advantages[i]
        var scored: [ScoredToken] = []
        for position in rollout.tokens.indices {
          guard let segment = rollout.response.segment(of: position) else { continue }
          if segment != .judge || rollout.kind == .free { counts[segment] += 1 }
          let advantage = advantages[segment]
          guard advantage != 0 else { continue }
          scored.append(
            ScoredToken(
              position: position, segment: segment, advantage: advantage, samplerLogProb: rollout.logProbs[position]))
        }
        guard let last = scored.last else { continue }
        // Tokens after the last scored one would be computed for nothing.
        sequences.append(
          Sequence(
            prompt: prompts.count - 1, place: RolloutPlace(group: first + place, sample: rollout.sample),
            tokens: Array(rollout.tokens[...last.position]), scored: scored))
      }
    }
  }
}

/// Some sequences of a batch packed for one forward and backward pass.
struct UpdatePass {
  /// Rows, segments and targets for the model.
  private(set) var packed = PackedBatch()
  /// The index in the batch of each sequence, in order.
  private(set) var members: [Int] = []

  /// Cuts a batch into passes of at most about `limit` rows. The cut depends on the batch only.
  static func passes(of batch: UpdateBatch, limit: Int) -> [UpdatePass] {
    var passes: [UpdatePass] = []
    var pass = UpdatePass()
    var prompt: (index: Int, rows: Range<Int>)?
    for (index, sequence) in batch.sequences.enumerated() {
      if !pass.members.isEmpty, pass.packed.rows + sequence.tokens.count > limit {
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
      }
      pass.members.append(index)
    }
    if !pass.members.isEmpty { passes.append(pass) }
    return passes
  }
}
