/// What one run inside a sandbox may use.
public struct SandboxLimits: Sendable, Equatable, Hashable {
  /// Processor seconds. The wall clock gets one second more, so that a busy machine does not turn a right answer wrong.
  public var seconds: Double
  /// Bytes of address space of the solution's process.
  public var memory: Int
  /// Bytes of standard output (and, separately, standard error) before the run is ended.
  public var output: Int

  /// Limits; by default 5 s, 512 MiB and 1 MiB.
  public init(seconds: Double = 5, memory: Int = 512 << 20, output: Int = 1 << 20) {
    self.seconds = seconds
    self.memory = memory
    self.output = output
  }

  /// Seconds on the wall clock after which the run is killed.
  var wall: Double { seconds + 1 }
}

/// How sandboxes are made.
struct SandboxConfiguration: Sendable, Equatable {
  /// Size of the file system each run gets for itself, in bytes; it vanishes with the run.
  var temporaryBytes = 16 << 20
  /// How many files and directories it may hold.
  var temporaryFiles = 4096
  /// Seconds until a sandbox must be ready.
  var startSeconds = 20.0
}

/// Why a sandbox could not do its work: its own fault, never the solution's.
struct SandboxFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
