/// How a run stands. A run that is `running` in the database while no process holds its lock was interrupted.
public enum RunStatus: String, Sendable, CaseIterable {
  /// Steps are being made.
  case running
  /// Stopped on request after a checkpoint; can be resumed.
  case stopped
  /// All steps are done.
  case completed
  /// Ended by an error or a declared limit.
  case failed
}

/// What is known of a run as a whole.
public struct RunInfo: Sendable, Equatable {
  /// The run's name.
  public var name: String
  /// When it was created, ISO 8601 in UTC.
  public var created: String
  /// The seed of all its random streams.
  public var seed: Int
  /// The version of the program that made it.
  public var codeVersion: String
  /// How it stands.
  public var status: RunStatus
  /// Why it failed or stopped, where there is something to say.
  public var statusDetail: String?
  /// The reinforcement steps planned, once the trainer has said so.
  public var totalSteps: Int?
  /// The resolved configuration as JSON text.
  public var config: String
  /// A fingerprint of the program's file, where it is known: another build may compute other last digits.
  public var build: String?
  /// A fingerprint of all queries, training and held out, where it is known.
  public var dataHash: String?
  /// `RUN after step N` for a run that was forked from another.
  public var forkedFrom: String?

  /// A run about to start.
  public init(
    name: String, created: String, seed: Int, codeVersion: String, status: RunStatus = .running,
    statusDetail: String? = nil, totalSteps: Int? = nil, config: String
  ) {
    self.name = name
    self.created = created
    self.seed = seed
    self.codeVersion = codeVersion
    self.status = status
    self.statusDetail = statusDetail
    self.totalSteps = totalSteps
    self.config = config
  }
}
