import StepSRPO
import StrictJSON

/// `step-srpo presets`: the family of algorithms, and what each one sets.
enum PresetsCommand: Command {
  static let description = CommandDescription(
    name: "presets", summary: "List the algorithms a configuration can name, or show what one sets.",
    positionals: [
      .init(name: "PRESET", help: "a name from the list: prints the parts it sets, as JSON", isRequired: false)
    ],
    options: [],
    notes: """
      A configuration names one as algorithm.preset and may override any of its parts beside it. A part
      that the preset does not use is an error there.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    guard let name = arguments.positionals.first else {
      for preset in AlgorithmSection.Preset.allCases {
        console.out("\(preset.rawValue)\n  \(preset.type.summary)\n  source: \(preset.type.source)\n")
      }
      return .success
    }
    guard let preset = AlgorithmSection.Preset(rawValue: name) else {
      let names = AlgorithmSection.Preset.allCases.map(\.rawValue)
      let hint = nearestName(to: name, in: names).map { "; did you mean \"\($0)\"?" } ?? ""
      throw arguments.usage("found \"\(name)\", expected one of \(names.joined(separator: ", "))\(hint)")
    }
    console.note("\(preset.type.summary)\nsource: \(preset.type.source)")
    let text = "{ \"algorithm\": { \"preset\": \"\(preset.rawValue)\" } }"
    let resolved = try ConfigurationFile(text: text, source: preset.rawValue).resolved
    let parts = JSONObject(["algorithm", "rollout", "resampling"].map { ($0, resolved[$0] ?? .null) })
    console.out(JSON.object(parts).text(pretty: true) + "\n")
    return .success
  }
}
