import Foundation
import StrictJSON

/// A byte-level BPE tokenizer as `tokenizer.json` describes it: GPT-2, Qwen2, Llama 3 and their kin.
public struct BytePairTokenizer: Tokenizer {
  /// The entries matched whole in text, in order of id.
  public private(set) var addedTokens: [AddedToken]

  /// Whether text is brought to Unicode's composed form first.
  let normalizes: Bool
  /// Whether a space is put before text that does not start with one.
  let addsPrefixSpace: Bool
  let pattern: SplitPattern
  let merges: BytePairMerges
  /// Whether a word that is in the vocabulary as it stands is taken whole (Llama 3).
  let takesWholeWords: Bool
  /// The bytes of each token, by id; empty for gaps.
  private var tokenBytes: [[UInt8]]
  private let idOfBytes: [[UInt8]: Int32]
  private var idOfAdded: [String: Int32]
  private var rawMatcher: AddedTokenMatcher
  private var normalizedMatcher: AddedTokenMatcher
  /// The file as it was read; saving writes it back with the added tokens of now.
  private let document: JSONObject

  /// One more than the largest id.
  public var vocabularySize: Int { tokenBytes.count }

  init(
    addedTokens: [AddedToken], normalizes: Bool, addsPrefixSpace: Bool, pattern: SplitPattern, merges: BytePairMerges,
    takesWholeWords: Bool, vocabulary: [[UInt8]], idOfBytes: [[UInt8]: Int32], document: JSONObject
  ) {
    self.addedTokens = addedTokens
    self.normalizes = normalizes
    self.addsPrefixSpace = addsPrefixSpace
    self.pattern = pattern
    self.merges = merges
    self.takesWholeWords = takesWholeWords
    self.idOfBytes = idOfBytes
    self.document = document
    tokenBytes = vocabulary
    idOfAdded = [:]
    rawMatcher = AddedTokenMatcher([])
    normalizedMatcher = AddedTokenMatcher([])
    indexAddedTokens()
  }

  private mutating func indexAddedTokens() {
    addedTokens.sort { $0.id < $1.id }
    for token in addedTokens {
      while tokenBytes.count <= Int(token.id) { tokenBytes.append([]) }
      tokenBytes[Int(token.id)] = Array(token.text.utf8)
      idOfAdded[token.text] = token.id
    }
    rawMatcher = AddedTokenMatcher(addedTokens.filter { !$0.normalized })
    normalizedMatcher = AddedTokenMatcher(addedTokens.filter { $0.normalized })
  }

  /// The ids of `text`; see ``Tokenizer/encode(_:parsingAddedTokens:)``.
  public func encode(_ text: String, parsingAddedTokens: Bool) -> [Int32] {
    var ids: [Int32] = []
    let bytes = Array(text.utf8)
    guard parsingAddedTokens else {
      encodeNormalized(normalize(bytes[...]), parsing: false, isFirst: true, into: &ids)
      return ids
    }
    for piece in rawMatcher.split(bytes) {
      switch piece {
      case .token(let id): ids.append(id)
      case .text(let range):
        encodeNormalized(normalize(bytes[range]), parsing: true, isFirst: range.lowerBound == 0, into: &ids)
      }
    }
    return ids
  }

  private func normalize(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    // No character below U+0300 (UTF-8 0xCC 0x80) can compose with or be changed by NFC.
    guard normalizes, bytes.contains(where: { $0 >= 0xCC }) else { return Array(bytes) }
    return Array(String(decoding: bytes, as: UTF8.self).precomposedStringWithCanonicalMapping.utf8)
  }

  private func encodeNormalized(_ bytes: [UInt8], parsing: Bool, isFirst: Bool, into ids: inout [Int32]) {
    guard parsing, !normalizedMatcher.isEmpty else {
      encodeWords(bytes[...], isFirst: isFirst, into: &ids)
      return
    }
    for piece in normalizedMatcher.split(bytes) {
      switch piece {
      case .token(let id): ids.append(id)
      case .text(let range): encodeWords(bytes[range], isFirst: isFirst && range.lowerBound == 0, into: &ids)
      }
    }
  }

  private func encodeWords(_ bytes: ArraySlice<UInt8>, isFirst: Bool, into ids: inout [Int32]) {
    var bytes = Array(bytes)
    if addsPrefixSpace, isFirst, bytes.first != 0x20 { bytes.insert(0x20, at: 0) }
    for word in pattern.words(in: String(decoding: bytes, as: UTF8.self)) {
      if takesWholeWords, let id = idOfBytes[Array(bytes[word])] {
        ids.append(id)
      } else {
        ids += merges.tokens(of: bytes[word])
      }
    }
  }

  /// The bytes one id stands for; empty outside the vocabulary.
  public func bytes(of token: Int32) -> [UInt8] {
    tokenBytes.indices.contains(Int(token)) ? tokenBytes[Int(token)] : []
  }

  /// The id of the entry that is exactly `text`, or nil.
  public func token(_ text: String) -> Int32? { idOfAdded[text] ?? idOfBytes[Array(text.utf8)] }

  /// The same tokenizer with `texts` as further special tokens.
  public func adding(_ texts: [String]) -> any Tokenizer {
    var copy = self
    for text in texts where !text.isEmpty && copy.idOfAdded[text] == nil {
      copy.addedTokens.append(AddedToken(id: Int32(copy.tokenBytes.count), text: text))
      copy.indexAddedTokens()
    }
    return copy
  }

  /// The content of `tokenizer.json`.
  public var fileText: String {
    var document = document
    document["added_tokens"] = .array(addedTokens.map { $0.json })
    return JSON.object(document).text(pretty: true) + "\n"
  }
}
