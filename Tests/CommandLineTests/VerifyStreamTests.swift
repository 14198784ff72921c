import Foundation
import StrictJSON
import Testing
import Verifiers

@testable import step_srpo

/// Says what it was asked; slow now and then, so that threads overtake each other.
private struct EchoVerifier: Verifier {
  let name = "echo"
  var dawdles = false

  func verify(_ requests: [VerifyRequest]) -> [Verdict] {
    requests.map { request in
      if dawdles, (Int(request.id) ?? 0) % 7 == 0 { usleep(2000) }
      switch request.response {
      case "abstain": return .abstain(reason: "no reference")
      case "fail": return .failed(VerifierFailure(.timeout, "too slow"))
      default:
        let isRight = request.references.contains {
          $0.string == request.response || $0.double == Double(request.response)
        }
        return .score(isRight ? 1 : 0, VerdictDetail(extracted: request.response, outcome: "read", reason: "because"))
      }
    }
  }
}

private struct SilentVerifier: Verifier {
  let name = "silent"
  func verify(_ requests: [VerifyRequest]) -> [Verdict] { [] }
}

private final class Sink: @unchecked Sendable {
  private let lock = NSLock()
  private var bytes: [UInt8] = []
  func write(_ more: [UInt8]) { lock.withLock { bytes += more } }
  var text: String { lock.withLock { String(decoding: bytes, as: UTF8.self) } }
}

@Suite struct VerifyStreamTests {
  private func answers(
    _ input: [UInt8], _ verifier: any Verifier = EchoVerifier(), threads: Int = 3, maximumLength: Int = 1 << 20,
    style: VerifyBatch.Style = .json
  ) throws -> String {
    let path = NSTemporaryDirectory() + "verify-\(UUID().uuidString)"
    try Data(input).write(to: URL(fileURLWithPath: path))
    let descriptor = open(path, O_RDONLY)
    defer {
      close(descriptor)
      unlink(path)
    }
    let sink = Sink()
    let reader = LineReader(descriptor: descriptor, path: path, maximumLength: maximumLength)
    try VerifyCommand.stream(reader, to: verifier, threads: threads, style: style, write: sink.write)
    return sink.text
  }

  private func lines(_ input: String, _ verifier: any Verifier = EchoVerifier()) throws -> [JSON] {
    try answers(Array(input.utf8), verifier).split(separator: "\n").map { try JSON.parse(String($0)) }
  }

  @Test func everyKindOfVerdict() throws {
    let answers = try lines(
      """
      {"id": "a", "prediction": "7", "reference": [6, 7]}
      {"id": 3, "prediction": 8, "reference": "7"}
      {"prediction": "abstain"}
      {"id": null, "prediction": "fail", "reference": "x"}

      """)
    #expect(answers.map { $0["id"] ?? "?" } == ["a", 3, .null, .null])
    #expect(answers.map { $0["verdict"]?.string } == ["score", "score", "abstain", "failed"])
    #expect(answers.map { $0["score"] ?? "?" } == [1, 0, .null, .null])
    #expect(answers[0]["extracted"] == "7" && answers[0]["outcome"] == "read" && answers[0]["reason"] == "because")
    #expect(answers[2]["reason"] == "no reference" && answers[2]["extracted"] == .null)
    #expect(answers[3]["reason"] == "timeout: too slow" && answers[3]["outcome"] == "timeout")
    #expect(
      answers[0].object?.keys == ["id", "verdict", "score", "extracted", "outcome", "reason", "seconds"])
    #expect(answers.allSatisfy { ($0["seconds"]?.double ?? -1) >= 0 })
  }

  @Test(arguments: [
    ("{\"id\": 1", "no valid JSON: column 9: unexpected end, expected ',' or '}'"),
    ("", "no valid JSON: column 1: unexpected end, expected a value"),
    ("[1]", "expected an object, found an array"),
    ("{\"predicton\": \"x\"}", "\"prediction\" is missing; did you mean it by \"predicton\"?"),
    ("{\"prediction\": null}", "\"prediction\": expected a string or a number, found null"),
    ("{\"prediction\": \"x\", \"id\": {}}", "\"id\": expected a string or a number, found an object"),
    (
      "{\"prediction\": \"x\", \"reference\": {}}",
      "\"reference\": expected a string, a number or a list of these, found an object"
    ),
    (
      "{\"prediction\": \"x\", \"reference\": [[1]]}",
      "\"reference\": expected strings or numbers in the list, found an array"
    ),
  ]) func aMalformedLineIsNamedAndTheRestGoesOn(line: String, reason: String) throws {
    let good = "{\"id\":\"g\",\"prediction\":\"1\",\"reference\":\"1\"}"
    let answers = try lines("\(good)\n\(line)\n\(good)")
    #expect(answers.count == 3)
    #expect(answers[1] == ["line": 2, "verdict": "failed", "reason": .string(reason)])
    #expect(answers[1].object?.keys == ["line", "verdict", "reason"])
    #expect(answers[0]["score"] == 1 && answers[2]["score"] == 1)
  }

  @Test func hostileBytesAreAnswered() throws {
    let long = Array("{\"prediction\":\"\(String(repeating: "x", count: 5000))\"}\n".utf8)
    let nested = Array((String(repeating: "[", count: 900) + "\n").utf8)
    let text = try answers(
      [0, 0xFF, 0x0A] + long + nested + Array("{\"prediction\":\"\u{0}\"}\r\n{\"prediction\":\"ok\"}".utf8),
      maximumLength: 1000)
    let parsed = try text.split(separator: "\n").map { try JSON.parse(String($0)) }
    #expect(parsed.map { $0["line"]?.int } == [1, 2, 3, 4, nil])
    #expect(parsed[1]["reason"]?.string?.hasPrefix("the line is longer than") == true)
    #expect(parsed[4]["extracted"] == "ok")
  }

  @Test(arguments: [1, 2, 8]) func orderHoldsWhateverTheThreads(threads: Int) throws {
    let count = 3000
    let input = (0..<count).map { "{\"id\": \($0), \"prediction\": \"\($0)\"}\n" }.joined()
    let text = try answers(Array(input.utf8), EchoVerifier(dawdles: count < 4000), threads: threads)
    let ids = try text.split(separator: "\n").map { try JSON.parse(String($0))["id"]?.int }
    #expect(ids == (0..<count).map { $0 })
  }

  @Test func aVerifierThatMiscountsFails() throws {
    let answers = try lines("{\"prediction\": \"x\"}\n", SilentVerifier())
    #expect(answers[0]["verdict"] == "failed" && answers[0]["outcome"] == "bad_reply")
  }

  @Test func explanationsAreForPeople() throws {
    let text = try answers(
      Array("{\"id\":\"a\",\"prediction\":\"7\\u001b[2J\",\"reference\":[7]}\nx".utf8), style: .explained)
    #expect(
      text == """
        line 1, id a
          prediction 7\\e[2J
          reference  [7]
          extracted  7\\e[2J
          verdict    score 0
          outcome    read
          reason     because

        line 2: no valid JSON: column 1: unexpected 'x', expected a value


        """)
  }

  @Test func mathematicsShowsBothNormalFormsAndWhatDecided() throws {
    let line = "{\"prediction\":\"so \\\\boxed{\\\\sqrt{12}}\",\"reference\":\"2\\\\sqrt3\"}\n"
    let batch = VerifyBatch(lines: [LineReader.Line(number: 1, bytes: Array(line.dropLast().utf8), isTooLong: false)])
    let text = String(decoding: batch.run(MathVerifier(), style: .explained), as: UTF8.self)
    for row in ["found by   boxed", "read as    2*3^(1/2)", "against    2*3^(1/2)", "decided by algebraic comparison"] {
      #expect(text.contains(row), "\(text)")
    }
  }

  /// A program that writes a line and waits for its answer before the next must not wait for ever.
  @Test func oneLineIsAnsweredBeforeTheNextArrives() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let sink = Sink()
    let (input, output) = (ends[0], ends[1])
    let thread = Thread {
      let reader = LineReader(descriptor: input, path: "pipe")
      try? VerifyCommand.stream(reader, to: EchoVerifier(), threads: 2, style: .json, write: sink.write)
      close(input)
    }
    thread.start()
    for number in 1...3 {
      let line = Array("{\"id\":\(number),\"prediction\":\"x\"}\n".utf8)
      #expect(write(output, line, line.count) == line.count)
      var patience = 5000
      while sink.text.split(separator: "\n").count < number, patience > 0 {
        usleep(1000)
        patience -= 1
      }
      #expect(sink.text.split(separator: "\n").count == number)
    }
    close(output)
    while !thread.isFinished { usleep(1000) }
  }
}
