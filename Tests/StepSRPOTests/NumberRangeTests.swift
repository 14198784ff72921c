import LanguageModel
import Platform
import StrictJSON
import Tasks
import TensorCore
import Testing

@testable import StepSRPO

/// Every number of the configuration, found by walking it, at the ends of what can be written.
@Suite struct NumberRangeTests {
  private static let extremes = [
    "0", "-1", "1e-300", "1e300", "1e999", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "0.5",
    "-0.0", "1e-45", "3.5e38", "1e-320", "1e-400", "-1e-400", "1e3", "4.0", "0.0e9",
  ]

  /// The defaults of a preset with a stage in the list and weights of a domain: every place a number can stand in.
  private func document(_ preset: AlgorithmSection.Preset) throws -> JSON {
    let text = """
      { algorithm: { preset: '\(preset.rawValue)' }, tasks: { stages: [{ steps: 5 }, {}] },
        cold_start: { given_off_share: [0.1], by_domain: {
          math: { level_weights: [1], given_off_share: [0] }, code: { level_weights: [1], given_off_share: [0] },
          science: { level_weights: [1], given_off_share: [0] },
          general: { level_weights: [1], given_off_share: [0] } } } }
      """
    return try ConfigurationFile(text: text, source: "c.json").resolved
  }

  /// The paths of all numbers in a document.
  private func numbers(_ value: JSON, _ path: [String] = []) -> [[String]] {
    switch value {
    case .number: [path]
    case .array(let elements): elements.enumerated().flatMap { numbers($1, path + [String($0)]) }
    case .object(let object): object.pairs.flatMap { numbers($0.value, path + [$0.key]) }
    case .null, .bool, .string: []
    }
  }

  private func replacing(_ path: ArraySlice<String>, in value: JSON, with number: JSON) -> JSON {
    guard let first = path.first else { return number }
    let rest = path.dropFirst()
    switch value {
    case .array(var elements):
      guard let place = Int(first), elements.indices.contains(place) else { return value }
      elements[place] = replacing(rest, in: elements[place], with: number)
      return .array(elements)
    case .object(var object):
      object[first] = object[first].map { replacing(rest, in: $0, with: number) }
      return .object(object)
    case .null, .bool, .number, .string: return value
    }
  }

  /// The file with one number replaced; an error has to name its key, as the one at fault or as one that another has to
  /// fit to.
  private func read(_ document: JSON, _ path: [String], _ number: JSON) -> RunConfiguration? {
    let text = replacing(path[...], in: document, with: number).text()
    do { return try ConfigurationFile(text: text, source: "c.json").configuration } catch {
      let key = path.joined(separator: ".")
      let found = (error as? ConfigurationError)?.key ?? ""
      // A list whose weights are all 0 is named as a whole.
      let isNamed = found == key || (!found.isEmpty && key.hasPrefix(found + "."))
      #expect(isNamed || "\(error)".contains("\(path.last ?? "") ("), "\(key) = \(number.text()): \(error)")
      #expect((error as? ConfigurationError)?.line == 1 && "\(error)".contains("expected"), "\(error)")
      return nil
    }
  }

  /// Computes with a configuration what is computed with it before anything is sampled.
  private func use(_ configuration: RunConfiguration, prompt: Int = 1000) throws {
    let estimate = MemoryEstimate(configuration, shape: try configuration.model.policyShape(), promptTokens: prompt)
    #expect(estimate.peak > 0 && estimate.peak >= estimate.training)
    for stage in [LearningRateSchedule(configuration.train)] {
      let steps = configuration.train.steps
      for step in [0, 1, max(0, steps - 1), steps] { #expect(Float(stage.rate(at: step)).isFinite) }
    }
    let items = Domain.allCases.enumerated().map { TaskItem(id: "\($0)", prompt: "q", domain: $1, verifier: "exact") }
    var sampler = QuerySampler(items, configuration: configuration)
    #expect(sampler.next(9, step: configuration.train.steps).count == 9)
    let constants = AdamW.Configuration(configuration.train)
    #expect(constants.beta1 < 1 && constants.beta2 < 1 && constants.epsilon > 0 && constants.weightDecay.isFinite)
    #expect(constants.maximumNorm.map { $0 > 0 && $0.isFinite } == true)
    #expect(Float(configuration.rollout.temperature).isNormal && Float(configuration.rollout.topP) > 0)
    _ = PromptRoom(positions: configuration.model.maxPositions, configuration.rollout)
  }

  @Test func everyNumberIsRefusedOrUsable() throws {
    var seen: Set<[String]> = []
    for preset in AlgorithmSection.Preset.allCases {
      let document = try document(preset)
      // What presets share is walked once.
      for path in numbers(document) where seen.insert(path).inserted {
        var accepted = 0
        for text in Self.extremes {
          guard let configuration = read(document, path, .number(JSONNumber(text: text))) else { continue }
          accepted += 1
          try use(configuration)
        }
        #expect(accepted < Self.extremes.count, "\(path.joined(separator: ".")) takes everything")
      }
    }
    #expect(seen.count >= 120)
  }

  /// The very ends of a range are part of it; only another key may be in their way.
  @Test func theEndsOfEveryRangeAreUsable() throws {
    let document = try document(.stepSRPO)
    for path in numbers(document) {
      let pattern = path.map { Int($0) == nil ? $0 : "*" }.joined(separator: ".")
      let range = try #require(RunConfiguration.numbers.first { $0.key == pattern }?.range, "\(pattern)")
      for end in range.ends {
        guard let configuration = read(document, path, end) else { continue }
        try use(configuration, prompt: 1_048_576)
      }
    }
  }

  @Test func everyRangeIsOfAKeyThatExists() throws {
    var known: Set<String> = []
    for preset in AlgorithmSection.Preset.allCases {
      known.formUnion(numbers(try document(preset)).map { $0.map { Int($0) == nil ? $0 : "*" }.joined(separator: ".") })
    }
    #expect(Set(RunConfiguration.numbers.map(\.key)) == known)
    #expect(RunConfiguration.numbers.count == known.count, "a key that is listed twice")
  }

  @Test func rangesSayWhatTheyAre() throws {
    #expect(NumberRange.whole(1...9).text == "a whole number from 1 to 9")
    #expect(NumberRange.real(-1...0.5).text == "a number from -1 to 0.5")
    #expect(NumberRange.realOrZero(1e-6...1e6).text == "0, or a number from 1e-6 to 1000000")
    let range = NumberRange.realOrZero(1...2)
    for (text, isIn) in [
      ("0", true), ("-0", true), ("1e-320", false), ("1e-400", false), ("0.00e7", true), ("0.5", false), ("1", true),
      ("2.0", true), ("2.1", false),
    ] {
      #expect(range.contains(JSONNumber(text: text)) == isIn, "\(text)")
    }
    for (text, isIn) in [("3", true), ("3.0", true), ("3e0", true), ("3.5", false), ("1e400", false)] {
      #expect(NumberRange.whole(1...9).contains(JSONNumber(text: text)) == isIn, "\(text)")
    }
    #expect(!NumberRange.real(0...1).contains(JSONNumber(text: "nan")))
  }

  /// Numbers that a list of texts holds are named too.
  @Test func aNumberWhereNoneBelongsIsNamed() {
    for text in ["{ tasks: { domains: [1e999] } }", "{ model: { freeze: [1] } }", "{ tasks: { train_files: [[2]] } }"] {
      let error = #expect(throws: ConfigurationError.self) { try ConfigurationFile(text: text, source: "c.json") }
      #expect(error?.key.isEmpty == false && error?.line == 1, "\(String(describing: error))")
    }
  }
}

@Suite struct MemoryRefusalTests {
  private func refusal(
    _ limit: Int, _ shape: ModelConfiguration = .halfB(), _ change: (inout RunConfiguration) -> Void = { _ in }
  ) -> ConfigurationError? {
    var configuration = RunConfiguration()
    configuration.train.microBatchTokens = 64
    change(&configuration)
    let estimate = MemoryEstimate(configuration, shape: shape, promptTokens: 64)
    do {
      try estimate.check(configuration, limit: MachineMemory(bytes: limit, holder: "this machine has"))
      return nil
    } catch { return error as? ConfigurationError }
  }

  @Test func aPlanBeyondTheMachineIsRefusedWithKeysAndSizes() throws {
    #expect(refusal(64 << 30) == nil)
    let error = try #require(refusal(1 << 30))
    #expect(error.key == "model.hidden_size, model.layers, model.feed_forward_size")
    #expect(error.message.contains("GiB of memory") && error.message.contains("this machine has 1.0 GiB"), "\(error)")
    #expect(refusal(1 << 30) { $0.model.checkpoint = "x" }?.key == "model.checkpoint")
  }

  @Test func theLargestPartIsNamed() throws {
    let nano = ModelConfiguration.nano()
    let pass = try #require(
      refusal(1 << 30, nano) { ($0.train.microBatchTokens, $0.rollout.queriesPerStep) = (16_777_216, 4096) })
    #expect(pass.key.hasPrefix("train.micro_batch_tokens"), "\(pass)")
    let rows = try #require(
      refusal(1 << 30, nano) {
        ($0.rollout.workers, $0.rollout.batchSize, $0.rollout.maxNewTokens) = (1024, 64, 2000)
      })
    #expect(rows.key.hasPrefix("rollout.workers"), "\(rows)")
    let batch = try #require(
      refusal(1 << 30, nano) {
        ($0.rollout.queriesPerStep, $0.rollout.freeRollouts, $0.rollout.workers) = (65_536, 512, 1)
      })
    #expect(batch.key.hasPrefix("rollout.queries_per_step, rollout.free_rollouts"), "\(batch)")
  }

  @Test func theConfigurationMaySayOtherwise() throws {
    #expect(refusal(1 << 30) { $0.limits.memoryMegabytes = 1_000_000 } == nil)
    let error = try #require(refusal(1 << 40) { $0.limits.memoryMegabytes = 1000 })
    #expect(error.message.contains("limits.memory_megabytes allows 953.7 MiB"), "\(error)")
  }

  /// The largest shapes there can be multiply to more than a whole number holds.
  @Test func sizesThatOverflowAreTheLargest() throws {
    var configuration = RunConfiguration()
    configuration.rollout.workers = 1024
    (configuration.rollout.maxNewTokens, configuration.model.maxPositions) = (1_048_575, 1_048_576)
    (configuration.rollout.queriesPerStep, configuration.rollout.freeRollouts) = (65_536, 4096)
    configuration.rollout.samplingRounds = 1000
    let huge = ModelConfiguration(
      hiddenSize: 1 << 20, layers: 1024, heads: 1024, keyValueHeads: 1024, feedForwardSize: 1 << 20,
      vocabularySize: 1 << 24, maxPositions: 1 << 30)
    let estimate = MemoryEstimate(configuration, shape: huge, promptTokens: 1 << 20)
    #expect(estimate.peak == .max && ByteCount.text(estimate.peak) == "8.0 EiB")
    #expect(throws: ConfigurationError.self) { try estimate.check(configuration) }
  }
}

@Suite struct PromptRoomTests {
  @Test(arguments: [
    // positions, max_new_tokens, off_budget, what is kept
    (512, 192, 0, 48), (512, 192, 100, 100), (512, 192, 10, 16), (512, 32, 0, 16), (512, 8, 0, 8), (512, 8, 100, 8),
    (96, 48, 0, 16), (16, 15, 0, 15),
  ])
  func theBudgetOfThinkOffIsKept(positions: Int, most: Int, off: Int, kept: Int) {
    var rollout = RolloutSection()
    (rollout.maxNewTokens, rollout.offBudget) = (most, off)
    let room = PromptRoom(positions: positions, rollout)
    #expect(room.response == kept && room.longestPrompt == positions - kept)
    #expect(room.fits(positions - kept) && !room.fits(positions - kept + 1))
  }
}
