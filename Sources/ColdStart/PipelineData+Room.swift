import LanguageModel
import StepSRPO
import Tasks

/// A row with the place it comes from.
struct PlacedItem {
  let item: TaskItem
  /// `FILE:LINE`; the row's id alone where it is of a built-in suite.
  let place: () -> String

  /// The rows of task files.
  static func rows(of paths: [String]) throws -> [PlacedItem] {
    try TaskFile.rows(of: paths).map { path, line, item in
      PlacedItem(item: item) { "\(path):\(line) (\"\(item.id)\")" }
    }
  }

  /// Items of a built-in suite.
  static func made(_ items: [TaskItem]) -> [PlacedItem] {
    items.map { item in PlacedItem(item: item) { "\(item.source) \"\(item.id)\"" } }
  }
}

/// Rows of one set that are left out because their prompts leave too little room for a response.
public struct LeftOutPrompts: Sendable, Equatable, CustomStringConvertible {
  /// The set: `training`, or the name of a held-out one.
  public let set: String
  /// How many rows.
  public let count: Int
  /// How many rows there were.
  public let total: Int
  /// The first of them, each with its place and its tokens.
  public let rows: [String]
  /// The most tokens a prompt may have.
  public let longestPrompt: Int

  /// `training: 3 of 512 prompts have more than 464 tokens and are left out: pool.jsonl:17 …`.
  public var description: String {
    "\(set): \(count) of \(total) prompts have more than \(max(0, longestPrompt)) tokens and are left out: "
      + rows.joined(separator: ", ") + (count > rows.count ? ", …" : "")
  }
}

/// Sorts prompts by whether the policy has room for a response behind them.
struct PromptSieve {
  private let codec: ResponseCodec
  private let room: PromptRoom
  private let heldOutRoom: PromptRoom
  private let rule: TaskSection.TooLong
  private(set) var longest = 0
  private(set) var leftOut: [LeftOutPrompts] = []
  /// The most rows that are named.
  private static let named = 10

  /// A sieve for the policy of a configuration.
  /// - Throws: `CheckpointError` or `ResponseCodecError` for a policy that cannot be built.
  init(_ configuration: RunConfiguration) throws {
    let positions = try configuration.model.policyShape().maxPositions
    codec = try Policy.codec(configuration.model)
    room = PromptRoom(positions: positions, configuration.rollout)
    heldOutRoom = PromptRoom(positions: min(positions, DecodingWeights.standardPositions), configuration.rollout)
    rule = configuration.tasks.tooLong
  }

  /// The rows of a set that fit.
  ///
  /// - Parameter set: the name of a held-out set; nil for the training pool.
  /// - Throws: `ConfigurationError` naming the rows that do not, where the configuration wants no row left out.
  mutating func fitting(_ rows: [PlacedItem], heldOut set: String? = nil) throws -> [TaskItem] {
    let room = set == nil ? room : heldOutRoom
    var kept: [TaskItem] = []
    var long: [(row: PlacedItem, tokens: Int)] = []
    for row in rows {
      let tokens = codec.prompt(row.item).count
      if room.fits(tokens) {
        kept.append(row.item)
        longest = max(longest, tokens)
      } else {
        long.append((row, tokens))
      }
    }
    guard !long.isEmpty else { return kept }
    let named = long.prefix(Self.named).map { "\($0.row.place()) with \($0.tokens)" }
    guard rule == .drop else {
      throw ConfigurationError(
        source: set ?? "training", key: "tasks.too_long",
        message:
          "\(long.count) of \(rows.count) prompts leave too little room for a response. Prompt and response share "
          + "the model's \(room.positions) positions, \(room.response) are kept for a response, so a prompt may have "
          + "\(max(0, room.longestPrompt)) tokens. Found\n"
          + named.map { "  \($0) tokens\n" }.joined() + (long.count > named.count ? "  …\n" : "")
          + "Shorten them, give the model more positions, or leave them out with `--set tasks.too_long=drop`")
    }
    leftOut.append(
      LeftOutPrompts(
        set: set ?? "training", count: long.count, total: rows.count, rows: named, longestPrompt: room.longestPrompt))
    return kept
  }
}
