import Foundation
import StrictJSON
import Testing

@testable import Verifiers

@Suite("General")
struct GeneralVerifierTests {
  static func verdict(
    _ response: String, _ reference: JSON = .null, _ fields: [(String, JSON)] = [], prompt: String = ""
  ) -> Verdict {
    GeneralVerifier().verify([
      VerifyRequest(id: "1", prompt: prompt, response: response, reference: reference, fields: JSONObject(fields))
    ])[0]
  }

  @Test(
    "references",
    arguments: [
      ("Paris", "Paris", 1.0), ("The answer is: Paris.", "paris", 1), ("the Eiffel Tower", "Eiffel Tower", 1),
      ("London", "Paris", 0), ("", "Paris", 0), ("<think>Paris</think>London", "Paris", 0), ("1,000", "1000", 1),
      ("42.0", "42", 1), ("guilty", "not guilty", 0), ("14 to 17", "17 to 14", 0),
      ("It costs 42.\nAnswer: 42", "42", 1),
      ("Paris London Rome Berlin", "Paris", 0), ("New York City, New York", "New York City", 1), ("-5", "5", 0),
    ])
  func references(response: String, reference: String, score: Double) {
    #expect(Self.verdict(response, .string(reference)).score == score)
  }

  @Test("any of several references")
  func anyOf() {
    #expect(Self.verdict("USA", ["United States", "USA"]).score == 1)
    #expect(Self.verdict("Canada", ["United States", "USA"]).score == 0)
    #expect(Self.verdict("x").failure?.kind == .badReference)
  }

  @Test(
    "keywords",
    arguments: [
      ("Plants use photosynthesis to turn sunlight into sugar.", 1.0), ("Plants eat sunlight.", 0),
      ("Photosynthesis needs light from the sun.", 1), ("", 0),
      (
        "photosynthesis sunlight photosynthesis sunlight photosynthesis sunlight photosynthesis sunlight photosynthesis",
        0
      ),
      (
        "photosynthesis sunlight respiration osmosis mitosis meiosis diffusion gravity magnetism evolution entropy water oxygen",
        0
      ),
      ("Explain in one sentence how plants make sugar using photosynthesis and sunlight", 0),
    ])
  func keywords(response: String, score: Double) {
    let fields: [(String, JSON)] = [("keywords", ["photosynthesis", ["sunlight", "light", "sun"]])]
    let prompt = "Explain in one sentence how plants make sugar using photosynthesis and sunlight"
    #expect(Self.verdict(response, .null, fields, prompt: prompt).score == score)
  }

  @Test(
    "DROP: numbers must be met, spans in any order",
    arguments: [
      ("12", "12", 1.0), ("12 yards", "12", 1), ("12 million", "12", 0), ("13 yards", "12 yards", 0), ("three", "3", 1),
      ("Filipinos and Pakistanis", "Pakistanis and Filipinos|Pakistani and Filipino", 1),
      ("Pakistanis", "Pakistanis and Filipinos", 0), ("1908 and 1907", "1907 and 1908", 1),
      ("1907 and 1909", "1907 and 1908", 0), ("the answer is 58.2%", "58.2", 1), ("58.3", "58.2", 0),
    ])
  func drop(response: String, reference: String, score: Double) {
    let fields: [(String, JSON)] = [("match", "drop")]
    #expect(Self.verdict(response, .string(reference), fields).score == score)
    #expect(Self.verdict(response, .null, [("ref_text", .string(reference))]).score == score)
  }

  @Test("graded overlap")
  func graded() {
    let verdict = Self.verdict("Denver Broncos won", "Denver Broncos", [("graded", true)])
    #expect(abs((verdict.score ?? 0) - 0.8) < 1e-9)
  }

  @Test("a classifier learns, is stored, and is read back")
  func classifier() throws {
    let good = [
      "the sum is seven", "the total is nine", "we get the sum eight", "so the total is two", "the result is six",
    ]
    let bad = ["i cannot help", "sorry i cannot", "i do not know that", "sorry no idea", "cannot help with it"]
    let examples =
      good.map { NGramClassifier.Example(text: $0, isPositive: true) }
      + bad.map { NGramClassifier.Example(text: $0, isPositive: false) }
    let classifier = try NGramClassifier.train(on: examples, bits: 10)
    #expect(try NGramClassifier.train(on: examples, bits: 10) == classifier)
    #expect(classifier.probability(of: "the sum is three") > 0.7)
    #expect(classifier.probability(of: "sorry i do not know") < 0.3)
    let file = FileManager.default.temporaryDirectory.appending(path: "classifier-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try classifier.write(to: file)
    let read = try NGramClassifier(contentsOf: file)
    #expect(abs(read.probability(of: "the sum is three") - classifier.probability(of: "the sum is three")) < 1e-6)
    let request = VerifyRequest(id: "1", response: "the total is five", fields: JSONObject([("match", "classifier")]))
    #expect(GeneralVerifier(classifier: read).verify([request])[0].score == 1)
    #expect(GeneralVerifier().verify([request])[0].failure?.kind == .unavailable)
    #expect(throws: VerifierFailure.self) { try NGramClassifier.train(on: Array(examples.prefix(5))) }
    #expect(throws: VerifierFailure.self) { try NGramClassifier(json: ["format": "x"]) }
  }

  @Test("an unknown rule is a failure")
  func unknownRule() {
    #expect(Self.verdict("x", "x", [("match", "exakt")]).failure?.kind == .badRequest)
  }
}
