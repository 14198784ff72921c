import AutoThink
import StrictJSON
import Testing
import Verifiers

@testable import Tasks

/// The suite `tools` and users who ask for a mode.
@Suite struct SuiteTests {
  private func passes(_ item: TaskItem, _ answer: String, _ verifier: any Verifier) -> Bool {
    verifier.verify([
      VerifyRequest(id: "1", prompt: item.prompt, response: answer, reference: item.reference, fields: item.fields)
    ])[0].score == 1
  }

  @Test(arguments: ToolSuite.levels) func everyTurnHasItsOracle(_ level: Int) throws {
    let suite = try ToolSuite(seed: 4)
    let items = try suite.items(.train, level: level, count: 60)
    for (place, item) in items.enumerated() {
      #expect(item.fields["level"]?.int == level && item.verifier == "tool")
      #expect(item.conversation.last?.role == ([1, 3].contains(level) ? .user : .tool))
      for mode in ThinkMode.allCases {
        let trace = try suite.trace(item, mode: mode, variation: place)
        #expect(trace.mode == mode && trace.think.isEmpty == (mode == .off))
        #expect(passes(item, trace.answer, ToolVerifier()), "\(item.id): \(trace.answer)")
        let pieces = PromptTemplate(.compact).response(trace)
        #expect(ResponseParser(startsInJudge: true).parse(pieces).isValid)
      }
      #expect(!passes(item, (try suite.trace(item, mode: .off, variation: 0)).answer + "x", ToolVerifier()))
    }
    // The longest conversation with its thought fits the models of the quickstart's size many times over.
    let longest = items.map { $0.conversation.reduce(0) { $0 + $1.content.utf8.count + 2 } }.max() ?? 0
    #expect(longest < 140)
  }

  @Test func chainsAreWorkedByHand() throws {
    let turn = try #require(
      ToolTurn(continuing: [
        ChatMessage(.user, "k=3"), ChatMessage(.assistant, "set k 3"), ChatMessage(.tool, "ok"),
        ChatMessage(.assistant, "done"), ChatMessage(.user, "k a+4 b*7 c*3 %10?"), ChatMessage(.assistant, "get k"),
        ChatMessage(.tool, "3"),
      ]))
    // (3 + 4) % 10 = 7, 7 * 7 % 10 = 9, 9 * 3 % 10 = 7
    #expect(turn.reply == "7" && turn.level == 5 && turn.thought("check") == "3 a+4=7 b*7=9 c*3=7 so 7")
    #expect(ToolTurn(continuing: [ChatMessage(.user, "what is love?")]) == nil)
    #expect(ToolTurn(continuing: [ChatMessage(.user, "k=3"), ChatMessage(.assistant, "set k 3")]) == nil)
    #expect(ToolTurn(continuing: []) == nil)
  }

  @Test func theStoreAnswersItsCalls() {
    var session = ToolSession()
    #expect(session.result(of: "get a") == "none" && session.result(of: "set a 4") == "ok")
    #expect(session.result(of: " get  a\n") == "4")
    #expect(session.result(of: "done") == nil && session.result(of: "") == nil && session.result(of: "gets a") == nil)
    #expect(session.values == ["a": "4"])
    for text in ["set a", "get", "get a b", "set a 4 5", "<tool_call>", "<tool_call>{}</tool_call>"] {
      #expect(session.result(of: text) == ToolSession.error, "\(text)")
    }
    func call(_ name: String, _ arguments: JSONObject) -> String { ToolCall(name: name, arguments: arguments).text }
    #expect(session.result(of: call("set", JSONObject([("key", "b"), ("value", 7)]))) == "ok")
    #expect(session.result(of: call("get", JSONObject([("key", "b")]))) == "7")
    #expect(session.result(of: call("drop", JSONObject([("key", "b")]))) == ToolSession.error)
    // A model that fills the store finds it full.
    #expect(session.result(of: "set \(String(repeating: "k", count: 1000)) 1") == ToolSession.error)
    for place in 0..<1000 { _ = session.result(of: "set k\(place) 1") }
    #expect(session.values.count == ToolSession.capacity)
    #expect(session.result(of: "set a 5") == "ok", "what it holds can still be changed")
  }

  @Test func theRightModeChangesWithinAConversation() {
    for index in 0..<20 {
      let script = ToolScript.conversation(.test, seed: 1, index: index)
      let levels = script.turns.map(\.level)
      #expect(levels.count == 2 * script.userTexts.count)
      #expect(levels.contains(where: ToolSuite.thinkingLevels.contains) && levels.contains(1) && levels.contains(3))
      #expect(ToolSuite.thinkingLevels.contains(levels.last ?? 0))
    }
  }

  @Test func splitsShareNoChainAndDrawsAreAFunctionOfTheirKey() throws {
    let suite = try ToolSuite(seed: 1)
    func chains(_ split: TaskSplit) throws -> Set<String> {
      Set(
        try [5, 6].flatMap { try suite.items(split, level: $0, count: 150) }.map {
          ($0.conversation.last?.content ?? "") + $0.prompt.dropFirst()
        })
    }
    let (train, test) = (try chains(.train), try chains(.test))
    #expect(train.isDisjoint(with: test) && train.count > 200)
    #expect(suite.item(.train, at: 7) == (try ToolSuite(seed: 1)).item(.train, at: 7))
    #expect(suite.item(.train, at: 7) != (try ToolSuite(seed: 2)).item(.train, at: 7))
    let only = try ToolSuite(levelWeights: [0, 0, 1])
    #expect(try only.items(.train, count: 10).allSatisfy { $0.fields["level"]?.int == 3 })
    #expect((0..<50).allSatisfy { only.item(.train, at: $0).fields["level"]?.int == 3 })
    #expect(try suite.items(.test, perCell: 5).count == 30)
    #expect(throws: PrimerError.self) { try ToolSuite(levelWeights: [0, 0]) }
    #expect(throws: PrimerError.self) { try ToolSuite(levelWeights: [1, 1, 1, 1, 1, 1, 1]) }
  }

  @Test func someUsersAskForAMode() throws {
    for suite: any TaskSuite in [try Primer(), try ToolSuite()] {
      let plain = try suite.items(.train, count: 600)
      let items = try IntentSuite(suite, share: 0.4, seed: 3).items(.train, count: 600)
      var asked = 0
      for (item, base) in zip(items, plain) {
        guard let mode = item.mode else {
          #expect(item == base)
          continue
        }
        asked += 1
        #expect(item.prompt.hasPrefix(base.prompt + " (") && item.reference == base.reference)
        #expect(item.conversation.last?.content == item.prompt && item.id == base.id + "/\(mode.rawValue)")
        #expect(IntentSuite.phrases[mode]?.contains(item.fields["intent"]?.string ?? "") == true)
        let wrapped = IntentSuite(suite, share: 1, seed: 3)
        #expect(
          try wrapped.trace(item, mode: mode, variation: 2) == suite.trace(base, mode: mode, variation: 2))
      }
      // A tool's result is nobody's wish: a third of the tools' turns has a user at the end.
      let expected = suite.name == "tools" ? 0.4 / 3 : 0.4
      #expect(abs(Double(asked) / 600 - expected) < 0.06, "\(suite.name) \(asked)")
    }
    #expect(try IntentSuite(Primer(), share: 0, seed: 1).item(.train, at: 3) == Primer().item(.train, at: 3))
  }
}
