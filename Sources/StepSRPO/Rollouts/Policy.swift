import AutoThink
import LanguageModel

/// A language model with its vocabulary and the layout of its prompts: what is trained, sampled from and saved.
public final class Policy: Sendable {
  /// The model.
  public let model: LanguageModel
  /// Between text and tokens.
  public let codec: ResponseCodec

  /// A policy.
  public init(model: LanguageModel, codec: ResponseCodec) {
    self.model = model
    self.codec = codec
  }

  /// A policy of random weights over bytes, for a configuration's shape.
  public convenience init(_ section: ModelSection, seed: Int) throws {
    let tokenizer = ByteTokenizer()
    let codec = try ResponseCodec(tokenizer: tokenizer, template: PromptTemplate(.compact))
    let configuration = ModelConfiguration(
      architecture: .llama, hiddenSize: section.hiddenSize, layers: section.layers, heads: section.heads,
      keyValueHeads: section.keyValueHeads, feedForwardSize: section.feedForwardSize,
      vocabularySize: tokenizer.vocabularySize, tiedEmbeddings: true, maxPositions: section.maxPositions,
      endTokens: [codec.endToken], padToken: tokenizer.token(SpecialTokens.endOfText))
    self.init(model: try LanguageModel(configuration: configuration, seed: UInt64(seed)), codec: codec)
  }

  /// Loads a Hugging Face folder. A byte-level vocabulary gets the compact layout, any other the released ChatML one.
  /// - Throws: `CheckpointError` or `ResponseCodecError`.
  public convenience init(folder: String) throws {
    let tokenizer = try loadTokenizer(folder: folder)
    let style: PromptTemplate.Style = tokenizer is ByteTokenizer ? .compact : .chatML
    self.init(
      model: try LanguageModel(folder: folder),
      codec: try ResponseCodec(tokenizer: tokenizer, template: PromptTemplate(style)))
  }

  /// Writes a Hugging Face folder: config.json, model.safetensors, tokenizer.json and their companions.
  public func save(to folder: String) throws {
    try model.save(to: folder)
    try codec.tokenizer.write(
      to: folder,
      settings: TokenizerSettings(endToken: PromptTemplate.turnEnd, padToken: SpecialTokens.endOfText))
    try GenerationDefaults(endTokens: [codec.endToken]).write(to: folder)
  }
}
