import AutoThink
import LanguageModel
import StepSRPO
import Tasks
import TensorCore
import Testing
import Verifiers

@testable import ColdStart

/// Rows of a conversation with tools: the loss is on the model's own new tokens only, whatever stands before them.
@Suite struct MultiTurnTests {
  private func policy() throws -> Policy {
    var section = ModelSection()
    (section.hiddenSize, section.layers, section.heads, section.keyValueHeads) = (16, 1, 2, 1)
    (section.feedForwardSize, section.maxPositions) = (16, 224)
    return try Policy(section, seed: 2)
  }

  @Test(arguments: ToolSuite.levels) func coldStartsLossIsOverTheLastTurn(_ level: Int) throws {
    let policy = try policy()
    var weights = [0.0, 0, 0, 0, 0, 0]
    weights[level - 1] = 1
    let suite = try ToolSuite(levelWeights: weights)
    let item = suite.item(.train, at: 3)
    let response = try suite.trace(item, mode: .on, variation: 0)
    let (prompt, own) = (policy.codec.prompt(item), policy.codec.response(response))
    var batch = PackedBatch()
    batch.appendGroup(prompt: prompt, responses: [own])
    let logProbs = policy.model.tokenLogProbs(batch, tape: Tape()).logProb.values
    #expect(logProbs.count == own.count, "\(prompt.count) tokens of the conversation before are none of them")
    var options = ColdStartSection()
    options.steps = 1
    let trainer = SupervisedTrainer(policy: policy, options: options, train: TrainSection())
    let (loss, _) = try trainer.update([Demonstration(item: item, response: response)], learningRate: 0)
    let expected = -logProbs.reduce(0) { $0 + Double($1) } / Double(own.count)
    #expect(abs(loss - expected) < 1e-5)
  }

  /// Easy turns are shown in both modes, chains with thought: the mode to learn changes within a conversation.
  @Test func theModeShownChangesFromTurnToTurn() throws {
    var configuration = RunConfiguration()
    configuration.tasks.suite = .tools
    configuration.coldStart.thinkOnShare = [0.4, 0.4, 0.4, 0.4, 1, 1]
    configuration.evaluation.itemsPerCell = 3
    let data = try PipelineData(configuration)
    let shown = (1...20).flatMap { data.demonstrations($0) }
    for level in ToolSuite.levels {
      let own = shown.filter { $0.item.fields["level"]?.int == level }
      let on = Double(own.count { $0.response.mode == .on }) / Double(own.count)
      #expect(ToolSuite.thinkingLevels.contains(level) ? on > 0.97 : (0.25...0.55).contains(on), "\(level): \(on)")
    }
    #expect(data.evaluation.map(\.name) == ["tools", "tools-live"])
    #expect(data.evaluation[1].items.allSatisfy { ToolScript($0) != nil } && data.evaluation[1].items.count == 3)
    #expect(data.queries.allSatisfy { ToolScript($0) == nil })
  }

  @Test func anUpdateThatIsNotFiniteStopsTheColdStart() throws {
    let policy = try policy()
    let suite = try ToolSuite()
    let item = suite.item(.train, at: 1)
    let shown = Demonstration(item: item, response: try suite.trace(item, mode: .off, variation: 0))
    var options = ColdStartSection()
    (options.steps, options.warmupSteps, options.learningRate) = (9, 0, 1e38)
    let trainer = SupervisedTrainer(policy: policy, options: options, train: TrainSection())
    var steps = 0
    let error = #expect(throws: BrokenStep.self) {
      try trainer.train(batch: { _ in [shown] }) { _ in
        steps += 1
        return .continue
      }
    }
    let broken = try #require(error)
    #expect(broken.stage == "cold start" && broken.step == steps + 1 && broken.step < 9)
    #expect(broken.description.contains("not finite"))
    #expect(broken.batch["demonstrations"]?.array?.first?["query"]?.string == item.id)
  }
}
