import Foundation
import StrictJSON
import Testing

@testable import Verifiers

/// A pair of the committed corpus, see Fixtures/math/make_pairs.py.
struct MathPair {
  let id: String
  let kind: String
  let prediction: String
  let reference: String
  let isEqual: Bool

  /// The generated pairs, then the written ones.
  static func load() throws -> [MathPair] { try load("pairs") + load("handwritten") }

  private static func load(_ name: String) throws -> [MathPair] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Fixtures/math/\(name).jsonl").standardized
    let lines = try Data(contentsOf: file).split(separator: 0x0A)
    return try lines.map { line in
      let json = try JSON.parse(utf8: Array(line))
      return MathPair(
        id: try #require(json["id"]?.string), kind: try #require(json["kind"]?.string),
        prediction: try #require(json["prediction"]?.string), reference: try #require(json["reference"]?.string),
        isEqual: try #require(json["equal"]?.bool as Bool?))
    }
  }
}

@Suite struct MathCorpusTests {
  @Test func everyPairIsJudgedRight() throws {
    let pairs = try MathPair.load()
    #expect(pairs.count >= 1500)
    #expect(Set(pairs.map(\.kind)).count >= 40)
    let misses = pairs.filter { !$0.isEqual }.count
    #expect(misses * 10 >= pairs.count * 4, "near misses are rare: \(misses)")
    let requests = pairs.map { VerifyRequest(id: $0.id, response: $0.prediction, reference: .string($0.reference)) }
    for (pair, verdict) in zip(pairs, MathVerifier().verify(requests)) {
      #expect(
        verdict.score == (pair.isEqual ? 1 : 0),
        "\(pair.id): \(pair.prediction) against \(pair.reference): \(verdict)")
    }
  }

  @Test func theOrderOfTheSidesNeverMatters() throws {
    let budget = MathBudget.standard
    for (index, pair) in try MathPair.load().enumerated() where index % 4 == 0 {
      guard let a = try? MathParser.parse(Array(pair.prediction.utf8), budget: budget),
        let b = try? MathParser.parse(Array(pair.reference.utf8), budget: budget)
      else { continue }
      let forward = MathVerifier.compare(a, b, budget)
      let backward = MathVerifier.compare(b, a, budget)
      #expect(forward.isSame == backward.isSame, "\(pair.id)")
    }
  }
}
