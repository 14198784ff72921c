import AutoThink
import Tasks
import Verifiers

/// Checks before the first step that every verifier the data asks for exists, can work here, and judges a sample of the
/// rows as it must: right answers score 1, empty and garbage ones 0, twice the same.
enum Preflight {
  private static let sampleSize = 12

  /// - Throws: `CommandFailure` with code 2 and the failing rows.
  static func check(_ items: [TaskItem], registry: VerifierRegistry, console: Console) throws {
    for (name, rows) in Dictionary(grouping: items, by: \.verifier).sorted(by: { $0.key < $1.key }) {
      let verifier: any Verifier
      do {
        verifier = try registry.verifier(named: name)
        if let code = verifier as? CodeVerifier { console.note("sandbox     " + summary(of: try code.layers())) }
      } catch let failure as VerifierFailure {
        throw CommandFailure(code: .usage, description: failure.message)
      }
      let stride = max(1, rows.count / sampleSize)
      let sample = Swift.stride(from: 0, to: rows.count, by: stride).prefix(sampleSize).map { row(rows[$0]) }
      let report = VerifierPreflight.check(verifier, rows: Array(sample))
      guard report.passes else {
        throw CommandFailure(
          code: .usage,
          description: "verifier \"\(name)\" does not judge the data as it must, nothing was started\n\(report)")
      }
      console.note("verifier    \(report)")
    }
  }

  /// The row with a right answer where one is known: the oracle's for the built-in suite.
  private static func row(_ item: TaskItem) -> VerifierPreflight.Row {
    let request = VerifyRequest(
      id: item.id, prompt: item.prompt, response: "", reference: item.reference, fields: item.fields)
    let oracle = item.source.hasPrefix("primer/") ? try? Primer.trace(item, mode: .off).answer : nil
    return VerifierPreflight.Row(request: request, solution: oracle)
  }

  /// The layers in a line; `step-srpo verifiers list` has them in full.
  private static func summary(of layers: [String]) -> String {
    let text = layers.joined(separator: ", ")
    return text.count <= 160 ? text : text.prefix(157) + "..."
  }
}
