/// What is kept on disk.
public struct CheckpointSection: Codable, Sendable, Equatable {
  /// Which end of the best metric is the good one.
  public enum Best: String, ConfigurationChoice {
    /// More is better, as for accuracy.
    case highest
    /// Less is better, as for a loss.
    case lowest
  }

  /// Steps between checkpoints.
  public var every = 25
  /// Cold-start steps between checkpoints.
  public var coldStartEvery = 250
  /// Checkpoints kept, newest first; the last step's is always among them.
  public var keep = 3
  /// Checkpoints kept beside those because `best_metric` stood best; 0 keeps none.
  public var keepBest = 1
  /// What the best are chosen by: the metric's mean over the steps since the checkpoint before. Any recorded name, for
  /// example `eval/primer/accuracy`.
  public var bestMetric = Metric.accuracy.name
  /// Which end of it is the good one.
  public var bestIs = Best.highest

  /// The defaults.
  public init() {}
}

/// What else is written while a run goes on.
public struct OutputSection: Codable, Sendable, Equatable {
  /// A folder for TensorBoard event files, `FOLDER/RUN/events...`, kept up to date during the run; empty writes none.
  public var tensorboardFolder = ""

  /// The defaults.
  public init() {}
}

/// When a run stops by itself, with exit code 3 and the evidence; `resume` continues it. A loss or gradient that is no
/// finite number stops it always.
public struct LimitsSection: Codable, Sendable, Equatable {
  /// What a mode collapse ahead does.
  public enum Collapse: String, ConfigurationChoice {
    /// Nothing.
    case off
    /// A warning, recorded with the run.
    case warn
    /// A warning, a checkpoint and the end of the run.
    case stop
  }

  /// Most share of a verifier's requests in one step that may fail; 1 never stops the run.
  public var verifierFailures = 0.2
  /// Most share of free responses cut at their budget, over the last `window` steps; 1 never stops the run.
  public var truncated = 1.0
  /// Most share of free responses with an invalid format, over the last `window` steps; 1 never stops the run.
  public var invalidFormats = 1.0
  /// What happens when the gate is pushed to one mode at every difficulty, against the evidence.
  public var collapse = Collapse.warn
  /// Steps that `truncated`, `invalid_formats` and `collapse` are averaged over.
  public var window = 10
  /// Most minutes that one `run` or `resume` takes before it stops after a step; 0 sets no limit.
  public var wallTimeMinutes = 0.0
  /// Least megabytes free on the disk that holds the run, room for a checkpoint among them; 0 sets no limit.
  public var freeDiskMegabytes = 100
  /// Most megabytes of memory that the plan of a run may take; a run that would take more is refused before it starts.
  /// 0 takes what the machine has, or the least of what its control group and `ulimit -v` allow.
  public var memoryMegabytes = 0

  /// The defaults.
  public init() {}
}
