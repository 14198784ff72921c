import Foundation
import Tasks
import Verifiers

/// `step-srpo verifiers check`: whether a verifier may be trusted with a run.
enum VerifiersCheckCommand: Command {
  static let description = CommandDescription(
    name: "verifiers check", summary: "Check that a verifier judges as it must and survives what it will meet.",
    positionals: [.init(name: "NAME", help: "a plug-in's or a built-in verifier's name")],
    options: [BuiltInVerifiers.pluginsOption],
    notes: """
      A plug-in is checked on the lines of its tests file ("prediction", "reference", "expected" and the
      row's other columns): its scores, the same again in another order, what a run checks before its
      first step, odd and empty responses, and that it is killed at its deadline and started again. A
      built-in verifier is checked on the built-in suite. Ends with 1 when a check fails.
      """)

  /// Rows of the built-in suite per domain and level.
  private static let itemsPerCell = 4

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let settings = BuiltInVerifiers.Settings(arguments)
    let name = arguments.positionals[0]
    let folder = URL(fileURLWithPath: settings.plugins, isDirectory: true).appending(path: name)
    // A folder whose manifest cannot be read is in no registry; its check says why.
    if BuiltInVerifiers.summaries[name] == nil, !name.contains("/"),
      FileManager.default.fileExists(atPath: folder.appending(path: "verifier.json").path)
    {
      let report = PluginCheck.run(folder: folder)
      console.out("\(report)\n")
      return report.passes ? .success : .failure
    }
    let verifier: any Verifier
    do { verifier = try BuiltInVerifiers.registry(settings).verifier(named: name) } catch let failure as VerifierFailure
    {
      throw CommandFailure(code: .usage, description: failure.message)
    }
    try Preflight.announce(verifier, console)
    let suite = try Primer(PrimerOptions()).items(.test, perCell: itemsPerCell)
    let report = VerifierPreflight.check(verifier, rows: suite.filter { $0.verifier == name }.map(Preflight.row))
    console.out("\(report)\n")
    return report.passes ? .success : .failure
  }
}
