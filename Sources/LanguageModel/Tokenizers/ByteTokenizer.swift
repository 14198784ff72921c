import StrictJSON

/// One token a byte, and special tokens after the 256.
///
/// The id of a byte is its value. The file it writes is a byte-level BPE without merges, so Hugging Face tokenizers
/// gives the same ids.
public struct ByteTokenizer: Tokenizer {
  /// The special tokens, ids 256, 257, ….
  public let addedTokens: [AddedToken]
  private let matcher: AddedTokenMatcher
  private let idOfText: [String: Int32]

  /// One more than the largest id.
  public var vocabularySize: Int { 256 + addedTokens.count }

  /// A tokenizer with `specialTokens` from id 256 on; a repeated or empty text is left out.
  public init(specialTokens: [String] = SpecialTokens.chat + SpecialTokens.autoThink) {
    var tokens: [AddedToken] = []
    var seen = Set<String>()
    for text in specialTokens where !text.isEmpty && seen.insert(text).inserted {
      tokens.append(AddedToken(id: Int32(256 + tokens.count), text: text))
    }
    self.init(addedTokens: tokens)
  }

  /// Tokens whose ids are 256, 257, … in order.
  init(addedTokens: [AddedToken]) {
    self.addedTokens = addedTokens
    matcher = AddedTokenMatcher(addedTokens)
    idOfText = Dictionary(addedTokens.map { ($0.text, $0.id) }, uniquingKeysWith: { first, _ in first })
  }

  /// The ids of `text`; see ``Tokenizer/encode(_:parsingAddedTokens:)``.
  public func encode(_ text: String, parsingAddedTokens: Bool) -> [Int32] {
    let bytes = Array(text.utf8)
    guard parsingAddedTokens else { return bytes.map { Int32($0) } }
    var ids: [Int32] = []
    ids.reserveCapacity(bytes.count)
    for piece in matcher.split(bytes) {
      switch piece {
      case .text(let range): for byte in bytes[range] { ids.append(Int32(byte)) }
      case .token(let id): ids.append(id)
      }
    }
    return ids
  }

  /// The bytes one id stands for; empty outside the vocabulary.
  public func bytes(of token: Int32) -> [UInt8] {
    if token >= 0, token < 256 { return [UInt8(token)] }
    let index = Int(token) - 256
    return addedTokens.indices.contains(index) ? Array(addedTokens[index].text.utf8) : []
  }

  /// The id of the entry that is exactly `text`, or nil.
  public func token(_ text: String) -> Int32? {
    if let id = idOfText[text] { return id }
    let bytes = Array(text.utf8)
    return bytes.count == 1 ? Int32(bytes[0]) : nil
  }

  /// The same tokenizer with `texts` as further special tokens.
  public func adding(_ texts: [String]) -> any Tokenizer {
    let new = texts.filter { idOfText[$0] == nil }
    return ByteTokenizer(specialTokens: addedTokens.map { $0.text } + new)
  }

  /// The content of `tokenizer.json`.
  public var fileText: String {
    let byteLevel: JSON = [
      "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false,
    ]
    let vocabulary = JSONObject((0..<256).map { (ByteAlphabet.spell([UInt8($0)]), JSON.int($0)) })
    let model: JSON = [
      "type": "BPE", "dropout": .null, "unk_token": .null, "continuing_subword_prefix": .null,
      "end_of_word_suffix": .null,
      "fuse_unk": false, "byte_fallback": false, "ignore_merges": false, "vocab": .object(vocabulary), "merges": [],
    ]
    let document: JSON = [
      "version": "1.0", "truncation": .null, "padding": .null, "added_tokens": .array(addedTokens.map { $0.json }),
      "normalizer": .null, "pre_tokenizer": byteLevel, "post_processor": .null, "decoder": byteLevel, "model": model,
    ]
    return document.text(pretty: true) + "\n"
  }
}

extension AddedToken {
  /// The entry of `added_tokens` in tokenizer.json.
  var json: JSON {
    [
      "id": .int(Int(id)), "content": .string(text), "single_word": .bool(singleWord), "lstrip": .bool(leftStrip),
      "rstrip": .bool(rightStrip), "normalized": .bool(normalized), "special": .bool(special),
    ]
  }

  init(file: JSONFile) throws {
    guard let text = try file.string("content") else { throw file.bad("added_tokens.content", "a string") }
    self.init(
      id: Int32(try file.int("id", in: 0...(1 << 24))), text: text, special: try file.bool("special", default: false),
      normalized: try file.bool("normalized", default: true), leftStrip: try file.bool("lstrip", default: false),
      rightStrip: try file.bool("rstrip", default: false), singleWord: try file.bool("single_word", default: false))
  }
}
