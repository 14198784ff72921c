import ColdStart
import StepSRPO
import Tasks

/// The held-out sets a command line names: built-in ones by name, files by path.
enum EvaluationData {
  /// The built-in sets.
  static let builtIn = ["primer", "primer-intent", "tools", "tools-intent", "tools-live"]

  /// The sets in the order they were named, each under a name of its own.
  static func sets(_ arguments: ParsedArguments, _ console: Console) throws -> [EvaluationSet] {
    let names = arguments.strings("--data")
    let reading = try DataArguments.reading(arguments)
    let limit = try arguments.int("--limit", in: 1...Int.max)
    var sets: [EvaluationSet] = []
    for name in names.isEmpty ? ["primer"] : names {
      var items: [TaskItem]
      var label = name
      if builtIn.contains(name) {
        items = try Self.items(name, arguments)
      } else {
        let file = try DataArguments.read(name, reading, console)
        items = file.items
        // A task file goes by its own name, as in a run's metrics; published ones by their data set's.
        label = file.format == .task ? PipelineData.name(ofFile: name) : DataFile.dataSetName(of: name)
        if sets.contains(where: { $0.name == label }) { label = name }
      }
      if let limit { items = Array(items.prefix(limit)) }
      guard !sets.contains(where: { $0.name == label }) else {
        throw arguments.usage("--data: \(name) is given twice")
      }
      sets.append(EvaluationSet(name: label, items: items))
    }
    return sets
  }

  private static func items(_ name: String, _ arguments: ParsedArguments) throws -> [TaskItem] {
    let perCell = try arguments.int("--items-per-cell", in: 1...1000) ?? 50
    let chosen = arguments.strings("--domain").compactMap(Domain.init(rawValue:))
    if name == "tools-live" { return ToolSuite.conversations(.test, seed: 1, count: perCell) }
    do {
      let suite: any TaskSuite =
        name.hasPrefix("tools")
        ? try ToolSuite() : try Primer(PrimerOptions(domains: chosen.isEmpty ? Domain.allCases : chosen))
      guard name.hasSuffix("-intent") else { return try suite.items(.test, perCell: perCell) }
      // Turns without a user cannot ask for anything.
      return try IntentSuite(suite, share: 1, seed: 1).items(.test, perCell: perCell).filter { $0.mode != nil }
    } catch let error as PrimerError {
      throw CommandFailure(code: .usage, description: "\(error)")
    }
  }
}
