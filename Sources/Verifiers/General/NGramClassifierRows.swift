import Foundation
import Platform
import StrictJSON

extension NGramClassifier {
  /// Reads labelled rows: JSON lines with `text` (or `response`, or `prediction`) and `label` (true, false, 1 or 0).
  /// - Throws: `VerifierFailure` (`badRequest`) naming file, line, what was found and what was expected.
  public static func examples(of file: URL) throws -> [Example] {
    let bytes: [UInt8]
    do { bytes = try InputFile.contents(of: file.path) } catch {
      throw VerifierFailure(.badRequest, "\(error); expected JSON lines with \"text\" and \"label\"")
    }
    var examples: [Example] = []
    for (i, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) {
      func wrong(_ message: String) -> VerifierFailure {
        VerifierFailure(.badRequest, "\(file.path):\(i + 1): \(message)")
      }
      let row: JSON
      do { row = try JSON.parse(utf8: Array(line)) } catch { throw wrong("\(error)") }
      guard let text = (row["text"] ?? row["response"] ?? row["prediction"])?.string else {
        throw wrong("found no text, expected \"text\", \"response\" or \"prediction\" to be a string")
      }
      let label: Bool
      switch row["label"] {
      case .bool(let flag)?: label = flag
      case .number(let number)? where number.int == 0 || number.int == 1: label = number.int == 1
      default:
        throw wrong("\"label\" is \(row["label"]?.text() ?? "missing"), expected true or false, 1 or 0")
      }
      examples.append(Example(text: text, isPositive: label))
    }
    return examples
  }

  /// Right and wrong decisions on labelled texts.
  public struct Confusion: Sendable, Equatable {
    /// Texts.
    public var count = 0
    /// Unacceptable ones that were accepted.
    public var falseAccepts = 0
    /// Acceptable ones that were not.
    public var falseRejects = 0

    /// The share of right decisions; nil without any.
    public var accuracy: Double? { count > 0 ? 1 - Double(falseAccepts + falseRejects) / Double(count) : nil }
  }

  /// How the classifier decides on labelled texts.
  public func confusion(on examples: [Example]) -> Confusion {
    var found = Confusion()
    for example in examples {
      let accepts = probability(of: example.text) >= threshold
      found.count += 1
      if accepts, !example.isPositive { found.falseAccepts += 1 }
      if !accepts, example.isPositive { found.falseRejects += 1 }
    }
    return found
  }
}
