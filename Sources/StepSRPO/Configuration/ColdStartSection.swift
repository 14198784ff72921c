import Tasks

/// Supervised fine-tuning on oracle traces with the mode prior of the report's starting point.
public struct ColdStartSection: Codable, Sendable, Equatable {
  /// Task files whose rows hold a worked `response`; empty takes traces of the built-in suite, which the shares and
  /// weights below are for.
  public var files: [String] = []
  /// Optimizer steps; 0 skips the stage.
  public var steps = 0
  /// Traces per step.
  public var batchSize = 64
  /// What moves the weights; its constants are those of `train`.
  public var optimizer = OptimizerChoice.adamw
  /// Peak learning rate.
  public var learningRate = 3e-3
  /// Steps of linear warm-up; a cosine towards a tenth of the peak follows.
  public var warmupSteps = 50
  /// How tokens are averaged.
  public var aggregation = Aggregation.tokens
  /// Relative share of each level, easiest first. Easy levels need more traces than hard ones: each holds one step, and
  /// the few think-off traces are all on them.
  public var levelWeights: [Double] = [2, 2, 1, 1, 1, 1]
  /// Share of think-on traces by level, easiest first; about 90 % overall is the report's starting point.
  public var thinkOnShare: [Double] = [0.62, 0.62, 0.98, 1, 1, 1]
  /// Share of queries that get a random mode (the report: 1 %).
  public var randomModeShare = 0.01
  /// Share of traces by level, easiest first, whose mode is think-off, given from outside and left out of the loss, as
  /// in the report's stage 1. They teach answering at once without teaching when; levels beyond the list have none.
  public var givenOffShare: [Double] = []
  /// What is otherwise in single domains: a network learns to answer at once sooner in some than in others.
  public var byDomain = ByDomain()

  /// Means of the cross-entropy over a batch.
  public enum Aggregation: String, ConfigurationChoice {
    /// Every token counts alike, so a thought outweighs an answer given at once.
    case tokens
    /// A trace has two segments, up to the gate and behind it; every segment counts alike, whatever its length. A gate
    /// has then the same weight in both modes, which a mean over whole traces would not give it.
    case segments
  }

  /// Lists of single domains.
  public struct ByDomain: Codable, Sendable, Equatable {
    /// Those of mathematics.
    public var math = DomainLists()
    /// Those of code.
    public var code = DomainLists()
    /// Those of science.
    public var science = DomainLists()
    /// Those of general queries.
    public var general = DomainLists()

    /// The defaults.
    public init() {}

    /// The lists of a domain.
    public subscript(domain: Domain) -> DomainLists {
      switch domain {
      case .math: math
      case .code: code
      case .science: science
      case .general: general
      }
    }
  }

  /// A domain's own lists; an empty one is that of all domains.
  public struct DomainLists: Codable, Sendable, Equatable {
    /// See ``ColdStartSection/levelWeights``; relative to those of the other domains.
    public var levelWeights: [Double] = []
    /// See ``ColdStartSection/givenOffShare``.
    public var givenOffShare: [Double] = []

    /// The defaults.
    public init() {}
  }

  /// The weights of a domain's levels.
  public func levelWeights(of domain: Domain) -> [Double] {
    byDomain[domain].levelWeights.isEmpty ? levelWeights : byDomain[domain].levelWeights
  }

  /// The shares of a domain's traces with given think-off.
  public func givenOffShare(of domain: Domain) -> [Double] {
    byDomain[domain].givenOffShare.isEmpty ? givenOffShare : byDomain[domain].givenOffShare
  }

  /// The defaults.
  public init() {}
}
