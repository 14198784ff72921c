import StrictJSON

/// IFEval's instruction checks by id. An id that is not here is a failure of the row, never a pass.
struct InstructionCheck: Sendable {
  /// The id IFEval uses, for example `punctuation:no_comma`.
  let id: String
  /// Whether a response follows the instruction.
  let follows: @Sendable (String, InstructionArguments) throws -> Bool

  /// All 25, in IFEval's order.
  static let all: [InstructionCheck] = [
    InstructionCheck(id: "keywords:existence") { text, arguments in
      let lower = text.lowercased()
      return try arguments.words("keywords").allSatisfy { lower.contains($0.lowercased()) }
    },
    InstructionCheck(id: "keywords:frequency") { text, arguments in
      let word = try arguments.text("keyword").lowercased()
      return try arguments.holds(
        InstructionText.occurrences(of: word, in: text.lowercased()), "frequency", relation: "relation")
    },
    InstructionCheck(id: "keywords:forbidden_words") { text, arguments in
      let lower = text.lowercased()
      return try !arguments.words("forbidden_words").contains { InstructionText.hasWord($0.lowercased(), in: lower) }
    },
    InstructionCheck(id: "keywords:letter_frequency") { text, arguments in
      let letter = try arguments.text("letter").lowercased()
      guard letter.count == 1 else { throw arguments.error("letter", "one character") }
      return try arguments.holds(
        text.lowercased().filter { String($0) == letter }.count, "let_frequency", relation: "let_relation")
    },
    InstructionCheck(id: "language:response_language") { text, arguments in
      let language = try arguments.text("language")
      guard LanguageGuess.known.contains(language) else {
        throw arguments.error("language", "one of \(LanguageGuess.known.joined(separator: ", "))")
      }
      return LanguageGuess.language(of: text) == language
    },
    InstructionCheck(id: "length_constraints:number_sentences") { text, arguments in
      try arguments.holds(InstructionText.sentences(in: text), "num_sentences", relation: "relation")
    },
    InstructionCheck(id: "length_constraints:number_paragraphs") { text, arguments in
      // Paragraphs are divided by "***"; a blank one at either end does not count, one in between is an error.
      var parts = InstructionText.parts(of: text, dividedBy: "***")
      if parts.count > 1, InstructionText.isBlank(parts[0]) { parts.removeFirst() }
      if parts.count > 1, InstructionText.isBlank(parts[parts.count - 1]) { parts.removeLast() }
      return try !parts.contains(where: InstructionText.isBlank) && parts.count == arguments.number("num_paragraphs")
    },
    InstructionCheck(id: "length_constraints:number_words") { text, arguments in
      try arguments.holds(InstructionText.words(in: text).count, "num_words", relation: "relation")
    },
    InstructionCheck(id: "length_constraints:nth_paragraph_first_word") { text, arguments in
      let count = try arguments.number("num_paragraphs")
      let index = try arguments.number("nth_paragraph")
      let paragraphs = InstructionText.parts(of: text, dividedBy: "\n\n").filter { !InstructionText.isBlank($0) }
      guard index >= 1, paragraphs.count == count, index <= count else { return false }
      return try InstructionText.firstWord(of: paragraphs[index - 1]) == arguments.text("first_word").lowercased()
    },
    InstructionCheck(id: "detectable_content:number_placeholders") { text, arguments in
      try InstructionText.placeholders(in: text) >= arguments.number("num_placeholders")
    },
    InstructionCheck(id: "detectable_content:postscript") { text, arguments in
      InstructionText.hasPostscript(try arguments.text("postscript_marker"), in: text)
    },
    InstructionCheck(id: "detectable_format:number_bullet_lists") { text, arguments in
      try InstructionText.bullets(in: text) == arguments.number("num_bullets")
    },
    InstructionCheck(id: "detectable_format:constrained_response") { text, _ in
      ["My answer is yes.", "My answer is no.", "My answer is maybe."].contains { text.contains($0) }
    },
    InstructionCheck(id: "detectable_format:number_highlighted_sections") { text, arguments in
      try InstructionText.highlights(in: text) >= arguments.number("num_highlights")
    },
    InstructionCheck(id: "detectable_format:multiple_sections") { text, arguments in
      try InstructionText.sections(in: text, named: arguments.text("section_spliter"))
        >= arguments.number("num_sections")
    },
    InstructionCheck(id: "detectable_format:json_format") { text, _ in
      var bare = InstructionText.trimmed(text)
      for fence in ["```json", "```Json", "```JSON", "```"] where bare.hasPrefix(fence) {
        bare.removeFirst(fence.count)
        break
      }
      if bare.hasSuffix("```") { bare.removeLast(3) }
      return (try? JSON.parse(bare)) != nil
    },
    InstructionCheck(id: "detectable_format:title") { text, _ in InstructionText.hasTitle(text) },
    InstructionCheck(id: "combination:two_responses") { text, _ in
      var parts = InstructionText.parts(of: text, dividedBy: "******")
      if parts.count > 1, InstructionText.isBlank(parts[0]) { parts.removeFirst() }
      if parts.count > 1, InstructionText.isBlank(parts[parts.count - 1]) { parts.removeLast() }
      return parts.count == 2 && !parts.contains(where: InstructionText.isBlank)
        && InstructionText.trimmed(parts[0]) != InstructionText.trimmed(parts[1])
    },
    InstructionCheck(id: "combination:repeat_prompt") { text, arguments in
      InstructionText.trimmed(text).lowercased().hasPrefix(
        InstructionText.trimmed(try arguments.text("prompt_to_repeat")).lowercased())
    },
    InstructionCheck(id: "startend:end_checker") { text, arguments in
      var bare = InstructionText.trimmed(text)
      while bare.hasSuffix("\"") { bare.removeLast() }
      return bare.lowercased().hasSuffix(InstructionText.trimmed(try arguments.text("end_phrase")).lowercased())
    },
    InstructionCheck(id: "startend:quotation") { text, _ in
      let bare = InstructionText.trimmed(text)
      return bare.count > 1 && bare.hasPrefix("\"") && bare.hasSuffix("\"")
    },
    InstructionCheck(id: "change_case:capital_word_frequency") { text, arguments in
      try arguments.holds(
        InstructionText.capitalWords(in: text), "capital_frequency", relation: "capital_relation")
    },
    InstructionCheck(id: "change_case:english_capital") { text, _ in
      InstructionText.isCased(text, upper: true) && LanguageGuess.mayBeEnglish(text)
    },
    InstructionCheck(id: "change_case:english_lowercase") { text, _ in
      InstructionText.isCased(text, upper: false) && LanguageGuess.mayBeEnglish(text)
    },
    InstructionCheck(id: "punctuation:no_comma") { text, _ in !text.contains(",") },
  ]

  static let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
}

/// The `kwargs` of one instruction.
struct InstructionArguments {
  /// The instruction they belong to, for messages.
  let id: String
  let values: JSONObject

  func error(_ key: String, _ expected: String) -> VerifierFailure {
    let found = values[key].map { String($0.text().prefix(60)) } ?? "nothing"
    return VerifierFailure(.badReference, "\(id): \"\(key)\" is \(found), expected \(expected)")
  }

  func text(_ key: String) throws -> String {
    guard let text = values[key]?.string, !text.isEmpty else { throw error(key, "a text") }
    return text
  }

  func words(_ key: String) throws -> [String] {
    guard let words = values[key]?.array?.compactMap(\.string), !words.isEmpty,
      words.count == values[key]?.array?.count,
      !words.contains("")
    else { throw error(key, "a list of words") }
    return words
  }

  func number(_ key: String) throws -> Int {
    guard let number = values[key]?.int, number >= 0 else { throw error(key, "a number of 0 or more") }
    return number
  }

  /// Whether a count stands in the asked relation to a number: "at least" or "less than".
  func holds(_ count: Int, _ key: String, relation: String) throws -> Bool {
    switch try text(relation) {
    case "at least": try count >= number(key)
    case "less than": try count < number(key)
    default: throw error(relation, "\"at least\" or \"less than\"")
    }
  }
}

extension GeneralVerifier {
  /// IFEval's checks: all must hold (its strict accuracy on prompts); with `graded`, the share that holds.
  func instructions(_ request: VerifyRequest) throws -> Verdict {
    guard let ids = request.fields["instruction_id_list"]?.array, !ids.isEmpty else {
      throw VerifierFailure(.badReference, #""instruction_id_list" is missing or empty"#)
    }
    let arguments = request.fields["kwargs"]?.array ?? []
    guard arguments.isEmpty || arguments.count == ids.count else {
      throw VerifierFailure(.badReference, #""kwargs" has \#(arguments.count) elements for \#(ids.count) instructions"#)
    }
    let answer = ResponseText.answer(of: request.response)
    let isEmpty = InstructionText.isBlank(answer)
    var missed: [String] = []
    for (i, value) in ids.enumerated() {
      let id = value.string ?? value.kind
      guard let check = InstructionCheck.byID[id] else {
        let hint = nearestName(to: id, in: InstructionCheck.all.map(\.id)).map { "; did you mean \"\($0)\"?" } ?? ""
        throw VerifierFailure(.badReference, "unknown instruction \"\(id)\"\(hint)")
      }
      let given = i < arguments.count ? arguments[i].object : JSONObject()
      guard let given else {
        throw VerifierFailure(.badReference, #""kwargs" holds \#(arguments[i].kind), expected objects"#)
      }
      let follows = try check.follows(answer, InstructionArguments(id: id, values: given))
      if !follows || isEmpty { missed.append(id) }
    }
    let share = Double(ids.count - missed.count) / Double(ids.count)
    return .score(
      request.fields["graded"]?.bool == true ? share : missed.isEmpty ? 1 : 0,
      VerdictDetail(
        extracted: String(answer.prefix(500)), outcome: missed.isEmpty ? "correct" : "incorrect",
        reason: missed.isEmpty
          ? "all \(ids.count) instructions followed" : "not followed: " + missed.joined(separator: ", "),
        metrics: ["instructions_followed": share]))
  }
}
