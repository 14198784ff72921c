import Digests
import Foundation
import Synchronization

/// Scores programs by running their tests in a sandbox: 1 when all pass, else 0 (report: "all pass 1, any failure 0").
///
/// A row brings `tests` (see ``VerifyRequest/fields``) of one of the kinds `asserts`, `check`, `call` and `stdio`, and
/// may bring `timeout_s`, `memory_mb`, `language` and `entry_point`. The program is the last fenced block of the
/// response, or the whole response when it has no fence.
///
/// Code is never run outside the sandbox: where none can be made, every verdict is a failure that says what to install.
/// All runs of one verifier share its sandboxes, of which there are never more than ``Settings/maximumProcesses``.
public final class CodeVerifier: Verifier {
  /// What can be set.
  public struct Settings: Sendable, Equatable {
    /// Solutions that run at once; each has a sandbox of its own that is kept between runs.
    public var maximumProcesses: Int
    /// Limits where a row gives none: `timeout_s` is per run (per case for `stdio`), `memory_mb` for the solution.
    public var limits: SandboxLimits
    /// Gives the share of passed tests instead of all or nothing.
    public var givesPassRate: Bool
    /// Bytes that remembered verdicts may take; 0 remembers none.
    public var cacheBytes: Int

    /// Settings; by default one process per processor, 5 s, 512 MiB, all or nothing, a cache of 64 MiB.
    public init(
      maximumProcesses: Int = ProcessInfo.processInfo.activeProcessorCount, limits: SandboxLimits = SandboxLimits(),
      givesPassRate: Bool = false, cacheBytes: Int = 64 << 20
    ) {
      self.maximumProcesses = maximumProcesses
      self.limits = limits
      self.givesPassRate = givesPassRate
      self.cacheBytes = cacheBytes
    }
  }

  /// The name a data row picks this verifier by.
  public let name = "code"
  /// What this verifier was made with.
  public let settings: Settings

  private struct Ready: Sendable {
    let pool: SandboxPool
    let layers: [String]
  }

  private let ready: Mutex<Result<Ready, VerifierFailure>?> = Mutex(nil)
  private let cache: Mutex<VerdictCache>

  /// A verifier. Sandboxes start when the first program arrives.
  public init(settings: Settings = Settings()) {
    self.settings = settings
    cache = Mutex(VerdictCache(bytes: settings.cacheBytes))
  }

  /// Checks that code can be run here, by making a sandbox and letting it try what must not work.
  /// - Returns: The layers of isolation that are active, in words, to be printed at the start of a run.
  /// - Throws: `VerifierFailure` (`unavailable`) saying what is missing and what to install.
  @discardableResult
  public static func availability() throws -> [String] { try probed.layers() }

  private static let probed = ProbedCommand()

  /// The layers of isolation that are active, in words.
  /// - Throws: `VerifierFailure` (`unavailable`) saying what is missing and what to install.
  public func layers() throws -> [String] { try prepared().layers }

  private func prepared() throws -> Ready {
    try ready.withLock { state in
      if let state { return try state.get() }
      let result = Result<Ready, VerifierFailure> { () throws(VerifierFailure) in
        let (command, layers) = try Self.probed.command()
        let pool = SandboxPool(
          command: command, configuration: SandboxConfiguration(), maximumSandboxes: settings.maximumProcesses)
        return Ready(pool: pool, layers: layers)
      }
      state = result
      return try result.get()
    }
  }

  /// One verdict per request, in order.
  public func verify(_ requests: [VerifyRequest]) -> [Verdict] {
    var verdicts = [Verdict?](repeating: nil, count: requests.count)
    var waiting: [SHA256.Digest: [Int]] = [:]
    var order: [(key: SHA256.Digest, task: CodeTask)] = []
    for (i, request) in requests.enumerated() {
      do {
        guard let task = try task(of: request) else {
          verdicts[i] = .score(0, VerdictDetail(outcome: CodeOutcome.compileError.rawValue, reason: "no program in it"))
          continue
        }
        let key = task.digest
        if let known = cache.withLock({ $0[key] }) {
          verdicts[i] = known
        } else {
          if waiting[key] == nil { order.append((key, task)) }
          waiting[key, default: []].append(i)
        }
      } catch {
        verdicts[i] = .failed(error)
      }
    }
    if !order.isEmpty {
      for ((key, _), verdict) in zip(order, judge(order.map(\.task))) {
        cache.withLock { $0.remember(verdict, for: key) }
        for i in waiting[key] ?? [] { verdicts[i] = verdict }
      }
    }
    return verdicts.map { $0 ?? .failed(VerifierFailure(.crashed, "no verdict was reached")) }
  }

  /// Runs the tasks, as many at once as there are sandboxes.
  private func judge(_ tasks: [CodeTask]) -> [Verdict] {
    let ready: Ready
    do { ready = try prepared() } catch {
      let failure = error as? VerifierFailure ?? VerifierFailure(.unavailable, "\(error)")
      return tasks.map { _ in .failed(failure) }
    }
    let results = Gathered<Verdict>(count: tasks.count)
    let givesPassRate = settings.givesPassRate
    for (i, task) in tasks.enumerated() {
      ready.pool.submit { run in
        results.store(Self.verdict(on: task, run: run, givesPassRate: givesPassRate), at: i)
      }
    }
    return results.wait().map { $0 ?? .failed(VerifierFailure(.crashed, "no verdict was reached")) }
  }

  private static func verdict(on task: CodeTask, run: SandboxPool.Runner, givesPassRate: Bool) -> Verdict {
    do {
      let result = try CodeJudge(task: task).result(run)
      let rate = result.total > 0 ? Double(result.passed) / Double(result.total) : 0
      let score = result.outcome == .passed ? 1 : givesPassRate ? rate : 0
      return .score(
        score,
        VerdictDetail(
          extracted: task.program, outcome: result.outcome.rawValue, reason: result.reason,
          metrics: [
            "tests_passed": Double(result.passed), "tests": Double(result.total),
            "cpu_seconds": result.processorSeconds, "peak_bytes": Double(result.peakBytes),
          ]))
    } catch let failure as VerifierFailure {
      return .failed(failure)
    } catch {
      return .failed(VerifierFailure(.sandbox, "\(error)"))
    }
  }

  /// The request as a task; nil when the response holds no program.
  private func task(of request: VerifyRequest) throws(VerifierFailure) -> CodeTask? {
    let fields = request.fields
    if let language = fields["language"]?.string, !["python", "python3", "py"].contains(language.lowercased()) {
      throw VerifierFailure(.badRequest, #""language" is "\#(language)"; only python is run here"#)
    }
    var limits = settings.limits
    if let seconds = fields["timeout_s"], !seconds.isNull {
      guard let value = seconds.double, value > 0, value <= 600 else {
        throw VerifierFailure(.badRequest, #""timeout_s" is \#(seconds.text()), expected seconds over 0 and up to 600"#)
      }
      limits.seconds = value
    }
    if let megabytes = fields["memory_mb"], !megabytes.isNull {
      guard let value = megabytes.double, value >= 64, value <= 65536 else {
        throw VerifierFailure(.badRequest, #""memory_mb" is \#(megabytes.text()), expected 64 to 65536"#)
      }
      limits.memory = Int(value * 1_048_576)
    }
    let tests: CodeTests
    do { tests = try CodeTests(fields["tests"], fields: fields) } catch {
      throw error as? VerifierFailure ?? VerifierFailure(.badReference, "\(error)")
    }
    guard let program = CodeBlock.program(in: request.response) else { return nil }
    return CodeTask(program: program, tests: tests, limits: limits, runsAll: settings.givesPassRate)
  }
}

/// The sandbox command that was found to work on this machine; found once a process.
private final class ProbedCommand: Sendable {
  private let found: Mutex<(command: SandboxCommand, layers: [String])?> = Mutex(nil)

  func layers() throws -> [String] { try command().layers }

  func command() throws(VerifierFailure) -> (command: SandboxCommand, layers: [String]) {
    let result = found.withLock { found -> Result<(command: SandboxCommand, layers: [String]), VerifierFailure> in
      if let found { return .success(found) }
      var faults: [String] = []
      do {
        for command in try SandboxCommand.candidates(script: ForkServerScript.text) {
          do {
            // The sandbox dies with the thread that started it, which for a probe is as it should be.
            let sandbox = try Sandbox(command: command, configuration: SandboxConfiguration())
            let layers = sandbox.layers
            sandbox.end()
            found = (command, layers)
            return .success((command, layers))
          } catch let failure as VerifierFailure {
            return .failure(failure)
          } catch {
            faults.append("\(error)")
          }
        }
      } catch let failure as VerifierFailure {
        return .failure(failure)
      } catch {
        faults.append("\(error)")
      }
      return .failure(
        VerifierFailure(
          .unavailable,
          "no sandbox can be made here, and code is never run without one (\(faults.joined(separator: "; "))). Needed: "
            + "\(SandboxCommand.installLine), and user namespaces allowed for this user"))
    }
    return try result.get()
  }
}
