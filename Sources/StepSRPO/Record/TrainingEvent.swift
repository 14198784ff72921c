/// What happens in a run, in order. Store, progress display and tests are observers of these.
public enum TrainingEvent: Sendable {
  /// A supervised step of the cold start, counted from 1.
  case coldStart(step: Int, of: Int, metrics: [Metric: Double])
  /// A reinforcement step, counted from 1, with its metrics and every rollout.
  case step(StepReport)
  /// An evaluation; `step` 0 is before the first reinforcement step.
  case evaluation(EvaluationReport)
  /// The policy and everything a resume needs have reached the disk.
  case checkpoint(step: Int, seconds: Double)
  /// Something the user should know; the run goes on.
  case warning(String)
}

/// One reinforcement step.
public struct StepReport: Sendable {
  /// From 1.
  public let step: Int
  /// The number of steps planned.
  public let totalSteps: Int
  /// The metrics of this step; a mean over nothing is absent.
  public let metrics: [Metric: Double]
  /// The groups in the order of the batch.
  public let groups: [GroupRecord]

  /// A report.
  public init(step: Int, totalSteps: Int, metrics: [Metric: Double], groups: [GroupRecord]) {
    self.step = step
    self.totalSteps = totalSteps
    self.metrics = metrics
    self.groups = groups
  }
}

/// Accuracy, think-on rate and length on one held-out set, over all items or one domain and difficulty.
public struct EvaluationCell: Sendable, Equatable {
  /// The domain; nil for the total.
  public var domain: String?
  /// The difficulty label; nil for the total.
  public var difficulty: String?
  /// Items.
  public var count: Int
  /// Share of right answers among items with a score; nil without any.
  public var accuracy: Double?
  /// The same where a right answer that the audit refuses counts as wrong; nil without an audit.
  public var auditedAccuracy: Double?
  /// Share of the right answers that the audit refuses; nil without an audit.
  public var auditDisagreement: Double?
  /// Share of think-on among valid responses; nil without any.
  public var thinkOnRate: Double?
  /// Mean tokens of a response.
  public var meanLength: Double?
  /// Share of responses that break the format.
  public var invalidRate: Double?

  /// A cell.
  public init(
    domain: String?, difficulty: String?, count: Int, accuracy: Double?, thinkOnRate: Double?, meanLength: Double?,
    invalidRate: Double?
  ) {
    self.domain = domain
    self.difficulty = difficulty
    self.count = count
    self.accuracy = accuracy
    self.thinkOnRate = thinkOnRate
    self.meanLength = meanLength
    self.invalidRate = invalidRate
  }
}

/// An evaluation of the current policy on one data set.
public struct EvaluationReport: Sendable, Equatable {
  /// Reinforcement steps done before it.
  public let step: Int
  /// The data set's name.
  public let dataset: String
  /// Over all items.
  public let total: EvaluationCell
  /// By domain and difficulty, in order.
  public let cells: [EvaluationCell]
  /// Wall time in seconds.
  public let seconds: Double

  /// A report.
  public init(step: Int, dataset: String, total: EvaluationCell, cells: [EvaluationCell], seconds: Double) {
    self.step = step
    self.dataset = dataset
    self.total = total
    self.cells = cells
    self.seconds = seconds
  }
}

/// An observer's answer to an event.
public enum ObserverDecision: Sendable {
  /// Go on.
  case `continue`
  /// Finish the current step, write a checkpoint and end.
  case stop
}

/// Watches a run. Observers are called on the trainer's thread, in the order they were added.
///
/// An observer that throws ends the run: a store that cannot write must not let training go on unrecorded.
public protocol TrainingObserver: AnyObject {
  /// Called after the event has happened.
  func observe(_ event: TrainingEvent) throws -> ObserverDecision
}
