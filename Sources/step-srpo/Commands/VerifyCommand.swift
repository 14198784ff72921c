import Foundation
import Platform
import Verifiers

/// `step-srpo verify`: verdicts on JSON lines.
enum VerifyCommand: Command {
  static let description = CommandDescription(
    name: "verify", summary: "Give a verdict on each JSON line of predictions.",
    positionals: [
      .init(
        name: "VERIFIER",
        help: "a verifier's name (see `step-srpo verifiers list`), a weighted list as in a data row, or \"row\": each "
          + "line's own \"verifier\"")
    ],
    options: [
      .value("--input", "FILE", "JSON lines (default: standard input)"),
      .value("--threads", "N", "lines worked on at once (default: all cores)"),
      .flag("--explain", "how each verdict came about, as text for people"),
      .flag(
        "--check", "check the verifier on the lines as a run does before its first step, and end with 1 if it fails"),
      BuiltInVerifiers.pluginsOption, BuiltInVerifiers.classifierOption,
    ],
    notes: """
      A line of input is {"id", "prediction", "reference"} and what the verifier needs: "choices",
      "keywords", "tests", "timeout_s", ... "reference" is a string, a number or a list of acceptable
      ones. A line of output, in the order of the input, is {"id", "verdict", "score", "extracted",
      "outcome", "reason", "seconds"} with "verdict" score, abstain or failed. A malformed line N gives
      {"line": N, "verdict": "failed", "reason"}, and the command goes on.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let registry = try BuiltInVerifiers.registry(BuiltInVerifiers.Settings(arguments))
    let (verifier, parts) = try Self.verifier(arguments.positionals[0], registry)
    for part in parts {
      // Lines get their verdicts all the same: each is a failure that gives the reason.
      do { try Preflight.announce(part, console) } catch { console.note("step-srpo: \(error)") }
    }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let threads = try arguments.int("--threads", in: 1...256) ?? cores
    var descriptor = STDIN_FILENO
    let path = arguments.string("--input") ?? "standard input"
    if let file = arguments.string("--input"), file != "-" {
      do { descriptor = try InputFile.open(file) } catch {
        throw CommandFailure(code: .usage, description: "--input \(error); without --input, standard input is read")
      }
    }
    if arguments.flag("--check") {
      return try check(LineReader(descriptor: descriptor, path: path), verifier, console)
    }
    try stream(
      LineReader(descriptor: descriptor, path: path), to: verifier, threads: threads,
      style: arguments.flag("--explain") ? .explained : .json
    ) { bytes in
      Console.writeAll(bytes, to: STDOUT_FILENO)
    }
    return .success
  }

  /// The verifier that is asked, and those it is made of.
  private static func verifier(
    _ name: String, _ registry: VerifierRegistry
  ) throws -> (verifier: any Verifier, parts: [any Verifier]) {
    if name == RowVerifier.keyword { return (RowVerifier(registry: registry), []) }
    do {
      let choice = try VerifierChoice(text: name)
      return (
        try registry.verifier(describedBy: choice.column),
        try choice.parts.map { try registry.verifier(named: $0.name) }
      )
    } catch {
      throw CommandFailure(code: .usage, description: (error as? VerifierFailure)?.message ?? "\(error)")
    }
  }

  /// What a run checks before its first step, on the lines' rows; the predictions are left aside.
  private static func check(
    _ input: LineReader, _ verifier: any Verifier, _ console: Console
  ) throws -> ExitCode {
    var rows: [VerifierPreflight.Row] = []
    var malformed = 0
    var reader = input
    while let line = try reader.next() {
      do {
        var request = try VerifyLine(line).request
        if let id = try VerifyLine(line).id.string { request.id = id }
        rows.append(VerifierPreflight.Row(request: request))
      } catch let error as VerifyLine.Malformed {
        malformed += 1
        console.out("line \(line.number): \(error.reason)\n")
      }
    }
    guard !rows.isEmpty else { throw CommandFailure(code: .usage, description: "--check: found no row to check on") }
    let report = VerifierPreflight.check(verifier, rows: rows)
    console.out("\(report)\n")
    return report.passes && malformed == 0 ? .success : .failure
  }

  /// Answers every line, in order.
  ///
  /// Batches are made to take a few milliseconds each: one line at a time for a slow verifier, so that all threads
  /// have work, and hundreds for a fast one.
  static func stream(
    _ input: LineReader, to verifier: any Verifier, threads: Int, style: VerifyBatch.Style,
    write: @escaping @Sendable ([UInt8]) -> Void
  ) throws {
    let pool = OrderedPool<VerifyBatch>(
      threads: threads, work: { $0.run(verifier, style: style) }, write: write)
    defer { pool.finish() }
    var reader = input
    while let first = try reader.next() {
      var lines = [first]
      var bytes = first.bytes.count
      let size = pool.batchSize(forSeconds: 0.005, maximum: 512)
      while lines.count < size, bytes < 1 << 20, let line = reader.nextBuffered() {
        lines.append(line)
        bytes += line.bytes.count
      }
      pool.submit(VerifyBatch(lines: lines), items: lines.count, bytes: bytes)
    }
  }
}
