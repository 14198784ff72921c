import AutoThink

/// One value per credit segment.
public struct PerSegment<Value: Sendable & Equatable>: Sendable, Equatable {
  /// J.
  public var judge: Value
  /// g.
  public var gate: Value
  /// Y.
  public var answer: Value

  /// The same value for every segment.
  public init(repeating value: Value) {
    judge = value
    gate = value
    answer = value
  }

  /// The value of one segment.
  public subscript(segment: CreditSegment) -> Value {
    get {
      switch segment {
      case .judge: judge
      case .gate: gate
      case .answer: answer
      }
    }
    set {
      switch segment {
      case .judge: judge = newValue
      case .gate: gate = newValue
      case .answer: answer = newValue
      }
    }
  }
}

/// A response token that carries a gradient.
public struct ScoredToken: Sendable, Equatable {
  /// Index in the response.
  public var position: Int
  /// Its segment.
  public var segment: CreditSegment
  /// Its advantage.
  public var advantage: Double
  /// log mu, the log-probability under the sampler.
  public var samplerLogProb: Float
  /// log pi_old, the log-probability under the policy that the ratio is taken to; nil means the present policy
  /// (a ratio of exactly 1, as in the first update after sampling).
  public var oldLogProb: Float?
  /// log ref, under the reference policy; nil without one.
  public var referenceLogProb: Float?
  /// Which response of the batch it belongs to; tokens of a response stand together.
  public var sequence = 0
  /// The response's share of the batch: 1 / (groups * responses of its group).
  public var share = 1.0
  /// The tokens of the response that its own mean is over.
  public var sequenceLength = 1
  /// The token of the other mode, where a gate is a choice between the modes; nil elsewhere.
  public var otherGate: Int32?

  /// A token.
  public init(
    position: Int, segment: CreditSegment, advantage: Double, samplerLogProb: Float, oldLogProb: Float? = nil
  ) {
    self.position = position
    self.segment = segment
    self.advantage = advantage
    self.samplerLogProb = samplerLogProb
    self.oldLogProb = oldLogProb
  }
}
