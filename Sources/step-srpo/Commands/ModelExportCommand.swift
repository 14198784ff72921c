import LanguageModel
import StepSRPO
import TensorCore

/// `step-srpo model export`: a checkpoint as a folder for other programs.
enum ModelExportCommand: Command {
  static let description = CommandDescription(
    name: "model export", summary: "Write a checkpoint without its training state, an adapter merged or as PEFT's.",
    positionals: [
      .init(name: "CHECKPOINT", help: "a Hugging Face folder or a run's checkpoint"),
      .init(name: "FOLDER", help: "a new or empty folder"),
    ],
    options: [
      .flag("--merge", "add a LoRA adapter to its base weights and write the whole model"), ModelFolders.dtypeOption,
    ],
    notes: """
      What is written loads in transformers (a whole model) or PEFT (an adapter, its base named by path).
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let (source, target) = (arguments.positionals[0], arguments.positionals[1])
    try ModelFolders.checkTarget(target, arguments)
    let base = try ModelFolders.reading { try AdapterBase(checkpoint: source) }
    let summary = try ModelFolders.reading { try CheckpointSummary(folder: base?.path ?? source) }
    let model = try ModelFolders.reading {
      try base?.model(adapter: source) ?? LanguageModel(folder: source)
    }
    let tokenizer = try ModelFolders.reading { try loadTokenizer(folder: source) }
    let settings = try ModelFolders.reading {
      try TokenizerSettings(folder: source) ?? TokenizerSettings(endToken: nil, padToken: nil)
    }
    guard let base else {
      if arguments.flag("--merge") {
        throw arguments.usage("--merge: \(source) holds no adapter, expected a checkpoint of a run with model.lora")
      }
      try model.save(to: target, storage: ModelFolders.storage(arguments, default: summary.storage))
      try tokenizer.write(to: target, settings: settings)
      console.note("\(target): the model")
      return .success
    }
    if arguments.flag("--merge") {
      // A merged sum is no number of bfloat16: rounding it is for the user to ask.
      try model.save(to: target, storage: ModelFolders.storage(arguments, default: .f32))
      console.note("\(target): the model with its adapter merged")
    } else if let adapter = model.adapter {
      if arguments.string("--dtype") != nil { throw arguments.usage("--dtype is for whole models: give --merge") }
      try adapter.save(to: target, basePath: base.path)
      console.note("\(target): the adapter alone, on \(base.path)")
    }
    try tokenizer.write(to: target, settings: settings)
    return .success
  }
}
