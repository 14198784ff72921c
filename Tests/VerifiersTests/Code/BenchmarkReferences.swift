import Foundation
import StrictJSON
import Testing

@testable import Verifiers

/// Real data beside the repository; tests that need it are skipped where it is absent.
enum SharedData {
  static func lines(_ path: String) -> [JSON]? {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    guard let text = try? String(contentsOf: root.appending(path: "shared/data/" + path), encoding: .utf8) else {
      return nil
    }
    return text.split(separator: "\n").compactMap { try? JSON.parse(String($0)) }
  }

  static let humanEval = lines("humaneval/HumanEval.jsonl")
  static let mbpp = lines("mbpp/mbpp.jsonl")
}

@Suite("Benchmark references", .enabled(if: codeIsUnavailable == nil, "\(codeIsUnavailable ?? "")"))
struct BenchmarkReferences {
  /// A row's tests in the form the verifier takes.
  static func humanEvalRequest(_ row: JSON, response: String) -> VerifyRequest {
    let tests: JSON = [
      "kind": "check", "prelude": row["prompt"] ?? "", "program": row["test"] ?? "",
      "entry_point": row["entry_point"] ?? "",
    ]
    return VerifyRequest(id: row["task_id"]?.string ?? "", response: response, fields: JSONObject([("tests", tests)]))
  }

  static func mbppRequest(_ row: JSON, response: String) -> VerifyRequest {
    let tests: JSON = ["kind": "asserts", "setup": row["test_setup_code"] ?? "", "asserts": row["test_list"] ?? []]
    return VerifyRequest(
      id: row["task_id"]?.text() ?? "", response: response, fields: JSONObject([("tests", tests), ("timeout_s", 20)]))
  }

  private func failures(_ requests: [VerifyRequest], _ verdicts: [Verdict], wanted: Double) -> [String] {
    zip(requests, verdicts).filter { $0.1.score != wanted }.map { "\($0.0.id): \($0.1)" }
  }

  @Test("every HumanEval reference passes", .enabled(if: SharedData.humanEval != nil, "needs ../shared/data"))
  func humanEval() {
    let requests = (SharedData.humanEval ?? []).map {
      Self.humanEvalRequest($0, response: ($0["prompt"]?.string ?? "") + ($0["canonical_solution"]?.string ?? ""))
    }
    let wrong = failures(requests, codeVerifier.verify(requests), wanted: 1)
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }

  @Test("every MBPP reference passes", .enabled(if: SharedData.mbpp != nil, "needs ../shared/data"))
  func mbpp() {
    let requests = (SharedData.mbpp ?? []).map { Self.mbppRequest($0, response: $0["code"]?.string ?? "") }
    let wrong = failures(requests, codeVerifier.verify(requests), wanted: 1)
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }
}

/// Solutions that are references with one thing changed; none may pass.
@Suite("Benchmark mutants", .enabled(if: codeIsUnavailable == nil, "\(codeIsUnavailable ?? "")"))
struct BenchmarkMutants {
  /// Every way of breaking a function that keeps its name: what it returns is wrapped, shifted, emptied or withheld.
  static func mutants(of program: String, entry: String, index: Int) -> String {
    let breakages = [
      "return None", "return [result]", "return (result, result)", "return str(result) + '!'",
      "return not result if isinstance(result, bool) else [result]", "return lambda: result",
      "raise ValueError(result)",
      "return type('Any', (), {'__eq__': lambda s, o: True})()",
    ]
    return program + """


      def __keep(__original):
          def \(entry)(*args, **kwargs):
              result = __original(*args, **kwargs)
              \(breakages[index % breakages.count])
          return \(entry)
      \(entry) = __keep(\(entry))
      """
  }

  @Test("no HumanEval mutant passes", .enabled(if: SharedData.humanEval != nil, "needs ../shared/data"))
  func humanEval() {
    let requests = (SharedData.humanEval ?? []).enumerated().map { i, row in
      let program = (row["prompt"]?.string ?? "") + (row["canonical_solution"]?.string ?? "")
      let entry = row["entry_point"]?.string ?? ""
      return BenchmarkReferences.humanEvalRequest(row, response: Self.mutants(of: program, entry: entry, index: i))
    }
    for (request, verdict) in zip(requests, codeVerifier.verify(requests)) {
      #expect(verdict.score == 0, "\(request.id): \(verdict)")
    }
  }

  @Test("no MBPP mutant passes", .enabled(if: SharedData.mbpp != nil, "needs ../shared/data"))
  func mbpp() {
    var requests: [VerifyRequest] = []
    for (i, row) in (SharedData.mbpp ?? []).enumerated() where i % 4 == 0 {
      let test = row["test_list"]?.array?.first?.string ?? ""
      let program = row["code"]?.string?.replacingOccurrences(of: "\r\n", with: "\n") ?? ""
      let names = program.split(separator: "\n").filter { $0.hasPrefix("def ") }.map {
        String($0.dropFirst(4).prefix { $0 != "(" && $0 != " " })
      }
      guard let entry = names.first(where: { test.contains($0 + "(") || test.contains($0 + " (") }) else { continue }
      requests.append(
        BenchmarkReferences.mbppRequest(row, response: Self.mutants(of: program, entry: entry, index: i / 4)))
    }
    #expect(requests.count > 200)
    for (request, verdict) in zip(requests, codeVerifier.verify(requests)) {
      #expect(verdict.score == 0, "\(request.id): \(verdict)")
    }
  }
}
