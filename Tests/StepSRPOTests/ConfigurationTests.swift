import Foundation
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
    ("{ rollout: { workers: 0 } }", "rollout.workers", "found 0, expected a whole number from 1 to 1024"),
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
    #expect(unknown.source == "--set rollout.worker=2" && unknown.message.contains("\"workers\""))
    let range = try #require(failure("{}", overrides: ["rollout.workers=-1"]))
    #expect(range.source == "--set rollout.workers=-1" && range.key == "rollout.workers" && range.isOverride)
    #expect(failure("{}", overrides: ["nonsense"])?.source == "--set")
    let large = try #require(failure("{}", overrides: ["seed=2", "rollout.temperature=1e400"]))
    #expect(
      large.description
        == "--set rollout.temperature=1e400: rollout.temperature: found 1e400, expected a number from 0.001 "
        + "to 100 (rollouts must explore)")
    // A section that is set as a whole is to blame for what is in it, and the last one for what several set.
    let section = try #require(
      failure("{}", overrides: ["rollout={workers: 0}", "rollout={temperature: 2}", "seed=3"]))
    #expect(section.source == "--set rollout={temperature: 2}" && section.key == "rollout.workers")
    let file = try #require(failure("{ rollout: {\n workers: 0 } }", overrides: ["rollout.temperature=2"]))
    #expect(file.source == "c.json" && file.line == 2)
  }

  @Test func syntaxErrorsHaveALine() throws {
    let error = try #require(failure("{\n  seed: 1\n  name: 'x' }"))
    #expect(error.line == 3)
  }

  @Test func bytesThatAreNoTextAreNamed() throws {
    let path = NSTemporaryDirectory() + "configuration-\(UUID().uuidString).json"
    defer { unlink(path) }
    let text = Array("{\n  // caf".utf8) + [0xE9] + Array("\n seed: 1 }".utf8)
    try Data(text).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: ConfigurationError.self) { try ConfigurationFile(path: path) }
    #expect(
      error?.line == 2 && error?.message == "column 9: the byte 0xE9 is not valid UTF-8", "\(String(describing: error))"
    )
    #expect(throws: ConfigurationError(source: "/tmp", message: "is a folder, expected a regular file")) {
      try ConfigurationFile(path: "/tmp")
    }
  }

  @Test func missingFile() {
    #expect(throws: ConfigurationError(source: "nowhere.json", message: "no such file or directory")) {
      try ConfigurationFile(path: "nowhere.json")
    }
  }

  @Test(arguments: AlgorithmSection.Preset.allCases)
  func presetsSetTheirParts(preset: AlgorithmSection.Preset) throws {
    let file = try ConfigurationFile(text: "{ algorithm: { preset: '\(preset.rawValue)' } }", source: "c.json")
    #expect(file.configuration == RunConfiguration(preset: preset))
    #expect(Set(file.resolved["algorithm"]?.object?.keys ?? []) == preset.keys, "the document says what is used")
    let again = try ConfigurationFile(resolved: file.resolved.text(), source: "stored")
    #expect(again.configuration == file.configuration)
    let set = try ConfigurationFile(text: "{}", source: "c.json", overrides: ["algorithm.preset=\(preset.rawValue)"])
    #expect(set.configuration == file.configuration)
  }

  @Test(arguments: AlgorithmSection.Preset.allCases)
  func presetsNameRealKeys(preset: AlgorithmSection.Preset) throws {
    let all = AlgorithmSection.Preset.allCases.reduce(into: Set<String>()) { $0.formUnion($1.keys) }
    let file = try ConfigurationFile(text: "{ algorithm: { preset: '\(preset.rawValue)' } }", source: "c.json")
    let used = try #require(file.resolved["algorithm"]?.object)
    #expect(preset.keys.isSubset(of: used.keys), "a key that the section lacks")
    #expect(Mirror(reflecting: AlgorithmSection()).children.count == all.count, "a key that no preset reads")
  }

  @Test func partsCanBeOverridden() throws {
    let file = try ConfigurationFile(
      text: "{ algorithm: { preset: 'grpo', clip_high: 0.3, kl: 'none' }, rollout: { minimum_per_mode: 2 } }",
      source: "c.json")
    #expect(file.configuration.algorithm.clipHigh == 0.3 && file.configuration.algorithm.clipLow == 0.2)
    #expect(file.configuration.algorithm.kl == .none && !file.configuration.algorithm.needsReference)
    #expect(file.configuration.rollout.minimumPerMode == 2)
  }

  @Test func aPartThePresetDoesNotUseIsAnError() throws {
    let error = try #require(failure("{ algorithm: { preset: 'grpo',\n eta: 0.5 } }"))
    #expect(error.key == "algorithm.eta" && error.line == 2)
    #expect(error.message.contains("the preset grpo does not use this key") && error.message.contains("step-srpo does"))
    let set = try #require(failure("{}", overrides: ["algorithm.reward_on=0.5"]))
    #expect(set.isOverride && set.message.contains("the preset step-srpo does not use this key"))
    let typo = try #require(failure("{ algorithm: { clip_hihg: 1 } }"))
    #expect(typo.message.contains("did you mean \"clip_high\"?"))
  }

  @Test(arguments: [
    ("{ algorithm: { kl: 'k1-reward' } }", "algorithm.kl", "stands in the loss"),
    ("{ algorithm: { preset: 'grpo', forced_gate: 'half' } }", "algorithm.forced_gate", "forced_per_mode above 0"),
    ("{ rollout: { free_rollouts: 0 } }", "rollout.free_rollouts", "at least one rollout"),
    ("{ algorithm: { judge_answer_share: 2 } }", "algorithm.judge_answer_share", "a number from 0 to 1"),
    (
      "{ algorithm: { gate_choice: 'vocabulary', gate_form_weight: 1 } }", "algorithm.gate_form_weight",
      "0 with gate_choice"
    ),
    ("{ model: { checkpoint: 'x', lora: { rank: 4 } }, train: { optimizer: 'muon' } }", "train.optimizer", "adamw"),
    (
      "{ cold_start: { by_domain: { code: { level_weights: [-1] } } } }", "cold_start.by_domain.code.level_weights.0",
      "from 1e-6 to 1000000"
    ),
    ("{ cold_start: { by_domain: { maths: {} } } }", "cold_start.by_domain.maths", "did you mean \"math\"?"),
    (
      "{ tasks: { suite: 'tools' }, cold_start: { by_domain: { general: { given_off_share: [1] } } } }",
      "cold_start.by_domain", "primer"
    ),
    ("{ cold_start: { optimizer: 'moun' } }", "cold_start.optimizer", "did you mean \"muon\"?"),
    ("{ tasks: { stages: [{ steps: 0 }, { steps: 5 }] } }", "tasks.stages.0.steps", "only the last stage"),
    ("{ tasks: { stages: [{ stepz: 3 }] } }", "tasks.stages.0.stepz", "did you mean \"steps\"?"),
    ("{ tasks: { stages: [{ domains: ['maths'] }] } }", "tasks.stages.0.domains.0", "maths"),
    ("{ tasks: { mix: { easy_share: 1 } } }", "tasks.mix.easy_share", "from 0 to 0.999"),
    ("{ tasks: { mix: { hard_bias: 1 }, stages: [{ steps: 5 }] } }", "tasks.mix", "its own"),
    ("{ tasks: { level_weights: [1, 1, 1, 1, 1, 1, 1] } }", "tasks.level_weights", "one to 6 weights"),
    ("{ tasks: { level_weights: [0, 0] } }", "tasks.level_weights", "one of them above 0"),
    ("{ tasks: { level_weights: [1, '2'] } }", "tasks.level_weights.1", "expected a number"),
    ("{ tasks: { too_long: 'dropp' } }", "tasks.too_long", "did you mean \"drop\"?"),
    ("{ tasks: { mix: { math: 0, code: 0, science: 0, general: 0 } } }", "tasks.mix", "every domain"),
  ])
  func partsThatDoNotGoTogether(text: String, key: String, message: String) throws {
    let error = try #require(failure(text))
    #expect(error.key == key && error.message.contains(message), "\(error)")
  }

  @Test func stagesTakeTheirDefaults() throws {
    let file = try ConfigurationFile(
      text: "{ tasks: { stages: [{ name: 'math', steps: 50, domains: ['math'] }, { mix: { hard_bias: 1 } }] } }",
      source: "c.json")
    let stages = file.configuration.tasks.stages
    #expect(stages.map(\.steps) == [50, 0] && stages[0].domains == [.math] && stages[1].mix.hardBias == 1)
    #expect(file.resolved["tasks"]?["stages"]?.array?.first?["mix"]?["easy_share"]?.double == 0)
  }
}
