import Foundation
import RunStore

/// The program: finds the command, runs it, turns errors into a message and an exit code.
@main
struct StepSRPOCommand {
  /// All commands, in the order the help lists them.
  static var commands: [any Command.Type] {
    [
      RunCommand.self, ResumeCommand.self, EvalCommand.self, GenerateCommand.self, ChatCommand.self, RunsCommand.self,
      CurvesCommand.self, SamplesCommand.self, ExplainCommand.self, DoctorCommand.self, DiffCommand.self,
      RescoreCommand.self, ReportCommand.self, MetricsCommand.self, QueryCommand.self, VerifyCommand.self,
      VerifiersListCommand.self, VerifiersNewCommand.self, VerifiersCheckCommand.self, VerifiersTrainCommand.self,
      DataPrimerCommand.self, DataConvertCommand.self, DataStatsCommand.self, DataCheckCommand.self,
      DataDifficultyCommand.self, PresetsCommand.self, ModelInitCommand.self, ModelInspectCommand.self,
      ModelExportCommand.self, ModelAddTokensCommand.self, ModelScoreCommand.self, BenchCommand.self,
    ]
  }

  /// Written into every run; printed by `--version`.
  static let version = "0.1.0"

  static func main() {
    StandardDescriptors.openClosedOnes()
    // A reader that goes away (`| head`, a closed terminal) must be an error to handle, not the end of a run.
    signal(SIGPIPE, SIG_IGN)
    // So must a file that reaches `ulimit -f`: without this the program would end without a word.
    signal(SIGXFSZ, SIG_IGN)
    let console = Console()
    let code = run(Array(CommandLine.arguments.dropFirst()), console)
    console.flush()
    exit(code.rawValue)
  }

  static func run(_ words: [String], _ console: Console) -> ExitCode {
    do {
      if let text = try generalHelp(words) {
        console.out(text)
        return .success
      }
      let (command, rest) = try Self.command(words)
      let arguments = try ParsedArguments(rest, for: command.description)
      if arguments.wantsHelp {
        console.out(command.description.help)
        return .success
      }
      return try command.run(arguments, console)
    } catch let error as UsageError {
      console.note("step-srpo: \(error)")
      return .usage
    } catch let error as CommandFailure {
      console.note("step-srpo: \(error)")
      return error.code
    } catch {
      console.note("step-srpo: \(error)")
      return exitCode(for: error)
    }
  }

  /// A name that does not exist or is taken is bad usage; everything else a failure.
  private static func exitCode(for error: any Error) -> ExitCode {
    switch error {
    case RunStoreError.badName, RunStoreError.exists, RunStoreError.notFound: .usage
    default: .failure
    }
  }
}
