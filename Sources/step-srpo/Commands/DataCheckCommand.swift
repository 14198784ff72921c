import Foundation
import RunStore
import StrictJSON
import Tasks
import Verifiers

/// `step-srpo data check`: every reference against its own verifier.
enum DataCheckCommand: Command {
  static let description = CommandDescription(
    name: "data check", summary: "Check that every reference of data files passes its own verifier.",
    positionals: [.init(name: "FILE", help: "JSON lines or a JSON array, plain or gzip", isRepeated: true)],
    options: DataArguments.options + [
      BuiltInVerifiers.pluginsOption, BuiltInVerifiers.classifierOption,
      .value("--show", "N", "findings shown per file (default: 5)"),
      .flag("--json", "one JSON object a file instead of a table"),
    ],
    notes: """
      Code rows are checked with their published solution. Exit code 1 where a reference does not score 1.

      """ + DataArguments.notes)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let reading = try DataArguments.reading(arguments)
    let show = try arguments.int("--show") ?? 5
    let registry = try BuiltInVerifiers.registry(BuiltInVerifiers.Settings(arguments))
    var rows: [[String]] = []
    var findings = 0
    for path in arguments.positionals {
      let file: DataFile
      do { file = try DataFile.read(path, reading) } catch {
        throw CommandFailure(code: .usage, description: "\(error)")
      }
      let check: ReferenceCheck
      do { check = try self.check(file.items, registry) } catch {
        throw CommandFailure(code: .usage, description: "\(path): \(error)")
      }
      findings += check.findings.count
      for finding in check.findings.prefix(show) { console.note("\(finding)") }
      if arguments.flag("--json") {
        console.out(
          JSON.object(
            JSONObject([
              ("file", .string(path)), ("items", .int(file.items.count)), ("left_out", .int(file.rejected.count)),
              ("passed", .int(check.passed)), ("failed", .int(check.findings.count)),
              ("without_answer", .int(check.withoutAnswer)),
              ("findings", .array(check.findings.map { .string("\($0)") })),
            ])
          ).text() + "\n")
      } else {
        rows.append([
          path, file.format?.rawValue ?? "columns", String(file.items.count), String(file.rejected.count),
          String(check.passed), String(check.findings.count), String(check.withoutAnswer),
        ])
      }
    }
    if !rows.isEmpty {
      console.out(
        TextTable.text(
          heading: ["file", "format", "items", "left out", "pass", "fail", "no answer"], rows: rows,
          rightAligned: [2, 3, 4, 5, 6]))
    }
    return findings == 0 ? .success : .failure
  }

  /// Checks items of any verifiers on all cores.
  private static func check(_ items: [TaskItem], _ registry: VerifierRegistry) throws -> ReferenceCheck {
    var total = ReferenceCheck([], verifier: MathVerifier())
    for (name, members) in Dictionary(grouping: items, by: \.verifier).sorted(by: { $0.key < $1.key }) {
      let verifier = try registry.verifier(named: name)
      let size = 64
      let starts = Array(stride(from: 0, to: members.count, by: size))
      let parts = ConcurrentParts(count: starts.count)
      DispatchQueue.concurrentPerform(iterations: starts.count) { place in
        let part = members[starts[place]..<min(members.count, starts[place] + size)]
        parts.set(place, ReferenceCheck(Array(part), verifier: verifier))
      }
      for part in parts.all() { total.add(part) }
    }
    return total
  }
}

/// Results of concurrent iterations, in order.
private final class ConcurrentParts: @unchecked Sendable {
  // Only touched under the lock.
  private var parts: [ReferenceCheck?]
  private let lock = NSLock()

  init(count: Int) { parts = Array(repeating: nil, count: count) }

  func set(_ place: Int, _ part: ReferenceCheck) { lock.withLock { parts[place] = part } }

  func all() -> [ReferenceCheck] { lock.withLock { parts.compactMap { $0 } } }
}
