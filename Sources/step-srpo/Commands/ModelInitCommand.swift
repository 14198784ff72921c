import LanguageModel
import StepSRPO
import TensorCore

/// `step-srpo model init`: a folder of random weights.
enum ModelInitCommand: Command {
  static let description = CommandDescription(
    name: "model init", summary: "Write a model of random weights as a Hugging Face folder.",
    positionals: [.init(name: "FOLDER", help: "a new or empty folder")],
    options: [
      .value("--shape", "NAME", "a named shape (default: nano)", choices: ModelConfiguration.shapeNames),
      .value("--config", "DIR", "the shape of this folder's config.json instead"),
      .value("--tokenizer", "DIR", "the vocabulary of this folder (default: bytes)"),
      .value("--seed", "N", "the seed of the weights (default: 0)"),
      .value("--dtype", "TYPE", "how weights are stored (default: f32)", choices: ["f32", "bf16"]),
    ],
    notes: """
      The embedding has as many rows as the shape says, and more where the vocabulary needs them.
      AutoThink's tokens are part of the byte vocabulary; `step-srpo model add-tokens` adds them to
      another.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let target = arguments.positionals[0]
    if arguments.string("--shape") != nil, arguments.string("--config") != nil {
      throw arguments.usage("--shape and --config exclude each other")
    }
    let seed = try arguments.int("--seed", in: 0...Int.max) ?? 0
    try ModelFolders.checkTarget(target, arguments)
    let checkpoint = try ModelFolders.reading {
      var shape = ModelConfiguration.shape(named: arguments.string("--shape") ?? "nano") ?? .nano()
      if let folder = arguments.string("--config") { shape = try ModelConfiguration(folder: folder) }
      guard let folder = arguments.string("--tokenizer") else {
        let settings = TokenizerSettings(chatTemplate: ChatTemplates.compact)
        return try Checkpoint(
          shape: shape, tokenizer: ByteTokenizer(), settings: settings, seed: UInt64(seed), keepingRows: true)
      }
      return try Checkpoint(
        shape: shape, tokenizer: loadTokenizer(folder: folder),
        settings: TokenizerSettings(folder: folder) ?? TokenizerSettings(endToken: nil, padToken: nil),
        seed: UInt64(seed), keepingRows: true)
    }
    try checkpoint.save(to: target, storage: ModelFolders.storage(arguments, default: .f32))
    let parameters = ModelFolders.count(checkpoint.model.parameterCount)
    console.note("\(target): \(checkpoint.model.configuration.architecture.rawValue), \(parameters) parameters")
    return .success
  }
}
