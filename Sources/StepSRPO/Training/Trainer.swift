import AutoThink
import Foundation
import LanguageModel
import Tasks
import TensorCore
import Verifiers

/// How a training run ended.
public enum TrainingOutcome: Sendable, Equatable {
  /// All steps are done.
  case finished
  /// An observer asked to stop after this step; a checkpoint of it is on disk.
  case stopped(step: Int)
}

/// Keeps checkpoints; `RunStore.CheckpointFolder` is one.
public protocol CheckpointKeeper: AnyObject {
  /// Writes a checkpoint of `step` atomically: `content` fills the empty folder it is given.
  func write(step: Int, content: (_ folder: String) throws -> Void) throws
  /// Writes a checkpoint of a cold-start step in the same way; it is of no use once a checkpoint of the steps after the
  /// cold start exists. A keeper may leave these out: such a run starts its cold start over.
  func writeColdStart(step: Int, content: (_ folder: String) throws -> Void) throws
}

extension CheckpointKeeper {
  /// Keeps nothing.
  public func writeColdStart(step: Int, content: (_ folder: String) throws -> Void) throws {}
}

/// Step-SRPO's training loop.
public final class Trainer {
  /// The run's configuration.
  public let configuration: RunConfiguration
  /// The policy in training.
  public let policy: Policy
  /// The training pool.
  public let queries: [TaskItem]
  /// Everything a resume needs beside weights and optimizer.
  public private(set) var state: TrainerState

  private let optimizer: any Optimizer
  private let pool: RolloutPool
  private let scorer: Scorer
  private let evaluator: Evaluator?
  private let algorithm: any Algorithm
  private let reference: ReferencePolicy?
  private let updater: PolicyUpdater
  private let schedule: LearningRateSchedule
  private let checkpoints: (any CheckpointKeeper)?
  private let observers: [any TrainingObserver]
  private let isResuming: Bool
  private var lastCheckpoint: Int?
  private var crossed: RunLimitError?

  /// A trainer of `policy`.
  ///
  /// - Parameters:
  ///   - queries: the training pool, not empty.
  ///   - evaluator: measures the policy on held-out items; nil measures nothing.
  ///   - checkpoints: where checkpoints go; nil keeps none.
  ///   - resuming: a checkpoint folder whose optimizer and trainer state continue; the policy must be its model.
  /// - Throws: what reading the checkpoint throws.
  public init(
    configuration: RunConfiguration, policy: Policy, queries: [TaskItem], scorer: Scorer, evaluator: Evaluator?,
    checkpoints: (any CheckpointKeeper)?, observers: [any TrainingObserver], resuming folder: String? = nil
  ) throws {
    // What can fail comes first and by itself: Swift 6.3's optimizer crashes where a class is left half initialised.
    let optimizer = policy.optimizer(configuration.train.optimizer, configuration.train)
    let state = try TrainerState.first(of: configuration, queries: queries, resuming: folder, optimizer: optimizer)
    let reference = try ReferencePolicy.of(policy, configuration, resuming: folder, step: state.step)
    self.configuration = configuration
    self.policy = policy
    self.queries = queries
    self.scorer = scorer
    self.evaluator = evaluator
    self.checkpoints = checkpoints
    self.observers = observers
    self.optimizer = optimizer
    self.reference = reference
    self.state = state
    isResuming = folder != nil
    algorithm = configuration.credit
    schedule = LearningRateSchedule(configuration.train)
    pool = RolloutPool(policy: policy, options: configuration.rollout, seed: configuration.seed)
    updater = PolicyUpdater(
      policy: policy, optimizer: optimizer,
      loss: PolicyLoss(configuration.algorithm, longest: configuration.rollout.maxNewTokens),
      temperature: configuration.rollout.temperature, options: configuration.train)
    lastCheckpoint = folder == nil ? nil : state.step
  }

  /// Trains to the last step.
  ///
  /// - Throws: `RunLimitError` when a declared limit is crossed, `BrokenStep` for a non-finite update (a checkpoint of
  ///   the state before the step is kept then), and whatever an observer or the checkpoint keeper throws.
  public func train() throws -> TrainingOutcome {
    if !isResuming {
      try evaluate()
      if try checkpoint() == .stop { return .stopped(step: 0) }
    }
    while state.step < configuration.train.steps {
      let clock = StepClock()
      let step = state.step + 1
      let before = state
      var batch = StepBatch(configuration.rollout)

      repeat {
        let asked = state.sampler.next(configuration.rollout.queriesPerStep, step: step)
        var groups = try pool.sample(asked.map { ($0, queries[$0]) }, step: step, from: batch.groups.count)
        try askReference(&groups)
        clock.lap(.timeGenerate)
        let usage = try resumably(from: before) { try score(&groups) }
        clock.lap(.timeScore)
        batch.add(groups.map(judge), usage: usage)
      } while batch.isShort
      let update = try resumably(from: before) { try self.update(batch.kept) }
      clock.lap(.timeTrain)

      for group in batch.groups { state.sampler.record(group) }
      state.step = step
      state.sampledTokens += batch.tokens
      let decision = try report(batch, update, clock)

      let isLast = step == configuration.train.steps
      let every = configuration.evaluation.every
      if isLast || (every > 0 && step % every == 0) { try evaluate() }
      if isLast || decision == .stop || step % configuration.checkpoint.every == 0 {
        let stops = try checkpoint() == .stop || decision == .stop
        if let crossed { throw crossed }
        if stops, !isLast { return .stopped(step: step) }
      }
    }
    return .finished
  }
}

// MARK: - The steps of the loop

extension Trainer {
  /// Verdicts for all valid responses. Failed ones follow the failure policy and count against the budget.
  private func score(_ groups: inout [RolloutGroup]) throws -> [String: VerifierUsage] {
    var requests: [ScoringRequest] = []
    var places: [(group: Int, rollout: Int)] = []
    for (g, group) in groups.enumerated() {
      for (r, rollout) in group.rollouts.enumerated() where rollout.response.isValid {
        requests.append(
          ScoringRequest(item: group.item, answer: rollout.response.answer ?? "", id: "\(state.step + 1)/\(g)/\(r)"))
        places.append((g, r))
      }
    }
    let (verdicts, usage) = try scorer(requests)
    for (place, verdict) in zip(places, verdicts) { groups[place.group].rollouts[place.rollout].verdict = verdict }
    try RunLimitError.check(usage, configuration.verification, configuration.limits, step: state.step + 1)
    try audit(&groups)
    return usage
  }

  /// Lets the audit read its sample of the rewarded rollouts. Its failures are counted with its verdicts, not against the
  /// budget: nothing is trained on them.
  private func audit(_ groups: inout [RolloutGroup]) throws {
    let audit = Audit(configuration.verification)
    var requests: [ScoringRequest] = []
    var places: [(group: Int, rollout: Int)] = []
    for (g, group) in groups.enumerated() {
      for (r, rollout) in group.rollouts.enumerated() {
        guard
          let request = audit.request(
            rollout.verdict, on: rollout.response.answer ?? "", to: group.item, id: "\(state.step + 1)/\(g)/\(r)"),
          audit.reads(seed: UInt64(configuration.seed), step: state.step + 1, query: group.query, sample: r)
        else { continue }
        requests.append(request)
        places.append((g, r))
      }
    }
    for (place, verdict) in zip(places, try scorer(requests).verdicts) {
      groups[place.group].rollouts[place.rollout].audit = verdict
    }
  }

  private func update(_ judged: [JudgedGroup]) throws -> UpdateReport {
    do {
      return try updater(judged, learningRate: schedule.rate(at: state.step))
    } catch let error as UpdateError { throw BrokenStep(step: state.step + 1, cause: error, groups: judged) }
  }

  /// Runs a part of a step that a limit may end. The policy has not moved then, so the state before the step is kept
  /// as a checkpoint, and a resumed run begins with that very step. A second minibatch comes too late for that: the run
  /// then resumes from its last regular checkpoint and gets to the same step.
  private func resumably<Result>(from before: TrainerState, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error where error is RunLimitError || error is BrokenStep {
      let isUntouched = error is RunLimitError || configuration.train.minibatches == 1
      if isUntouched, lastCheckpoint != before.step {
        state = before
        // The limit is what the user must hear of, even where the disk is full as well.
        _ = try? checkpoint()
      }
      throw error
    }
  }

  /// What the algorithm wants of the reference policy: log ref of every token, its mean outcome on every query.
  private func askReference(_ groups: inout [RolloutGroup]) throws {
    guard let reference else { return }
    if configuration.algorithm.kl != .none { reference.score(&groups) }
    guard configuration.algorithm.usesReferenceReward else { return }
    let unknown = Set(groups.map(\.query).filter { state.sampler.history[$0].referenceReward == nil }).sorted()
    let rewards = try reference.meanOutcomes(
      unknown.map { ($0, queries[$0]) }, count: configuration.algorithm.referenceRollouts, scorer: scorer)
    for (query, reward) in zip(unknown, rewards) { state.sampler.record(query: query, referenceReward: reward) }
  }

  private func judge(_ group: RolloutGroup) -> JudgedGroup {
    let history = QueryHistory(
      successRates: configuration.algorithm.historyWeight > 0 ? state.sampler.successRates(of: group.query) : [:],
      referenceReward: state.sampler.history[group.query].referenceReward, requestedMode: group.item.mode)
    return JudgedGroup(
      group, algorithm: algorithm, failurePolicy: configuration.verification.failurePolicy, history: history)
  }

  private func report(_ batch: StepBatch, _ update: UpdateReport, _ clock: StepClock) throws -> ObserverDecision {
    var records = batch.groups.map(\.record)
    let kept = batch.keptPlaces
    for (place, parts) in update.contributions {
      records[kept[place.group]].rollouts[place.sample].contributions = parts
    }
    var metrics = StepMetrics.of(records)
    for (verifier, share) in state.forms?.observe(records) ?? [:] { metrics[.newFormRatio(verifier)] = share }
    metrics.merge(RolloutMetrics.of(batch.groups)) { _, new in new }
    metrics[.samplingRounds] = Double(batch.rounds)
    metrics.merge(update.metrics) { _, new in new }
    metrics.merge(VerifierUsage.metrics(batch.usage)) { _, new in new }
    metrics[.numTokens] = Double(state.sampledTokens)
    metrics.merge(clock.metrics) { _, new in new }
    let report = StepReport(
      step: state.step, totalSteps: configuration.train.steps, metrics: metrics, groups: records)
    let decision = try notify(.step(report))
    crossed = state.shares.observe(metrics, step: state.step, limits: configuration.limits)
    try watchForCollapse(batch.groups)
    return crossed == nil ? decision : .stop
  }

  /// Warns of a mode collapse, and crosses the limit where one is to stop the run.
  private func watchForCollapse(_ groups: [JudgedGroup]) throws {
    let limits = configuration.limits
    let price = configuration.algorithm.priceOfThinking
    guard limits.collapse != .off,
      let alarm = state.collapse.observe(groups, price: price, window: limits.window)
    else { return }
    _ = try notify(.warning("step \(state.step): \(alarm.text)"))
    if limits.collapse == .stop, crossed == nil { crossed = .collapse(step: state.step, evidence: alarm.text) }
  }

  private func evaluate() throws {
    guard let evaluator else { return }
    for report in try evaluator(policy, step: state.step) { _ = try notify(.evaluation(report)) }
  }

  private func checkpoint() throws -> ObserverDecision {
    guard let checkpoints else { return .continue }
    let start = DispatchTime.now().uptimeNanoseconds
    try checkpoints.write(step: state.step) { folder in
      try policy.save(to: folder)
      try state.save(to: folder, optimizer: optimizer)
      if configuration.algorithm.referenceCheckpoint.isEmpty { try reference?.save(into: folder) }
    }
    lastCheckpoint = state.step
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    return try notify(.checkpoint(step: state.step, seconds: seconds))
  }

  private func notify(_ event: TrainingEvent) throws -> ObserverDecision {
    var decision = ObserverDecision.continue
    for observer in observers where try observer.observe(event) == .stop { decision = .stop }
    return decision
  }
}
