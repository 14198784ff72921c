import RunStore

/// `step-srpo verifiers list`: what `verify` and the rows of a data set can name.
enum VerifiersListCommand: Command {
  static let description = CommandDescription(
    name: "verifiers list", summary: "List the verifiers that rows of a data set can name.")

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let rows = BuiltInVerifiers.entries().map { [$0.verifier.name, $0.summary] }
    console.out(TextTable.text(heading: ["verifier", "scores"], rows: rows.sorted { $0[0] < $1[0] }))
    return .success
  }
}
