import Foundation
import StrictJSON

/// Reads the tokenizer of a Hugging Face folder.
///
/// - Returns: a `ByteTokenizer` where the file is one, else a `BytePairTokenizer`.
/// - Throws: `CheckpointError`: missing file, malformed JSON, a part of the file this package does not implement.
public func loadTokenizer(folder: String) throws -> any Tokenizer {
  try loadTokenizer(path: folder + "/tokenizer.json")
}

/// Reads one `tokenizer.json`. See ``loadTokenizer(folder:)``.
public func loadTokenizer(path: String) throws -> any Tokenizer {
  try TokenizerFile(file: JSONFile(path: path, purpose: "the tokenizer")).tokenizer()
}

/// The parts of a tokenizer.json, checked.
private struct TokenizerFile {
  let file: JSONFile
  let model: JSONFile

  init(file: JSONFile) throws {
    self.file = file
    guard let model = file.value("model")?.object else { throw file.bad("model", "an object") }
    self.model = JSONFile(path: file.path, object: model)
  }

  func tokenizer() throws -> any Tokenizer {
    try checkModelKind()
    let (pattern, addsPrefixSpace) = try preTokenizer()
    let normalizes = try normalizer()
    try checkDecoder()
    let vocabulary = try vocabulary()
    let addedTokens = try addedTokens(beside: vocabulary)
    if let bytes = byteTokenizer(vocabulary, addedTokens, normalizes, addsPrefixSpace) { return bytes }
    return BytePairTokenizer(
      addedTokens: addedTokens, normalizes: normalizes, addsPrefixSpace: addsPrefixSpace, pattern: pattern,
      merges: try merges(vocabulary), takesWholeWords: try model.bool("ignore_merges", default: false),
      vocabulary: vocabulary.bytes, idOfBytes: vocabulary.ids, document: file.object)
  }

  private func unsupported(_ key: String, _ found: String, _ supported: String) -> CheckpointError {
    .unsupported(path: file.path, key: key, found: found, supported: supported)
  }

  private func checkModelKind() throws {
    let kind = try model.string("type") ?? (model.value("merges") == nil ? "absent" : "BPE")
    guard kind == "BPE" else { throw unsupported("model.type", kind, "BPE over bytes (GPT-2, Qwen2, Llama 3)") }
    if try model.bool("byte_fallback", default: false) {
      throw unsupported("model.byte_fallback", "true (a SentencePiece vocabulary)", "false: BPE over bytes")
    }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let text = try model.string(key), !text.isEmpty { throw unsupported("model." + key, text, "none") }
    }
  }

  private func normalizer() throws -> Bool {
    guard let value = file.value("normalizer") else { return false }
    let parts = value["type"]?.string == "Sequence" ? value["normalizers"]?.array ?? [] : [value]
    for part in parts where part["type"]?.string != "NFC" {
      throw unsupported("normalizer.type", part["type"]?.string ?? part.kind, "NFC or none")
    }
    return !parts.isEmpty
  }

  private func preTokenizer() throws -> (pattern: SplitPattern, addsPrefixSpace: Bool) {
    guard let value = file.value("pre_tokenizer") else {
      throw unsupported("pre_tokenizer", "null", "ByteLevel, or Split followed by ByteLevel")
    }
    let parts = value["type"]?.string == "Sequence" ? value["pretokenizers"]?.array ?? [] : [value]
    var pattern: SplitPattern?
    var byteLevel: JSON?
    for part in parts {
      switch part["type"]?.string {
      case "Split" where pattern == nil && byteLevel == nil:
        guard let text = part["pattern"]?["Regex"]?.string, let known = SplitPattern(pattern: text) else {
          throw unsupported("pre_tokenizer.pattern", part["pattern"]?.text() ?? "absent", SplitPattern.supported)
        }
        guard part["behavior"]?.string == "Isolated", part["invert"]?.bool != true else {
          throw unsupported("pre_tokenizer.behavior", part["behavior"]?.text() ?? "absent", "Isolated, not inverted")
        }
        pattern = known
      case "ByteLevel" where byteLevel == nil: byteLevel = part
      default:
        throw unsupported(
          "pre_tokenizer.type", part["type"]?.string ?? part.kind, "ByteLevel, or Split followed by ByteLevel")
      }
    }
    guard let byteLevel else {
      throw unsupported("pre_tokenizer", "without a ByteLevel part", "BPE over bytes")
    }
    let usesRegex = byteLevel["use_regex"]?.bool ?? true
    if pattern != nil, usesRegex {
      throw unsupported("pre_tokenizer.use_regex", "true after a Split", "false after a Split")
    }
    return (pattern ?? (usesRegex ? .gpt2 : .whole), byteLevel["add_prefix_space"]?.bool ?? true)
  }

  private func checkDecoder() throws {
    let kind = file.value("decoder")?["type"]?.string ?? "null"
    guard kind == "ByteLevel" else { throw unsupported("decoder.type", kind, "ByteLevel") }
  }

  private struct Vocabulary {
    /// The entry of each id as the file writes it.
    var texts: [Int: String] = [:]
    var bytes: [[UInt8]] = []
    var ids: [[UInt8]: Int32] = [:]
    var byteTokens = [Int32](repeating: -1, count: 256)
  }

  private func vocabulary() throws -> Vocabulary {
    guard let object = model.value("vocab")?.object else { throw model.bad("vocab", "an object of token and id") }
    var vocabulary = Vocabulary()
    vocabulary.ids.reserveCapacity(object.count)
    vocabulary.bytes = Array(repeating: [], count: object.count)
    for (text, value) in object.pairs {
      guard let id = value.int, id >= 0, id < 1 << 24 else {
        throw CheckpointError.badValue(
          path: file.path, key: "model.vocab.\(text)", found: value.text(), expected: "an id from 0 to 16777215")
      }
      if let other = vocabulary.texts.updateValue(text, forKey: id) {
        throw CheckpointError.badValue(
          path: file.path, key: "model.vocab.\(text)", found: "\(id), which \"\(other)\" has too",
          expected: "an id of its own for every token")
      }
      while vocabulary.bytes.count <= id { vocabulary.bytes.append([]) }
      // An entry outside the byte alphabet is one that only added tokens use: it stands for its own text.
      let bytes = ByteAlphabet.bytes(text) ?? Array(text.utf8)
      vocabulary.bytes[id] = bytes
      vocabulary.ids[bytes] = Int32(id)
      if bytes.count == 1 { vocabulary.byteTokens[Int(bytes[0])] = Int32(id) }
    }
    if let byte = vocabulary.byteTokens.firstIndex(of: -1) {
      throw CheckpointError.badValue(
        path: file.path, key: "model.vocab", found: "no entry for byte \(byte)", expected: "an entry for each byte")
    }
    return vocabulary
  }

  private func merges(_ vocabulary: Vocabulary) throws -> BytePairMerges {
    guard let list = model.value("merges")?.array else { throw model.bad("merges", "a list") }
    var merges = BytePairMerges(byteTokens: vocabulary.byteTokens, capacity: list.count)
    for (rank, element) in list.enumerated() {
      let parts: [String]
      if let text = element.string {
        parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      } else {
        parts = element.array?.compactMap { $0.string } ?? []
      }
      guard parts.count == 2, let left = ByteAlphabet.bytes(parts[0]), let right = ByteAlphabet.bytes(parts[1]),
        let leftID = vocabulary.ids[left], let rightID = vocabulary.ids[right],
        let result = vocabulary.ids[left + right]
      else {
        throw CheckpointError.badValue(
          path: file.path, key: "model.merges[\(rank)]", found: element.text(),
          expected: "two tokens of the vocabulary whose join is in the vocabulary")
      }
      merges.add(leftID, rightID, into: result, rank: rank)
    }
    return merges
  }

  /// - Throws: `CheckpointError` also for a token whose id is another's: what is generated would read as either.
  private func addedTokens(beside vocabulary: Vocabulary) throws -> [AddedToken] {
    guard let value = file.value("added_tokens") else { return [] }
    guard let list = value.array else { throw file.bad("added_tokens", "a list") }
    var owners = vocabulary.texts
    return try list.map { element in
      guard let object = element.object else { throw file.bad("added_tokens", "a list of objects") }
      let token = try AddedToken(file: JSONFile(path: file.path, object: object))
      // A token of the vocabulary may be among the added ones as itself, there in the spelling of its bytes.
      if let other = owners.updateValue(token.text, forKey: Int(token.id)), other != token.text,
        other != ByteAlphabet.spell(Array(token.text.utf8))
      {
        throw CheckpointError.badValue(
          path: file.path, key: "added_tokens",
          found: "\"\(token.text)\" with the id \(token.id), which \"\(other)\" has",
          expected: "an id of its own for every token")
      }
      return token
    }
  }

  /// The file as a `ByteTokenizer`, when it is exactly one.
  private func byteTokenizer(
    _ vocabulary: Vocabulary, _ addedTokens: [AddedToken], _ normalizes: Bool, _ addsPrefixSpace: Bool
  ) -> ByteTokenizer? {
    guard !normalizes, !addsPrefixSpace, model.value("merges")?.array?.isEmpty == true, vocabulary.bytes.count == 256,
      vocabulary.byteTokens == Array(0..<256)
    else { return nil }
    for (i, token) in addedTokens.enumerated() where token != AddedToken(id: Int32(256 + i), text: token.text) {
      return nil
    }
    return ByteTokenizer(addedTokens: addedTokens)
  }
}
