import RunStore
import StrictJSON
import Verifiers

/// A few lines that go to the verifier together.
struct VerifyBatch {
  /// How an answer is written.
  enum Style {
    /// One JSON object a line.
    case json
    /// A block of text for people.
    case explained
  }

  let lines: [LineReader.Line]

  /// The answers, one for each line in order. A line's seconds are its share of the batch's.
  func run(_ verifier: any Verifier, style: Style) -> [UInt8] {
    let parsed = lines.map { line in Result { () throws(VerifyLine.Malformed) in try Self.parse(line) } }
    let requests = parsed.compactMap { try? $0.get().request }
    let start = ContinuousClock.now
    var verdicts = requests.isEmpty ? [] : verifier.verify(requests)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    if verdicts.count != requests.count {
      let failure = VerifierFailure(
        .badReply, "verifier \(verifier.name) gave \(verdicts.count) verdicts for \(requests.count) requests")
      verdicts = requests.map { _ in .failed(failure) }
    }
    let share = seconds / Double(max(1, requests.count))
    var next = verdicts.makeIterator()
    var output: [UInt8] = []
    for (line, result) in zip(lines, parsed) {
      switch result {
      case .failure(let error):
        let answer = VerifyLine.answer(error, line: line.number)
        output += Array((style == .json ? answer.text() : "line \(line.number): \(error.reason)\n").utf8)
      case .success(let parsed):
        guard let verdict = next.next() else { break }
        let answer = parsed.answer(verdict, seconds: share)
        output += Array((style == .json ? answer.text() : explain(parsed, answer, line: line.number, verifier)).utf8)
      }
      output.append(0x0A)
    }
    return output
  }

  private static func parse(_ line: LineReader.Line) throws(VerifyLine.Malformed) -> VerifyLine {
    do { return try VerifyLine(line) } catch let error as VerifyLine.Malformed { throw error } catch {
      throw VerifyLine.Malformed(reason: "\(error)")
    }
  }

  private func explain(_ line: VerifyLine, _ answer: JSON, line number: Int, _ verifier: any Verifier) -> String {
    func text(_ value: JSON?) -> String {
      let text = value.map { $0.isNull ? "-" : $0.string ?? $0.text() } ?? "-"
      return TerminalText.neutralised(TerminalText.cut(text, to: 400), keepingNewlines: false)
    }
    let verdict = [text(answer["verdict"])] + (answer["score"]?.double.map { [JSON.double($0).text()] } ?? [])
    let rows = [
      ("prediction", text(.string(line.request.response))), ("reference", text(line.request.reference)),
      ("extracted", text(answer["extracted"])), ("verdict", verdict.joined(separator: " ")),
      ("outcome", text(answer["outcome"])), ("reason", text(answer["reason"])),
    ]
    let working = (verifier as? any ExplainingVerifier)?.working(line.request) ?? []
    let id = line.id.isNull ? "" : ", id \(text(line.id))"
    return "line \(number)\(id)\n"
      + (rows + working.map { ($0.label, text(.string($0.text))) }).map {
        "  " + TerminalText.padded($0.0, to: 11) + $0.1 + "\n"
      }.joined()
  }
}
