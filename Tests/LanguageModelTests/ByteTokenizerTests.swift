import Foundation
import StrictJSON
import Testing

@testable import LanguageModel

@Suite struct ByteTokenizerTests {
  let tokenizer = ByteTokenizer()

  @Test func bytesAreTheirOwnIDs() {
    #expect(tokenizer.encode("Aé\n") == [65, 0xC3, 0xA9, 10])
    #expect(tokenizer.vocabularySize == 256 + 3 + 8)
  }

  @Test func tagsAreSingleEntries() throws {
    let on = try #require(tokenizer.token("<think_on>"))
    #expect(tokenizer.encode("a<think_on>b") == [97, on, 98])
    #expect(tokenizer.encode("<think_on>", parsingAddedTokens: false) == Array("<think_on>".utf8).map { Int32($0) })
    #expect(tokenizer.decode([97, on, 98]) == "a<think_on>b")
    #expect(tokenizer.decode([97, on, 98], skippingSpecialTokens: true) == "ab")
    #expect(tokenizer.encode("<think").count == 6)
  }

  @Test func anyIDsDecode() {
    #expect(tokenizer.decode([0xFF, -1, 9_999, .max, .min, 65]) == "\u{FFFD}A")
  }

  @Test func longerTagWins() {
    let tokenizer = ByteTokenizer(specialTokens: ["<a>", "<a>b", "<a>", ""])
    #expect(tokenizer.encode("x<a>b<a>") == [120, 257, 256])
  }

  @Test func fileReadsBackAsTheSameTokenizer() throws {
    let folder = try TemporaryFolder()
    try tokenizer.write(to: folder.path, settings: TokenizerSettings())
    let loaded = try loadTokenizer(folder: folder.path)
    #expect(loaded is ByteTokenizer)
    #expect(loaded.addedTokens == tokenizer.addedTokens)
    let text = "\u{0}\t x<judge>ünï\u{1F600}</judge><think_off><|im_end|>"
    #expect(loaded.encode(text) == tokenizer.encode(text))
    #expect(try TokenizerSettings(folder: folder.path) == TokenizerSettings())
  }

  @Test func addingKeepsOldIDs() {
    let grown = tokenizer.adding(["<think>", "<tool>"])
    #expect(grown.token("<think>") == tokenizer.token("<think>"))
    #expect(grown.token("<tool>") == Int32(tokenizer.vocabularySize))
    #expect(grown.vocabularySize == tokenizer.vocabularySize + 1)
  }
}
