import Foundation
import StrictJSON
import Testing

@testable import Verifiers

@Suite("Science")
struct ScienceVerifierTests {
  /// The letter read from a response to a question with four options (or the given ones).
  static func letter(_ response: String, _ choices: JSON? = nil, byText: Bool = false) -> String? {
    var fields = JSONObject()
    if let choices { fields["choices"] = choices }
    if byText { fields["choice_text"] = true }
    let request = VerifyRequest(id: "1", response: response, reference: "A", fields: fields)
    return ScienceVerifier().verify([request])[0].detail?.extracted
  }

  static let four: JSON = ["red", "green", "blue", "yellow"]

  @Test(
    "letters that are submitted",
    arguments: [
      ("C", "C"), ("(C)", "C"), ("c.", "C"), ("**C**", "C"), ("C. blue", "C"), ("C) blue", "C"), ("(c) blue", "C"),
      ("Answer: C", "C"), ("The answer is C.", "C"), ("the answer is (c)", "C"), ("**Answer: C**", "C"),
      ("Answer: **C) blue**", "C"), ("The correct option is C because it is blue.", "C"),
      ("\\boxed{C}", "C"), ("So $\\boxed{\\text{C}}$.", "C"), ("\\boxed{C. blue}", "C"), ("<answer>C</answer>", "C"),
      ("<think>The answer is A</think>The answer is C", "C"), ("{\"answer\": \"C\"}", "C"),
      ("The answer is not B. The answer is C.", "C"), ("Option A is wrong. B is wrong. C is correct. D is wrong.", "C"),
      ("A is incorrect because it is red. Therefore, C.", "C"), ("I would go with option C.", "C"),
      ("Answer: C\n\nOption A is not correct; option B is incorrect.", "C"), ("### Answer\n\nC", "C"),
      ("Antwort:\n\nAntwort: C", "C"), ("答案是C。", "C"), ("The answer is A. Wait, no. The answer is C.", "C"),
      ("The third option is the right one.", "C"), ("I'd go with the last one.", "D"), ("3rd option.", "C"),
      ("So the one that is not a color of leaves is C.", "C"),
      ("A is out. B is out. D is out. That leaves only one.", "C"),
      ("I'm inclined to say C, although B cannot be ruled out.", "C"), ("the anwser is c", "C"),
      ("Although B is also true, the answer is C.", "C"), ("<answer>B</answer> Wait, no: <answer>C</answer>", "C"),
      ("Hmm, B is close, but I'd say C.", "C"), ("There's little doubt that it is C, though some might say A.", "C"),
      ("Answer: B\n\nWait, I take that back.\n\nAnswer: C", "C"), ("It is green, which makes B my answer.", "B"),
    ])
  func submitted(response: String, expected: String) { #expect(Self.letter(response, Self.four) == expected) }

  @Test(
    "no single letter is submitted",
    arguments: [
      "", "I do not know", "A strong acid donates protons.", "The answer is a catalyst.", "A or B",
      "The answer is A or B.",
      "A. red\nB. green\nC. blue\nD. yellow", "It is not B.", "The answer is E.", "I computed it twice.",
      "<think>The answer is C", "None of the above", "The answer cannot be B.",
      "Answer: A\nAnswer: B\nAnswer: C\nAnswer: D", "\\boxed{A} for red light, \\boxed{B} for leaves.",
      "The answer is A. The answer is B. The answer is C.", "<answer>A</answer><answer>B</answer>",
      "The least likely answer is B.", "Not A. Not B. Not D.",
      "Options: A) red, B) green, C) blue, D) yellow\nAnswer:", "So the answer is blue.",
      "Vitamin C is an antioxidant.",
    ])
  func none(response: String) { #expect(Self.letter(response, Self.four) == nil) }

  @Test("where the text of one option about others begins like that of another, the longer one is meant")
  func textsAboutOptions() {
    let choices: JSON = ["red", "blue", "Both A and B", "Both A and B are correct"]
    #expect(Self.letter("Both A and B are correct.", choices) == "D")
    #expect(Self.letter("The answer is both A and B.", choices) == "C")
  }

  @Test(
    "where a row asks for it, the text of an option counts like its letter",
    arguments: [
      ("So the answer is blue.", "C"), ("blue", "C"), ("Leaves are green, but the sky is **blue**.", "C"),
      ("Green light mixes, so it's yellow.", "D"), ("blue because it scatters", "C"), ("Blue, not red.", "C"),
      ("It is not blue.", nil), ("blue or green", nil), ("Is it blue?", nil), ("red\ngreen\nblue\nyellow", nil),
      ("The answer is A or B, so blue.", nil), ("Blue paint mixes with red paint.", nil), ("The answer is B.", "B"),
      ("<think>so it is blue", nil),
      ("Many people would pick blue.", nil), ("I doubt it's blue.", nil), ("It's hard to say whether it's blue.", nil),
      ("A common mistake is blue.", nil), ("Paper turns pale by fading of blue.", nil), ("red, green, and blue", nil),
      ("If I had to guess, blue.", "C"), ("Everything except blue.", nil), ("The sky is called blue.", "C"),
      ("<answer>yellow</answ", "D"),
    ] as [(String, String?)])
  func text(response: String, expected: String?) {
    #expect(Self.letter(response, Self.four, byText: true) == expected)
  }

  @Test("330 responses first scored unseen, options by letter or text: no letter invented")
  func unseen() throws {
    let file = try #require(Bundle.module.url(forResource: "Fixtures/science-unseen", withExtension: "jsonl"))
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { try JSON.parse(String($0)) }
    var wrong: [String] = []
    for row in rows {
      let response = row["response"]?.string ?? ""
      let found = Self.letter(response, row["choices"], byText: true)
      guard found != row["expected"]?.string else { continue }
      wrong.append("\(response): \(found ?? "none"), expected \(row["expected"]?.string ?? "none")")
      #expect(found == nil, "\(response)")
    }
    #expect(rows.count == 330)
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }

  @Test("560 responses first scored unseen, options by letter alone: at least 98 %, at most one false reward")
  func unseenLetters() throws {
    let file = try #require(Bundle.module.url(forResource: "Fixtures/science-letters", withExtension: "jsonl"))
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { try JSON.parse(String($0)) }
    var wrong: [String] = []
    var falseRewards = 0
    for row in rows {
      let response = row["response"]?.string ?? ""
      let found = Self.letter(response, row["choices"])
      guard found != row["expected"]?.string else { continue }
      wrong.append("\(response): \(found ?? "none"), expected \(row["expected"]?.string ?? "none")")
      if found == row["key"]?.string { falseRewards += 1 }
    }
    #expect(rows.count == 560)
    #expect(wrong.count <= 9, "\(wrong.joined(separator: "\n"))")
    #expect(falseRewards <= 1)
  }

  @Test("references are letters, indices or texts; a bad one is a failure")
  func references() {
    func verdict(_ reference: JSON) -> Verdict {
      ScienceVerifier().verify([
        VerifyRequest(id: "1", response: "C", reference: reference, fields: JSONObject([("choices", Self.four)]))
      ])[0]
    }
    #expect(verdict("C").score == 1)
    #expect(verdict("(c)").score == 1)
    #expect(verdict(2).score == 1)
    #expect(verdict("blue").score == 1)
    #expect(verdict("B").score == 0)
    #expect(verdict(["B", "C"]).score == 1)
    #expect(verdict("E").failure?.kind == .badReference)
    #expect(verdict(.null).failure?.kind == .badReference)
    #expect(verdict(9).failure?.kind == .badReference)
  }

  @Test("held-out responses: at least 98 % of letters, no false reward")
  func heldOut() throws {
    let file = try #require(Bundle.module.url(forResource: "Fixtures/science-responses", withExtension: "jsonl"))
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { try JSON.parse(String($0)) }
    let choices: JSON = ["red light", "a green leaf", "blue water", "yellow sand"]
    var wrong: [String] = []
    var falseRewards = 0
    for row in rows {
      let response = row["response"]?.string ?? ""
      let found = Self.letter(response, choices)
      guard found != row["expected"]?.string else { continue }
      wrong.append("\(response): \(found ?? "none")")
      if found == row["key"]?.string { falseRewards += 1 }
    }
    #expect(rows.count > 150)
    #expect(Double(wrong.count) <= 0.02 * Double(rows.count), "\(wrong.joined(separator: "\n"))")
    #expect(falseRewards <= 1)
  }

  @Test(
    "responses full of traps, and in the styles of chat models: at least 98 % of letters, none where there is none",
    arguments: [("science-traps", 1000), ("science-styles", 370)])
  func traps(fixture: String, size: Int) throws {
    let file = try #require(Bundle.module.url(forResource: "Fixtures/\(fixture)", withExtension: "jsonl"))
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { try JSON.parse(String($0)) }
    var missed: [String] = []
    var invented: [String] = []
    for row in rows {
      let response = row["response"]?.string ?? ""
      let found = Self.letter(response, row["choices"])
      guard found != row["expected"]?.string else { continue }
      let line = "\(response): \(found ?? "none"), expected \(row["expected"]?.string ?? "none")"
      if found == nil { missed.append(line) } else { invented.append(line) }
    }
    #expect(rows.count > size)
    #expect(Double(missed.count + invented.count) <= 0.02 * Double(rows.count), "\(missed.joined(separator: "\n"))")
    #expect(invented.count <= 2, "\(invented.joined(separator: "\n"))")
  }
}
