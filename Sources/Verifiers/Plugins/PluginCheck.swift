import Foundation
import Platform
import StrictJSON

/// Checks a plug-in folder: manifest, needs, build, greeting, its own test triples, determinism, garbage, and that the
/// host can end and restart it.
public enum PluginCheck {
  /// One check.
  public struct Step: Sendable, Equatable, CustomStringConvertible {
    /// What was checked.
    public let name: String
    /// Whether it is as it must be.
    public let passes: Bool
    /// Details; for a failure, what to do.
    public let detail: String

    /// The text to print.
    public var description: String { "\(passes ? "ok  " : "FAIL") \(name)\(detail.isEmpty ? "" : ": \(detail)")" }
  }

  /// What a check found.
  public struct Report: Sendable, CustomStringConvertible {
    /// The plug-in's name.
    public let name: String
    /// The checks, in order; they end at the first that makes the others pointless.
    public let steps: [Step]

    /// Whether every check passed.
    public var passes: Bool { steps.allSatisfy(\.passes) }

    /// The text to print.
    public var description: String { ([name] + steps.map { "  \($0)" }).joined(separator: "\n") }
  }

  /// Builds a plug-in when its command's file is missing or older than its other files.
  /// - Throws: `VerifierFailure` (`unavailable`) with what the build command wrote.
  public static func build(folder: URL) throws {
    let manifest = try PluginManifest(folder: folder)
    guard !manifest.build.isEmpty else { return }
    let folder = folder.standardizedFileURL
    if isBuilt(manifest, folder) { return }
    guard
      let program = manifest.build[0].contains("/")
        ? folder.appending(path: manifest.build[0]).path : SandboxCommand.find(manifest.build[0])
    else {
      throw VerifierFailure(.unavailable, "\(manifest.name): \(manifest.build[0]) is not installed, which builds it")
    }
    let log = folder.appending(path: "build.log")
    let output = open(log.path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard output >= 0 else { throw VerifierFailure(.unavailable, "\(log.path) cannot be written") }
    defer { close(output) }
    let inherited = ProcessInfo.processInfo.environment
    let child: ChildProcess
    do {
      child = try ChildProcess(
        program: program, arguments: [program] + manifest.build.dropFirst(),
        environment: ["PATH", "HOME"].compactMap { name in inherited[name].map { "\(name)=\($0)" } },
        files: [(0, output), (1, output), (2, output)], directory: folder.path)
    } catch { throw VerifierFailure(.unavailable, "\(manifest.name): \(error)") }
    guard child.wait() == 0, isBuilt(manifest, folder) else {
      let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
      throw VerifierFailure(.unavailable, "\(manifest.name): the build failed: \(text.suffix(600))")
    }
    try? FileManager.default.removeItem(at: log)
  }

  private static func isBuilt(_ manifest: PluginManifest, _ folder: URL) -> Bool {
    func date(_ file: String) -> Date? {
      (try? FileManager.default.attributesOfItem(atPath: folder.appending(path: file).path))?[.modificationDate]
        as? Date
    }
    guard let built = date(manifest.command[0]) else { return false }
    let sources = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return !sources.contains { $0.hasSuffix(".swift") && (date($0) ?? built) > built }
  }

  /// Runs every check on the plug-in in `folder`.
  public static func run(folder: URL) -> Report {
    var steps: [Step] = []
    let verifier: PluginVerifier
    do {
      verifier = try PluginVerifier(folder: folder)
      steps.append(Step(name: "manifest", passes: true, detail: "version \(verifier.manifest.version)"))
      if verifier.name != folder.standardizedFileURL.lastPathComponent {
        steps.append(
          Step(
            name: "folder", passes: false,
            detail: "it is named \"\(folder.lastPathComponent)\", the manifest says \"\(verifier.name)\""))
      }
      try verifier.prepare()
      steps.append(Step(name: "needs", passes: true, detail: verifier.manifest.needs.joined(separator: ", ")))
    } catch {
      steps.append(Step(name: "start", passes: false, detail: (error as? VerifierFailure)?.message ?? "\(error)"))
      return Report(name: folder.lastPathComponent, steps: steps)
    }
    let triples: [Triple]
    do { triples = try Triple.read(folder.appending(path: verifier.manifest.tests)) } catch {
      steps.append(Step(name: "tests", passes: false, detail: (error as? VerifierFailure)?.message ?? "\(error)"))
      return Report(name: verifier.name, steps: steps)
    }
    let requests = triples.map(\.request)
    let watch = Stopwatch()
    let verdicts = verifier.verify(requests, remembering: false)
    let seconds = watch.seconds
    let wrong = zip(triples, verdicts).filter { !$0.expects($1) }
    for (triple, verdict) in wrong.prefix(10) {
      steps.append(
        Step(
          name: "tests line \(triple.line)", passes: false,
          detail: "\(VerifierPreflight.shown(verdict)), expected \(triple.expected.text())"))
    }
    if wrong.isEmpty {
      let time = JSON.double((seconds * 1e4).rounded() / 10).text()
      steps.append(Step(name: "tests", passes: true, detail: "\(triples.count) as expected in \(time) ms"))
    }
    if verdicts.contains(where: { $0.failure != nil && $0.failure?.kind != .badReference })
      && wrong.count == triples.count
    {
      return Report(name: verifier.name, steps: steps)
    }
    steps.append(determinism(verifier, requests, verdicts))
    steps.append(preflight(verifier, triples))
    steps.append(garbage(verifier, requests))
    steps.append(restart(verifier, requests, verdicts))
    return Report(name: verifier.name, steps: steps)
  }

  /// What a run checks before its first step, on the rows of the tests: those with a prediction that scores 1.
  private static func preflight(_ verifier: PluginVerifier, _ triples: [Triple]) -> Step {
    let rows = triples.filter { $0.expected.double == 1 }.map { triple in
      var request = triple.request
      request.id = "of line \(triple.line)"
      return VerifierPreflight.Row(request: request, solution: triple.request.response)
    }
    guard !rows.isEmpty else {
      return Step(
        name: "preflight", passes: false, detail: "no test expects 1; a run needs one right response at least")
    }
    let report = VerifierPreflight.check(verifier, rows: rows)
    guard let first = report.findings.first else {
      return Step(name: "preflight", passes: true, detail: "\(rows.count) rows as a run checks them")
    }
    return Step(name: "preflight", passes: false, detail: "\(first); \(report.findings.count) findings")
  }

  private static func determinism(_ verifier: PluginVerifier, _ requests: [VerifyRequest], _ verdicts: [Verdict])
    -> Step
  {
    let again = Array(verifier.verify(requests.reversed(), remembering: false).reversed())
    let changed = zip(verdicts, again).filter { !VerifierPreflight.same($0, $1) }.count
    let promised = verifier.manifest.deterministic
    return Step(
      name: "determinism", passes: changed == 0 || !promised,
      detail: changed == 0
        ? "the same verdicts in another order"
        : "\(changed) verdicts changed in another order"
          + (promised ? "; set \"deterministic\" to false if that is meant" : ""))
  }

  /// Responses no one writes must neither be rewarded nor break the plug-in.
  private static func garbage(_ verifier: PluginVerifier, _ requests: [VerifyRequest]) -> Step {
    guard let sample = requests.first else {
      return Step(name: "garbage", passes: false, detail: "no test to take a row from")
    }
    let long = String(repeating: "lorem ipsum \"\\{[ ", count: 1500)
    let responses =
      VerifierPreflight.garbage.map { $0 } + [long, "{\"id\":\"1\",\"score\":1}\n{\"id\":\"2\",\"score\":1}"]
    let probes = responses.map { response in
      var request = sample
      request.response = response
      return request
    }
    let verdicts = verifier.verify(probes, remembering: false)
    for (response, verdict) in zip(responses, verdicts) {
      let shown = JSON.string(String(response.prefix(30))).text()
      if let failure = verdict.failure { return Step(name: "garbage", passes: false, detail: "\(shown): \(failure)") }
      // A constraint such as a length may hold for odd texts; nothing at all may never be rewarded.
      if (verdict.score ?? 0) > 0, InstructionText.isBlank(response) {
        return Step(name: "garbage", passes: false, detail: "an empty response \(shown) scores \(verdict.score ?? 0)")
      }
    }
    return Step(
      name: "garbage", passes: true, detail: "\(responses.count) odd responses survived, none that is empty rewarded")
  }

  /// Stops the process in the middle of a batch: the host must notice, restart it and go on.
  private static func restart(_ verifier: PluginVerifier, _ requests: [VerifyRequest], _ verdicts: [Verdict]) -> Step {
    let watch = Stopwatch()
    let stopped = verifier.verify(requests, remembering: false, suspending: true)
    let seconds = watch.seconds
    let timeouts = stopped.filter { $0.failure?.kind == .timeout }.count
    let after = verifier.verify(requests, remembering: false)
    let recovered = zip(verdicts, after).allSatisfy { VerifierPreflight.same($0, $1) }
    let time = JSON.double((seconds * 10).rounded() / 10).text()
    guard timeouts >= 1, timeouts <= verifier.manifest.processes, recovered else {
      return Step(
        name: "timeout", passes: false,
        detail:
          "stopped once, \(timeouts) requests timed out, \(recovered ? "then right again" : "and verdicts changed after the restart")"
      )
    }
    return Step(name: "timeout", passes: true, detail: "stopped, killed at its deadline, restarted; \(time) s")
  }

  /// One line of a tests file.
  struct Triple: Sendable {
    let line: Int
    let request: VerifyRequest
    /// A score, or null for "abstains".
    let expected: JSON

    func expects(_ verdict: Verdict) -> Bool {
      switch verdict {
      case .score(let score, _): expected.double.map { abs($0 - score) < 1e-9 } ?? false
      case .abstain: expected.isNull
      case .failed: false
      }
    }

    /// Reads a tests file.
    /// - Throws: `VerifierFailure` (`badRequest`) naming file and line.
    static func read(_ file: URL) throws -> [Triple] {
      let text: String
      do { text = String(decoding: try InputFile.contents(of: file.path), as: UTF8.self) } catch {
        throw VerifierFailure(.badRequest, "\(error); expected JSON lines with prediction, reference, expected")
      }
      var triples: [Triple] = []
      for (i, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      where !InstructionText.isBlank(String(line)) {
        let json: JSON
        do { json = try JSON.parse(String(line)) } catch {
          throw VerifierFailure(.badRequest, "\(file.path):\(i + 1): \(error)")
        }
        guard var fields = json.object, let prediction = fields["prediction"]?.string,
          let expected = fields["expected"],
          expected.isNull || expected.double != nil
        else {
          throw VerifierFailure(
            .badRequest, "\(file.path):\(i + 1): expected \"prediction\" (a string) and \"expected\" (a score or null)")
        }
        let reference = fields["reference"] ?? .null
        let prompt = fields["prompt"]?.string ?? ""
        for key in ["prediction", "expected", "reference", "prompt", "id"] { fields[key] = nil }
        triples.append(
          Triple(
            line: i + 1,
            request: VerifyRequest(
              id: "\(i + 1)", prompt: prompt, response: prediction, reference: reference, fields: fields),
            expected: expected))
      }
      guard !triples.isEmpty else { throw VerifierFailure(.badRequest, "\(file.path) is empty") }
      return triples
    }
  }
}
