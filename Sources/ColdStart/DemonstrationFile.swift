import AutoThink
import Foundation
import StepSRPO
import StrictJSON
import Tasks
import TensorCore

/// Cold-start data from task files whose rows hold a worked `response` in the AutoThink format, as
/// `step-srpo data primer --traces` writes them: for any domain, so that nothing depends on the built-in suite.
public struct DemonstrationFile: Sendable {
  private let demonstrations: [Demonstration]
  private let batchSize: Int
  private let seed: UInt64

  /// Reads the files.
  /// - Throws: `TaskFileError` naming file and row, also for a response that breaks the format or the row's `mode`.
  public init(_ paths: [String], batchSize: Int, seed: Int) throws {
    self.batchSize = batchSize
    self.seed = UInt64(seed)
    demonstrations = try paths.flatMap { path in
      try TaskFile.read(path).map { try Self.demonstration($0, in: path) }
    }
  }

  /// The demonstrations of a step, counted from 1: the rows in a new order for each pass over them.
  public func batch(step: Int) -> [Demonstration] {
    var orders: [Int: [Int]] = [:]
    return ((step - 1) * batchSize..<step * batchSize).map { place in
      let pass = place / demonstrations.count
      let order =
        orders[pass]
        ?? {
          var stream = RandomStream(seed: seed, purpose: .coldStartMode, step: pass)
          var order = Array(demonstrations.indices)
          stream.shuffle(&order)
          return order
        }()
      orders[pass] = order
      return demonstrations[order[place % demonstrations.count]]
    }
  }

  private static func demonstration(_ item: TaskItem, in path: String) throws -> Demonstration {
    func wrong(_ field: String, found: String, expected: String) -> TaskFileError {
      TaskFileError(file: path, field: "row \"\(item.id)\", \(field)", found: found, expected: expected)
    }
    guard let text = item.fields["response"]?.string else {
      throw wrong(
        "response", found: item.fields["response"]?.kind ?? "nothing", expected: "a text in the AutoThink format")
    }
    let response = ResponseParser().parse(text: text)
    guard let mode = response.mode else {
      throw wrong(
        "response", found: "an invalid format (\(response.invalidReason?.rawValue ?? "no gate"))",
        expected: "<judge>…</judge><think_on><think>…</think><answer>…</answer> or the same with <think_off> alone")
    }
    if let asked = item.mode, asked != mode {
      throw wrong(
        "mode", found: "\(asked.rawValue) beside a think-\(mode.rawValue) response", expected: "the same mode")
    }
    func trimmed(_ text: String?) -> String { (text ?? "").trimmingCharacters(in: .whitespacesAndNewlines) }
    return Demonstration(
      item: item,
      response: AutoThinkResponse(
        judge: trimmed(response.judge), mode: mode, think: trimmed(response.think), answer: trimmed(response.answer)))
  }
}
