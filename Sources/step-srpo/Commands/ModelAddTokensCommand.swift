import LanguageModel
import StepSRPO
import TensorCore

/// `step-srpo model add-tokens`: a checkpoint that can be trained to think or not.
enum ModelAddTokensCommand: Command {
  static let description = CommandDescription(
    name: "model add-tokens", summary: "Give a checkpoint the AutoThink tokens and the chat template.",
    positionals: [
      .init(name: "CHECKPOINT", help: "a Hugging Face folder"),
      .init(name: "FOLDER", help: "a new or empty folder"),
    ],
    options: [
      .value("--token", "TEXT", "one more token", isRepeated: true), ModelFolders.dtypeOption,
    ],
    notes: """
      Adds ChatML's and AutoThink's tokens where the vocabulary lacks them. The embedding (and the
      head's row) of a new token is the mean over the tokens that spelled its text before; rows that
      the published model padded its table with are used first. A response then ends with <|im_end|>,
      and tokenizer_config.json gets the template of the released model. The source is not changed.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let (source, target) = (arguments.positionals[0], arguments.positionals[1])
    try ModelFolders.checkTarget(target, arguments)
    if let empty = arguments.strings("--token").first(where: \.isEmpty) {
      throw arguments.usage("--token: found \"\(empty)\", expected a text")
    }
    let (checkpoint, summary) = try ModelFolders.reading {
      (try Checkpoint(folder: source), try CheckpointSummary(folder: source))
    }
    let wanted =
      [SpecialTokens.turnStart, SpecialTokens.turnEnd] + SpecialTokens.autoThink + arguments.strings("--token")
    let known = Set(checkpoint.tokenizer.addedTokens.map { $0.text })
    let new = wanted.filter { !known.contains($0) }
    let isBytes = checkpoint.tokenizer is ByteTokenizer
    let grown = try checkpoint.adding(
      tokens: wanted, endToken: SpecialTokens.turnEnd,
      chatTemplate: isBytes ? ChatTemplates.compact : ChatTemplates.chatML)
    try grown.save(to: target, storage: ModelFolders.storage(arguments, default: summary.storage))
    let rows = (checkpoint.model.configuration.vocabularySize, grown.model.configuration.vocabularySize)
    console.note(
      "\(target): \(new.isEmpty ? "no token was missing" : "added \(new.joined(separator: " "))"); "
        + "\(rows.0 == rows.1 ? "\(rows.0) rows as before" : "\(rows.0) rows became \(rows.1)")")
    return .success
  }
}
