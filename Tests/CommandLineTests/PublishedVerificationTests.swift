import Foundation
import StrictJSON
import Tasks
import Testing
import Verifiers

/// The verifiers on the published data, where it lies beside the checkout: every key is accepted as an answer to its own
/// row, every instruction can be checked, and the samples of programming problems run.
@Suite struct PublishedVerificationTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/data").path
  static let isThere = FileManager.default.fileExists(atPath: folder)

  private func items(_ file: String, _ format: DataFormat) throws -> [TaskItem] {
    try DataFile.read(Self.folder + "/" + file, as: format).items
  }

  private func request(_ item: TaskItem, _ response: String) -> VerifyRequest {
    VerifyRequest(id: item.id, prompt: item.prompt, response: response, reference: item.reference, fields: item.fields)
  }

  @Test(.enabled(if: isThere, "needs ../shared/data beside the checkout"))
  func everyInstructionOfIFEvalIsChecked() throws {
    let rows = try items("ifeval/input_data.jsonl", .ifeval)
    #expect(rows.count == 500)
    let verdicts = GeneralVerifier().verify(rows.map { request($0, "Some text, here.") })
    for (row, verdict) in zip(rows, verdicts) { #expect(verdict.score != nil, "\(row.id): \(verdict)") }
    #expect(verdicts.compactMap(\.score).reduce(0, +) < 100)
    // A preflight takes such rows as they are: they ask for a form, not for an answer.
    let report = VerifierPreflight.check(
      GeneralVerifier(), rows: rows.prefix(50).map { VerifierPreflight.Row(request: request($0, "")) })
    #expect(report.passes, "\(report)")
  }

  @Test(
    .enabled(if: isThere, "needs ../shared/data beside the checkout"),
    arguments: [
      ("arc_challenge/test.jsonl", DataFormat.arc, 1112), ("openbookqa/test.jsonl", .arc, 500),
      ("mmlu_stem/test.jsonl", .mmlu, 2958), ("commonsenseqa/dev.jsonl", .commonsenseQA, 1221),
      ("aqua/test.jsonl", .aqua, 254),
    ])
  func everyKeyIsRight(file: String, format: DataFormat, count: Int) throws {
    let rows = try items(file, format)
    #expect(rows.count == count)
    let verifier = ScienceVerifier()
    for form in ["The answer is LETTER.", "LETTER. TEXT", "**Answer: LETTER**"] {
      let requests = rows.map { row in
        let letter = row.reference.string ?? ""
        let text = row.fields["choices"]?[letter]?.string ?? ""
        return request(row, form.replacing("LETTER", with: letter).replacing("TEXT", with: text))
      }
      var missed: [String] = []
      for (row, verdict) in zip(rows, verifier.verify(requests)) where verdict.score != 1 {
        missed.append("\(row.id) \(form): \(verdict)")
        #expect(verdict.detail?.extracted == nil, "\(row.id) \(form): \(verdict)")
      }
      // A handful of texts are nothing but letters and questions ("C, C++"); then no letter is read, and never another.
      #expect(missed.count <= (form.contains("TEXT") ? 3 : 0), "\(missed.joined(separator: "\n"))")
    }
  }

  @Test(.enabled(if: isThere, "needs ../shared/data beside the checkout"))
  func theSamplesOfProgrammingProblemsCanBeVerified() throws {
    let contests = try items("code_contests_sample/sample.jsonl", .codeContests)
    let live = try items("livecodebench_sample/sample.jsonl", .codeContests)
    #expect(contests.count == 20 && live.count == 2)
    let verifier = CodeVerifier()
    guard (try? verifier.layers()) != nil else { return }
    let right = [
      "for _ in range(int(input())):\n    s = input()\n    print('YES' if sum(a != b for a, b in zip(s, 'abc')) <= 2 else 'NO')",
      """
      n = int(input())
      s = input()
      t = s.count('T')
      a = n - t
      if t != a:
          print('T' if t > a else 'A')
      else:
          print('A' if s[-1] == 'T' else 'T')
      """,
    ]
    let verdicts = verifier.verify(zip(live, right).map { request($0, $1) } + contests.map { request($0, "print()") })
    #expect(verdicts.prefix(2).allSatisfy { $0.score == 1 }, "\(verdicts.prefix(2))")
    // A program that prints nothing is judged on each of the others, and never fails the verifier.
    #expect(
      verdicts.dropFirst(2).allSatisfy { $0.score == 0 }, "\(verdicts.dropFirst(2).first { $0.score != 0 } as Any)")
  }
}
