import Foundation
import StrictJSON
import Tasks
import Testing
import Verifiers

@testable import StepSRPO

@Suite struct AuditTests {
  private func item(_ fields: [(String, JSON)] = [], verifier: String = "general") -> TaskItem {
    TaskItem(
      id: "q", prompt: "who?", domain: .general, verifier: verifier, reference: "Ann", fields: JSONObject(fields))
  }

  private let right = Verdict.score(1, VerdictDetail())
  private let half = Verdict.score(0.5, VerdictDetail())
  private let wrong = Verdict.score(0, VerdictDetail())
  private let failed = Verdict.failed(VerifierFailure(.crashed, "gone"))

  @Test func aRowNamesItsOwnAuditorAndNobodyAuditsHimself() {
    let audit = Audit(verifier: "exact")
    #expect(audit.verifier(of: item()) == "exact")
    #expect(audit.verifier(of: item([("audit", "sympy-math")])) == "sympy-math")
    #expect(audit.verifier(of: item(verifier: "exact")) == nil)
    #expect(Audit().verifier(of: item()) == nil)
    #expect(Audit().verifier(of: item([("audit", "exact")])) == "exact")
  }

  @Test func onlyWhatWasRewardedIsRead() {
    let audit = Audit(verifier: "exact")
    #expect(audit.request(right, on: "Ann(", to: item(), id: "1")?.verifier == "exact")
    #expect(audit.request(half, on: "Ann(", to: item(), id: "1") != nil)
    for verdict in [wrong, failed, .abstain(reason: ""), nil] {
      #expect(audit.request(verdict, on: "Ann(", to: item(), id: "1") == nil)
    }
  }

  @Test func theSampleIsAFunctionOfTheCoordinates() {
    let audit = Audit(verifier: "exact", share: 0.25)
    let read = (0..<4000).filter { audit.reads(seed: 7, step: 1, query: $0 / 8, sample: $0 % 8) }
    #expect(read == (0..<4000).filter { audit.reads(seed: 7, step: 1, query: $0 / 8, sample: $0 % 8) })
    #expect((900...1100).contains(read.count))
    #expect(Audit(share: 0).reads(seed: 7, step: 1, query: 0, sample: 0) == false)
    #expect(Audit(share: 1).reads(seed: 7, step: 1, query: 0, sample: 0))
  }

  @Test func disagreementIsOverWhatTheAuditScored() {
    #expect(Audit.disagreement([(right, right), (right, wrong), (half, wrong), (right, half)]) == 0.5)
    // Not rewarded, not read, not scored: none of these is a part of it.
    #expect(Audit.disagreement([(wrong, right), (right, nil), (right, failed), (right, .abstain(reason: ""))]) == nil)
    #expect(Audit.disagreement([(right, failed), (right, wrong)]) == 1)
  }

  @Test func theLetterIsTheLetter() {
    func score(_ answer: String, _ reference: JSON) -> Double? {
      Verifiers.ExactVerifier().verify([VerifyRequest(id: "", response: answer, reference: reference)])[0].score
    }
    #expect(
      score("Ann", "Ann") == 1 && score(" Ann\n", "Ann") == 1 && score("7", 7) == 1 && score("b", ["a", "b"]) == 1)
    for answer in ["Ann(", "ann", "Ann.", "not Ann", "Ann Bob", "", "An", "\"Ann\""] {
      #expect(score(answer, "Ann") == 0)
    }
    #expect(score("7.0", 7) == 0 && score("caf\u{E9}", "cafe\u{301}") == 0)
    #expect(score("<think>Bob</think><answer>Ann</answer>", "Ann") == 1)
    #expect(score("x", .null) == nil && score("x", [true]) == nil)
  }
}

@Suite struct AnswerFormTests {
  private func group(_ answers: [(String, Double)], reference: JSON = "Ann", verifier: String = "general")
    -> GroupRecord
  {
    GroupRecord(
      item: TaskItem(id: "q", prompt: "who?", domain: .general, verifier: verifier, reference: reference),
      accuracyOn: nil, accuracyOff: nil, delta: nil, rightMode: nil, contributes: true,
      rollouts: answers.enumerated().map { place, answer in
        var record = RolloutRecord(
          sample: place, kind: .free, text: answer.0, length: 1, truncated: false, mode: .off, invalidReason: nil)
        record.verdict = .score(answer.1, VerdictDetail(extracted: answer.0))
        return record
      })
  }

  @Test(
    arguments: [
      ("Ann", nil), (" ann ", nil), ("Ann(", "R("), ("not Ann", "a R"), ("Ann Bob Cat", "R a a"), ("Anna", "a"),
      ("the answer is 12.", "a a a 9."), ("Ann or Ann", "R a R"), ("", ""), ("Ann((", "R(("),
      ("x=\\frac{1}{22}", "a=\\a{9}{9}"),
    ] as [(String, String?)])
  func aFormIsWhatIsWrittenAroundTheReference(answer: String, form: String?) {
    #expect(AnswerForms.form(answer, references: ["Ann"]) == form)
  }

  @Test func newFormsAreCountedAfterTheFirstSteps() {
    var forms = AnswerForms()
    for _ in 0..<AnswerForms.firstSteps {
      // One form in 250 is a trace; one in ten is known. A wrong answer's form is nobody's.
      let answers = Array(repeating: ("Ann", 1.0), count: 224) + Array(repeating: ("it is Ann", 1.0), count: 25)
      #expect(forms.observe([group(answers + [("Ann(", 1)] + [("Bob?", 0)])]).isEmpty)
    }
    #expect(forms.observe([group([("Ann", 1), ("it is Ann", 1)])]) == ["general": 0])
    #expect(forms.observe([group([("Ann", 1), ("Ann(", 1), ("Bob?", 0), ("Ann?", 0.4)])]) == ["general": 0.5])
    #expect(forms.observe([group([("Bob?", 0)])]).isEmpty)
    // Another verifier's forms are its own, and programs have none.
    #expect(forms.observe([group([("it is 7", 1)], reference: 7, verifier: "math")]) == ["math": 1])
    #expect(forms.observe([group([(String(repeating: "x", count: 300), 1)])]).isEmpty)
    // The watch goes on where it was after a resume.
    let saved = try? JSONDecoder().decode(AnswerForms.self, from: JSONEncoder().encode(forms))
    #expect(saved == forms)
  }

  @Test func aCheckpointWithoutTheWatchIsRead() throws {
    var state = TrainerState(
      sampler: QuerySampler([group([]).item], configuration: RunConfiguration()))
    state.forms = nil
    let data = try JSONEncoder().encode(state)
    #expect(!String(decoding: data, as: UTF8.self).contains("forms"))
    #expect(try JSONDecoder().decode(TrainerState.self, from: data).forms == nil)
  }
}
