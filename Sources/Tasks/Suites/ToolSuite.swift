import AutoThink
import StrictJSON

/// The built-in suite `tools`: conversations about a key-value store that the model works by calling it. **[ours]**
///
/// A user sets keys (`k=7`), asks for one (`k?`) or for what a chain of steps makes of one (`k a+4 b*7 c*3 %10?`). The model
/// calls the store (`set k 7`, `get k`), reads its result (`ok`, `7`) and replies. Calls and plain replies copy what is
/// there; a chain has to be followed step by step. So the right mode changes from turn to turn of one conversation, and a
/// policy that thinks always, or never, loses.
///
/// Each of the assistant's turns is an item: the conversation before it with the right earlier turns, and the right turn as
/// the reference. An environment in which the first wrong turn ends the conversation gives a policy that is right so far
/// exactly these prompts, so training on turns is training on conversations; ``ToolConversation`` holds whole ones.
///
/// Levels: 1 call set, 2 confirm, 3 call get, 4 pass a value on, 5 a chain of three, 6 a chain of five.
public struct ToolSuite: TaskSuite {
  /// The levels, easiest first.
  public static let levels = Array(1...6)
  /// The levels on which thinking pays.
  public static let thinkingLevels: Set<Int> = [5, 6]

  /// What a turn of a level is, in words.
  public static func name(ofLevel level: Int) -> String {
    let names = ["call set", "confirm", "call get", "pass on", "chain of 3", "chain of 5"]
    return names.indices.contains(level - 1) ? "\(level) \(names[level - 1])" : String(level)
  }

  /// `tools`.
  public var name: String { "tools" }
  private let seed: Int
  private let weights: [Double]

  /// The suite; `levelWeights` as for ``PrimerOptions/levelWeights``.
  /// - Throws: `PrimerError.badOptions` for weights that describe no suite.
  public init(seed: Int = 1, levelWeights: [Double] = [1, 1, 1, 1, 1, 1]) throws {
    // The rules for weights are those of the primer.
    _ = try PrimerOptions(seed: seed, levelWeights: levelWeights).cells()
    self.seed = seed
    weights = levelWeights + Array(repeating: 0, count: Self.levels.count - levelWeights.count)
  }

  /// See ``TaskSuite/item(_:at:)``.
  public func item(_ split: TaskSplit, at index: Int) -> TaskItem {
    var stream = KeyedStream(
      UInt64(bitPattern: Int64(seed)), KeyedStream.hash("tools cell \(split.rawValue)"),
      UInt64(bitPattern: Int64(index)))
    var left = stream.unit() * weights.reduce(0, +)
    let level = Self.levels.last { level in
      guard weights[level - 1] > 0 else { return false }
      left -= weights[level - 1]
      return left < 0
    }
    let chosen = level ?? Self.levels.first { weights[$0 - 1] > 0 } ?? 1
    return item(split, level: chosen, index: index)
  }

  /// See ``TaskSuite/items(_:count:)``.
  public func items(_ split: TaskSplit, count: Int) throws -> [TaskItem] {
    let total = weights.reduce(0, +)
    var items: [TaskItem] = []
    var due = 0.0
    for level in Self.levels where weights[level - 1] > 0 {
      due += Double(max(0, count)) * weights[level - 1] / total
      items += try self.items(split, level: level, count: Int((due + 1e-9).rounded()) - items.count)
    }
    var stream = KeyedStream(UInt64(bitPattern: Int64(seed)), KeyedStream.hash("tools order \(split.rawValue)"))
    return stream.shuffled(items)
  }

  /// See ``TaskSuite/items(_:perCell:)``.
  public func items(_ split: TaskSplit, perCell: Int) throws -> [TaskItem] {
    try Self.levels.filter { weights[$0 - 1] > 0 }.flatMap { try items(split, level: $0, count: perCell) }
  }

  /// The first `count` different items of a level.
  /// - Throws: `PrimerError.exhausted`.
  func items(_ split: TaskSplit, level: Int, count: Int) throws -> [TaskItem] {
    var items: [TaskItem] = []
    var seen: Set<String> = []
    var index = 0
    while items.count < count {
      let item = item(split, level: level, index: index)
      if seen.insert(Self.text(item)).inserted { items.append(item) }
      index += 1
      guard index < 1000 + 50 * count else {
        throw PrimerError.exhausted(split: split, domain: .general, level: level, found: items.count, wanted: count)
      }
    }
    return items
  }

  /// One item of a level.
  func item(_ split: TaskSplit, level: Int, index: Int) -> TaskItem {
    var stream = KeyedStream(
      UInt64(bitPattern: Int64(seed)), KeyedStream.hash("tools \(split.rawValue)"), UInt64(level),
      UInt64(bitPattern: Int64(index)))
    while true {
      let script = ToolScript.draw(endingOn: level, &stream)
      // Every split owns at least a tenth of what there is, so this ends after a few draws.
      guard script.split == split, let turn = script.turns.last(where: { $0.level == level }) else { continue }
      return Self.item(turn, id: "tools/\(level)/\(seed)/\(split.rawValue)/\(index)")
    }
  }

  private static func item(_ turn: ToolTurn, id: String) -> TaskItem {
    TaskItem(
      id: id, prompt: turn.messages.last { $0.role == .user }?.content ?? "",
      messages: turn.messages.count == 1 ? [] : turn.messages, domain: .general, verifier: "tool",
      reference: .string(turn.reply), difficulty: Primer.difficulty(level: turn.level), source: "tools/\(turn.level)",
      fields: JSONObject([("level", .int(turn.level))]))
  }

  private static func text(_ item: TaskItem) -> String { item.conversation.map(\.content).joined(separator: "\n") }

  /// See ``TaskSuite/trace(_:mode:variation:)``.
  public func trace(_ item: TaskItem, mode: ThinkMode, variation: Int) throws -> AutoThinkResponse {
    guard let turn = ToolTurn(continuing: item.conversation) else {
      throw PrimerError.foreignItem(id: item.id, prompt: item.prompt)
    }
    var stream = KeyedStream(KeyedStream.hash(Self.text(item)), UInt64(bitPattern: Int64(variation)))
    let judge = stream.pick(turn.rationales)
    return AutoThinkResponse(
      judge: judge, mode: mode, think: mode == .on ? turn.thought(stream.pick(["check", "again"])) : "",
      answer: turn.reply)
  }
}
