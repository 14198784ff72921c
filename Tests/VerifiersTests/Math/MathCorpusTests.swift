import Foundation
import StrictJSON
import Testing

@testable import Verifiers

/// A pair of the committed corpus: see the heads of the files in Fixtures/math.
struct MathPair {
  let id: String
  let kind: String
  let prediction: String
  let reference: String
  let isEqual: Bool

  /// The generated and the handwritten pairs, which the verifier was built with.
  static func corpus() throws -> [MathPair] { try json("pairs") + json("handwritten") }

  /// The pairs that were first scored unseen.
  static func fresh() throws -> [MathPair] {
    try ["fresh_written", "fresh_drawn", "fresh_adversarial"].flatMap(lines) + json("unseen")
  }

  private static func contents(_ name: String) throws -> Data {
    try Data(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../Fixtures/math/\(name)").standardized)
  }

  private static func json(_ name: String) throws -> [MathPair] {
    try contents("\(name).jsonl").split(separator: 0x0A).map { line in
      let json = try JSON.parse(utf8: Array(line))
      return MathPair(
        id: try #require(json["id"]?.string), kind: try #require(json["kind"]?.string),
        prediction: try #require(json["prediction"]?.string), reference: try #require(json["reference"]?.string),
        isEqual: try #require(json["equal"]?.bool as Bool?))
    }
  }

  private static func lines(_ name: String) throws -> [MathPair] {
    let text = String(decoding: try contents("\(name).txt"), as: UTF8.self)
    var pairs: [MathPair] = []
    for (index, line) in text.split(separator: "\n").enumerated() where !line.hasPrefix("# ") {
      let parts = line.components(separatedBy: " ¦ ").map { $0.replacingOccurrences(of: "⏎", with: "\n") }
      let head = parts[0].split(separator: " ")
      try #require(parts.count == 3 && head.count == 2, "\(name).txt:\(index + 1)")
      // A spelling that is knowingly not accepted says nothing about the verifier's rules.
      if head[1] == "~" { continue }
      pairs.append(
        MathPair(
          id: "\(name):\(index + 1)", kind: String(head[0]), prediction: parts[1], reference: parts[2],
          isEqual: head[1] == "="))
    }
    return pairs
  }
}

@Suite struct MathCorpusTests {
  private func check(_ pairs: [MathPair]) throws {
    let requests = pairs.map { VerifyRequest(id: $0.id, response: $0.prediction, reference: .string($0.reference)) }
    for (pair, verdict) in zip(pairs, MathVerifier().verify(requests)) {
      #expect(
        verdict.score == (pair.isEqual ? 1 : 0),
        "\(pair.id): \(pair.prediction) against \(pair.reference): \(verdict)")
    }
  }

  @Test func everyPairOfTheCorpusIsJudgedRight() throws {
    let pairs = try MathPair.corpus()
    #expect(pairs.count >= 1500)
    #expect(Set(pairs.map(\.kind)).count >= 40)
    let misses = pairs.filter { !$0.isEqual }.count
    #expect(misses * 10 >= pairs.count * 4, "near misses are rare: \(misses)")
    try check(pairs)
  }

  @Test func everyFreshPairIsJudgedRight() throws {
    let pairs = try MathPair.fresh()
    #expect(pairs.count > 3000)
    try check(pairs)
  }

  @Test func theOrderOfTheSidesNeverMatters() throws {
    let budget = MathBudget.standard
    for (index, pair) in (try MathPair.corpus() + MathPair.fresh()).enumerated() where index % 3 == 0 {
      guard let a = try? MathParser.parse(Array(pair.prediction.utf8), budget: budget),
        let b = try? MathParser.parse(Array(pair.reference.utf8), budget: budget)
      else { continue }
      let forward = MathVerifier.compare(a, b, budget)
      let backward = MathVerifier.compare(b, a, budget)
      #expect(forward.isSame == backward.isSame, "\(pair.id)")
    }
  }
}
