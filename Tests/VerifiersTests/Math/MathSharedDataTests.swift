import Foundation
import StrictJSON
import Testing

@testable import Verifiers

/// The public data sets beside the package, where they are there.
private let mathData = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("../../../../shared/data").standardized

@Suite struct MathSharedDataTests {
  private func rows(_ path: String) throws -> [JSON] {
    try Data(contentsOf: mathData.appendingPathComponent(path)).split(separator: 0x0A).map {
      try JSON.parse(utf8: Array($0))
    }
  }

  private static let isThere = FileManager.default.fileExists(atPath: mathData.appendingPathComponent("math500").path)

  @Test(.enabled(if: isThere, "needs ../shared/data beside the package"))
  func goldAnswersParseAndEqualThemselves() throws {
    let files: [(String, String)] = [
      ("math500/test.jsonl", "answer"), ("aime24/test.jsonl", "answer"), ("aime25/test.jsonl", "answer"),
      ("amc23/test.jsonl", "answer"), ("svamp/svamp.jsonl", "Answer"), ("cmath/test.jsonl", "golden"),
    ]
    for (file, column) in files {
      let requests = try rows(file).enumerated().map { index, row in
        let gold = try #require(row[column])
        let text = gold.string ?? gold.text()
        return VerifyRequest(id: "\(file):\(index)", response: "\\boxed{\(text)}", reference: gold)
      }
      for (request, verdict) in zip(requests, MathVerifier().verify(requests)) {
        #expect(verdict.score == 1, "\(request.id) \(request.response) \(verdict)")
      }
    }
  }

  @Test(.enabled(if: isThere, "needs ../shared/data beside the package"))
  func publishedSolutionsEndInTheirGoldAnswers() throws {
    var wrong: [String] = []
    for (index, row) in try rows("math500/test.jsonl").enumerated() {
      let solution = try #require(row["solution"]?.string)
      if mathScore(solution, row["answer"] ?? .null) != 1 { wrong.append("math500:\(index)") }
    }
    for (index, row) in try rows("gsm8k/test.jsonl").enumerated() where index % 4 == 0 {
      let answer = try #require(row["answer"]?.string)
      let gold = try #require(answer.components(separatedBy: "####").last)
      if mathScore(answer, .string(gold)) != 1 { wrong.append("gsm8k:\(index)") }
    }
    #expect(wrong.isEmpty, "\(wrong)")
  }
}
