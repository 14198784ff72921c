import Foundation
import Tasks
import Testing

/// Real files of the published formats, where they lie beside the checkout. Every row is an item or has a reason.
@Suite struct PublishedDataTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/data").path

  /// File, format, items, rejected rows. The larger files take too long for a debug build.
  static let files: [(String, String, Int, Int)] = [
    ("math500/test.jsonl", "math", 500, 0),
    ("aime24/test.jsonl", "aime24", 30, 0),
    ("aime25/test.jsonl", "aime25", 30, 0),
    ("amc23/test.jsonl", "amc23", 40, 0),
    ("svamp/svamp.jsonl", "svamp", 900, 0),
    ("aqua/test.jsonl", "aqua", 254, 0),
    ("cmath/test.jsonl", "cmath", 1098, 0),
    ("mgsm_zh/mgsm_zh.jsonl", "mgsm", 250, 0),
    ("humaneval/HumanEval.jsonl", "humaneval", 140, 0),
    ("openbookqa/test.jsonl", "openbookqa", 500, 0),
    ("ifeval/input_data.jsonl", "ifeval", 500, 0),
    ("symbolic/coin_flip.jsonl", "exact", 500, 0),
    ("verl_arithmetic_sequence/test.jsonl", "verl", 0, 200),
  ]

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: folder), "needs ../shared/data beside the checkout"),
    arguments: files)
  func everyRowLoadsOrIsNamed(file: String, format: String, items: Int, rejected: Int) throws {
    let path = Self.folder + "/" + file
    guard FileManager.default.fileExists(atPath: path) else { return }
    let format = try DataFormat.named(format)
    if items == 0 {
      // Not one row can be used, so the file as a whole is refused with the first row's reason.
      let error = try #require(throws: TaskFileError.self) { try DataFile.read(path, as: format) }
      #expect(error.field == "reward_model.ground_truth")
      return
    }
    let data = try DataFile.read(path, as: format)
    #expect(data.items.count == items)
    #expect(data.rejected.count == rejected)
    #expect(Set(data.items.map(\.id)).count == items)
    #expect(data.items.allSatisfy { !$0.prompt.isEmpty && $0.id.hasPrefix($0.source + "/") })
  }
}
