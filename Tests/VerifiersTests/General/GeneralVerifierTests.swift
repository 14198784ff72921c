import StrictJSON
import Testing

@testable import Verifiers

@Suite("General")
struct GeneralVerifierTests {
  static func verdict(
    _ response: String, _ reference: JSON = .null, prompt: String = "", _ fields: [(String, JSON)] = []
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
    #expect(Self.verdict(response, prompt: prompt, fields).score == score)
  }

  @Test("an unknown rule is a failure")
  func unknownRule() {
    #expect(Self.verdict("x", "x", [("match", "exakt")]).failure?.kind == .badRequest)
  }
}
