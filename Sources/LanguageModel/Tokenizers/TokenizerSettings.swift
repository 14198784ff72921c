import Foundation
import StrictJSON

/// What `tokenizer_config.json` and `generation_config.json` say: the roles of tokens, the chat template, sampling
/// defaults.
public struct TokenizerSettings: Sendable, Equatable {
  /// Text of the token that opens a document; nil where none.
  public var beginToken: String?
  /// Text of the token that ends a response.
  public var endToken: String?
  /// Text of the padding token.
  public var padToken: String?
  /// The Jinja chat template, as it stands in the file.
  public var chatTemplate: String?
  /// Longest input in tokens.
  public var maxLength: Int?

  /// Settings; the defaults are those of this project's own vocabulary.
  public init(
    beginToken: String? = nil, endToken: String? = SpecialTokens.turnEnd, padToken: String? = SpecialTokens.endOfText,
    chatTemplate: String? = nil, maxLength: Int? = nil
  ) {
    self.beginToken = beginToken
    self.endToken = endToken
    self.padToken = padToken
    self.chatTemplate = chatTemplate
    self.maxLength = maxLength
  }

  /// Reads `tokenizer_config.json`; nil when the folder has none.
  public init?(folder: String) throws {
    let path = folder + "/tokenizer_config.json"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let file = try JSONFile(path: path, purpose: "the roles of tokens")
    // transformers writes a token as its text or as an object with its text under "content".
    func text(_ key: String) throws -> String? {
      guard let value = file.value(key) else { return nil }
      guard let text = value.string ?? value["content"]?.string else {
        throw file.bad(key, "a string or an object with \"content\"")
      }
      return text
    }
    self.init(
      beginToken: try text("bos_token"), endToken: try text("eos_token"), padToken: try text("pad_token"),
      chatTemplate: file.value("chat_template")?.string, maxLength: file.value("model_max_length")?.int)
  }

  /// Writes `tokenizer_config.json`.
  func write(to folder: String, addedTokens: [AddedToken]) throws {
    var decoder = JSONObject()
    for token in addedTokens {
      var entry = token.json.object ?? JSONObject()
      entry["id"] = nil
      decoder[String(token.id)] = .object(entry)
    }
    var object = JSONObject([
      ("add_prefix_space", false),
      ("added_tokens_decoder", .object(decoder)),
      ("bos_token", beginToken.map { .string($0) } ?? .null),
      ("clean_up_tokenization_spaces", false),
      ("eos_token", endToken.map { .string($0) } ?? .null),
      ("pad_token", padToken.map { .string($0) } ?? .null),
      ("tokenizer_class", "PreTrainedTokenizerFast"),
    ])
    if let maxLength { object["model_max_length"] = .int(maxLength) }
    if let chatTemplate { object["chat_template"] = .string(chatTemplate) }
    try JSONFile.write(object, to: folder + "/tokenizer_config.json")
  }
}

/// What `generation_config.json` says about ending and sampling.
public struct GenerationDefaults: Sendable, Equatable {
  /// Tokens that end a generation.
  public var endTokens: [Int32]
  /// Padding token.
  public var padToken: Int32?
  /// Temperature, where the file fixes one.
  public var temperature: Double?
  /// Nucleus probability, where the file fixes one.
  public var topP: Double?

  /// Defaults.
  public init(endTokens: [Int32], padToken: Int32? = nil, temperature: Double? = nil, topP: Double? = nil) {
    self.endTokens = endTokens
    self.padToken = padToken
    self.temperature = temperature
    self.topP = topP
  }

  /// Reads `generation_config.json`; nil when the folder has none.
  public init?(folder: String) throws {
    let path = folder + "/generation_config.json"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let file = try JSONFile(path: path, purpose: "sampling defaults")
    self.init(
      endTokens: try file.tokenIDs("eos_token_id"), padToken: try file.tokenIDs("pad_token_id").first,
      temperature: file.value("temperature")?.double, topP: file.value("top_p")?.double)
  }

  /// Writes `generation_config.json`.
  public func write(to folder: String) throws {
    var object = JSONObject([("_from_model_config", true)])
    if !endTokens.isEmpty {
      object["eos_token_id"] = endTokens.count == 1 ? .int(Int(endTokens[0])) : .array(endTokens.map { .int(Int($0)) })
    }
    if let padToken { object["pad_token_id"] = .int(Int(padToken)) }
    if let temperature { object["temperature"] = .double(temperature) }
    if let topP { object["top_p"] = .double(topP) }
    try JSONFile.write(object, to: folder + "/generation_config.json")
  }
}
