import Foundation
import StrictJSON

/// What a foreign data file gave: every row is either an item or a reason.
public struct DataFile: Sendable, Equatable {
  /// The items, in the order of the file.
  public let items: [TaskItem]
  /// The rows that could not be used, each with the place and the reason.
  public let rejected: [TaskFileError]
  /// The format the rows were read in; nil for a column mapping.
  public let format: DataFormat?

  /// How a file's rows are to be understood.
  public enum Reading: Sendable, Equatable {
    /// By the columns of its first rows; see ``DataFormat/detect(_:)``.
    case detected
    /// As a named format.
    case format(DataFormat)
    /// Through a column mapping.
    case columns(ColumnMapping)
  }

  /// Reads a file, plain or gzip-compressed.
  /// - Throws: as ``read(_:as:source:)``, also where no format fits the columns.
  public static func read(_ path: String, _ reading: Reading, source: String? = nil) throws -> DataFile {
    switch reading {
    case .format(let format): return try read(path, as: format, source: source)
    case .columns(let columns): return try read(path, columns: columns, source: source)
    case .detected:
      let rows = try JSONLines.rows(of: path)
      guard let format = DataFormat.detect(rows.prefix(50).map(\.object)) else {
        let columns = rows.first?.object.keys.joined(separator: ", ")
        throw TaskFileError(
          file: path, found: columns.map { "the columns \($0)" } ?? "no row",
          expected: "the columns of a known format (\(DataFormat.allCases.map(\.rawValue).joined(separator: ", "))); "
            + "name one of them, or map the columns: prompt=question,reference=answer,domain=math")
      }
      let source = source ?? name(of: path)
      return try read(path, rows, format) { row throws(RowError) in try format.items(row, source: source) }
    }
  }

  /// Reads a file of a published format, plain or gzip-compressed.
  ///
  /// - Parameter source: The name of the data set in ids and sources; nil takes the name of the file's folder, or of the
  ///   file where that says more.
  /// - Throws: `TaskFileError` for a file that is no JSON lines, and where not one row can be used.
  public static func read(_ path: String, as format: DataFormat, source: String? = nil) throws -> DataFile {
    let source = source ?? name(of: path)
    return try read(path, JSONLines.rows(of: path), format) { row throws(RowError) in
      try format.items(row, source: source)
    }
  }

  /// Reads a file through a column mapping. See ``read(_:as:source:)``.
  public static func read(_ path: String, columns: ColumnMapping, source: String? = nil) throws -> DataFile {
    let source = source ?? name(of: path)
    return try read(path, JSONLines.rows(of: path), nil) { row throws(RowError) in
      [try columns.item(row, source: source)]
    }
  }

  private static func read(
    _ path: String, _ rows: [(line: Int, object: JSONObject)], _ format: DataFormat?,
    _ items: (Row) throws(RowError) -> [TaskItem]
  ) throws -> DataFile {
    let parsed = items
    var items: [TaskItem] = []
    var rejected: [TaskFileError] = []
    var lines: [String: Int] = [:]
    for (line, object) in rows {
      do throws(RowError) {
        for item in try parsed(Row(object: object, line: line)) {
          if let first = lines[item.id] {
            throw RowError("id", found: "\"\(item.id)\", which line \(first) has too", expected: "an id of its own")
          }
          lines[item.id] = line
          items.append(item)
        }
      } catch {
        rejected.append(error.at(path, line: line))
      }
    }
    if items.isEmpty {
      throw rejected.first ?? TaskFileError(file: path, found: "no row", expected: "at least one JSON object")
    }
    return DataFile(items: items, rejected: rejected, format: format)
  }

  /// The name a data set has in ids and tables: its folder's, or its file's where that says more.
  public static func dataSetName(of path: String) -> String { name(of: path) }

  /// `gsm8k` for `data/gsm8k/test.jsonl`, `humaneval` for `humaneval.jsonl` in the working folder.
  private static func name(of path: String) -> String {
    let url = URL(fileURLWithPath: path)
    let file = String(url.lastPathComponent.prefix { $0 != "." })
    let folder = url.deletingLastPathComponent().lastPathComponent
    let parts = ["train", "test", "dev", "validation", "sample", "input_data"]
    return parts.contains(where: file.hasPrefix) && path.contains("/") ? folder : file.lowercased()
  }
}
