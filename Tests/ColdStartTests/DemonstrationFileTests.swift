import AutoThink
import Foundation
import Tasks
import Testing

@testable import ColdStart

@Suite struct DemonstrationFileTests {
  private func file(_ rows: [String]) throws -> String {
    let path = NSTemporaryDirectory() + "demonstrations-\(UUID().uuidString).jsonl"
    try rows.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func row(_ id: Int, _ response: String, mode: String = "on") -> String {
    "{\"id\": \"r\(id)\", \"prompt\": \"q\(id)\", \"domain\": \"general\", \"mode\": \"\(mode)\", \"response\": \"\(response)\"}"
  }

  private let thinking = "<judge>\\nj\\n</judge>\\n\\n<think_on>\\n<think>\\nt\\n</think>\\n<answer>\\na\\n</answer>"

  @Test func everyRowOnceAPassInAnOrderOfTheSeed() throws {
    let path = try file((0..<6).map { row($0, thinking) })
    defer { try? FileManager.default.removeItem(atPath: path) }
    let data = try DemonstrationFile([path], batchSize: 4, seed: 1)
    let drawn = (1...3).flatMap { data.batch(step: $0) }
    #expect(Set(drawn[0..<6].map(\.item.id)).count == 6 && Set(drawn[6..<12].map(\.item.id)).count == 6)
    #expect(drawn[0..<6].map(\.item.id) != drawn[6..<12].map(\.item.id))
    #expect(drawn[0].response == AutoThinkResponse(judge: "j", mode: .on, think: "t", answer: "a"))
    #expect(try DemonstrationFile([path], batchSize: 4, seed: 1).batch(step: 2) == data.batch(step: 2))
  }

  @Test(arguments: [
    ("{\"id\": \"r\", \"prompt\": \"q\", \"domain\": \"general\"}", "response", "found nothing"),
    ("{\"id\": \"r\", \"prompt\": \"q\", \"domain\": \"general\", \"response\": \"hm\"}", "response", "invalid format"),
    (
      "{\"id\": \"r\", \"prompt\": \"q\", \"domain\": \"general\", \"mode\": \"on\", "
        + "\"response\": \"<judge>j</judge><think_off><answer>a</answer>\"}", "mode", "think-off response"
    ),
  ])
  func wrongRowsAreNamed(text: String, field: String, found: String) throws {
    let path = try file([text])
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect {
      try DemonstrationFile([path], batchSize: 1, seed: 1)
    } throws: { error in
      let description = "\(error)"
      return description.contains("row \"r\", \(field)") && description.contains(found)
    }
  }
}
