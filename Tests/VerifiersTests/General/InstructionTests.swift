import StrictJSON
import Testing

@testable import Verifiers

@Suite("IFEval instructions")
struct InstructionTests {
  struct Example: Sendable {
    let id: String
    let arguments: JSONObject
    let follows: [String]
    let misses: [String]

    init(_ id: String, _ arguments: JSON, follows: [String], misses: [String]) {
      self.id = id
      self.arguments = arguments.object ?? JSONObject()
      self.follows = follows
      self.misses = misses
    }
  }

  static let examples: [Example] = [
    Example(
      "keywords:existence", ["keywords": ["river", "Sea"]], follows: ["The RIVER meets the sea."],
      misses: ["The river."]),
    Example(
      "keywords:frequency", ["keyword": "cat", "frequency": 2, "relation": "at least"], follows: ["Cat and cat."],
      misses: ["One cat."]),
    Example(
      "keywords:forbidden_words", ["forbidden_words": ["rain"]], follows: ["A rainy day."], misses: ["No rain today."]),
    Example(
      "keywords:letter_frequency", ["letter": "q", "let_frequency": 2, "let_relation": "less than"],
      follows: ["A quiet day."], misses: ["Quick quiet."]),
    Example(
      "language:response_language", ["language": "de"], follows: ["Das ist nicht der Weg, den wir gehen wollen."],
      misses: ["This is not the way that we want to go.", "C'est la vie et il ne faut pas le dire."]),
    Example(
      "language:response_language", ["language": "hi"], follows: ["यह एक अच्छा दिन है और हम खुश हैं।"],
      misses: ["हे एक चांगला दिवस आहे आणि आम्ही आनंदी आहोत.", "A good day"]),
    Example(
      "length_constraints:number_sentences", ["num_sentences": 3, "relation": "less than"],
      follows: ["Dr. Smith paid 3.50 to Mr. Jones. He left!", "Visit e.g. the U.S. in May."],
      misses: ["One. Two. Three."]),
    Example(
      "length_constraints:number_paragraphs", ["num_paragraphs": 2],
      follows: ["One\n***\nTwo", "***\nOne\n***\nTwo\n***"],
      misses: ["One", "One\n***\n\n***\nTwo", "One\n\nTwo"]),
    Example(
      "length_constraints:number_words", ["num_words": 4, "relation": "at least"], follows: ["one two three four"],
      misses: ["one two three"]),
    Example(
      "length_constraints:nth_paragraph_first_word", ["num_paragraphs": 2, "nth_paragraph": 2, "first_word": "Then"],
      follows: ["First this.\n\n\"Then, that.", "First.\n\n\n\nThen that."],
      misses: ["First.\n\nSo that.", "Then.", "A\n\nThen\n\nB"]),
    Example(
      "detectable_content:number_placeholders", ["num_placeholders": 2], follows: ["Dear [name], see [place]."],
      misses: ["Dear [name]."]),
    Example(
      "detectable_content:postscript", ["postscript_marker": "P.P.S"],
      follows: ["Bye.\nP.P.S. More.", "Bye.\np. p. s more"],
      misses: ["Bye.\nP.S. More."]),
    Example(
      "detectable_format:number_bullet_lists", ["num_bullets": 2], follows: ["* a\n* b", "- a\n  - b\n---"],
      misses: ["* a", "* a\n* b\n* c", "**a**\n**b**"]),
    Example(
      "detectable_format:constrained_response", [:], follows: ["My answer is maybe."],
      misses: ["maybe", "My answer is Yes"]),
    Example(
      "detectable_format:number_highlighted_sections", ["num_highlights": 2],
      follows: ["*one* and **two**", "* bullet with *one* and *two*"], misses: ["*one*", "* a\n* b", "** **"]),
    Example(
      "detectable_format:multiple_sections", ["section_spliter": "Section", "num_sections": 2],
      follows: ["Section 1\na\nSection 2\nb"], misses: ["Section 1\na", "Sections and Section"]),
    Example(
      "detectable_format:json_format", [:], follows: ["{\"a\": [1, 2]}", "```json\n{\"a\": 1}\n```"],
      misses: ["{a: 1}", "text"]),
    Example(
      "detectable_format:title", [:], follows: ["<<A title>>\ntext"], misses: ["<A title>", "<< >>", "<<a\nb>>"]),
    Example(
      "combination:two_responses", [:], follows: ["One\n******\nTwo"],
      misses: ["One", "One\n******\nOne", "A******B******C"]),
    Example(
      "combination:repeat_prompt", ["prompt_to_repeat": "Say hi."], follows: ["say hi.\nHi!"], misses: ["Hi! Say hi."]),
    Example(
      "startend:end_checker", ["end_phrase": "The end."], follows: ["So it was. the end.\n", "\"The end.\""],
      misses: ["The end. Bye"]),
    Example("startend:quotation", [:], follows: [" \"All of it\" "], misses: ["\"", "All \"of\" it"]),
    Example(
      "change_case:capital_word_frequency", ["capital_frequency": 2, "capital_relation": "at least"],
      follows: ["THE END of it"], misses: ["The End OF it"]),
    Example(
      "change_case:english_capital", [:], follows: ["THIS IS IT, 100%."],
      misses: ["THIS IS It.", "DAS IST NICHT DER WEG UND AUCH KEIN ZIEL"]),
    Example("change_case:english_lowercase", [:], follows: ["this is it."], misses: ["This is it.", "123"]),
    Example("punctuation:no_comma", [:], follows: ["No commas here."], misses: ["Well, one."]),
  ]

  private func verdict(_ id: String, _ arguments: JSONObject, _ response: String) -> Verdict {
    GeneralVerifierTests.verdict(
      response, .null, [("instruction_id_list", [.string(id)]), ("kwargs", [.object(arguments)])])
  }

  @Test("all 25 checks, followed and not")
  func all() {
    #expect(InstructionCheck.all.count == 25)
    #expect(Set(Self.examples.map(\.id)) == Set(InstructionCheck.all.map(\.id)))
    for example in Self.examples {
      for response in example.follows {
        #expect(verdict(example.id, example.arguments, response).score == 1, "\(example.id): \(response)")
      }
      for response in example.misses + ["", " \n"] {
        #expect(verdict(example.id, example.arguments, response).score == 0, "\(example.id): \(response)")
      }
    }
  }

  @Test("an unknown id or a missing argument is a failure, never a pass")
  func closed() {
    #expect(verdict("punctuation:no_commas", JSONObject(), "fine").failure?.kind == .badReference)
    #expect(verdict("keywords:existence", JSONObject(), "fine").failure?.kind == .badReference)
    #expect(
      verdict("keywords:frequency", JSONObject([("keyword", "a"), ("frequency", 1), ("relation", "about")]), "a")
        .failure != nil)
    #expect(verdict("keywords:letter_frequency", JSONObject([("letter", "ab")]), "a").failure?.kind == .badReference)
  }

  @Test("the score is all or nothing, the share is a metric")
  func share() {
    let fields: [(String, JSON)] = [
      ("instruction_id_list", ["punctuation:no_comma", "detectable_format:title"]), ("kwargs", [[:], [:]]),
    ]
    let verdict = GeneralVerifierTests.verdict("no title", .null, fields)
    #expect(verdict.score == 0)
    #expect(verdict.detail?.metrics["instructions_followed"] == 0.5)
  }

  static let rows = SharedData.lines("ifeval/input_data.jsonl")

  @Test("every published row loads and can be checked", .enabled(if: rows != nil, "needs ../shared/data"))
  func published() {
    for row in Self.rows ?? [] {
      let prompt = row["prompt"]?.string ?? ""
      let fields = JSONObject([
        ("instruction_id_list", row["instruction_id_list"] ?? .null), ("kwargs", row["kwargs"] ?? .null),
      ])
      let verdict = GeneralVerifier().verify([
        VerifyRequest(id: row["key"]?.text() ?? "", prompt: prompt, response: "x", fields: fields)
      ])[0]
      #expect(verdict.score != nil, "\(row["key"]?.text() ?? ""): \(verdict)")
    }
  }
}
