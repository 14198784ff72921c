import Foundation
import TensorCore
import Testing

@testable import LanguageModel

@Suite struct WholeCheckpointTests {
  private func tiny(tied: Bool) -> ModelConfiguration {
    ModelConfiguration(
      hiddenSize: 16, layers: 1, heads: 2, keyValueHeads: 1, feedForwardSize: 24, vocabularySize: 1,
      tiedEmbeddings: tied)
  }

  @Test func newCheckpointsFitTheirTokenizer() throws {
    let checkpoint = try Checkpoint(shape: tiny(tied: true), seed: 1)
    #expect(checkpoint.model.configuration.vocabularySize == checkpoint.tokenizer.vocabularySize)
    #expect(checkpoint.model.configuration.endTokens == [258])
    let folder = try TemporaryFolder()
    try checkpoint.save(to: folder.path)
    let again = try Checkpoint(folder: folder.path)
    #expect(again.settings == checkpoint.settings)
    #expect(again.tokenizer.encode("<judge>é") == checkpoint.tokenizer.encode("<judge>é"))
    #expect(again.model.head.values == checkpoint.model.head.values)
  }

  @Test(arguments: [true, false]) func newEntriesStartAsTheMeanOfTheirSpelling(tied: Bool) throws {
    let old = try Checkpoint(shape: tiny(tied: tied), tokenizer: ByteTokenizer(specialTokens: ["<think>"]), seed: 2)
    let new = try old.adding(tokens: ["<think>", "ab", "<answer>"])
    #expect(new.model.configuration.vocabularySize == 259)
    #expect(new.tokenizer.token("<think>") == 256)
    let ab = Int(try #require(new.tokenizer.encode("ab").first))
    #expect(ab == 257)
    for (before, after) in [(old.model.embedding, new.model.embedding), (old.model.head, new.model.head)] {
      for c in 0..<16 {
        #expect(after[ab * 16 + c] == (before[97 * 16 + c] + before[98 * 16 + c]) / 2)
        #expect(after[256 * 16 + c] == before[256 * 16 + c])
      }
    }
    #expect((new.model.embedding === new.model.head) == tied)
    // Nothing else changes: logits of old tokens after an old prompt.
    var batch = PackedBatch()
    batch.appendSegment([3, 4, 5])
    let (a, b) = (old.model.logits(batch), new.model.logits(batch))
    for t in 0..<3 { for v in 0..<257 { #expect(abs(a[t * 257 + v] - b[t * 259 + v]) < 1e-5) } }
  }

  @Test func paddingRowsAreUsedFirst() throws {
    var shape = tiny(tied: true)
    shape.vocabularySize = 300
    let model = try LanguageModel(configuration: shape, seed: 1)
    let old = try Checkpoint(model: model, tokenizer: ByteTokenizer(specialTokens: []))
    let new = try old.adding(tokens: SpecialTokens.autoThink)
    #expect(new.model.configuration.vocabularySize == 300)
    #expect(new.tokenizer.vocabularySize == 264)
    #expect(new.model.embedding[256 * 16] != old.model.embedding[256 * 16])
  }

  @Test func aTokenizerLargerThanTheModelIsRefused() throws {
    var shape = tiny(tied: true)
    shape.vocabularySize = 260
    let model = try LanguageModel(configuration: shape, seed: 1)
    #expect(
      throws: CheckpointError.badValue(
        path: "config.json", key: "vocab_size", found: "260", expected: "at least the tokenizer's 267")
    ) { try Checkpoint(model: model, tokenizer: ByteTokenizer()) }
  }
}
