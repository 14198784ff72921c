import Digests
import StrictJSON

/// A solution with its tests and limits: everything a verdict on code depends on.
struct CodeTask: Sendable {
  var program: String
  var tests: CodeTests
  var limits: SandboxLimits
  /// Whether all tests run even after one has failed, for a pass rate.
  var runsAll: Bool

  /// Stands for the task: two programs, expected values or limits that differ in a byte have different ones.
  var digest: SHA256.Digest {
    var hash = SHA256()
    hash.add(program)
    hash.add("\(limits.seconds) \(limits.memory) \(limits.output) \(runsAll)")
    tests.add(to: &hash)
    return hash.digest
  }
}

extension CodeTests {
  /// The number of tests.
  var size: Int {
    switch self {
    case .asserts(_, let asserts, _): asserts.count
    case .check: 1
    case .call(_, let cases): cases.count
    case .stdio(let cases): cases.count
    }
  }

  /// Adds everything a verdict depends on, each part with its length.
  fileprivate func add(to hash: inout SHA256) {
    hash.add(size)
    switch self {
    case .asserts(let setup, let asserts, let entryPoint):
      for text in ["asserts", setup, entryPoint] + asserts { hash.add(text) }
    case .check(let prelude, let program, let entryPoint):
      for text in ["check", prelude, program, entryPoint] { hash.add(text) }
    case .call(let entryPoint, let cases):
      for text in ["call", entryPoint] { hash.add(text) }
      for one in cases {
        for value in [.array(one.arguments), .object(one.named), one.expected] as [JSON] { hash.add(value.text()) }
      }
    case .stdio(let cases):
      hash.add("stdio")
      for one in cases {
        hash.add(one.input)
        hash.add(one.output)
      }
    }
  }
}

/// Runs a solution against its tests. A value of the solution is compared either in this process or in a process of the
/// sandbox that the solution has no way into; the solution itself never holds an expected value.
struct CodeJudge {
  let task: CodeTask

  /// - Throws: `SandboxFault` (the sandbox's fault) or `VerifierFailure` (`badReference`, the tests' fault).
  func result(_ run: SandboxPool.Runner) throws -> CodeResult {
    switch task.tests {
    case .asserts(let setup, let asserts, let entry):
      try withTester(kind: "asserts", setup: setup, tests: asserts, entry: entry, run)
    case .check(let prelude, let program, let entry):
      try withTester(kind: "check", setup: prelude, tests: [program], entry: entry, run)
    case .call(let entry, let cases): try calls(entry: entry, cases: cases, run)
    case .stdio(let cases): try streams(cases, run)
    }
  }

  // MARK: - Tests written in Python

  private func withTester(
    kind: String, setup: String, tests: [String], entry: String, _ perform: SandboxPool.Runner
  ) throws -> CodeResult {
    let nonce = (0..<4).map { _ in String(UInt32.random(in: .min ... .max), radix: 36) }.joined()
    let job = SandboxJob(
      kind: .serve, solution: ["source": .string(task.program)],
      tests: [
        "nonce": .string(nonce), "kind": .string(kind), "setup": .string(setup), "entry": .string(entry),
        "tests": .array(tests.map(JSON.string)), "all": .bool(task.runsAll),
      ],
      limits: task.limits)
    let run = try perform(job)
    let total = kind == "check" ? 1 : tests.count
    func result(_ outcome: (CodeOutcome, String), passed: Int = 0) -> CodeResult {
      CodeResult(
        outcome: outcome.0, reason: outcome.1, passed: passed, total: total, processorSeconds: run.processorSeconds,
        peakBytes: run.peakBytes)
    }
    if let forced = run.forcedOutcome { return result(forced) }
    guard let reply = run.testsReply, reply["nonce"]?.string == nonce else {
      throw SandboxFault("the tests' process ended without a word")
    }
    let reason = reply["reason"]?.string ?? ""
    let passed = max(0, min(total, reply["passed"]?.int ?? 0))
    switch reply["outcome"]?.string {
    case "passed":
      guard (reply["calls"]?.int ?? 0) > 0 else {
        throw VerifierFailure(.badReference, "the tests passed without ever calling the solution")
      }
      return result((.passed, "all \(total) tests passed"), passed: total)
    case "wrong": return result((.wrongAnswer, "fails: \(reason)"), passed: passed)
    case "error": return result((.wrongAnswer, "\(reply["kind"]?.string ?? "error") in \(reason)"), passed: passed)
    case "raised": return result(SolutionError.outcome(reply), passed: passed)
    case "gone": return result(run.earlyEnd(limits: task.limits))
    case "garbage": return result((.runtimeError, "an answer that is no value: \(reason)"))
    default: throw VerifierFailure(.badReference, reason.isEmpty ? "the tests cannot be run" : reason)
    }
  }

  // MARK: - Calls

  private func calls(
    entry: String, cases: [CodeTests.Call], _ perform: SandboxPool.Runner
  ) throws -> CodeResult {
    let job = SandboxJob(
      kind: .call,
      solution: [
        "source": .string(task.program), "entry": .string(entry), "all": .bool(task.runsAll),
        "cases": .array(
          cases.map {
            ["args": PythonValue.tagged(.array($0.arguments)), "kwargs": PythonValue.tagged(.object($0.named))]
          }),
      ],
      tests: nil, limits: task.limits)
    let run = try perform(job)
    func result(_ outcome: (CodeOutcome, String), passed: Int = 0) -> CodeResult {
      CodeResult(
        outcome: outcome.0, reason: outcome.1, passed: passed, total: cases.count,
        processorSeconds: run.processorSeconds, peakBytes: run.peakBytes)
    }
    if let forced = run.forcedOutcome { return result(forced) }
    guard let reply = run.solutionReply else { return result(run.earlyEnd(limits: task.limits)) }
    if let failed = reply["load"], !failed.isNull { return result(SolutionError.outcome(failed)) }
    let results = reply["results"]?.array ?? []
    var passed = 0
    var first: (CodeOutcome, String)?
    for (i, one) in cases.enumerated() {
      guard i < results.count else {
        first = first ?? (.runtimeError, "no result for case \(i + 1)")
        break
      }
      if let value = results[i]["value"] {
        if PythonValue.equals(value, one.expected) {
          passed += 1
        } else if first == nil {
          let found = String(PythonValue.shown(value).prefix(200))
          first = (.wrongAnswer, "case \(i + 1) returned \(found), expected \(String(one.expected.text().prefix(200)))")
        }
      } else if first == nil {
        first = SolutionError.outcome(results[i])
      }
    }
    if passed == cases.count { return result((.passed, "all \(passed) calls right"), passed: passed) }
    return result(first ?? (.runtimeError, "no results"), passed: passed)
  }

  // MARK: - Whole programmes

  private func streams(_ cases: [CodeTests.Stream], _ perform: SandboxPool.Runner) throws -> CodeResult {
    var result = CodeResult(outcome: .passed, reason: "all \(cases.count) outputs right", passed: 0, total: cases.count)
    for (i, one) in cases.enumerated() {
      let run = try perform(
        SandboxJob(
          kind: .stdio, solution: ["source": .string(task.program), "stdin": .string(one.input)], tests: nil,
          limits: task.limits))
      result.processorSeconds += run.processorSeconds
      result.peakBytes = max(result.peakBytes, run.peakBytes)
      let outcome = stream(run, one)
      if outcome.0 == .passed {
        result.passed += 1
      } else {
        if result.outcome == .passed { (result.outcome, result.reason) = (outcome.0, "case \(i + 1): \(outcome.1)") }
        if !task.runsAll || outcome.0 == .compileError { break }
      }
    }
    return result
  }

  private func stream(_ run: SandboxRun, _ expected: CodeTests.Stream) -> (CodeOutcome, String) {
    if let forced = run.forcedOutcome { return forced }
    let errors = String(decoding: run.standardError, as: UTF8.self)
    let last = String((errors.split(separator: "\n").last ?? "").prefix(300))
    switch run.exitCode {
    case 0?: break
    case 98?: return (.memoryLimit, "MemoryError")
    case 99? where errors.hasPrefix("compile: "): return (.compileError, last)
    case let code?: return (.runtimeError, last.isEmpty ? "exit code \(code)" : last)
    case nil: return run.earlyEnd(limits: task.limits)
    }
    let printed = String(decoding: run.standardOutput, as: UTF8.self)
    if OutputComparison.matches(printed, expected.output) { return (.passed, "") }
    return (.wrongAnswer, "printed \(JSON.string(String(printed.prefix(200))).text())")
  }
}
