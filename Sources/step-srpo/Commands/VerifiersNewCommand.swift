import Foundation
import Verifiers

/// `step-srpo verifiers new`: a plug-in that works from the first moment, to be changed.
enum VerifiersNewCommand: Command {
  static let description = CommandDescription(
    name: "verifiers new", summary: "Write a new verifier plug-in that works from the start.",
    positionals: [.init(name: "NAME", help: "the verifier's name, by which data rows pick it")],
    options: [
      .value(
        "--language", "LANGUAGE", "what it is written in (default: python)",
        choices: PluginScaffold.Language.allCases.map(\.rawValue)),
      BuiltInVerifiers.pluginsOption,
    ],
    notes: """
      Writes DIR/NAME with the manifest verifier.json, the program, and tests.jsonl with answers and the
      scores they must get. Change the program and the tests, then run `step-srpo verifiers check NAME`.
      The protocol (JSON lines) and every key of the manifest stand in verifiers/README.md.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let name = arguments.positionals[0]
    let language = PluginScaffold.Language(rawValue: arguments.string("--language") ?? "python") ?? .python
    let root = arguments.string("--plugins") ?? BuiltInVerifiers.Settings.standardFolder
    guard BuiltInVerifiers.summaries[name] == nil else {
      throw CommandFailure(code: .usage, description: "\"\(name)\" is built in; choose another name")
    }
    let folder: URL
    do {
      folder = try PluginScaffold.create(
        name: name, language: language, in: URL(fileURLWithPath: root, isDirectory: true))
    } catch let failure as VerifierFailure {
      throw CommandFailure(code: .usage, description: failure.message)
    }
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for file in files.sorted() { console.out("\(root)/\(name)/\(file)\n") }
    let option = root == BuiltInVerifiers.Settings.standardFolder ? "" : " --plugins \(root)"
    console.note("next: step-srpo verifiers check \(name)\(option)")
    return .success
  }
}
