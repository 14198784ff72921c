import AutoThink

/// A built-in suite: procedural items with an oracle that can show how each is answered in either mode.
///
/// Items are a function of (seed, split, place); splits share no item.
public protocol TaskSuite: Sendable {
  /// The name in tables and configurations.
  var name: String { get }

  /// The item at a place of an endless stream: cold-start data.
  func item(_ split: TaskSplit, at index: Int) -> TaskItem
  /// `count` different items in a mixed order: a training pool.
  /// - Throws: the suite's error where it has fewer.
  func items(_ split: TaskSplit, count: Int) throws -> [TaskItem]
  /// `perCell` different items of every domain and level: an evaluation set.
  /// - Throws: the suite's error where a cell has fewer.
  func items(_ split: TaskSplit, perCell: Int) throws -> [TaskItem]
  /// A right response to one of the suite's items; the wording varies with `variation`.
  /// - Throws: the suite's error for a foreign item.
  func trace(_ item: TaskItem, mode: ThinkMode, variation: Int) throws -> AutoThinkResponse
}

extension Primer: TaskSuite {
  /// `primer`.
  public var name: String { "primer" }

  /// As the static function of the same name.
  public func trace(_ item: TaskItem, mode: ThinkMode, variation: Int) throws -> AutoThinkResponse {
    try Primer.trace(item, mode: mode, variation: variation)
  }
}
