import Platform
import StrictJSON

/// Task files: JSON lines, one query-verifier pair each, plain or gzip-compressed.
public enum TaskFile {
  /// Reads a task file.
  ///
  /// A row has `prompt` or `messages`, and `domain` or the name of a built-in verifier; `id` defaults to the line number.
  /// Columns without a property of their own are kept in ``TaskItem/fields``.
  ///
  /// - Throws: `TaskFileError` with file, line, field, what was found and what was expected; also for a second row of the
  ///   same id and for a file without rows.
  public static func read(_ path: String) throws -> [TaskItem] { try rows(of: path).map(\.item) }

  /// Reads a task file; every item comes with its line, from 1. See ``read(_:)``.
  public static func rows(of path: String) throws -> [(line: Int, item: TaskItem)] {
    var items: [(line: Int, item: TaskItem)] = []
    var lines: [String: Int] = [:]
    for (line, row) in try JSONLines.rows(of: path) {
      let item: TaskItem
      do throws(RowError) {
        item = try TaskItem(row: row, defaultID: String(line))
      } catch {
        throw error.at(path, line: line)
      }
      if let first = lines.updateValue(line, forKey: item.id) {
        throw TaskFileError(
          file: path, line: line, field: "id", found: "\"\(item.id)\", which line \(first) has too",
          expected: "an id of its own for every row")
      }
      items.append((line, item))
    }
    guard !items.isEmpty else { throw TaskFileError(file: path, found: "no row", expected: "at least one JSON object") }
    return items
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
