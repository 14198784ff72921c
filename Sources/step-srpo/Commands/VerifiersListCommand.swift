import RunStore
import Verifiers

/// `step-srpo verifiers list`: what `verify` and the rows of a data set can name.
enum VerifiersListCommand: Command {
  static let description = CommandDescription(
    name: "verifiers list", summary: "List the verifiers that rows of a data set can name.",
    options: [BuiltInVerifiers.pluginsOption])

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let registry = try BuiltInVerifiers.registry(BuiltInVerifiers.Settings(arguments))
    let rows = try registry.names.map { name in
      let plugin = try registry.verifier(named: name) as? PluginVerifier
      return [
        name, plugin == nil ? "built in" : "plug-in",
        plugin?.manifest.description ?? BuiltInVerifiers.summaries[name] ?? "",
      ]
    }
    console.out(TextTable.text(heading: ["verifier", "kind", "scores"], rows: rows))
    for (name, reason) in registry.unusableNames { console.note("\(name) cannot be used: \(reason)") }
    return .success
  }
}
