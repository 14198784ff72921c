import StrictJSON
import Testing

@Suite struct DataPrimerTests {
  private func rows(_ words: String...) throws -> [JSON] {
    let result = try ProgramRunner.run(["data", "primer"] + words)
    #expect(result.code == 0, "\(result.error)")
    return try result.lines.map { try JSON.parse(String($0)) }
  }

  @Test func splitsDomainsAndLevels() throws {
    let rows = try rows("--split", "test", "--domain", "math", "--domain=code", "--level", "2", "--count", "12")
    #expect(rows.count == 12)
    #expect(rows.filter { $0["domain"] == "math" && $0["verifier"] == "math" }.count == 6)
    #expect(rows.allSatisfy { $0["level"] == 2 && $0["source"]?.string?.hasPrefix("primer/") == true })
    #expect(Set(rows.compactMap { $0["prompt"]?.string }).count == 12)
  }

  @Test func theSameSeedGivesTheSameRows() throws {
    let first = try ProgramRunner.run(["data", "primer", "--count", "30"]).out
    #expect(try ProgramRunner.run(["data", "primer", "--count", "30", "--seed", "1"]).out == first)
    #expect(try ProgramRunner.run(["data", "primer", "--count", "30", "--seed", "2"]).out != first)
  }

  /// The oracle's answers go through the verifier they name.
  @Test(arguments: ["math", "science", "general"]) func tracesAreRight(domain: String) throws {
    let rows = try rows("--traces", "--domain", domain, "--count", "8")
    #expect(rows.count == 16)
    #expect(Set(rows.compactMap { $0["id"]?.string }).count == 16)
    let input = rows.map { row in
      var line = row.object ?? JSONObject()
      line["prediction"] = line["response"]
      return JSON.object(line).text() + "\n"
    }
    let verdicts = try ProgramRunner.run(["verify", domain], input: input.joined()).lines
    #expect(try verdicts.map { try JSON.parse(String($0))["score"] } == rows.map { _ in 1 })
    #expect(rows.filter { $0["response"]?.string?.contains("<think_off>") == true }.count == 8)
  }

  @Test func mistakesAreNamed() throws {
    let domain = try ProgramRunner.run(["data", "primer", "--domain", "maths"])
    #expect(domain.code == 2 && domain.error.contains("did you mean \"math\"?"))
    let count = try ProgramRunner.run(["data", "primer", "--level", "1", "--domain", "math", "--count", "1000000"])
    #expect(count.code == 2 && count.error.contains("were asked for"))
  }
}
