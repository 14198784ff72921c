import Platform
import StrictJSON

/// Task files: JSON lines, one query-verifier pair each, plain or gzip-compressed.
public enum TaskFile {
  /// Reads a task file. See ``read(_:)-([String])``.
  public static func read(_ path: String) throws -> [TaskItem] { try read([path]) }

  /// Reads task files, one after the other, as one pool.
  ///
  /// A row has `prompt` or `messages`, and `domain` or the name of a built-in verifier; `id` defaults to the file's name and
  /// the line, as in `train.jsonl:12`. Columns without a property of their own are kept in ``TaskItem/fields``.
  ///
  /// - Throws: `TaskFileError` with file, line, field, what was found and what was expected; also for a file without rows,
  ///   and for a second row of the same source and id: whatever is kept of two such rows would be kept of one.
  public static func read(_ paths: [String]) throws -> [TaskItem] { try rows(of: paths).map(\.item) }

  /// The same with the file and the line of each item, lines from 1.
  public static func rows(of paths: [String]) throws -> [(path: String, line: Int, item: TaskItem)] {
    var items: [(path: String, line: Int, item: TaskItem)] = []
    var owners: [[ExactText]: (path: String, line: Int)] = [:]
    for (path, name) in zip(paths, distinctNames(of: paths)) {
      let rows = try JSONLines.rows(of: path)
      for (line, row) in rows {
        let item: TaskItem
        do throws(RowError) {
          item = try TaskItem(row: row, defaultID: "\(name):\(line)")
        } catch {
          throw error.at(path, line: line)
        }
        if let owner = owners.updateValue((path, line), forKey: [ExactText(item.source), ExactText(item.id)]) {
          throw TaskFileError(
            file: path, line: line, field: "id",
            found:
              "\"\(item.id)\", which \(owner.path == path ? "line \(owner.line)" : "\(owner.path):\(owner.line)") has too",
            expected: "an id of its own for every row")
        }
        items.append((path, line, item))
      }
      guard !rows.isEmpty else {
        throw TaskFileError(file: path, found: "no row", expected: "at least one JSON object")
      }
    }
    return items
  }

  /// The last components of paths, as many as it takes to tell them apart: a moved folder changes no id.
  static func distinctNames(of paths: [String]) -> [String] {
    let parts = paths.map { $0.split(separator: "/") }
    let deepest = parts.map(\.count).max() ?? 0
    for count in stride(from: 1, through: deepest, by: 1) {
      let names = parts.map { $0.suffix(count).joined(separator: "/") }
      if Set(names.map(ExactText.init)).count == paths.count { return names }
    }
    return paths
  }

  /// Writes items as a task file, replacing what is there in one move: a full disk leaves the old file whole.
  /// - Throws: `TaskFileError` naming the file and the system's reason.
  public static func write(_ items: [TaskItem], to path: String) throws {
    let text = items.map { $0.json.text() + "\n" }.joined()
    do { try OutputFile.write(text, to: path) } catch {
      throw TaskFileError(
        file: path, found: "a file that cannot be written (\(error.reason))",
        expected: "a writable folder with enough space")
    }
  }
}
