import LanguageModel
import StrictJSON
import Testing
import Verifiers

@testable import step_srpo

/// `step-srpo bench`: its output and its arithmetic. Nothing here depends on how fast anything is.
@Suite struct BenchTests {
  static let keys = ["workload", "tokens", "seconds", "tokens_per_s", "gflops", "threads", "peak_rss_bytes"]
  static let small = ["--prompt-length", "4", "--new-tokens", "6", "--threads", "2", "--repetitions", "1", "--json"]

  @Test(arguments: [
    ("rollout", ["--batch", "3"], 18), ("train", ["--batch", "3"], 30),
    ("step", ["--groups", "2", "--group-size", "2"], 24),
  ]) func modelWorkloads(workload: String, words: [String], tokens: Int) throws {
    let result = try ProgramRunner.run(["bench", workload, "--shape", "nano"] + words + Self.small)
    #expect(result.code == 0, "\(result.error)")
    let json = try JSON.parse(result.out)
    #expect(json.object?.keys == Self.keys)
    #expect(json["workload"]?.string == workload && json["threads"]?.int == 2)
    #expect(json["tokens"]?.int == tokens)
    let seconds = try #require(json["seconds"]?.double)
    let rate = try #require(json["tokens_per_s"]?.double)
    #expect(seconds > 0 && abs(rate * seconds - Double(tokens)) < 1e-6 * Double(tokens))
    #expect(try #require(json["gflops"]?.double) > 0)
    #expect(try #require(json["peak_rss_bytes"]?.int) > 1 << 20)
    #expect(result.error.contains("s of processors"))
  }

  @Test func verifyAndLoad() throws {
    let verify = try ProgramRunner.run(["bench", "verify", "--batch", "12", "--repetitions", "1", "--json"])
    #expect(verify.code == 0)
    #expect(try JSON.parse(verify.out)["tokens"]?.int == 12)
    let load = try ProgramRunner.run(["bench", "load", "--repetitions", "1", "--json"])
    let json = try JSON.parse(load.out)
    #expect(load.code == 0 && json.object?.keys == Self.keys)
    #expect(json["tokens"] == .null && json["gflops"] == .null && json["threads"]?.int == 1)
  }

  @Test(arguments: [
    (["rolout"], "found \"rolout\", expected rollout, train, step, load, verify; did you mean \"rollout\"?"),
    (["train", "--shape", "nano", "--checkpoint", "x"], "--checkpoint and --shape exclude each other"),
    (["train", "--new-tokens", "3000"], "found 32 + 3000, expected at most the model's 2048 positions together"),
    (["train", "--batch", "0"], "--batch: found \"0\", expected a whole number, 1 to 1000000"),
  ]) func mistakesAreNamed(words: [String], message: String) throws {
    let result = try ProgramRunner.run(["bench"] + words)
    #expect(result.code == 2 && result.out.isEmpty && result.error.contains(message), "\(result.error)")
  }

  @Test func aMissingCheckpointIsNamed() throws {
    let result = try ProgramRunner.run(["bench", "load", "--checkpoint", "/nonexistent/model", "--json"])
    #expect(result.code == 1 && result.out.isEmpty && result.error.contains("/nonexistent/model"))
  }

  @Test func theMixtureHasRightAndWrongAnswers() {
    let verdicts = MathVerifier().verify((0..<12).map(MathBench.request))
    let scores = verdicts.compactMap { if case .score(let score, _) = $0 { score } else { nil } }
    #expect(scores == [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0])
  }

  /// Counted by hand for one layer of width 2, feed-forward 3, vocabulary 5: projections 4 x 2 x 2 = 16, feed-forward
  /// 3 x 2 x 3 = 18, head 10.
  @Test func operationsAreCounted() {
    let shape = ModelConfiguration(
      hiddenSize: 2, layers: 1, heads: 1, keyValueHeads: 1, feedForwardSize: 3, vocabularySize: 5)
    let arithmetic = ModelArithmetic(configuration: shape)
    #expect(arithmetic.forward(rows: 1, attended: 1, scored: 0) == 2 * 34 + 4 * 2)
    #expect(arithmetic.forward(rows: 0, attended: 0, scored: 3) == 2 * 3 * 10)
    #expect(ModelArithmetic.attended(rows: 3) == 6 && ModelArithmetic.attended(rows: 2, after: 5) == 13)
    // A prompt of two and one new token: the token is drawn from the prompt's own logits.
    #expect(
      arithmetic.sampling(promptLength: 2, newTokens: 1, rollouts: 4)
        == arithmetic.forward(rows: 2, attended: 3, scored: 1))
  }

  @Test func medians() {
    #expect(Measurement.median([3, 1, 2]) == 2 && Measurement.median([4, 1, 2, 3]) == 2)
  }
}
