import AutoThink
import Foundation
import StepSRPO
import StrictJSON
import Tasks

extension PipelineData {
  /// The data a configuration names: task files where it lists them, the built-in suite elsewhere.
  ///
  /// Cold-start traces come from `cold_start.files`, or else from the suite's oracle. Prompts that leave too little
  /// room for a response are refused or left out, as `tasks.too_long` says.
  /// - Throws: the task file reader's error naming file, line and field, `ConfigurationError`, and
  ///   `CheckpointError` or `ResponseCodecError` for a policy whose prompts cannot be laid out.
  public init(_ configuration: RunConfiguration) throws {
    let tasks = configuration.tasks
    let cold = configuration.coldStart
    let suite = try Self.suite(tasks, seed: configuration.seed, levelWeights: tasks.levelWeights)
    let demonstrated = try Self.suite(
      tasks, seed: configuration.seed, levelWeights: cold.levelWeights,
      domainLevelWeights: Dictionary(tasks.domains.map { ($0, cold.levelWeights(of: $0)) }) { first, _ in first })
    let oracle = DualRegimeData(suite: demonstrated, options: cold, seed: configuration.seed)
    let files = try DemonstrationFile(cold.files, batchSize: cold.batchSize, seed: configuration.seed)
    let usesFiles = !cold.files.isEmpty
    var sieve = try PromptSieve(configuration)
    let queries = try sieve.fitting(
      tasks.trainFiles.isEmpty
        ? PlacedItem.made(try Self.naming("tasks.train_queries") { try suite.items(.train, count: tasks.trainQueries) })
        : try PlacedItem.rows(of: tasks.trainFiles))
    guard !queries.isEmpty else {
      let why = sieve.leftOut.isEmpty ? "" : ": every prompt is too long"
      throw ConfigurationError(
        source: tasks.trainFiles.joined(separator: ", "), key: "tasks.train_files",
        message: "found no query\(why), expected at least one")
    }
    if let item = queries.first(where: { ToolScript($0) != nil }) {
      throw ConfigurationError(
        source: tasks.trainFiles.joined(separator: ", "), key: "tasks.train_files",
        message:
          "row \"\(item.id)\" is a conversation to be held live, which is for evaluation; train on its turns, the "
          + "rows of the suite \"tools\"")
    }
    for (place, stage) in tasks.plan.enumerated() where !queries.contains(where: { stage.asks($0.domain) }) {
      let key = tasks.stages.isEmpty ? "tasks.mix" : "tasks.stages.\(place)"
      throw ConfigurationError(
        source: "configuration", key: key, message: "found no query of its domains in the pool, expected at least one")
    }
    let evaluation = try Self.evaluation(configuration).map { set in
      EvaluationSet(name: set.name, items: try sieve.fitting(set.rows, heldOut: set.name))
    }.filter { !$0.items.isEmpty }
    self.init(
      queries: queries, demonstrations: { usesFiles ? files.batch(step: $0) : oracle.batch(step: $0) },
      evaluation: evaluation, longestPrompt: sieve.longest, leftOut: sieve.leftOut)
  }

  /// The name a task file has in metrics: its own without folder and extension.
  public static func name(ofFile path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }

  private static func evaluation(_ configuration: RunConfiguration) throws -> [(name: String, rows: [PlacedItem])] {
    guard configuration.tasks.testFiles.isEmpty else {
      return try configuration.tasks.testFiles.map { (name(ofFile: $0), try PlacedItem.rows(of: [$0])) }
    }
    // Every level is measured, whatever the training mix leaves out; the items are the same under every seed.
    var plain = configuration.tasks
    plain.intentShare = 0
    let held = try suite(plain, seed: 1, levelWeights: TaskSection().levelWeights)
    let perCell = configuration.evaluation.itemsPerCell
    let items = try naming("evaluation.items_per_cell") { try held.items(.test, perCell: perCell) }
    var sets = [(held.name, PlacedItem.made(items))]
    if configuration.tasks.suite == .tools {
      // Turns one by one say which is hard; whether a user is served shows only in whole conversations.
      sets.append(("\(held.name)-live", PlacedItem.made(ToolSuite.conversations(.test, seed: 1, count: perCell))))
    }
    guard configuration.tasks.intentShare > 0 else { return sets }
    // Whether users are obeyed is a measurement of its own, on items that all ask for a mode.
    let asked = try IntentSuite(held, share: 1, seed: 1).items(.test, perCell: perCell)
    return sets + [("\(held.name)-intent", PlacedItem.made(asked.filter { $0.mode != nil }))]
  }

  /// A suite that cannot give what a key asks for is that key's fault.
  private static func naming<Result>(_ key: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as PrimerError {
      throw ConfigurationError(source: "the configuration", key: key, message: "\(error)")
    }
  }

  /// The suite a configuration names, with its share of users who ask for a mode.
  private static func suite(
    _ tasks: TaskSection, seed: Int, levelWeights: [Double], domainLevelWeights: [Domain: [Double]] = [:]
  ) throws -> any TaskSuite {
    let suite: any TaskSuite = try naming("tasks.domains") {
      switch tasks.suite {
      case .primer:
        try Primer(
          PrimerOptions(
            seed: seed, domains: tasks.domains, levelWeights: levelWeights, domainLevelWeights: domainLevelWeights))
      case .tools: try ToolSuite(seed: seed, levelWeights: levelWeights)
      }
    }
    return tasks.intentShare > 0 ? IntentSuite(suite, share: tasks.intentShare, seed: seed) : suite
  }
}
