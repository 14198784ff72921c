/// An algorithm whose advantage is one number a response: all it adds is the defaults of the parts.
public protocol SequenceAlgorithm: Algorithm {
  /// Reward, baseline and scale.
  var credit: SequenceCredit { get }
  /// The algorithm with this credit.
  init(credit: SequenceCredit)
}

extension SequenceAlgorithm {
  /// The keys of reward, baseline and scale.
  public static var keys: Set<String> { AlgorithmKeys.sequence }

  /// The algorithm a configuration describes; `longest` is the budget of a response in tokens.
  public init(_ section: AlgorithmSection, longest: Int) {
    self.init(credit: SequenceCredit(section, longest: longest))
  }

  /// Rewards and advantages of one group.
  public func callAsFunction(_ rollouts: [JudgedRollout], of query: QueryHistory) -> GroupAdvantages {
    credit(rollouts, of: query)
  }
}
