import Foundation
import RunStore

/// `step-srpo report`: the page of a run.
enum ReportCommand: Command {
  static let description = CommandDescription(
    name: "report", summary: "Write a page with the curves, tables and responses of runs.",
    positionals: [
      .init(name: "RUN", help: "a run's name, or the path of its folder; several share a page", isRepeated: true)
    ],
    options: [
      .value("--output", "FILE", "where to write it (default: report.html in the first run's folder)"),
      .flag("--open", "show it in the browser"),
      CommandDescription.runsOption,
    ],
    notes: "The page is one file without outside parts. It is written anew while a run goes on.")

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let runsFolder = arguments.string("--runs") ?? RunFolder.defaultRunsFolder
    let folders = try arguments.positionals.map { try RunFolder.open($0, in: runsFolder) }
    let path = try RunReport.write(folders, to: arguments.string("--output"))
    console.out(path + "\n")
    if arguments.flag("--open") { open(path, console) }
    return .success
  }

  /// A machine without a browser is no failure: the path has been printed.
  private static func open(_ path: String, _ console: Console) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["xdg-open", path]
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
      process.waitUntilExit()
      if process.terminationStatus != 0 { console.note("step-srpo: no browser could be opened; see \(path)") }
    } catch { console.note("step-srpo: no browser could be opened: \(error.localizedDescription)") }
  }
}
