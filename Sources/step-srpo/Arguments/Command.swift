/// A command of `step-srpo`.
protocol Command {
  /// What it takes.
  static var description: CommandDescription { get }

  /// Does it. Machine output goes to `console.out`, everything else to `console.note`.
  /// - Throws: `UsageError` for exit code 2, `CommandFailure` for the code it names, any other error for exit code 1.
  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode
}

/// How the program ends.
enum ExitCode: Int32 {
  /// All went well.
  case success = 0
  /// The run failed; the message says where the evidence is.
  case failure = 1
  /// Bad usage or configuration.
  case usage = 2
  /// A declared limit was crossed: failure budget, non-finite loss.
  case limit = 3
  /// Interrupted, resumable.
  case interrupted = 130
}

/// An error that carries the exit code it wants.
struct CommandFailure: Error, CustomStringConvertible {
  var code: ExitCode
  var description: String
}
