import Foundation
import LanguageModel
import StepSRPO
import Tasks
import Testing

@testable import ColdStart

/// Prompts that leave too little room for a response, found before a run begins.
@Suite final class PromptSieveTests {
  private let folder = NSTemporaryDirectory() + "sieve-" + UUID().uuidString

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func file(_ name: String, _ lengths: [Int]) throws -> String {
    let path = "\(folder)/\(name)"
    // An empty line, so that a row's number is not its line.
    let rows = lengths.enumerated().map { place, length in
      "{\"id\": \"q\(place)\", \"prompt\": \"\(String(repeating: "x", count: length))\", \"domain\": \"math\", "
        + "\"reference\": \"1\"}\n"
    }
    try ("\n" + rows.joined()).write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func configuration(_ change: (inout RunConfiguration) -> Void) -> RunConfiguration {
    var configuration = RunConfiguration()
    (configuration.model.hiddenSize, configuration.model.layers) = (32, 1)
    configuration.model.maxPositions = 128
    configuration.rollout.maxNewTokens = 64
    configuration.tasks.trainQueries = 8
    configuration.evaluation.itemsPerCell = 1
    change(&configuration)
    return configuration
  }

  /// The longest prompt that fits: positions less what is kept for a response less the tokens of the layout.
  private func longest(_ configuration: RunConfiguration) throws -> Int {
    let codec = try Policy.codec(configuration.model)
    let layout = codec.prompt(TaskItem(id: "", prompt: "", domain: .math, verifier: "math")).count
    return PromptRoom(positions: 128, configuration.rollout).longestPrompt - layout
  }

  private func refusal(_ configuration: RunConfiguration) -> ConfigurationError? {
    do {
      _ = try PipelineData(configuration)
      return nil
    } catch { return error as? ConfigurationError }
  }

  @Test func rowsAreNamedWithFileLineAndTokens() throws {
    let most = try longest(configuration { _ in })
    let path = try file("pool.jsonl", [5, most + 1, most, 900, 7])
    let fitting = try file("fits.jsonl", [5, most])
    let error = try #require(refusal(configuration { $0.tasks.trainFiles = [path] }))
    #expect(error.key == "tasks.too_long" && error.message.hasPrefix("2 of 5 prompts"), "\(error)")
    #expect(error.message.contains("\(path):3 (\"q1\") with 113 tokens\n"), "\(error)")
    #expect(error.message.contains("\(path):5 (\"q3\") with"), "\(error)")
    #expect(error.message.contains("128 positions, 16 are kept") && error.message.contains("may have 112 tokens"))
    #expect(error.message.contains("--set tasks.too_long=drop"))
    #expect(refusal(configuration { $0.tasks.trainFiles = [fitting] }) == nil)
  }

  @Test func atMostTenRowsAreNamed() throws {
    let path = try file("pool.jsonl", Array(repeating: 500, count: 25))
    let error = try #require(refusal(configuration { $0.tasks.trainFiles = [path] }))
    #expect(error.message.hasPrefix("25 of 25") && error.message.components(separatedBy: "pool.jsonl:").count == 11)
  }

  @Test func droppedRowsAreLeftOutAndCounted() throws {
    let pool = try file("pool.jsonl", [5, 500, 6, 501])
    let held = try file("held.jsonl", [500, 4])
    let data = try PipelineData(
      configuration {
        ($0.tasks.trainFiles, $0.tasks.testFiles, $0.tasks.tooLong) = ([pool], [held], .drop)
      })
    #expect(data.queries.map(\.id) == ["q0", "q2"] && data.evaluation.map { $0.items.map(\.id) } == [["q1"]])
    #expect(data.leftOut.map(\.set) == ["training", "held"] && data.leftOut.map(\.count) == [2, 1])
    #expect(
      data.leftOut[0].description.hasPrefix("training: 2 of 4 prompts have more than 112 tokens and are left out: "))
    #expect(data.leftOut[0].rows.first?.contains("pool.jsonl:3") == true)
    // A prompt of six letters is the longest that is left.
    #expect(data.longestPrompt < 60)
  }

  @Test func aHeldOutSetIsLookedAtToo() throws {
    let held = try file("held.jsonl", [500, 4])
    let error = try #require(refusal(configuration { $0.tasks.testFiles = [held] }))
    #expect(error.source == "held" && error.message.contains("held.jsonl:2"), "\(error)")
  }

  @Test func nothingLeftIsAnError() throws {
    let pool = try file("pool.jsonl", [500])
    let error = try #require(
      refusal(
        configuration {
          ($0.tasks.trainFiles, $0.tasks.tooLong) = ([pool], .drop)
        }))
    #expect(error.key == "tasks.train_files" && error.message.contains("every prompt is too long"), "\(error)")
    // A held-out set of which nothing is left is none.
    let data = try PipelineData(configuration { ($0.tasks.testFiles, $0.tasks.tooLong) = ([pool], .drop) })
    #expect(data.evaluation.isEmpty && data.leftOut.count == 1)
  }

  /// A model with hardly a position refuses its whole suite instead of meeting it in its first step.
  @Test func theSuiteIsLookedAtToo() throws {
    let error = try #require(
      refusal(
        configuration { (configuration: inout RunConfiguration) in
          (configuration.model.maxPositions, configuration.rollout.maxNewTokens) = (24, 20)
        }))
    #expect(error.message.hasPrefix("8 of 8 prompts") && error.message.contains("primer/"), "\(error)")
  }

  /// A suite has only so many different queries; what asks for more is named.
  @Test(arguments: [
    ("evaluation.items_per_cell=10000", "evaluation.items_per_cell"),
    ("tasks.train_queries=100000", "tasks.train_queries"),
    ("tasks.domains=['math', 'math']", "tasks.domains"),
  ]) func whatASuiteCannotGiveIsNamed(setting: String, key: String) throws {
    let small = ["model.hidden_size=32", "model.layers=1", "tasks.train_queries=8", "evaluation.items_per_cell=1"]
    let file = try ConfigurationFile(text: "{}", source: "c.json", overrides: small + [setting])
    #expect(refusal(file.configuration)?.key == key, "\(String(describing: refusal(file.configuration)))")
  }

  /// The weights, shares and counts of tasks at the ends of their ranges give data or an error, and never a trap.
  @Test(arguments: [
    "tasks.level_weights=[1000000,1e-6,0,0,0,0]", "tasks.level_weights=[1e-6,1e-6]",
    "tasks.level_weights=[0,0,0,0,0,1e6]",
    "tasks.intent_share=1", "tasks.intent_share=1e-300",
    "tasks.mix={hard_bias: 1000, easy_share: 0.999, easy_below: 0.999}",
    "tasks.mix={math: 1e-6, code: 1e6}", "tasks.mix={math: 0, code: 0, science: 0, general: 1e-6}",
    "tasks.train_queries=1",
    "evaluation.items_per_cell=1", "cold_start.random_mode_share=1", "cold_start.think_on_share=[0]",
    "cold_start.think_on_share=[1,1,1,1,1,1,1,1,1]", "cold_start.given_off_share=[1,1,1,1,1,1,1,1]",
    "cold_start.level_weights=[1e-6]", "cold_start.by_domain={math: {level_weights: [0, 1e6]}}",
    "seed=9223372036854775807",
    "tasks.stages=[{steps: 10000000}, {steps: 10000000, mix: {hard_bias: 1000}}, {}]",
  ]) func theEndsOfRangesGiveData(setting: String) throws {
    let small = [
      "model.hidden_size=32", "model.layers=1", "tasks.train_queries=8", "evaluation.items_per_cell=1",
      "cold_start.batch_size=2",
    ]
    let file = try ConfigurationFile(text: "{}", source: "c.json", overrides: small + [setting])
    let data = try PipelineData(file.configuration)
    #expect(!data.queries.isEmpty && data.demonstrations(1).count == 2)
    #expect(data.demonstrations(10_000_000).count == 2)
    var sampler = QuerySampler(data.queries, configuration: file.configuration)
    #expect(sampler.next(20, step: 10_000_000).count == 20)
  }
}
