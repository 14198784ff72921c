import Foundation
import StrictJSON
import Testing

@testable import Verifiers

/// The public data sets beside the package, where they are there.
private let mathData = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("../../../../shared/data").standardized

/// Every gold answer of the public data sets, and every published solution that ends in one. Prints a table of counts.
@Suite struct MathSharedDataTests {
  /// Rows whose data is wrong or beyond an automatic judgement, and why.
  private static let exceptions: [String: String] = [
    "math/train.jsonl:5341": "the answer is empty",
    "math/train.jsonl:5343": "the answer is empty",
    "olympiadbench/test.jsonl:73": "a family of functions described in a sentence",
    "math/test_4400.jsonl:367": "the solution boxes both answers; the column keeps the last",
    "math/test_4400.jsonl:2373": "the solution boxes both answers; the column keeps the last",
    "math/test_4400.jsonl:2385": "the solution boxes two answers of which either counts",
    "math/test_4400.jsonl:2563": "the solution boxes two answers of which either counts",
    "math/test_4400.jsonl:4285": "the solution boxes both answers; the column keeps the last",
  ]

  private static let isThere = FileManager.default.fileExists(atPath: mathData.appendingPathComponent("math500").path)

  private func rows(_ path: String) throws -> [JSON] {
    let file = mathData.appendingPathComponent(path)
    var data: Data
    if path.hasSuffix(".gz") {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["gzip", "-dc", file.path]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      data = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0, "gzip -dc \(path)")
    } else {
      data = try Data(contentsOf: file)
    }
    return try data.split(separator: 0x0A).map { try JSON.parse(utf8: Array($0)) }
  }

  /// Scores every row of a file, except the named ones, and prints how many were right.
  private func check(
    _ path: String, _ what: String, _ request: (JSON) throws -> [(response: String, reference: JSON)]
  ) throws {
    var count = 0
    var wrong: [String] = []
    var left = 0
    let verifier = MathVerifier()
    for (index, row) in try rows(path).enumerated() {
      for (response, reference) in try request(row) {
        let verdict = verifier.verify([VerifyRequest(id: "1", response: response, reference: reference)])[0]
        count += 1
        if verdict.score == 1 { continue }
        if Self.exceptions["\(path):\(index)"] != nil { left += 1 } else { wrong.append("\(index): \(verdict)") }
      }
    }
    print("\(path), \(what): \(count - left - wrong.count) of \(count) equal, \(left) with wrong data")
    #expect(wrong.isEmpty, "\(path), \(what): \(wrong)")
  }

  @Test(
    .enabled(if: isThere, "needs ../shared/data beside the package"),
    arguments: [
      ("gsm8k/train.jsonl.gz", "answer"), ("gsm8k/test.jsonl", "answer"), ("math/train.jsonl", "answer"),
      ("math/test_4400.jsonl", "answer"), ("math500/test.jsonl", "answer"), ("aime24/test.jsonl", "answer"),
      ("aime25/test.jsonl", "answer"), ("amc23/test.jsonl", "answer"), ("svamp/svamp.jsonl", "Answer"),
      ("cmath/test.jsonl", "golden"), ("olympiadbench/test.jsonl", "final_answer"),
    ])
  func goldAnswersParseAndEqualThemselves(_ path: String, _ column: String) throws {
    try check(path, "gold answers") { row in
      let gold = try #require(row[column])
      let golds: [JSON] = if case .array(let several) = gold { several } else { [gold] }
      return golds.flatMap { gold in
        var text = gold.string ?? gold.text()
        if path.hasPrefix("gsm8k"), let last = text.components(separatedBy: "####").last { text = last }
        // OlympiadBench delimits its answers; a box would not hold the dollar signs.
        let isDelimited = path.hasPrefix("olympiadbench")
        let boxed = "\\boxed{\(isDelimited ? text.replacingOccurrences(of: "$", with: "") : text)}"
        return [(text, JSON.string(text)), (boxed, JSON.string(text))]
      }
    }
  }

  @Test(
    .enabled(if: isThere, "needs ../shared/data beside the package"),
    arguments: ["gsm8k/train.jsonl.gz", "gsm8k/test.jsonl"])
  func workedAnswersEndInTheirGoldAnswers(_ path: String) throws {
    try check(path, "worked answers") { row in
      let answer = try #require(row["answer"]?.string)
      return [(answer, .string(try #require(answer.components(separatedBy: "####").last)))]
    }
  }

  @Test(
    .enabled(if: isThere, "needs ../shared/data beside the package"),
    arguments: ["math/test_4400.jsonl", "math500/test.jsonl", "aime24/test.jsonl"])
  func publishedSolutionsEndInTheirGoldAnswers(_ path: String) throws {
    try check(path, "solutions") { row in
      [(try #require(row["solution"]?.string), try #require(row["answer"]))]
    }
  }
}
