import StrictJSON

/// How running a solution against its tests ended.
public enum CodeOutcome: String, Sendable, CaseIterable {
  case passed
  case wrongAnswer = "wrong_answer"
  case runtimeError = "runtime_error"
  case compileError = "compile_error"
  case timeLimit = "time_limit"
  case memoryLimit = "memory_limit"
  case outputLimit = "output_limit"
  /// The sandbox broke; a failure, never a score.
  case sandboxFailure = "sandbox_failure"
}

/// What is known after one solution met its tests.
struct CodeResult: Sendable, Equatable {
  var outcome: CodeOutcome
  var reason: String
  var passed: Int
  var total: Int
  var processorSeconds = 0.0
  var peakBytes = 0
}

/// Reading a run's end.
extension SandboxRun {
  /// The outcome that the way the run ended forces, whatever else it said; nil when it ended by itself.
  var forcedOutcome: (CodeOutcome, String)? {
    switch ending {
    case .own: nil
    case .time: (.timeLimit, "still running when its time was over")
    case .output: (.outputLimit, "more output than allowed")
    case .memory: (.memoryLimit, "more memory than allowed")
    }
  }

  /// The outcome of a solution whose process ended before it had answered.
  func earlyEnd(limits: SandboxLimits) -> (CodeOutcome, String) {
    switch signal {
    case 24?: (.timeLimit, "still running when its time was over")
    case 25?: (.outputLimit, "a file larger than allowed")
    // The kernel's out-of-memory killer, or an allocation that failed inside C code.
    case 9? where peakBytes > limits.memory / 2: (.memoryLimit, "killed with \(peakBytes >> 20) MiB in use")
    case let signal?: (.runtimeError, "ended by signal \(signal)")
    case nil: (.runtimeError, "the process ended with code \(exitCode ?? 0) before it had answered")
    }
  }
}

/// What an exception in a solution amounts to.
enum SolutionError {
  /// The outcome and a one-line description of a `failure` report of the fork server.
  static func outcome(_ report: JSON) -> (CodeOutcome, String) {
    let names = report["x"]?.array?.compactMap(\.string) ?? []
    let name = names.first ?? "exception"
    let message = String((report["message"]?.string ?? "").prefix(300))
    let line = report["line"]?.int.map { " (line \($0))" } ?? ""
    let text = message.isEmpty ? name + line : "\(name): \(message)\(line)"
    if report["stage"]?.string == "compile" { return (.compileError, text) }
    return (names.contains("MemoryError") ? .memoryLimit : .runtimeError, text)
  }
}
