import AutoThink
import StrictJSON

/// One row of a published data set: typed access to columns, with errors that name them.
struct Row {
  let object: JSONObject
  /// The row's place in its file, from 1.
  let line: Int

  /// The column under a name or a dotted path (`reward_model.ground_truth`); null counts as absent.
  func value(_ path: String) -> JSON? {
    if let whole = object[path] { return whole.isNull ? nil : whole }
    var value: JSON? = .object(object)
    for key in path.split(separator: ".") { value = value?[String(key)] }
    return value.flatMap { $0.isNull ? nil : $0 }
  }

  /// A text that is not blank.
  func text(_ path: String) throws(RowError) -> String {
    let found = value(path)
    guard let text = found?.string else { throw RowError(path, found: found?.kind ?? "nothing", expected: "a string") }
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw RowError(path, found: "an empty string", expected: "a text")
    }
    return text
  }

  /// A text or a number, as the text it is written with.
  func scalar(_ path: String) throws(RowError) -> String {
    if case .number(let number)? = value(path) { return number.text }
    return try text(path)
  }

  /// A text or a number as a reference.
  func reference(_ path: String) throws(RowError) -> JSON {
    if case .number? = value(path) { return value(path) ?? .null }
    return .string(try text(path).trimmed)
  }

  /// A conversation: its last user message, and all of it where it is more than that.
  func conversation(_ path: String) throws(RowError) -> (prompt: String, messages: [ChatMessage]) {
    guard let rows = value(path)?.array else {
      throw RowError(path, found: value(path)?.kind ?? "nothing", expected: "a list of messages")
    }
    return try TaskItem.conversation(rows, field: path)
  }

  /// A list of texts, not empty.
  func texts(_ path: String) throws(RowError) -> [String] {
    let found = value(path)
    guard let values = found?.array else {
      throw RowError(path, found: found?.kind ?? "nothing", expected: "a list of strings")
    }
    let texts = values.compactMap(\.string)
    guard texts.count == values.count, !texts.isEmpty else {
      throw RowError(
        path, found: values.isEmpty ? "an empty list" : "a list with other things than strings",
        expected: "a list of strings")
    }
    return texts
  }

  /// The columns under the given names, those that are there, for `fields`.
  func kept(_ names: String...) -> [(String, JSON)] { names.compactMap { name in value(name).map { (name, $0) } } }
}

extension StringProtocol {
  /// Without blanks at both ends.
  var trimmed: String {
    guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace }) else {
      return ""
    }
    return String(self[start...end])
  }
}
