import AutoThink
import Foundation
import StrictJSON

/// Prompts for generation: JSON lines with `prompt` or `messages`, and an `id` where there is one. Other columns are left
/// alone, so task files are prompt files too.
public struct PromptFile: Sendable, Equatable {
  /// A row.
  public struct Row: Sendable, Equatable {
    /// The row's id, or its line number.
    public var id: JSON
    /// The conversation that is to be continued.
    public var conversation: [ChatMessage]

    /// A row.
    public init(id: JSON, conversation: [ChatMessage]) {
      self.id = id
      self.conversation = conversation
    }
  }

  /// The rows in order.
  public let rows: [Row]

  /// Reads a file, plain or gzip-compressed; `-` is standard input.
  /// - Throws: `TaskFileError` naming file, line and field.
  public init(_ path: String) throws {
    let objects: [(line: Int, object: JSONObject)]
    if path == "-" {
      let data = try FileHandle.standardInput.readToEnd() ?? Data()
      objects = try JSONLines.rows(in: Array(data), path: "standard input")
    } else {
      objects = try JSONLines.rows(of: path)
    }
    rows = try objects.map { line, object in
      do throws(RowError) { return try Self.row(object, line) } catch { throw error.at(path, line: line) }
    }
  }

  private static func row(_ object: JSONObject, _ line: Int) throws(RowError) -> Row {
    let row = Tasks.Row(object: object, line: line)
    var id = JSON.int(line)
    switch object["id"] {
    case nil, .null: break
    case .string(let text): id = .string(text)
    case .number(let number): id = .number(number)
    case let other?: throw RowError("id", found: other.kind, expected: "a string or a number")
    }
    if row.value("prompt")?.string != nil || row.value("messages") == nil && row.value("prompt")?.array == nil {
      return Row(id: id, conversation: [ChatMessage(.user, try row.text("prompt"))])
    }
    let (prompt, messages) = try row.conversation(row.value("prompt") == nil ? "messages" : "prompt")
    return Row(id: id, conversation: messages.isEmpty ? [ChatMessage(.user, prompt)] : messages)
  }
}
