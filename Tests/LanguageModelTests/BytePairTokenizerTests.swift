import Foundation
import StrictJSON
import Testing

@testable import LanguageModel

/// A byte-level BPE with a handful of merges, written as a file, in the variants real checkpoints use.
@Suite struct BytePairTokenizerTests {
  static let llamaPattern =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

  /// `a b` -> ab, `ab a` -> aba, `b a` -> ba, `1 2` -> 12, with ranks in that order.
  private func document(_ change: (inout JSONObject, inout JSONObject) -> Void) -> JSON {
    var vocabulary = JSONObject((0..<256).map { (ByteAlphabet.spell([UInt8($0)]), JSON.int($0)) })
    for (i, word) in ["ab", "aba", "ba", "12", "xyz"].enumerated() { vocabulary[word] = .int(256 + i) }
    var model = JSONObject([
      ("type", "BPE"), ("vocab", .object(vocabulary)), ("merges", ["a b", ["ab", "a"], "b a", "1 2"]),
    ])
    var file = JSONObject([
      (
        "pre_tokenizer",
        [
          "type": "Sequence",
          "pretokenizers": [
            [
              "type": "Split", "pattern": ["Regex": .string(Self.llamaPattern)], "behavior": "Isolated",
              "invert": false,
            ],
            ["type": "ByteLevel", "add_prefix_space": false, "use_regex": false],
          ],
        ]
      ),
      ("decoder", ["type": "ByteLevel"]),
      ("added_tokens", [["id": 261, "content": "<end>", "special": true, "normalized": false]]),
    ])
    change(&file, &model)
    file["model"] = .object(model)
    return .object(file)
  }

  private func load(
    _ change: (inout JSONObject, inout JSONObject) -> Void = { _, _ in }
  ) throws -> any Tokenizer {
    let folder = try TemporaryFolder()
    let path = folder.path + "/tokenizer.json"
    try document(change).text().write(toFile: path, atomically: true, encoding: .utf8)
    return try loadTokenizer(path: path)
  }

  /// What is generated under an id that two tokens share would read as either.
  @Test(arguments: ["vocabulary", "added", "both"]) func twoTokensOfOneIdAreNamed(place: String) throws {
    let error = #expect(throws: CheckpointError.self) {
      try load { file, model in
        var vocabulary = model["vocab"]?.object ?? JSONObject()
        let added = file["added_tokens"]?.array ?? []
        switch place {
        case "vocabulary": vocabulary["zzz"] = 256
        case "added": file["added_tokens"] = .array(added + [["id": 261, "content": "<other>", "special": true]])
        default: file["added_tokens"] = .array(added + [["id": 97, "content": "another a", "special": true]])
        }
        model["vocab"] = .object(vocabulary)
      }
    }
    let names = [
      "vocabulary": ["zzz", "ab", "256"], "added": ["<other>", "<end>", "261"], "both": ["another a", "\"a\"", "97"],
    ]
    for name in names[place] ?? [] {
      #expect(error?.description.contains(name) == true, "\(String(describing: error))")
    }
  }

  /// A token that stands in the vocabulary and among the added ones is one token, in either spelling.
  @Test func aTokenMayStandInBothLists() throws {
    let tokenizer = try load { file, model in
      var vocabulary = model["vocab"]?.object ?? JSONObject()
      (vocabulary["<end>"], vocabulary[ByteAlphabet.spell(Array("<a b>".utf8))]) = (261, 262)
      model["vocab"] = .object(vocabulary)
      file["added_tokens"] = .array(
        (file["added_tokens"]?.array ?? []) + [["id": 262, "content": "<a b>", "special": true]])
    }
    #expect(tokenizer.token("<end>") == 261 && tokenizer.token("<a b>") == 262)
  }

  @Test func mergesByRankThenPlace() throws {
    let tokenizer = try load()
    #expect(tokenizer.encode("ababa") == [256, 257])
    #expect(tokenizer.encode("baab") == [258, 256])
    #expect(tokenizer.encode("1212") == [259, 49, 50])
  }

  @Test func longWordsMergeLikeShortOnes() throws {
    let tokenizer = try load()
    // "abab…": every a joins its b first (rank 0), so the other merges never apply. Over 24 bytes the heap works.
    #expect(tokenizer.encode(String(repeating: "ab", count: 5_000)) == Array(repeating: 256, count: 5_000))
    // "baba…": the same inside, with a lone b before and a lone a after; `ab a` takes the last a.
    let expected = [98] + Array(repeating: Int32(256), count: 998) + [257]
    #expect(tokenizer.encode(String(repeating: "ba", count: 1_000)) == expected)
    #expect(tokenizer.encode(String(repeating: "ba", count: 12)) == [98] + Array(repeating: 256, count: 10) + [257])
  }

  @Test func wholeWordsOnlyWhereTheFileSaysSo() throws {
    #expect(try load().encode("xyz") == [120, 121, 122])
    #expect(try load { _, model in model["ignore_merges"] = true }.encode("xyz") == [260])
  }

  @Test func composesWhereTheFileSaysSo() throws {
    let decomposed = "e\u{301}"
    #expect(try load().encode(decomposed) == [101, 0xCC, 0x81])
    #expect(try load { file, _ in file["normalizer"] = ["type": "NFC"] }.encode(decomposed) == [0xC3, 0xA9])
  }

  @Test func savingKeepsEverything() throws {
    let tokenizer = try load().adding(["<think_on>"])
    #expect(tokenizer.token("<think_on>") == 262)
    let folder = try TemporaryFolder()
    try tokenizer.write(to: folder.path, settings: TokenizerSettings(endToken: "<end>"))
    let again = try loadTokenizer(folder: folder.path)
    #expect(again.encode("ab<think_on>12<end>") == [256, 262, 259, 261])
    #expect(again.fileText == tokenizer.fileText)
  }

  @Test(arguments: [
    ("model.type", "Unigram"), ("model.byte_fallback", "SentencePiece"), ("normalizer.type", "Lowercase"),
    ("pre_tokenizer.pattern", "Llama 3"), ("model.merges[4]", "q zz"), ("model.vocab", "byte 97"),
  ])
  func unsupportedPartsAreNamed(key: String, hint: String) throws {
    let error = #expect(throws: CheckpointError.self) {
      try load { file, model in
        switch key {
        case "model.type": model["type"] = "Unigram"
        case "model.byte_fallback": model["byte_fallback"] = true
        case "normalizer.type": file["normalizer"] = ["type": "Lowercase"]
        case "pre_tokenizer.pattern":
          file["pre_tokenizer"] = ["type": "Split", "pattern": ["Regex": "x+"], "behavior": "Isolated"]
        case "model.merges[4]": model["merges"] = ["a b", "ab a", "b a", "1 2", "q zz"]
        default:
          var vocabulary = model["vocab"]?.object ?? JSONObject()
          vocabulary["a"] = nil
          model["vocab"] = .object(vocabulary)
        }
      }
    }
    let text = try #require(error).description
    #expect(text.contains(key) && text.contains(hint), "\(text)")
  }
}
