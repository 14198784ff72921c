import StrictJSON
import Testing

@testable import Verifiers

/// Whether code can be run here; the sandbox tests are skipped, with this reason, where it cannot.
let codeIsUnavailable: String? = {
  do {
    try CodeVerifier.availability()
    return nil
  } catch {
    return "\(error)"
  }
}()

/// One verifier for all tests, as in a training run.
let codeVerifier = CodeVerifier(
  settings: CodeVerifier.Settings(
    maximumProcesses: 2, limits: SandboxLimits(seconds: 2, memory: 256 << 20, output: 1 << 20)))

/// The verdict on a program.
func verdict(_ program: String, _ tests: JSON, fields: JSONObject = JSONObject()) -> Verdict {
  var fields = fields
  fields["tests"] = tests
  return codeVerifier.verify([VerifyRequest(id: "1", response: program, fields: fields)])[0]
}

@Suite("Code", .enabled(if: codeIsUnavailable == nil, "\(codeIsUnavailable ?? "")"))
struct CodeVerifierTests {
  static let add: JSON = ["kind": "asserts", "asserts": ["assert add(1, 2) == 3", "assert add(-1, 1) == 0"]]

  @Test("the layers are named")
  func layers() throws {
    let layers = try codeVerifier.layers()
    #expect(layers.contains { $0.contains("bubblewrap") })
    #expect(layers.contains { $0.contains("seccomp") })
  }

  @Test(
    "asserts",
    arguments: [
      ("def add(a, b): return a + b", "passed"),
      ("```python\ndef add(a, b):\n    return a + b\n```", "passed"),
      ("def add(a, b): return a - b", "wrong_answer"),
      ("def add(a, b): return 1 // 0", "runtime_error"),
      ("def add(a, b: return a", "compile_error"),
      ("def sub(a, b): return a + b", "runtime_error"),
      ("I do not know", "compile_error"),
      ("def add(a, b):\n  while True: pass", "time_limit"),
      ("def add(a, b): return len([0] * 10**9)", "memory_limit"),
      ("def add(a, b):\n  while True: print('x' * 1000)", "output_limit"),
    ])
  func asserts(program: String, outcome: String) {
    let verdict = verdict(program, Self.add)
    #expect(verdict.detail?.outcome == outcome, "\(verdict)")
    #expect(verdict.score == (outcome == "passed" ? 1 : 0))
  }

  @Test("check(candidate) with a prelude, a completion and a whole function")
  func check() {
    let tests: JSON = [
      "kind": "check", "entry_point": "inc",
      "prelude":
        "from typing import List\n\ndef twice(x):\n    return 2 * x\n\ndef inc(xs: List[int]) -> List[int]:\n    \"\"\"doc\"\"\"\n",
      "program":
        "def check(candidate):\n    assert candidate([1, 2]) == [2, 3]\n    assert inc([]) == []\n    assert twice(2) == 4\n",
    ]
    #expect(verdict("    return [x + 1 for x in xs]", tests).score == 1)
    #expect(verdict("def inc(xs: List[int]):\n  return [x + 1 for x in xs]", tests).score == 1)
    #expect(verdict("def inc(xs: List[int]):\n  return [x + 2 for x in xs]", tests).detail?.outcome == "wrong_answer")
    #expect(verdict("x = 1", tests).detail?.outcome == "runtime_error")
  }

  @Test(
    "calls compare exact types",
    arguments: [
      ("def f(x): return [x, x + 1]", 1.0), ("def f(x): return (x, x + 1)", 1), ("def f(x): return [x, True]", 0),
      ("def f(x): return [str(x), x + 1]", 0), ("def f(x): return {x, x + 1}", 0), ("def f(x): return None", 0),
    ])
  func calls(program: String, score: Double) {
    let tests: JSON = ["kind": "call", "entry_point": "f", "cases": [["args": [4], "expected": [4, 5]]]]
    #expect(verdict(program, tests).score == score)
  }

  @Test("a method of a class")
  func method() {
    let tests: JSON = ["kind": "call", "entry_point": "Solution.f", "cases": [["args": [4], "expected": 8]]]
    #expect(verdict("class Solution:\n  def f(self, x):\n    return 2 * x", tests).score == 1)
  }

  @Test(
    "standard input and output",
    arguments: [
      ("print(sum(map(int, input().split())))", "passed"),
      ("import sys\nprint(sum(int(x) for x in sys.stdin.read().split()))", "passed"),
      ("import sys\nsys.stdout.buffer.write(b'6\\r\\n')", "wrong_answer"),
      ("print(sum(map(int, input().split())))\nraise SystemExit(3)", "runtime_error"),
      ("print(", "compile_error"),
      ("import os\nx = os.read(0, 100).split()\nos.write(1, str(sum(map(int, x))).encode())", "passed"),
      ("x = bytearray(10**9)", "memory_limit"),
      ("import time\ntime.sleep(100)", "time_limit"),
    ])
  func stdio(program: String, outcome: String) {
    let tests: JSON = [
      "kind": "stdio",
      "cases": [["stdin": "1 2 3\n", "stdout": "6\n"], ["stdin": "1 2", "stdout": "3"]],
    ]
    let verdict = verdict(program, tests)
    #expect(verdict.detail?.outcome == outcome, "\(verdict)")
  }

  @Test("a broken row is a failure, not a score")
  func brokenRow() {
    #expect(verdict("x = 1", .null).failure?.kind == .badReference)
    #expect(verdict("x = 1", ["kind": "assert", "asserts": ["assert f()"]]).failure?.kind == .badReference)
    #expect(verdict("def f(): return 1", ["kind": "asserts", "asserts": ["assert ("]]).failure?.kind == .badReference)
    #expect(
      verdict("def f(): return 1", ["kind": "asserts", "asserts": ["assert True"]]).failure?.kind == .badReference)
  }

  @Test("the same request gets the same verdict, within a batch and across calls")
  func same() {
    let requests = (0..<6).map {
      VerifyRequest(
        id: "\($0)", response: "def add(a, b): return a + b + \($0 % 2)", fields: JSONObject([("tests", Self.add)]))
    }
    let verdicts = codeVerifier.verify(requests)
    #expect(verdicts.map(\.score) == [1, 0, 1, 0, 1, 0])
    #expect(codeVerifier.verify(requests) == verdicts)
  }

  @Test("tests as APPS, LiveCodeBench and verl keep them")
  func parallelLists() {
    let streams: JSON = [
      "input_output": #"{"inputs": ["2\n", "5\n"], "outputs": ["4\n", "10\n"], "fn_name": null}"#
    ]
    #expect(verdict("print(int(input()) * 2)", streams).score == 1)
    #expect(verdict("print(int(input()) + 2)", streams).detail?.outcome == "wrong_answer")
    let calls: JSON = ["inputs": ["2\n[1, 2]"], "outputs": ["[4, 1, 2]"], "fn_name": "twice"]
    #expect(verdict("class Solution:\n  def twice(self, x, ys):\n    return [2 * x] + ys", calls).score == 1)
    #expect(verdict("def twice(x, ys): return [2 * x] + ys", .string(calls.text())).score == 1)
    let uneven: JSON = ["inputs": ["2"], "outputs": []]
    #expect(verdict("print(1)", uneven).failure?.kind == .badReference)
  }
}
