import StrictJSON

extension DataFormat {
  /// The format whose columns the rows have, told by the first row that has any format's; nil where none does.
  public static func detect(_ rows: [JSONObject]) -> DataFormat? {
    for row in rows {
      if let format = detect(Row(object: row, line: 0)) { return format }
    }
    return nil
  }

  /// From the most to the least telling column.
  private static func detect(_ row: Row) -> DataFormat? {
    func has(_ names: String...) -> Bool { names.allSatisfy { row.object[$0] != nil } }
    func isText(_ name: String) -> Bool { row.value(name)?.string != nil }
    let ownDomain =
      row.value("domain")?.string.flatMap(Domain.init) ?? row.value("verifier")?.string.flatMap(Domain.init)
    if ownDomain != nil, has("prompt") || has("messages") { return .task }
    if has("prompt", "reward_model") || (has("prompt", "data_source")) { return .verl }
    if has("instruction_id_list", "kwargs") { return .ifeval }
    if has("prompt", "test", "entry_point") { return .humanEval }
    if has("test_list") { return .mbpp }
    if has("prompt", "test", "language") { return .multiPL }
    if has("content", "test") { return .codeContests }
    if has("question", "final_answer") { return .olympiadBench }
    if has("Body", "Question", "Answer") { return .svamp }
    if has("question", "golden") { return .cmath }
    if has("messages", "answer") { return .mgsm }
    if has("question", "options", "correct") { return .aqua }
    if row.value("question.stem") != nil { return .commonsenseQA }
    if has("question", "choices", "answerKey") { return .arc }
    if has("question", "choices", "answer") { return .mmlu }
    if has("input", "target_scores") { return .strategyQA }
    if has("input", "target") { return .bbh }
    if has("context", "ref_text") { return .drop }
    if has("question", "answer", "scoring") { return .reasoningGym }
    if has("problem", "level") || (has("problem", "solution") && !has("answer")) { return .math }
    if has("problem", "answer") { return .competition }
    if has("prompt", "solution") { return .trl }
    if has("question", "answer"), isText("question") {
      return row.value("answer")?.string?.contains("####") == true ? .gsm8k : .exact
    }
    if has("messages") { return .messages }
    // verl's own end-to-end rows have a conversation and nothing else.
    if row.value("prompt")?.array != nil { return .verl }
    return nil
  }
}
