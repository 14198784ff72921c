/// A data file that cannot be used, with the place and the reason.
public struct TaskFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file.
  public var file: String
  /// The line, from 1; nil where the whole file is meant.
  public var line: Int?
  /// The field (column) that is wrong, where it is one.
  public var field: String?
  /// What was found.
  public var found: String
  /// What was expected, and what to do.
  public var expected: String

  /// An error.
  public init(file: String, line: Int? = nil, field: String? = nil, found: String, expected: String) {
    self.file = file
    self.line = line
    self.field = field
    self.found = found
    self.expected = expected
  }

  /// `FILE:LINE: field "NAME": found …, expected …`
  public var description: String {
    let place = line.map { "\(file):\($0)" } ?? file
    let name = field.map { "field \"\($0)\": " } ?? ""
    return "\(place): \(name)found \(found), expected \(expected)"
  }
}

/// What is wrong with one row; the reader adds file and line.
struct RowError: Error, Equatable {
  var field: String?
  var found: String
  var expected: String

  init(_ field: String?, found: String, expected: String) {
    self.field = field
    self.found = found
    self.expected = expected
  }

  func at(_ file: String, line: Int) -> TaskFileError {
    TaskFileError(file: file, line: line, field: field, found: found, expected: expected)
  }
}
