import Foundation

/// What a foreign data file gave: every row is either an item or a reason.
public struct DataFile: Sendable, Equatable {
  /// The items, in the order of the file.
  public let items: [TaskItem]
  /// The rows that could not be used, each with the place and the reason.
  public let rejected: [TaskFileError]

  /// Reads a file of a published format, plain or gzip-compressed.
  ///
  /// - Parameter source: The name of the data set in ids and sources; nil takes the name of the file's folder, or of the
  ///   file where that says more.
  /// - Throws: `TaskFileError` for a file that is no JSON lines, and where not one row can be used.
  public static func read(_ path: String, as format: DataFormat, source: String? = nil) throws -> DataFile {
    let source = source ?? name(of: path)
    return try read(path) { row throws(RowError) in try format.item(row, source: source) }
  }

  /// Reads a file through a column mapping. See ``read(_:as:source:)``.
  public static func read(_ path: String, columns: ColumnMapping, source: String? = nil) throws -> DataFile {
    let source = source ?? name(of: path)
    return try read(path) { row throws(RowError) in try columns.item(row, source: source) }
  }

  private static func read(_ path: String, _ item: (Row) throws(RowError) -> TaskItem) throws -> DataFile {
    var items: [TaskItem] = []
    var rejected: [TaskFileError] = []
    var lines: [String: Int] = [:]
    for (line, object) in try JSONLines.rows(of: path) {
      do throws(RowError) {
        let item = try item(Row(object: object, line: line))
        if let first = lines[item.id] {
          throw RowError("id", found: "\"\(item.id)\", which line \(first) has too", expected: "an id of its own")
        }
        lines[item.id] = line
        items.append(item)
      } catch {
        rejected.append(error.at(path, line: line))
      }
    }
    if items.isEmpty {
      throw rejected.first ?? TaskFileError(file: path, found: "no row", expected: "at least one JSON object")
    }
    return DataFile(items: items, rejected: rejected)
  }

  /// `gsm8k` for `data/gsm8k/test.jsonl`, `humaneval` for `humaneval.jsonl` in the working folder.
  private static func name(of path: String) -> String {
    let url = URL(fileURLWithPath: path)
    let file = String(url.lastPathComponent.prefix { $0 != "." })
    let folder = url.deletingLastPathComponent().lastPathComponent
    let parts = ["train", "test", "dev", "validation", "sample", "input_data"]
    return parts.contains(where: file.hasPrefix) && path.contains("/") ? folder : file.lowercased()
  }
}
