/// Where a run's queries come from.
public enum TaskSource: Sendable {
  /// Task files, read one after the other.
  case files([String])
  /// The built-in suite.
  case primer(Primer)

  /// The training pool: all rows of the files, or `count` different items of the suite in a mixed order.
  ///
  /// - Throws: `TaskFileError`, also for an id that two files share; `PrimerError`.
  public func trainingPool(count: Int) throws -> [TaskItem] {
    switch self {
    case .files(let paths): try Self.read(paths)
    case .primer(let primer): try primer.items(.train, count: count)
    }
  }

  /// A held-out set: all rows of the files, or `perCell` different items of every cell of the suite's test split.
  /// - Throws: as ``trainingPool(count:)``.
  public func heldOut(perCell: Int) throws -> [TaskItem] {
    switch self {
    case .files(let paths): try Self.read(paths)
    case .primer(let primer): try primer.items(.test, perCell: perCell)
    }
  }

  private static func read(_ paths: [String]) throws -> [TaskItem] {
    var items: [TaskItem] = []
    var owner: [String: String] = [:]
    for path in paths {
      for item in try TaskFile.read(path) {
        if let other = owner.updateValue(path, forKey: item.id) {
          throw TaskFileError(
            file: path, field: "id", found: "\"\(item.id)\", which \(other) has too",
            expected: "an id of its own for every row of a run")
        }
        items.append(item)
      }
    }
    return items
  }
}
