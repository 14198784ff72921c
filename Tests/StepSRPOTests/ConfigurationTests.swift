import Testing

@testable import StepSRPO

@Suite struct ConfigurationTests {
  private func failure(_ text: String, overrides: [String] = []) -> ConfigurationError? {
    do {
      _ = try ConfigurationFile(text: text, source: "c.json", overrides: overrides)
      return nil
    } catch { return error as? ConfigurationError }
  }

  @Test func emptyFileIsTheDefaults() throws {
    let file = try ConfigurationFile(text: "{}", source: "c.json")
    #expect(file.configuration == RunConfiguration())
    let again = try ConfigurationFile(resolved: file.resolved.text(), source: "stored")
    #expect(again.configuration == file.configuration)
  }

  @Test func fileAndOverridesWin() throws {
    let text = "{ seed: 7, rollout: { workers: 3, }, tasks: { domains: ['math'] } }  // note"
    let file = try ConfigurationFile(
      text: text, source: "c.json", overrides: ["rollout.workers=4", "name=try-1", "algorithm.judge_reward=soft"])
    #expect(file.configuration.seed == 7)
    #expect(file.configuration.rollout.workers == 4)
    #expect(file.configuration.name == "try-1")
    #expect(file.configuration.algorithm.judgeReward == .soft)
    #expect(file.configuration.tasks.domains == [.math])
  }

  @Test func unknownKeyNamesLineAndNearest() throws {
    let error = try #require(failure("{\n  train: {\n    learnig_rate: 1 } }"))
    #expect(error.line == 3)
    #expect(error.key == "train.learnig_rate")
    #expect(error.message.contains("did you mean \"learning_rate\"?"))
  }

  @Test(arguments: [
    ("{ seed: 'x' }", "seed", "found a string, expected a number"),
    ("{ seed: 1.5 }", "seed", "whole number"),
    ("{ train: 3 }", "train", "found a number, expected an object"),
    ("{ algorithm: { judge_reward: 'hrd' } }", "algorithm.judge_reward", "did you mean \"hard\"?"),
    ("{ algorithm: { preset: 'dreamer' } }", "algorithm.preset", "expected one of step-srpo"),
    ("{ rollout: { workers: 0 } }", "rollout.workers", "found 0, expected a positive number"),
    ("{ model: { heads: 3 } }", "model.heads", "multiple"),
    ("{ tasks: { domains: ['maths'] } }", "tasks.domains.0", "maths"),
  ])
  func wrongValuesNameTheKey(text: String, key: String, message: String) throws {
    let error = try #require(failure(text))
    #expect(error.key == key)
    #expect(error.message.contains(message), "\(error)")
    #expect(error.line == 1)
  }

  @Test func wrongOverridesAreBlamedOnTheCommandLine() throws {
    let unknown = try #require(failure("{}", overrides: ["rollout.worker=2"]))
    #expect(unknown.source == "--set" && unknown.message.contains("\"workers\""))
    let range = try #require(failure("{}", overrides: ["rollout.workers=-1"]))
    #expect(range.source == "--set" && range.key == "rollout.workers")
    #expect(failure("{}", overrides: ["nonsense"])?.source == "--set")
  }

  @Test func syntaxErrorsHaveALine() throws {
    let error = try #require(failure("{\n  seed: 1\n  name: 'x' }"))
    #expect(error.line == 3)
  }

  @Test func missingFile() {
    #expect(throws: ConfigurationError(source: "nowhere.json", message: "no such file")) {
      try ConfigurationFile(path: "nowhere.json")
    }
  }
}
