import Foundation
import LanguageModel
import StepSRPO
import Tasks
import Verifiers

/// What a pipeline trains and measures on.
public struct PipelineData: Sendable {
  /// The training pool of reinforcement.
  public var queries: [TaskItem]
  /// The demonstrations of a cold-start step, counted from 1; a function of the step alone.
  public var demonstrations: @Sendable (_ step: Int) -> [Demonstration]
  /// Held-out sets.
  public var evaluation: [EvaluationSet]
  /// The tokens of the longest prompt.
  public var longestPrompt: Int
  /// What is left out of queries and held-out sets because it leaves too little room for a response.
  public var leftOut: [LeftOutPrompts]

  /// Data.
  public init(
    queries: [TaskItem], demonstrations: @escaping @Sendable (_ step: Int) -> [Demonstration],
    evaluation: [EvaluationSet], longestPrompt: Int = 0, leftOut: [LeftOutPrompts] = []
  ) {
    self.queries = queries
    self.demonstrations = demonstrations
    self.evaluation = evaluation
    self.longestPrompt = longestPrompt
    self.leftOut = leftOut
  }
}

/// From a configuration to a trained policy: build or load the policy, cold start, Step-SRPO.
public final class TrainingPipeline {
  /// The configuration.
  public let configuration: RunConfiguration
  private let data: PipelineData
  private let scorer: Scorer
  private let checkpoints: (any CheckpointKeeper)?
  private let observers: [any TrainingObserver]

  /// A pipeline. Observers see cold start, evaluations and reinforcement in order.
  public init(
    configuration: RunConfiguration, data: PipelineData, registry: VerifierRegistry,
    checkpoints: (any CheckpointKeeper)?, observers: [any TrainingObserver]
  ) {
    self.configuration = configuration
    self.data = data
    self.checkpoints = checkpoints
    self.observers = observers
    scorer = Scorer(registry: registry, workers: configuration.verification.workers)
  }

  /// Runs everything, or continues from a checkpoint folder.
  ///
  /// - Returns: the outcome and the policy.
  /// - Throws: what its parts throw; see `Trainer.train()`.
  public func run(resuming folder: String? = nil) throws -> (outcome: TrainingOutcome, policy: Policy) {
    let isInColdStart = folder.map { ColdStartState.exists(in: $0) } ?? true
    let policy = try folder.map { try Policy(resuming: $0, configuration.model) } ?? initialPolicy()
    if isInColdStart {
      guard try coldStart(policy, resuming: folder) else { return (.stopped(step: 0), policy) }
    }
    let evaluator = Evaluator(sets: data.evaluation, scorer: scorer, configuration: configuration)
    let trainer = try Trainer(
      configuration: configuration, policy: policy, queries: data.queries, scorer: scorer, evaluator: evaluator,
      checkpoints: checkpoints, observers: observers,
      resuming: isInColdStart ? nil : folder)
    return (try trainer.train(), policy)
  }

  private func initialPolicy() throws -> Policy {
    try Policy(starting: configuration.model, seed: configuration.seed)
  }

  /// Returns false when an observer stopped it.
  private func coldStart(_ policy: Policy, resuming folder: String?) throws -> Bool {
    guard configuration.coldStart.steps > 0 else { return true }
    let trainer = SupervisedTrainer(policy: policy, options: configuration.coldStart, train: configuration.train)
    if let folder { try trainer.restore(from: folder) }
    return try trainer.train(
      batch: data.demonstrations, checkpointEvery: configuration.checkpoint.coldStartEvery,
      checkpoint: { step in try checkpoints?.writeColdStart(step: step) { try trainer.save(to: $0) } }
    ) { event in
      var decision = ObserverDecision.continue
      for observer in observers where try observer.observe(event) == .stop { decision = .stop }
      return decision
    }
  }
}
