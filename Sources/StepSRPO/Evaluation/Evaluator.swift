import AutoThink
import Dispatch
import Foundation
import LanguageModel
import Tasks
import TensorCore
import Verifiers

/// A named held-out set.
public struct EvaluationSet: Sendable {
  /// The name in metrics.
  public let name: String
  /// The items.
  public let items: [TaskItem]

  /// A set.
  public init(name: String, items: [TaskItem]) {
    self.name = name
    self.items = items
  }
}

/// Measures a policy on held-out sets, each response scored by its item's own verifier.
///
/// The draws depend on the seed, the item's place in its set and the sample alone. A probe uses the draws of the free
/// response with the same number: both have the same rationale, and what differs is what the mode does.
public struct Evaluator: Sendable {
  /// How responses are drawn.
  public let settings: EvaluationSettings
  private let sets: [EvaluationSet]
  private let scorer: Scorer

  /// An evaluator of any settings.
  public init(sets: [EvaluationSet] = [], scorer: Scorer, settings: EvaluationSettings) {
    self.sets = sets
    self.scorer = scorer
    self.settings = settings
  }

  /// An evaluator for a run in training: one response an item, with the budgets of its rollouts; a temperature of 0 is greedy
  /// decoding. Every right answer is read by the run's audit, where it has one.
  public init(sets: [EvaluationSet], scorer: Scorer, configuration: RunConfiguration) {
    let rollout = configuration.rollout
    var settings = EvaluationSettings()
    settings.audit = Audit(configuration.verification)
    settings.temperature = configuration.evaluation.temperature
    settings.maxNewTokens = rollout.maxNewTokens
    settings.offBudget = rollout.thinkOffBudget
    settings.seed = UInt64(configuration.seed)
    settings.workers = rollout.workers
    settings.rows = rollout.batchSize
    self.init(sets: sets, scorer: scorer, settings: settings)
  }

  /// One report per set.
  public func callAsFunction(_ policy: Policy, step: Int) throws -> [EvaluationReport] {
    // The model rests while it is evaluated, so its embedding table need not be copied.
    let weights = DecodingWeights(policy.model, snapshot: false)
    return try sets.map { set in
      let start = DispatchTime.now().uptimeNanoseconds
      let results = EvaluationResults(items: try items(policy, weights, set.items.enumerated().map { ($0, $1) }))
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      return EvaluationReport(
        step: step, dataset: set.name, total: results.cell(), cells: results.cells, seconds: seconds)
    }
  }

  /// Whether an item's prompt leaves room for a response in the model's positions.
  public func fits(_ item: TaskItem, _ policy: Policy) -> Bool {
    requests(policy).fits(promptTokens: policy.codec.prompt(item).count)
  }

  /// Responses to some items of a set, each with its place in the set, in order. An item of
  /// ``ToolSuite/conversations(_:seed:count:)`` gets a whole conversation, held live.
  ///
  /// - Parameter isCancelled: asked before every step of decoding.
  /// - Throws: `GenerationError`, `CancellationError`, or `VerifierFailure` for a verifier that does not exist.
  public func items(
    _ policy: Policy, _ weights: DecodingWeights, _ items: [(place: Int, item: TaskItem)],
    isCancelled: @Sendable () -> Bool = { false }
  ) throws -> [EvaluatedItem] {
    var results = [EvaluatedItem?](repeating: nil, count: items.count)
    let live = items.indices.filter { ToolScript(items[$0].item) != nil }
    let single = items.indices.filter { ToolScript(items[$0].item) == nil }
    for (index, samples) in zip(live, try held(policy, weights, live.map { items[$0] }, isCancelled: isCancelled)) {
      results[index] = evaluated(items[index].item, samples)
    }
    let answers = try answered(policy, weights, single.map { items[$0] }, isCancelled: isCancelled)
    for (index, samples) in zip(single, answers) { results[index] = evaluated(items[index].item, samples) }
    return results.compactMap { $0 }
  }

  /// What is asked of every item: the evaluation's own control, and both modes where it probes.
  private var forcings: [ThinkMode?] { settings.probes ? [nil] + ThinkMode.allCases.map { $0 } : [nil] }

  private func evaluated(_ item: TaskItem, _ samples: [EvaluatedSample]) -> EvaluatedItem {
    EvaluatedItem(
      item: item, free: samples.filter { $0.forced == nil },
      forced: settings.probes
        ? Dictionary(
          uniqueKeysWithValues: ThinkMode.allCases.map { mode in (mode, samples.filter { $0.forced == mode }) })
        : [:])
  }

  /// Whole conversations.
  private func held(
    _ policy: Policy, _ weights: DecodingWeights, _ items: [(place: Int, item: TaskItem)],
    isCancelled: @Sendable () -> Bool
  ) throws -> [[EvaluatedSample]] {
    let hold = LiveConversations(policy: policy, weights: weights, settings: settings, requests: requests(policy))
    let asked = items.flatMap { item -> [LiveConversations.Request] in
      guard let script = ToolScript(item.item) else { return [] }
      return forcings.flatMap { mode in
        (0..<settings.samples).map { sample in
          LiveConversations.Request(place: item.place, sample: sample, forced: mode, script: script)
        }
      }
    }
    let samples = try hold(asked, isCancelled: isCancelled)
    let each = forcings.count * settings.samples
    return items.indices.map { Array(samples[$0 * each..<($0 + 1) * each]) }
  }

  /// Single responses.
  private func answered(
    _ policy: Policy, _ weights: DecodingWeights, _ items: [(place: Int, item: TaskItem)],
    isCancelled: @Sendable () -> Bool
  ) throws -> [[EvaluatedSample]] {
    let requests = requests(policy)
    let prompts = items.map { policy.codec.prompt($0.item) }
    let control = forcings
    let groups = zip(items, prompts).map { item, prompt in
      PromptGroup(
        prompt: prompt,
        requests: control.flatMap { mode in
          (0..<settings.samples).map { sample in
            requests.request(
              stream: RandomStream(seed: settings.seed, purpose: .evaluation, query: item.place, sample: sample),
              promptTokens: prompt.count, forcing: mode)
          }
        })
    }
    let generations = try GenerationPool.generate(
      groups, weights: weights, options: settings.sampling, workers: settings.workers, rows: settings.rows,
      isCancelled: isCancelled)
    var answers: [(item: Int, sample: Int, request: ScoringRequest)] = []
    var evaluated = zip(items, generations).enumerated().map { place, pair -> [EvaluatedSample] in
      let (item, generations) = pair
      let samples = generations.enumerated().map { index, generation in
        let mode = control[index / settings.samples]
        let rollout = Rollout(
          generation, sample: index % settings.samples, kind: mode == nil ? .free : .probe, codec: policy.codec)
        if rollout.response.isValid {
          let id = "\(item.place)/\(index)"
          answers.append(
            (place, index, ScoringRequest(item: item.item, answer: rollout.response.answer ?? "", id: id)))
        }
        return EvaluatedSample(rollout, forced: mode)
      }
      return samples
    }
    let (verdicts, _) = try scorer(answers.map(\.request))
    for (answer, verdict) in zip(answers, verdicts) { evaluated[answer.item][answer.sample].take(verdict) }
    let rewarded = zip(answers, verdicts).compactMap { answer, verdict in
      settings.audit.request(
        verdict, on: answer.request.request.response, to: items[answer.item].item, id: answer.request.request.id
      ).map { (answer.item, answer.sample, $0) }
    }
    for ((item, sample, _), audit) in zip(rewarded, try scorer(rewarded.map(\.2)).verdicts) {
      evaluated[item][sample].auditScore = audit.score
    }
    return evaluated
  }

  private func requests(_ policy: Policy) -> ControlledRequests {
    ControlledRequests(
      policy, control: settings.control, maxNewTokens: settings.maxNewTokens, offBudget: settings.offBudget)
  }
}

extension RandomPurpose {
  /// Responses of an evaluation.
  public static let evaluation: RandomPurpose = "evaluation"
}
