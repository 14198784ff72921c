/// A rollout's place in a step.
public struct RolloutPlace: Sendable, Hashable {
  /// The group's place in the step's batch, from 0.
  public var group: Int
  /// The rollout's place in its group, from 0.
  public var sample: Int

  /// A place.
  public init(group: Int, sample: Int) {
    self.group = group
    self.sample = sample
  }
}

/// What one segment of one rollout gave to the step's loss: the end of the way from text to gradient.
///
///     loss = -A * surrogate + other
///
/// where `surrogate` is the sum over the segment's tokens of what multiplies -A, and `other` an entropy bonus, a
/// divergence or the form of the gate.
public struct SegmentContribution: Sendable, Equatable {
  /// A, the same for all tokens of the segment.
  public var advantage: Double
  /// lambda, the segment's weight in the loss.
  public var weight: Double
  /// N, the tokens of the batch that this segment's loss is divided by.
  public var normaliser: Int
  /// Tokens that carried a gradient.
  public var tokens = 0
  /// Sum of the tokens' importance weights min(pi_old / mu, cap).
  public var importanceSum = 0.0
  /// The smallest ratio pi / pi_old of a token.
  public var ratioMin = Double.infinity
  /// The largest.
  public var ratioMax = -Double.infinity
  /// Tokens whose ratio a clip bound held.
  public var held = 0
  /// Sum over the tokens of weight / normaliser * importance * held ratio (* log pi for a gate), averaged over
  /// minibatches as the loss is.
  public var surrogate = 0.0
  /// The segment's part of the step's loss, every term of it.
  public var loss = 0.0

  /// A segment none of whose tokens has been counted yet.
  public init(advantage: Double, weight: Double, normaliser: Int) {
    self.advantage = advantage
    self.weight = weight
    self.normaliser = normaliser
  }

  mutating func add(_ term: PolicyLoss.TokenTerm, share: Double) {
    tokens += 1
    importanceSum += term.importance
    ratioMin = min(ratioMin, term.ratio)
    ratioMax = max(ratioMax, term.ratio)
    held += term.isHeld ? 1 : 0
    surrogate += share * term.factor
    loss += share * term.loss
  }
}
