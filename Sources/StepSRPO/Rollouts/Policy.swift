import AutoThink
import Foundation
import LanguageModel

/// A language model with its vocabulary and the layout of its prompts: what is trained, sampled from and saved.
public final class Policy: Sendable {
  /// The model.
  public let model: LanguageModel
  /// Between text and tokens.
  public let codec: ResponseCodec
  /// The weights under the model's adapter; nil without one.
  public let base: AdapterBase?

  /// A policy.
  public init(model: LanguageModel, codec: ResponseCodec, base: AdapterBase? = nil) {
    self.model = model
    self.codec = codec
    self.base = base
  }

  /// A policy of random weights over bytes, for a configuration's shape.
  public convenience init(_ section: ModelSection, seed: Int) throws {
    let codec = try ResponseCodec(tokenizer: ByteTokenizer(), template: PromptTemplate(.compact))
    self.init(model: try LanguageModel(configuration: section.shape(codec), seed: UInt64(seed)), codec: codec)
  }

  /// Loads a Hugging Face folder, or a checkpoint of an adapter with the weights it names. A byte-level vocabulary gets
  /// the compact layout, any other the released ChatML one.
  /// - Throws: `CheckpointError`, `SafeTensorsError` or `ResponseCodecError`.
  public convenience init(folder: String) throws {
    try self.init(folder: folder, halfPrecision: { _ in false })
  }

  /// The vocabulary and layout of a folder.
  private static func codec(folder: String) throws -> ResponseCodec {
    let tokenizer = try loadTokenizer(folder: folder)
    let style: PromptTemplate.Style = tokenizer is ByteTokenizer ? .compact : .chatML
    return try ResponseCodec(tokenizer: tokenizer, template: PromptTemplate(style))
  }

  /// The vocabulary and layout of the policy that a configuration starts from.
  /// - Throws: `CheckpointError` or `ResponseCodecError`.
  public static func codec(_ section: ModelSection) throws -> ResponseCodec {
    guard section.checkpoint.isEmpty else { return try codec(folder: section.checkpoint) }
    return try ResponseCodec(tokenizer: ByteTokenizer(), template: PromptTemplate(.compact))
  }

  /// - Parameter halfPrecision: says of a matrix's name whether it is stored in bfloat16, which freezes it.
  convenience init(folder: String, halfPrecision: (_ name: String) -> Bool) throws {
    let codec = try Self.codec(folder: folder)
    guard let base = try AdapterBase(checkpoint: folder) else {
      self.init(model: try LanguageModel(folder: folder, halfPrecision: halfPrecision), codec: codec)
      return
    }
    self.init(model: try base.model(adapter: folder), codec: codec, base: base)
  }

  /// Writes a Hugging Face folder: config.json, model.safetensors, tokenizer.json and their companions. With an adapter
  /// it is PEFT's folder instead: the adapter, and where its base is.
  public func save(to folder: String) throws {
    if let adapter = model.adapter, let base {
      try adapter.save(to: folder, basePath: base.path)
      try base.write(to: folder)
    } else {
      try model.save(to: folder)
      try GenerationDefaults(endTokens: [codec.endToken]).write(to: folder)
    }
    try codec.tokenizer.write(
      to: folder,
      settings: TokenizerSettings(
        endToken: PromptTemplate.turnEnd, padToken: SpecialTokens.endOfText,
        chatTemplate: codec.template.style == .chatML ? ChatTemplates.chatML : ChatTemplates.compact))
  }
}

// MARK: - What of it is trained

extension Policy {
  /// The policy a run starts from: random weights or a checkpoint, with what the configuration freezes or adapts.
  /// - Throws: as `init(folder:)`, and `ConfigurationError` for names that mean nothing in the model.
  public convenience init(starting section: ModelSection, seed: Int) throws {
    guard !section.checkpoint.isEmpty else {
      try self.init(section, seed: seed)
      try freeze(section)
      return
    }
    if try AdapterBase(checkpoint: section.checkpoint) != nil {
      throw ConfigurationError(
        source: "the configuration", key: "model.checkpoint",
        message: "\(section.checkpoint) holds an adapter; merge it first: step-srpo model export --merge")
    }
    guard let configuration = section.lora.adapter else {
      try self.init(folder: section.checkpoint, halfPrecision: section.storesInHalf)
      try freeze(section)
      return
    }
    let plain = try Policy(folder: section.checkpoint, halfPrecision: section.storesInHalf)
    try section.checkTrained(in: plain.model.configuration)
    let base = AdapterBase(
      path: section.checkpoint, of: plain.model, halfPrecision: section.frozenPrecision == .bf16)
    try plain.model.attach(LoRAAdapter(configuration, for: plain.model.configuration, seed: UInt64(seed)))
    self.init(model: plain.model, codec: plain.codec, base: base)
  }

  /// The policy of a run's checkpoint, frozen or adapted as it was when the run wrote it.
  public convenience init(resuming folder: String, _ section: ModelSection) throws {
    try self.init(folder: folder, halfPrecision: section.storesInHalf)
    if section.lora.rank == 0 { try freeze(section) }
  }

  private func freeze(_ section: ModelSection) throws {
    try section.checkTrained(in: model.configuration)
    guard !section.freeze.isEmpty else { return }
    model.setFrozen(section.freezes)
    if section.frozenPrecision == .bf16 { model.storeFrozenMatricesInHalf() }
  }
}

extension ModelSection {
  /// The random model's shape for a vocabulary.
  func shape(_ codec: ResponseCodec) -> ModelConfiguration {
    ModelConfiguration(
      architecture: .llama, hiddenSize: hiddenSize, layers: layers, heads: heads, keyValueHeads: keyValueHeads,
      feedForwardSize: feedForwardSize, vocabularySize: codec.tokenizer.vocabularySize, tiedEmbeddings: true,
      maxPositions: maxPositions, endTokens: [codec.endToken],
      padToken: codec.tokenizer.token(SpecialTokens.endOfText))
  }

  /// The shape of the policy that a run of this configuration trains, its weights left on the disk.
  /// - Throws: `CheckpointError` or `ResponseCodecError`.
  public func policyShape() throws -> ModelConfiguration {
    guard checkpoint.isEmpty else {
      return try ModelConfiguration(folder: try AdapterBase(checkpoint: checkpoint)?.path ?? checkpoint)
    }
    return shape(try Policy.codec(self))
  }

  /// Whether the matrix of this name is kept in bfloat16.
  public func storesInHalf(_ name: String) -> Bool {
    frozenPrecision == .bf16 && (lora.rank > 0 || freezes(name))
  }
}
