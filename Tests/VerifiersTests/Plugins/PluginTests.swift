import Foundation
import StrictJSON
import Testing

@testable import Verifiers

/// A folder of its own for a test's plug-ins.
struct PluginBench {
  let root = FileManager.default.temporaryDirectory.appending(path: "plugins-\(UUID().uuidString)")

  /// A plug-in that does what the response asks for.
  func misbehaving(timeout: Double = 3, inFlight: Int = 4, restarts: Int = 3, deterministic: Bool = false) throws
    -> PluginVerifier
  {
    let folder = root.appending(path: "odd")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let script = #"""
      import json, os, sys, time
      print(json.dumps({"v": 1, "ready": True, "name": "odd"}), flush=True)
      held = []
      for line in sys.stdin:
          r = json.loads(line)
          w = r["response"]
          reply = {"id": r["id"], "score": 1, "extracted": str(os.getpid())}
          if w == "die": sys.stderr.write("out of cheese\n"); os._exit(3)
          if w == "hang": time.sleep(60)
          if w == "text": print("hello"); sys.stdout.flush(); continue
          if w == "wrong id": reply["id"] = "none"
          if w == "two": reply["score"] = 2
          if w == "nan": print('{"id": "%s", "score": NaN}' % r["id"], flush=True); continue
          if w == "string": reply["score"] = "1"
          if w == "null": reply["score"] = None
          if w == "half": reply["score"] = 0.5
          if w == "flood": sys.stderr.write("x" * 10**7)
          if w == "spread": print(json.dumps(reply)[:5], end="", flush=True); time.sleep(0.05); print(json.dumps(reply)[5:], flush=True); continue
          if w == "hold": held.append(reply); continue
          print(json.dumps(reply))
          for h in held: print(json.dumps(h))
          held = []
          sys.stdout.flush()
      """#
    try Data(script.utf8).write(to: folder.appending(path: "odd.py"))
    let manifest: JSON = [
      "name": "odd", "command": ["python3", "odd.py"], "timeout_s": .double(timeout), "max_in_flight": .int(inFlight),
      "restarts": .int(restarts), "sandbox": false, "deterministic": .bool(deterministic),
    ]
    try Data(manifest.text().utf8).write(to: folder.appending(path: "verifier.json"))
    return try PluginVerifier(folder: folder)
  }

  func end() { try? FileManager.default.removeItem(at: root) }
}

@Suite("Plug-ins", .serialized)
struct PluginTests {
  static let shipped = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "verifiers")

  private func requests(_ responses: [String]) -> [VerifyRequest] {
    responses.enumerated().map { VerifyRequest(id: "\($0)", response: $1) }
  }

  @Test("every kind of misbehaviour is a failure of its own request only")
  func misbehaviour() throws {
    let bench = PluginBench()
    defer { bench.end() }
    let verifier = try bench.misbehaving()
    let bad: [(String, VerifierFailure.Kind)] = [
      ("die", .crashed), ("hang", .timeout), ("text", .badReply), ("wrong id", .badReply), ("two", .badReply),
      ("nan", .badReply),
      ("string", .badReply),
    ]
    for (response, kind) in bad {
      let verdicts = verifier.verify(requests(["good", response, "good", "half", "null"]))
      #expect(verdicts[1].failure?.kind == kind, "\(response): \(verdicts[1])")
      #expect([verdicts[0].score, verdicts[2].score, verdicts[3].score] == [1, 1, 0.5], "\(response): \(verdicts)")
      #expect(verdicts[4].score == nil && verdicts[4].failure == nil)
    }
    let died = verifier.verify(requests(["die"]))[0]
    #expect(died.failure?.message.contains("out of cheese") == true, "\(died)")
  }

  @Test("answers out of order, in pieces and under a flood of errors")
  func order() throws {
    let bench = PluginBench()
    defer { bench.end() }
    let verifier = try bench.misbehaving(timeout: 5)
    let verdicts = verifier.verify(requests(["hold", "half", "spread", "flood", "good"]))
    #expect(verdicts.map(\.score) == [1, 0.5, 1, 1, 1])
    // One process served all of them.
    #expect(Set(verdicts.compactMap { $0.detail?.extracted }).count == 1)
  }

  @Test("a plug-in that always fails is given up, and the rest of the batch fails")
  func givenUp() throws {
    let bench = PluginBench()
    defer { bench.end() }
    let verifier = try bench.misbehaving(inFlight: 1, restarts: 2)
    let verdicts = verifier.verify(requests(Array(repeating: "die", count: 6)))
    #expect(verdicts.allSatisfy { $0.failure?.kind == .crashed })
    #expect(verdicts[5].failure?.message.contains("given up") == true)
    #expect(verifier.verify(requests(["good"]))[0].score == 1)
  }

  @Test("verdicts of a deterministic plug-in are remembered, failures are not")
  func remembered() throws {
    let bench = PluginBench()
    defer { bench.end() }
    let verifier = try bench.misbehaving(deterministic: true)
    let first = verifier.verify(requests(["good"]))[0]
    #expect(verifier.verify(requests(["die"]))[0].failure != nil)
    #expect(verifier.verify(requests(["good"]))[0] == first)
    #expect(verifier.verify(requests(["half"]))[0].detail?.extracted != first.detail?.extracted)
  }

  @Test("manifests are strict")
  func manifest() throws {
    let good: JSON = ["name": "x", "command": ["true"]]
    #expect(try PluginManifest(json: good).timeout == 10)
    for bad: JSON in [
      ["command": ["true"]], ["name": "x"], ["name": "a/b", "command": ["true"]], ["name": "x", "command": []],
      ["name": "x", "command": ["true"], "timeout_s": 0], ["name": "x", "command": ["true"], "timout_s": 1],
      ["name": "x", "command": ["true"], "network": "no"], [1],
    ] {
      #expect(throws: VerifierFailure.self, "\(bad.text())") { try PluginManifest(json: bad) }
    }
    do {
      _ = try PluginManifest(json: ["name": "x", "command": ["true"], "timout_s": 1])
    } catch { #expect("\(error)".contains("timeout_s")) }
  }

  @Test("a program that is no plug-in, or is not there, is refused with a reason")
  func refused() throws {
    let bench = PluginBench()
    defer { bench.end() }
    for (name, command) in [("yes", ["yes"]), ("absent", ["no-such-program-here"]), ("ends", ["true"])] {
      let folder = bench.root.appending(path: name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let manifest: JSON = [
        "name": .string(name), "command": .array(command.map(JSON.string)), "sandbox": false, "start_timeout_s": 1,
        "restarts": 0,
      ]
      try Data(manifest.text().utf8).write(to: folder.appending(path: "verifier.json"))
      let verdict = try PluginVerifier(folder: folder).verify(requests(["x"]))[0]
      #expect(verdict.failure != nil, "\(name): \(verdict)")
      #expect(!PluginCheck.run(folder: folder).passes)
    }
  }

  @Test(
    "new plug-ins work and pass their own check", .enabled(if: codeIsUnavailable == nil, "\(codeIsUnavailable ?? "")"),
    arguments: PluginScaffold.Language.allCases)
  func scaffold(language: PluginScaffold.Language) throws {
    let bench = PluginBench()
    defer { bench.end() }
    let folder = try PluginScaffold.create(name: "fresh-\(language.rawValue)", language: language, in: bench.root)
    #expect(throws: VerifierFailure.self) {
      try PluginScaffold.create(name: "fresh-\(language.rawValue)", language: language, in: bench.root)
    }
    #expect(throws: VerifierFailure.self) {
      try PluginScaffold.create(name: "../x", language: language, in: bench.root)
    }
    // The check waits for one deadline; a short one keeps it short.
    let file = folder.appending(path: "verifier.json")
    let text = try String(contentsOf: file, encoding: .utf8).replacing("\"timeout_s\": 5", with: "\"timeout_s\": 2")
    try Data(text.utf8).write(to: file)
    let report = PluginCheck.run(folder: folder)
    #expect(report.passes, "\(report)")
  }

  @Test(
    "the shipped plug-ins pass their check", .enabled(if: codeIsUnavailable == nil, "\(codeIsUnavailable ?? "")"),
    arguments: ["sympy-math", "json-schema", "word-count"])
  func shippedOnes(name: String) throws {
    let folder = Self.shipped.appending(path: name)
    #expect(PluginManifest.discover(in: Self.shipped).map(\.lastPathComponent).contains(name))
    let verifier = try PluginVerifier(folder: folder)
    do { try verifier.availability() } catch let failure as VerifierFailure {
      // What a plug-in needs may be missing here; then it must say how to install it.
      #expect(failure.kind == .unavailable && failure.message.contains("apt-get install"))
      return
    }
    let triples = try PluginCheck.Triple.read(folder.appending(path: verifier.manifest.tests))
    for (triple, verdict) in zip(triples, verifier.verify(triples.map(\.request))) {
      #expect(triple.expects(verdict), "\(name) line \(triple.line): \(verdict)")
    }
  }

  @Test("the Swift example works and stands in the documentation")
  func example() throws {
    let request = VerifyRequest(id: "1", response: "Never odd or even", fields: JSONObject([("min_length", 5)]))
    let verifier = try registry.verifier(named: "palindrome")
    #expect(verifier.verify([request])[0].score == 1)
    #expect(verifier.verify([VerifyRequest(id: "1", response: "x")])[0].score == nil)
    let source = try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "PalindromeVerifier.swift"),
      encoding: .utf8)
    let readme = try String(contentsOf: Self.shipped.appending(path: "README.md"), encoding: .utf8)
    #expect(readme.contains(source))
    #expect(source.split(separator: "\n", omittingEmptySubsequences: false).count <= 34)
  }

  @Test("weights: the mean of what counts, metrics for the rest")
  func weights() throws {
    let request = VerifyRequest(id: "1", response: "C", reference: "C", fields: JSONObject([("min_length", 1)]))
    let both = try registry.verifier(describedBy: ["science", ["name": "palindrome", "weight": 3]])
    #expect(both.verify([request])[0].score == 1)
    let other = VerifyRequest(id: "1", response: "(B)", reference: "C", fields: JSONObject([("min_length", 1)]))
    #expect(both.verify([other])[0].score == 0.75)
    let metric = try registry.verifier(describedBy: ["science", ["name": "palindrome", "weight": 0]])
    let verdict = metric.verify([VerifyRequest(id: "1", response: "C", reference: "C")])[0]
    #expect(verdict.score == 1)
    #expect(throws: VerifierFailure.self) { try registry.verifier(describedBy: [["name": "science", "weight": 0]]) }
    #expect(throws: VerifierFailure.self) { try registry.verifier(describedBy: ["sience"]) }
    #expect(throws: VerifierFailure.self) { try registry.verifier(describedBy: 3) }
    #expect(throws: VerifierFailure.self) { try registry.verifier(describedBy: ["science", "science"]) }
    let choice = try VerifierChoice(column: ["science", ["name": "palindrome", "weight": 0.5]])
    #expect(try VerifierChoice(text: choice.text) == choice)
    #expect(try VerifierChoice(column: choice.column) == choice)
    #expect(try VerifierChoice(text: "science").text == "science")
  }

  @Test("preflight finds a verifier that cannot tell right from wrong")
  func preflight() {
    struct Yes: Verifier {
      let name = "yes"
      func verify(_ requests: [VerifyRequest]) -> [Verdict] { requests.map { _ in .score(1, VerdictDetail()) } }
    }
    let row = VerifierPreflight.Row(request: VerifyRequest(id: "q1", response: "", reference: "Paris"))
    let good = VerifierPreflight.check(GeneralVerifier(), rows: [row])
    #expect(good.passes && good.rows == 1, "\(good)")
    let bad = VerifierPreflight.check(Yes(), rows: [row])
    #expect(!bad.passes && bad.findings.contains { $0.row == "q1" && $0.probe == "empty" })
    let broken = VerifierPreflight.Row(
      request: VerifyRequest(id: "q2", response: "", fields: JSONObject([("choices", [])])))
    #expect(!VerifierPreflight.check(ScienceVerifier(), rows: [broken]).passes)
  }
}
