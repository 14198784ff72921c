import Foundation
import StrictJSON
import Testing

@testable import LanguageModel

/// The 103 golden strings of each published tokenizer.
@Suite struct GoldenTokenizationTests {
  @Test(.enabled(if: SharedData.has("tokenizers/gpt2/tokenizer.json"), "needs ../shared/data/tokenizers/gpt2"))
  func gpt2() throws {
    try check(loadTokenizer(folder: SharedData.path("tokenizers/gpt2")), "tokenizers/gpt2/golden.jsonl")
  }

  @Test(.enabled(if: SharedData.has("tokenizers/qwen2/tokenizer.json.gz"), "needs ../shared/data/tokenizers/qwen2"))
  func qwen2() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/tokenizer.json"
    try SharedData.gunzip(SharedData.path("tokenizers/qwen2/tokenizer.json.gz")).write(to: URL(fileURLWithPath: path))
    try check(loadTokenizer(path: path), "tokenizers/qwen2/golden.jsonl")
  }

  private func check(_ tokenizer: any Tokenizer, _ golden: String) throws {
    let lines = try String(contentsOfFile: SharedData.path(golden), encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 103)
    for line in lines {
      let row = try JSON.parse(String(line))
      let text = try #require(row["text"]?.string)
      let ids = try #require(row["ids"]?.array).compactMap { $0.int.map { Int32($0) } }
      #expect(tokenizer.encode(text) == ids, "\(text)")
      #expect(tokenizer.decode(ids) == row["decoded"]?.string, "\(text)")
    }
  }
}
