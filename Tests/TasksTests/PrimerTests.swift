import AutoThink
import StrictJSON
import Tasks
import Testing

@Suite struct PrimerTests {
  let primer: Primer

  init() throws { primer = try Primer() }

  static let cells = Domain.allCases.flatMap { domain in Primer.levels.map { (domain, $0) } }

  @Test(arguments: cells) func answersAreRight(domain: Domain, level: Int) throws {
    for index in 0..<150 {
      let item = primer.item(.train, domain, level: level, index: index)
      let solved = try #require(PrimerReference.solve(item), "\(item.prompt)")
      #expect(solved.steps == [1, 1, 2, 3, 5, 7][level - 1])
      for mode in ThinkMode.allCases {
        let trace = try Primer.trace(item, mode: mode, variation: index)
        #expect(trace.answer == solved.answer, "\(item.prompt)")
        #expect(trace.judge.contains(String(solved.steps)))
        if mode == .on, domain != .code { #expect(trace.think.hasSuffix(solved.answer.prefix(1))) }
      }
    }
  }

  @Test(arguments: cells) func verifierInputsHoldTheAnswer(domain: Domain, level: Int) throws {
    for index in 0..<20 {
      let item = primer.item(.test, domain, level: level, index: index)
      let answer = try #require(PrimerReference.solve(item)).answer
      #expect(item.verifier == domain.rawValue)
      #expect(item.source == "primer/\(domain.rawValue)/\(level)")
      #expect(item.difficultyLabel == String(level))
      switch domain {
      case .math: #expect(item.reference == .string(answer))
      case .general:
        #expect(item.reference == .string(answer))
        #expect(item.fields["match"] == "exact")
      case .science:
        #expect(item.reference == .string(answer))
        #expect(item.fields["choices"]?.array?.count == 4)
      case .code:
        let tests = try #require(item.fields["tests"])
        #expect(tests["kind"] == "call")
        #expect(tests["entry_point"]?.string == String(Array(answer)[4]))
        let cases = try #require(tests["cases"]?.array)
        // The two coefficients from the first two cases explain all others, and the function is not constant.
        let values = cases.compactMap { $0["expected"]?.int }
        let arguments = cases.compactMap { $0["args"]?.array?.first?.int }
        try #require(values.count == cases.count && arguments.count == cases.count)
        #expect(Array(arguments.prefix(2)) == [0, 1])
        let slope = (values[1] - values[0] + 10) % 10
        #expect(zip(arguments, values).allSatisfy { (slope * $0 + values[0]) % 10 == $1 })
        #expect(Set(values).count > 1)
      }
    }
  }

  @Test(arguments: cells) func tracesKeepTheFormAndTheBudget(domain: Domain, level: Int) throws {
    let template = PromptTemplate(.compact)
    for index in 0..<100 {
      let item = primer.item(.train, domain, level: level, index: index)
      #expect(item.prompt.utf8.count <= 45, "\(item.prompt)")
      for mode in ThinkMode.allCases {
        let trace = try Primer.trace(item, mode: mode, variation: index)
        let pieces = template.response(trace)
        let parsed = template.parser.parse(pieces)
        #expect(parsed.mode == mode, "\(trace)")
        #expect(parsed.pieceCount == pieces.count)
        #expect(trace.judge.utf8.count <= 12)
        #expect(trace.think.utf8.count <= 60)
        #expect(trace.answer.utf8.count <= 26)
        #expect(template.parser.parse(text: trace.text(layout: .compact, startsInJudge: true)).answer == trace.answer)
      }
    }
  }

  /// Thinking on easy queries must cost enough that dropping it shows: at least 30 % of the tokens of a uniform mix.
  @Test func skippingEasyThoughtsSavesTokens() throws {
    func tokens(_ easy: ThinkMode) throws -> Int {
      try Self.cells.reduce(0) { total, cell in
        try (0..<30).reduce(total) { total, index in
          let item = primer.item(.train, cell.0, level: cell.1, index: index)
          let trace = try Primer.trace(item, mode: cell.1 <= 3 ? easy : .on, variation: index)
          return total
            + PromptTemplate(.compact).response(trace).reduce(0) {
              if case .text(let bytes) = $1 { $0 + bytes.count } else { $0 + 1 }
            }
        }
      }
    }
    let saved = try 1 - Double(tokens(.off)) / Double(tokens(.on))
    #expect(saved > 0.36)
    #expect(saved < 0.5)
  }

  @Test(arguments: cells) func noConstantAnswerPaysOff(domain: Domain, level: Int) throws {
    var counts: [String: Int] = [:]
    for index in 0..<600 {
      let item = primer.item(.train, domain, level: level, index: index)
      let answer = try Primer.trace(item, mode: .off).answer
      // A function's name is given; the coefficients are what has to be found.
      counts[domain == .code ? String(answer.dropFirst(5)) : answer, default: 0] += 1
    }
    #expect((counts.values.max() ?? 0) <= 180)
  }

  @Test func splitsShareNoContentUnderAnySeed() throws {
    // A chain without its wording: what must not be shared among splits on the levels that need steps.
    func chain(_ item: TaskItem) -> String {
      let drop = item.domain == .code ? 6 : item.domain == .general ? 0 : 1
      return item.domain == .general
        ? String(item.prompt.drop { $0 != ":" })
        : String(item.prompt.dropFirst(drop).drop { $0 != ":" && item.domain == .science })
    }
    for domain in Domain.allCases {
      for level in Primer.levels {
        var owner: [String: TaskSplit] = [:]
        for seed in 1...2 {
          let primer = try Primer(PrimerOptions(seed: seed))
          for split in TaskSplit.allCases {
            for index in 0..<70 {
              let item = primer.item(split, domain, level: level, index: index)
              let key = level >= 4 ? chain(item) : item.prompt
              #expect(owner[key, default: split] == split, "\(item.prompt)")
              owner[key] = split
              #expect(try Primer.split(of: item) == split)
            }
          }
        }
      }
    }
  }

  @Test func drawsAreAFunctionOfTheirKey() throws {
    let again = try Primer()
    let other = try Primer(PrimerOptions(seed: 2))
    var moved = 0
    for (domain, level) in Self.cells {
      for index in [0, 7, -3, Int.max] {
        let item = primer.item(.train, domain, level: level, index: index)
        #expect(item == again.item(.train, domain, level: level, index: index))
        moved += item.prompt == other.item(.train, domain, level: level, index: index).prompt ? 0 : 1
      }
    }
    #expect(moved > 80)
    // Written down: a change of the generator would silently change every run.
    #expect(primer.item(.train, .math, level: 4, index: 0).prompt == "y=1 a+7 b+6 c+6 %10?")
    #expect(primer.item(.test, .science, level: 2, index: 5).prompt == "dog:E a\\ ? NA EB SC WD")
  }

  @Test(arguments: cells) func cellsHoldEnoughDifferentItems(domain: Domain, level: Int) throws {
    let test = try primer.items(.test, domain, level: level, count: 50)
    let train = try primer.items(.train, domain, level: level, count: 180)
    #expect(Set(test.map(\.prompt)).count == 50)
    #expect(Set(train.map(\.id)).count == 180)
    #expect(Set(train.map(\.prompt)).isDisjoint(with: test.map(\.prompt)))
  }

  @Test func anExhaustedCellSaysSo() throws {
    let error = #expect(throws: PrimerError.self) { try primer.items(.test, .general, level: 1, count: 5000) }
    guard case .exhausted(.test, .general, 1, let found, 5000) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found > 50 && found < 320)
  }

  @Test func poolsFollowTheWeights() throws {
    let options = PrimerOptions(domains: [.math, .general], levelWeights: [1, 0, 0, 0, 0, 3])
    let pool = try Primer(options).items(.train, count: 81)
    #expect(pool.count == 81)
    #expect(Set(pool.map(\.id)).count == 81)
    let hard = pool.filter { $0.difficultyLabel == "6" }.count
    #expect((60...61).contains(hard))
    #expect(pool.filter { $0.domain == .math }.count == 40 || pool.filter { $0.domain == .math }.count == 41)
    // Mixed, not cell by cell.
    #expect(Set(pool.prefix(12).map(\.difficultyLabel)).count == 2)
    let primer = try Primer(options)
    let stream = (0..<400).map { primer.item(.train, at: $0) }
    let share = Double(stream.filter { $0.difficultyLabel == "6" }.count) / 400
    #expect(abs(share - 0.75) < 0.08)
    #expect(Set(stream.map(\.domain)) == [.math, .general])
  }

  @Test func wrongOptionsAreErrors() {
    #expect(throws: PrimerError.self) { try Primer(PrimerOptions(domains: [])) }
    #expect(throws: PrimerError.self) { try Primer(PrimerOptions(domains: [.math, .math])) }
    #expect(throws: PrimerError.self) { try Primer(PrimerOptions(levelWeights: [0, 0])) }
    #expect(throws: PrimerError.self) { try Primer(PrimerOptions(levelWeights: [1, -1])) }
    #expect(throws: PrimerError.self) { try Primer(PrimerOptions(levelWeights: [.nan])) }
    #expect(throws: PrimerError.self) { try Primer(PrimerOptions(levelWeights: [1e308, 1e308])) }
    #expect(throws: PrimerError.self) { try Primer(PrimerOptions(domains: [.math, .code], levelWeights: [1e308])) }
    #expect(throws: PrimerError.self) { try ToolSuite(levelWeights: [1e308, 1e308]) }
    #expect(throws: PrimerError.self) { try Primer(PrimerOptions(levelWeights: [1, 1, 1, 1, 1, 1, 1])) }
  }

  @Test(
    arguments: [
      "", " ", "x=3", "x=3 %10?", "x=3 a+ %10?", "x=33 a+4 %10?", "x=3 b+4 %10?", "x=3 a-4 %10?", "x=3  a+4 %10?",
    ])
  func foreignPromptsAreNamed(prompt: String) {
    for domain in Domain.allCases {
      let item = TaskItem(id: "x", prompt: prompt, domain: domain, verifier: "math")
      #expect(throws: PrimerError.foreignItem(id: "x", prompt: prompt)) { try Primer.trace(item, mode: .on) }
    }
  }
}
