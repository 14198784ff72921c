import TensorCore

/// A model with the tokenizer it speaks through: a whole Hugging Face folder.
public struct Checkpoint: Sendable {
  /// The weights and their shape.
  public var model: LanguageModel
  /// Text to ids and back.
  public var tokenizer: any Tokenizer
  /// The roles of tokens and the chat template.
  public var settings: TokenizerSettings

  /// Puts the parts together.
  ///
  /// - Throws: `CheckpointError.badValue` where the tokenizer has ids that the model has no row for.
  public init(
    model: LanguageModel, tokenizer: any Tokenizer, settings: TokenizerSettings = TokenizerSettings(),
    path: String = "config.json"
  ) throws {
    let (rows, ids) = (model.configuration.vocabularySize, tokenizer.vocabularySize)
    guard ids <= rows else {
      throw CheckpointError.badValue(
        path: path, key: "vocab_size", found: String(rows), expected: "at least the tokenizer's \(ids)")
    }
    self.model = model
    self.tokenizer = tokenizer
    self.settings = settings
  }

  /// A new model of the given shape over this project's byte vocabulary. The shape's vocabulary and end token are
  /// replaced by the tokenizer's; with `keepingRows` the embedding has no fewer rows than the shape says.
  public init(
    shape: ModelConfiguration, tokenizer: any Tokenizer = ByteTokenizer(),
    settings: TokenizerSettings = TokenizerSettings(), seed: UInt64, keepingRows: Bool = false
  ) throws {
    var configuration = shape
    configuration.vocabularySize = max(tokenizer.vocabularySize, keepingRows ? shape.vocabularySize : 0)
    configuration.endTokens = [settings.endToken].compactMap { $0.flatMap { tokenizer.token($0) } }
    configuration.padToken = settings.padToken.flatMap { tokenizer.token($0) }
    configuration.beginToken = nil
    try self.init(
      model: LanguageModel(configuration: configuration, seed: seed), tokenizer: tokenizer, settings: settings)
  }

  /// Loads a folder: `config.json`, weights, `tokenizer.json`, and `tokenizer_config.json` where there is one.
  ///
  /// - Throws: `CheckpointError` or `SafeTensorsError`, naming file and key or tensor.
  public init(folder: String) throws {
    let tokenizer = try loadTokenizer(folder: folder)
    try self.init(
      model: LanguageModel(folder: folder), tokenizer: tokenizer,
      settings: TokenizerSettings(folder: folder) ?? TokenizerSettings(endToken: nil, padToken: nil),
      path: folder + "/config.json")
  }

  /// Writes everything that `init(folder:)` and transformers read.
  public func save(to folder: String, storage: SafeTensorsWriter.Storage = .f32) throws {
    try model.save(to: folder, storage: storage)
    try tokenizer.write(to: folder, settings: settings)
  }

  /// The same checkpoint with `texts` as single vocabulary entries, for example the AutoThink tags.
  ///
  /// Entries already there keep their rows. The embedding (and the head's row, where untied) of a new entry is the mean
  /// over the tokens that spelled its text before, so that the model meets it as an average of what it knew (ours).
  /// Rows beyond the old vocabulary are added where needed; padding rows that published models have are used first.
  ///
  /// - Parameters:
  ///   - endToken: ends a response from now on, beside the tokens that did before; one of the vocabulary's.
  ///   - chatTemplate: replaces the template.
  public func adding(
    tokens texts: [String], endToken: String? = nil, chatTemplate: String? = nil
  ) throws -> Checkpoint {
    let grown = tokenizer.adding(texts)
    var settings = settings
    settings.chatTemplate = chatTemplate ?? settings.chatTemplate
    var configuration = model.configuration
    if let endToken, let id = grown.token(endToken) {
      settings.endToken = endToken
      configuration.endTokens = [id] + configuration.endTokens.filter { $0 != id }
    }
    configuration.vocabularySize = max(configuration.vocabularySize, grown.vocabularySize)
    let known = Set(tokenizer.addedTokens.map { $0.text })
    let new = grown.addedTokens.filter { !known.contains($0.text) }
    let larger = try LanguageModel(configuration: configuration) { name, shape in
      guard let old = model.mergedParameter(name) else {
        throw CheckpointError.missingTensor(path: "(model)", name: name, expectedShape: shape)
      }
      guard name == "model.embed_tokens.weight" || name == "lm_head.weight" else { return old.copy() }
      let table = Tensor(shape)
      table.data.update(from: old.data, count: old.count)
      let width = shape[1]
      for token in new {
        let row = table.data + Int(token.id) * width
        let pieces = tokenizer.encode(token.text, parsingAddedTokens: false)
        for c in 0..<width {
          let sum = pieces.reduce(Float(0)) { $0 + old.data[Int($1) * width + c] }
          row[c] = sum / Float(max(1, pieces.count))
        }
      }
      return table
    }
    return try Checkpoint(model: larger, tokenizer: grown, settings: settings)
  }
}
