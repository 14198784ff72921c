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

/// Which mode an evaluation uses.
public enum EvaluationMode: String, Sendable, CaseIterable {
  /// The policy chooses.
  case auto
  /// Always think.
  case on
  /// Never think.
  case off
}

/// Measures a policy on held-out sets: one response per item, scored by the item's own verifier.
public struct Evaluator: Sendable {
  private let sets: [EvaluationSet]
  private let scorer: Scorer
  private let rollout: RolloutSection
  private let temperature: Double
  private let seed: UInt64

  /// An evaluator. `rollout` gives budgets and workers; `temperature` 0 is greedy decoding.
  public init(sets: [EvaluationSet], scorer: Scorer, rollout: RolloutSection, temperature: Double, seed: Int) {
    self.sets = sets
    self.scorer = scorer
    self.rollout = rollout
    self.temperature = temperature
    self.seed = UInt64(seed)
  }

  /// One report per set. The draws depend on the seed and the item's place alone, not on `step`, so two evaluations
  /// differ only by their policies.
  public func callAsFunction(
    _ policy: Policy, step: Int, mode: EvaluationMode = .auto
  ) throws -> [EvaluationReport] {
    try sets.map { set in
      let start = DispatchTime.now().uptimeNanoseconds
      let results = try results(policy, set.items, mode)
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      return EvaluationReport(
        step: step, dataset: set.name, total: results.cell(), cells: results.cells, seconds: seconds)
    }
  }

  /// One result per item of `items`, in order.
  public func results(_ policy: Policy, _ items: [TaskItem], _ mode: EvaluationMode) throws -> EvaluationResults {
    let responses = try respond(policy, items, mode)
    let verdicts = try verdicts(items, responses)
    return EvaluationResults(
      items: zip(items, zip(responses, verdicts)).map { EvaluatedItem(item: $0, response: $1.0, score: $1.1) })
  }

  private func respond(_ policy: Policy, _ items: [TaskItem], _ mode: EvaluationMode) throws -> [Rollout] {
    let rules = ResponseRules(policy.codec, maxNewTokens: rollout.maxNewTokens, offBudget: rollout.offBudget)
    let forced: ThinkMode? = mode == .on ? .on : mode == .off ? .off : nil
    let groups = items.enumerated().map { place, item in
      let stream = RandomStream(seed: seed, purpose: .evaluation, query: place)
      return PromptGroup(prompt: policy.codec.prompt(item), requests: [rules.request(stream: stream, forcing: forced)])
    }
    let options = SamplingOptions(
      temperature: temperature > 0 ? Float(temperature) : 1, topP: 1, greedy: temperature == 0)
    let pool = SamplerPool(workers: rollout.workers, rows: rollout.batchSize)
    return try pool.generate(groups, model: policy.model, options: options).flatMap { $0 }.map {
      Rollout($0, sample: 0, kind: forced == nil ? .free : .probe, codec: policy.codec)
    }
  }

  /// Scores of all items: 0 for an invalid structure, nil without a verdict.
  private func verdicts(_ items: [TaskItem], _ responses: [Rollout]) throws -> [Double?] {
    let asked = items.indices.filter { responses[$0].response.isValid }
    let (verdicts, _) = try scorer(
      asked.map { ScoringRequest(item: items[$0], answer: responses[$0].response.answer ?? "", id: items[$0].id) })
    var scores: [Double?] = responses.map { $0.response.isValid ? nil : 0 }
    for (place, verdict) in zip(asked, verdicts) { scores[place] = verdict.score }
    return scores
  }
}

extension RandomPurpose {
  /// Responses of an evaluation.
  public static let evaluation: RandomPurpose = "evaluation"
}
