import Foundation
import StrictJSON
import Tasks
import Testing

/// One row of each published format, written here in the published columns.
@Suite struct DataFormatTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  func item(_ row: String, _ format: DataFormat) throws -> TaskItem {
    let file = try DataFile.read(folder.file(row), as: format, source: "set")
    #expect(file.rejected.isEmpty)
    return try #require(file.items.first)
  }

  @Test func gsm8kTakesWhatFollowsTheHashes() throws {
    let item = try item(#"{"question": "How many?", "answer": "3 * 400 = <<3*400=1200>>\n#### 1,200"}"#, .gsm8k)
    #expect(item.prompt == "How many?")
    #expect(item.reference == "1200")
    #expect(item.id == "set/1")
    #expect(item.verifier == "math")
  }

  @Test func mathTakesTheAnswerOrTheLastBox() throws {
    let row =
      #"{"problem": "p", "level": "Level 3", "type": "Algebra", "solution": "so \\boxed{1} or \\boxed{\\frac{1}{2}}"}"#
    let boxed = try item(row, .math)
    #expect(boxed.reference == #"\frac{1}{2}"#)
    #expect(boxed.difficulty == 0.5)
    #expect(boxed.difficultyLabel == "3")
    let plain = try item(
      #"{"problem": "p", "level": 5, "answer": "x", "solution": "\\boxed{y}", "unique_id": "test/1.json"}"#, .math)
    #expect(plain.reference == "x")
    #expect(plain.difficulty == 0.9)
    #expect(plain.id == "set/test/1.json")
    #expect(try item(#"{"problem": "p", "level": "Level ?", "answer": "x"}"#, .math).difficulty == nil)
  }

  @Test func competitionsKeepNumbersAsNumbers() throws {
    #expect(try item(#"{"id": 3, "problem": "p", "answer": 27.0}"#, .competition).reference == 27)
    let item = try item(#"{"id": 60, "problem": "p", "answer": "025"}"#, .competition)
    #expect(item.reference == "025")
    #expect(item.id == "set/60")
  }

  @Test func olympiadAnswersStayTogether() throws {
    let row = #"{"id": 1, "question": "q", "context": "c", "final_answer": ["1", "2"], "unit": "km"}"#
    let item = try item(row, .olympiadBench)
    #expect(item.reference == "1, 2")
    #expect(item.prompt == "c\nq")
    #expect(item.fields["unit"] == "km")
  }

  @Test func wordProblems() throws {
    let svamp = try item(
      #"{"ID": "chal-1", "Body": "Each costs 76", "Question": "How much?", "Answer": 51.0, "Type": "Subtraction"}"#,
      .svamp)
    #expect(svamp.prompt == "Each costs 76. How much?")
    #expect(svamp.reference == 51)
    let cmath = try item(#"{"grade": 6, "question": "q", "golden": "18"}"#, .cmath)
    #expect(cmath.difficultyLabel == "6")
    let mgsm = try item(#"{"id": "0", "messages": [{"role": "user", "content": "q"}], "answer": "18"}"#, .mgsm)
    #expect(mgsm.prompt == "q")
  }

  @Test func choicesAreLetteredAndShown() throws {
    let arc = try item(
      #"{"id": "x", "question": "Which?", "choices": {"text": ["a", "b"], "label": ["1", "2"]}, "answerKey": "2"}"#,
      .arc)
    #expect(arc.reference == "B")
    #expect(arc.prompt == "Which?\nA) a\nB) b")
    #expect(arc.fields["choices"] == ["A": "a", "B": "b"])
    #expect(arc.verifier == "science")
    #expect(try item(#"{"question": "q", "choices": ["a", "b", "c"], "answer": 2}"#, .mmlu).reference == "C")
    let aqua = try item(#"{"question": "q", "options": ["A)5", "B) 6"], "correct": "B"}"#, .aqua)
    #expect(aqua.prompt == "q\nA) 5\nB) 6")
    #expect(aqua.domain == .math)
    let commonsense = try item(
      #"{"answerKey": "B", "id": "i", "question": {"stem": "s", "choices": [{"label": "A", "text": "x"}, {"label": "B", "text": "y"}]}}"#,
      .commonsenseQA)
    #expect(commonsense.reference == "B")
  }

  @Test func codeRowsCarryTheirTests() throws {
    let human = try item(
      #"{"task_id": "HumanEval/7", "prompt": "def f(x):\n", "entry_point": "f", "test": "def check(candidate): pass"}"#,
      .humanEval)
    #expect(human.id == "set/7")
    #expect(
      human.fields["tests"] == [
        "kind": "check", "prelude": "def f(x):\n", "program": "def check(candidate): pass", "entry_point": "f",
      ])
    let mbpp = try item(
      #"{"task_id": 4, "text": "Write f.", "test_list": ["assert f(1) == 2"], "test_setup_code": "s"}"#, .mbpp)
    #expect(mbpp.prompt.hasSuffix("assert f(1) == 2"))
    #expect(mbpp.fields["tests"] == ["kind": "asserts", "setup": "s", "asserts": ["assert f(1) == 2"]])
    let contest = try item(
      #"{"id": 0, "content": "c", "labels": "{\"difficulty\": \"HARD\"}", "test": "[{\"input\": {\"stdin\": \"1\"}, \"output\": {\"stdout\": \"2\"}}]"}"#,
      .codeContests)
    #expect(contest.fields["tests"] == ["kind": "stdio", "cases": [["stdin": "1", "stdout": "2"]]])
    #expect(contest.difficultyLabel == "HARD")
  }

  @Test func bbhIsChoicesOrWords() throws {
    let choice = try item(#"{"task": "t", "input": "q\nOptions:\n(A) x\n(B) y", "target": "(B)"}"#, .bbh)
    #expect(choice.verifier == "science")
    #expect(choice.reference == "B")
    #expect(choice.fields["choices"] == ["A": "x", "B": "y"])
    let word = try item(#"{"task": "t", "input": "q", "target": "valid"}"#, .bbh)
    #expect(word.verifier == "general")
    #expect(word.fields["match"] == "exact")
  }

  @Test func readingAndInstructions() throws {
    #expect(try item(#"{"context": "c", "ref_text": "a|b"}"#, .drop).reference == ["a", "b"])
    let ifeval = try item(
      #"{"key": 9, "prompt": "p", "instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}"#, .ifeval)
    #expect(ifeval.fields["instruction_id_list"] == ["punctuation:no_comma"])
    #expect(try item(#"{"input": "i", "target_scores": {"Yes": 0, "No": 1}}"#, .strategyQA).reference == "No")
    #expect(try item(#"{"question": "q", "answer": "yajo"}"#, .exact).fields["match"] == "exact")
  }

  @Test func rowsOfTrainingToolkits() throws {
    let verl = try item(
      #"{"prompt": [{"role": "user", "content": "q"}], "ability": "MATH", "data_source": "d", "reward_model": {"ground_truth": "4"}, "extra_info": {"index": 12}}"#,
      .verl)
    #expect(verl.id == "set/12")
    #expect(verl.reference == "4")
    #expect(verl.domain == .math)
    let trl = try item(#"{"prompt": "q", "solution": "hence \\boxed{4}"}"#, .trl)
    #expect(trl.reference == "4")
  }

  @Test func aMappingReadsAnyColumns() throws {
    let path = try folder.file(
      #"{"q": "Which?", "meta": {"gold": "B"}, "options": ["x", "y"], "hard": 0.5, "k": 3, "note": 1}"# + "\n"
        + #"{"q": "Which?", "meta": {}, "k": 4}"#)
    let columns = ColumnMapping(
      prompt: "q", reference: "meta.gold", domain: .science, id: "k", difficulty: "hard",
      renamed: ["options": "choices"])
    let file = try DataFile.read(path, columns: columns, source: "mine")
    #expect(
      file.items == [
        TaskItem(
          id: "3", prompt: "Which?", domain: .science, verifier: "science", reference: "B", difficulty: 0.5,
          source: "mine",
          fields: JSONObject([("meta", ["gold": "B"]), ("choices", ["x", "y"]), ("note", 1)]))
      ])
    #expect(file.rejected.map(\.line) == [2])
    #expect(file.rejected.first?.field == "meta.gold")
  }

  @Test func badRowsAreNamedAndTheRestIsKept() throws {
    let path = try folder.file(
      """
      {"question": "a", "answer": "#### 1"}
      {"question": "b", "answer": "none"}
      {"answer": "#### 1"}
      {"question": "d", "answer": "#### 2"}
      """)
    let file = try DataFile.read(path, as: .gsm8k)
    #expect(file.items.map(\.prompt) == ["a", "d"])
    #expect(file.rejected.map(\.line) == [2, 3])
    #expect(file.rejected.map(\.field) == ["answer", "question"])
    #expect(throws: TaskFileError.self) { try DataFile.read(path, as: .humanEval) }
  }

  @Test func formatsAreFoundByName() throws {
    #expect(try DataFormat.named("gsm8k") == .gsm8k)
    #expect(try DataFormat.named("aime24") == .competition)
    let error = try #require(throws: TaskFileError.self) { try DataFormat.named("gms8k") }
    #expect(error.expected.contains("did you mean \"gsm8k\"?"))
  }
}
