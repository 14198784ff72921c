import StrictJSON
import Verifiers

/// One line of input of `step-srpo verify`.
struct VerifyLine {
  /// What the line asks for.
  var request: VerifyRequest
  /// The line's own `id`, given back as it was written.
  var id: JSON

  /// A line that asks for nothing sensible.
  struct Malformed: Error {
    var reason: String
  }

  /// Reads one line: an object with a `prediction` (string or number), mostly a `reference` (string, number or a list
  /// of these), and whatever else the verifier needs.
  /// - Throws: ``Malformed`` with what was found and what was expected.
  init(_ line: LineReader.Line) throws {
    guard !line.isTooLong else {
      throw Malformed(reason: "the line is longer than \(LineReader.maximumLength >> 20) MiB")
    }
    let value: JSON
    do { value = try JSON.parse(utf8: line.bytes) } catch let error as JSONError {
      throw Malformed(reason: "no valid JSON: column \(error.column): \(error.message)")
    }
    guard var object = value.object else { throw Malformed(reason: "expected an object, found \(value.kind)") }
    let id = object["id"] ?? .null
    switch id {
    case .null, .string, .number: break
    default: throw Malformed(reason: "\"id\": expected a string or a number, found \(id.kind)")
    }
    let prediction: String
    switch object["prediction"] {
    case .string(let text)?: prediction = text
    case .number(let number)?: prediction = number.text
    case nil:
      let hint = nearestName(to: "prediction", in: object.keys).map { "; did you mean it by \"\($0)\"?" } ?? ""
      throw Malformed(reason: "\"prediction\" is missing\(hint)")
    case let other?: throw Malformed(reason: "\"prediction\": expected a string or a number, found \(other.kind)")
    }
    let reference = object["reference"] ?? .null
    try Self.check(reference)
    var prompt = ""
    if let value = object["prompt"], !value.isNull {
      guard let text = value.string else {
        throw Malformed(reason: "\"prompt\": expected a string, found \(value.kind)")
      }
      prompt = text
    }
    for key in ["id", "prediction", "reference", "prompt"] { object[key] = nil }
    self.id = id
    // Ids of users may repeat; the line's number does not.
    request = VerifyRequest(
      id: String(line.number), prompt: prompt, response: prediction, reference: reference, fields: object)
  }

  private static func check(_ reference: JSON) throws {
    switch reference {
    case .null, .string, .number: return
    case .array(let elements):
      for element in elements where element.string == nil && element.double == nil {
        throw Malformed(reason: "\"reference\": expected strings or numbers in the list, found \(element.kind)")
      }
    default:
      throw Malformed(
        reason: "\"reference\": expected a string, a number or a list of these, found \(reference.kind)")
    }
  }

  /// The line of output.
  func answer(_ verdict: Verdict, seconds: Double) -> JSON {
    var kind: JSON = "failed"
    var reason: String?
    var outcome = verdict.detail?.outcome
    switch verdict {
    case .score(_, let detail):
      kind = "score"
      reason = detail.reason
    case .abstain(let text):
      kind = "abstain"
      reason = text
    case .failed(let failure):
      reason = failure.description
      outcome = failure.kind.rawValue
    }
    return [
      "id": id, "verdict": kind, "score": verdict.score.map { .double($0) } ?? .null,
      "extracted": verdict.detail?.extracted.map { .string($0) } ?? .null,
      "outcome": outcome.map { .string($0) } ?? .null, "reason": reason.map { .string($0) } ?? .null,
      "seconds": .double((seconds * 1e6).rounded() / 1e6),
    ]
  }

  /// The line of output for a malformed line.
  static func answer(_ error: Malformed, line: Int) -> JSON {
    ["line": .int(line), "verdict": "failed", "reason": .string(error.reason)]
  }
}
