/// Text to token ids and back.
///
/// Implementations are byte-level: any text has an encoding, and the bytes of any id sequence are defined (ids outside
/// the vocabulary stand for no bytes), so output of a model can never make decoding fail.
public protocol Tokenizer: Sendable {
  /// One more than the largest id; the model's head has at least this many rows.
  var vocabularySize: Int { get }
  /// The entries matched whole in text: special tokens, tags. In order of id.
  var addedTokens: [AddedToken] { get }

  /// The ids of `text`. No begin or end token is added.
  ///
  /// - Parameter parsingAddedTokens: whether an added token's text inside `text` becomes its single id. Pass false for
  ///   text from outside (questions, data), so that it cannot smuggle control tokens in.
  func encode(_ text: String, parsingAddedTokens: Bool) -> [Int32]

  /// The bytes one id stands for; empty outside the vocabulary.
  func bytes(of token: Int32) -> [UInt8]

  /// The id of the entry that is exactly `text`, or nil.
  func token(_ text: String) -> Int32?

  /// The content of `tokenizer.json`, which Hugging Face tokenizers reads too.
  var fileText: String { get }

  /// The same tokenizer with `texts` as added special tokens; those already there keep their id, new ones follow
  /// `vocabularySize`.
  func adding(_ texts: [String]) -> any Tokenizer
}

/// A vocabulary entry that is matched whole in text, before any splitting.
public struct AddedToken: Sendable, Equatable {
  /// The id.
  public var id: Int32
  /// The text it matches and stands for.
  public var text: String
  /// Whether it is a control token, left out of text shown to people.
  public var special: Bool
  /// Whether it is looked for in the normalised text instead of the raw one.
  public var normalized: Bool
  /// Whether it swallows white space before it.
  public var leftStrip: Bool
  /// Whether it swallows white space after it.
  public var rightStrip: Bool
  /// Whether it matches only between non-word characters.
  public var singleWord: Bool

  /// An added token; the flags default to those of a control token.
  public init(
    id: Int32, text: String, special: Bool = true, normalized: Bool = false, leftStrip: Bool = false,
    rightStrip: Bool = false, singleWord: Bool = false
  ) {
    self.id = id
    self.text = text
    self.special = special
    self.normalized = normalized
    self.leftStrip = leftStrip
    self.rightStrip = rightStrip
    self.singleWord = singleWord
  }
}

extension Tokenizer {
  /// The ids of `text`, added tokens parsed.
  public func encode(_ text: String) -> [Int32] { encode(text, parsingAddedTokens: true) }

  /// The text of `tokens`; bytes that are not UTF-8 become U+FFFD.
  ///
  /// - Parameter skippingSpecialTokens: whether control tokens are left out.
  public func decode(_ tokens: some Sequence<Int32>, skippingSpecialTokens: Bool = false) -> String {
    let hidden = skippingSpecialTokens ? Set(addedTokens.lazy.filter { $0.special }.map { $0.id }) : []
    var all: [UInt8] = []
    for token in tokens where !hidden.contains(token) { all += bytes(of: token) }
    return String(decoding: all, as: UTF8.self)
  }

  /// Writes `tokenizer.json` and `tokenizer_config.json` into an existing folder.
  /// - Throws: `CheckpointError.unreadable` where a file cannot be written.
  public func write(to folder: String, settings: TokenizerSettings) throws {
    try JSONFile.write(text: fileText, to: folder + "/tokenizer.json")
    try settings.write(to: folder, addedTokens: addedTokens)
  }
}
