import AutoThink
import LanguageModel
import Tasks
import TensorCore
import Verifiers

/// How often a policy answers queries rightly: what their difficulty is measured by, and AdaptThink's baseline.
public struct PassRates: Sendable {
  private let policy: Policy
  private let rollout: RolloutSection
  private let scorer: Scorer
  private let seed: UInt64
  private let purpose: RandomPurpose

  /// Pass rates of `policy`.
  ///
  /// - Parameters:
  ///   - rollout: budgets, sampling and workers.
  ///   - purpose: names the draws apart from others of the same seed.
  public init(
    policy: Policy, rollout: RolloutSection, scorer: Scorer, seed: Int, purpose: RandomPurpose = .difficulty
  ) {
    self.policy = policy
    self.rollout = rollout
    self.scorer = scorer
    self.seed = UInt64(seed)
    self.purpose = purpose
  }

  /// The mean outcome of `samples` responses to each query, in order; nil where no response has a score. An invalid
  /// format is an outcome of 0, a failed or abstained verdict none.
  ///
  /// Draws depend on (seed, purpose, the query's index, sample) alone.
  /// - Parameters:
  ///   - mode: forces the gate; nil leaves the choice to the policy.
  ///   - obeying: whether a response in another mode than the one its user asks for is an outcome of 0, as in the
  ///     rewards that are compared with it.
  /// - Throws: `GenerationError`, or `VerifierFailure` for an unknown verifier.
  public func callAsFunction(
    _ queries: [(index: Int, item: TaskItem)], samples: Int, forcing mode: ThinkMode? = nil,
    obeying: Bool = false
  ) throws -> [Double?] {
    let rules = ResponseRules(policy.codec, rollout)
    let prompts = queries.map { query in
      PromptGroup(
        prompt: policy.codec.prompt(query.item),
        requests: (0..<samples).map {
          rules.request(
            stream: RandomStream(seed: seed, purpose: purpose, query: query.index, sample: $0), forcing: mode)
        })
    }
    let sampling = SamplingOptions(temperature: Float(rollout.temperature), topP: Float(rollout.topP))
    let results = try SamplerPool(workers: rollout.workers, rows: rollout.batchSize)
      .generate(prompts, model: policy.model, options: sampling)
    var outcomes: [[Double?]] = results.map { Array(repeating: 0, count: $0.count) }
    var requests: [ScoringRequest] = []
    var places: [(query: Int, sample: Int)] = []
    for (q, generations) in results.enumerated() {
      for (s, generation) in generations.enumerated() {
        let response = policy.codec.parse(generation.tokens, truncated: generation.finish != .stop)
        guard response.isValid else { continue }
        if obeying, let asked = queries[q].item.mode, response.mode != asked { continue }
        requests.append(
          ScoringRequest(item: queries[q].item, answer: response.answer ?? "", id: "\(queries[q].item.id)/\(s)"))
        places.append((q, s))
      }
    }
    let (verdicts, _) = try scorer(requests)
    for (place, verdict) in zip(places, verdicts) { outcomes[place.query][place.sample] = verdict.score }
    return outcomes.map { $0.compactMap { $0 }.meanIfAny }
  }
}

extension RandomPurpose {
  /// Responses by which difficulty is measured.
  public static let difficulty: RandomPurpose = "difficulty"
}
