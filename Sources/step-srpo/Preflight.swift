import AutoThink
import StepSRPO
import Tasks
import Verifiers

/// Checks before the first step that every verifier the data asks for exists, can work here, and judges a sample of the
/// rows as it must: right answers score 1, empty and garbage ones 0, twice the same.
enum Preflight {
  /// Rows a verifier is checked on: few where a verdict takes a process, many where it takes microseconds.
  private static let slowSample = 16
  private static let fastSample = 256

  /// - Parameter audit: who reads what is rewarded: it must exist and be steady, but may judge as strictly as it likes.
  /// - Throws: `CommandFailure` with code 2 and the failing rows.
  static func check(
    _ items: [TaskItem], audit: Audit = Audit(), registry: VerifierRegistry, console: Console
  ) throws {
    try check(audit, items, registry, console)
    for (name, uses) in try uses(of: items) {
      let verifier: any Verifier
      do { verifier = try registry.verifier(named: name) } catch let failure as VerifierFailure {
        throw CommandFailure(code: .usage, description: failure.message)
      }
      try announce(verifier, console)
      // Its word only counts where it has a weight; rows that record it as a metric are checked where there are no others.
      let weighted = uses.filter(\.isWeighted)
      let rows = (weighted.isEmpty ? uses : weighted).map(\.item)
      let size = verifier is CodeVerifier || verifier is PluginVerifier ? slowSample : fastSample
      let stride = max(1, (rows.count + size - 1) / size)
      let sample = Swift.stride(from: 0, to: rows.count, by: stride).map { row(rows[$0]) }
      let report = VerifierPreflight.check(verifier, rows: sample, isMetric: weighted.isEmpty)
      guard report.passes else {
        throw CommandFailure(
          code: .usage,
          description: "verifier \"\(name)\" does not judge the data as it must, nothing was started\n\(report)")
      }
      console.note("verifier    \(report)")
    }
  }

  private static func check(
    _ audit: Audit, _ items: [TaskItem], _ registry: VerifierRegistry, _ console: Console
  ) throws {
    let audited = Dictionary(grouping: items) { audit.verifier(of: $0) ?? "" }
    for (name, members) in audited.sorted(by: { $0.key < $1.key }) where !name.isEmpty {
      let verifier: any Verifier
      do { verifier = try registry.verifier(named: name) } catch let failure as VerifierFailure {
        throw CommandFailure(code: .usage, description: "audit: \(failure.message)")
      }
      try announce(verifier, console)
      let report = VerifierPreflight.check(verifier, rows: members.prefix(slowSample).map(row), isMetric: true)
      guard report.passes else {
        throw CommandFailure(
          code: .usage, description: "the audit \"\(name)\" cannot judge the data, nothing was started\n\(report)")
      }
      console.note("audit       \(report)")
    }
    guard audit.verifier.isEmpty || audited.keys.contains(where: { !$0.isEmpty }) else {
      throw CommandFailure(
        code: .usage,
        description: "the audit \"\(audit.verifier)\" is the verifier of every row, expected a second one")
    }
  }

  /// Makes ready what a verifier needs, and says how what it runs is isolated.
  /// - Throws: `CommandFailure` with code 2 and what to install.
  static func announce(_ verifier: any Verifier, _ console: Console) throws {
    do {
      switch verifier {
      case let code as CodeVerifier: for layer in try code.layers() { console.note("sandbox     \(layer)") }
      case let plugin as PluginVerifier:
        try plugin.prepare()
        console.note("plug-in     \(plugin.name): \(plugin.isolation.joined(separator: "; "))")
      default: break
      }
    } catch let failure as VerifierFailure {
      throw CommandFailure(code: .usage, description: failure.message)
    }
  }

  private struct Use {
    let item: TaskItem
    let isWeighted: Bool
  }

  /// The items that ask each verifier, by its name.
  private static func uses(of items: [TaskItem]) throws -> [(name: String, uses: [Use])] {
    var uses: [String: [Use]] = [:]
    for (text, members) in Dictionary(grouping: items, by: \.verifier) {
      do {
        for part in try VerifierChoice(text: text).parts {
          uses[part.name, default: []] += members.map { Use(item: $0, isWeighted: part.weight > 0) }
        }
      } catch {
        throw CommandFailure(code: .usage, description: "row \"\(members[0].id)\": \(error.message)")
      }
    }
    // Rows in a fixed order, whatever the grouping's.
    return uses.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted { $0.item.id < $1.item.id }) }
  }

  /// The row with a right answer where one is known beyond what the verifier itself finds in it: the oracle's for the
  /// built-in suite.
  static func row(_ item: TaskItem) -> VerifierPreflight.Row {
    let request = VerifyRequest(
      id: item.id, prompt: item.prompt, response: "", reference: item.reference, fields: item.fields)
    let oracle = item.source.hasPrefix("primer/") ? try? Primer.trace(item, mode: .off).answer : nil
    return VerifierPreflight.Row(request: request, solution: oracle)
  }
}
