import AutoThink

/// A suite in which some users say how they want to be answered: "do not think", "think deeper". **[ours]**
///
/// It wraps any suite: the wish stands behind the user's text, and the item's ``TaskItem/mode`` is the mode the user asks
/// for. Verifiers compare with the same reference as before.
public struct IntentSuite: TaskSuite {
  /// The suite that is wrapped.
  public let base: any TaskSuite
  /// The share of items with a wish.
  public let share: Double
  private let seed: Int

  /// A suite with wishes in `share` of its items.
  public init(_ base: any TaskSuite, share: Double, seed: Int) {
    self.base = base
    self.share = min(1, max(0, share))
    self.seed = seed
  }

  /// The wrapped suite's name.
  public var name: String { base.name }

  /// How users ask for a mode.
  static let phrases: [ThinkMode: [String]] = [
    .on: ["think deeper", "think first", "please think"],
    .off: ["do not think", "no thinking", "answer at once"],
  ]

  /// See ``TaskSuite/item(_:at:)``.
  public func item(_ split: TaskSplit, at index: Int) -> TaskItem {
    wished(base.item(split, at: index), key: UInt64(bitPattern: Int64(index)))
  }

  /// See ``TaskSuite/items(_:count:)``.
  public func items(_ split: TaskSplit, count: Int) throws -> [TaskItem] { wished(try base.items(split, count: count)) }

  /// See ``TaskSuite/items(_:perCell:)``.
  public func items(_ split: TaskSplit, perCell: Int) throws -> [TaskItem] {
    wished(try base.items(split, perCell: perCell))
  }

  /// See ``TaskSuite/trace(_:mode:variation:)``.
  public func trace(_ item: TaskItem, mode: ThinkMode, variation: Int) throws -> AutoThinkResponse {
    try base.trace(Self.withoutWish(item), mode: mode, variation: variation)
  }

  private func wished(_ items: [TaskItem]) -> [TaskItem] {
    items.enumerated().map { wished($1, key: UInt64($0)) }
  }

  /// The item with a wish, where the draw says so. A conversation that ends in a tool's result has no user to ask.
  private func wished(_ item: TaskItem, key: UInt64) -> TaskItem {
    var stream = KeyedStream(UInt64(bitPattern: Int64(seed)), KeyedStream.hash("intent \(item.id)"), key)
    guard stream.unit() < share, item.messages.isEmpty || item.messages.last?.role == .user else { return item }
    let mode: ThinkMode = stream.below(2) == 0 ? .on : .off
    let phrase = stream.pick(Self.phrases[mode] ?? [])
    var item = item
    item.id += "/\(mode.rawValue)"
    item.prompt += " (\(phrase))"
    if !item.messages.isEmpty { item.messages[item.messages.count - 1].content = item.prompt }
    item.mode = mode
    item.fields["intent"] = .string(phrase)
    return item
  }

  /// The item as it was before a wish was added.
  static func withoutWish(_ item: TaskItem) -> TaskItem {
    guard let phrase = item.fields["intent"]?.string, item.prompt.hasSuffix(" (\(phrase))") else { return item }
    var item = item
    item.prompt.removeLast(phrase.count + 3)
    if !item.messages.isEmpty { item.messages[item.messages.count - 1].content = item.prompt }
    return item
  }
}
