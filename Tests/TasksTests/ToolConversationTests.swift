import AutoThink
import StrictJSON
import Testing

@testable import Tasks

/// Whole conversations with the store, and what a policy can do to them.
@Suite struct ToolConversationTests {
  /// The right turn after what has been said.
  private func right(_ conversation: ToolConversation) -> String? {
    ToolTurn(continuing: conversation.messages)?.reply
  }

  @Test func rightTurnsServeEveryRequest() throws {
    var chains = 0
    for item in ToolSuite.conversations(.test, seed: 1, count: 40) {
      var conversation = ToolConversation(try #require(ToolScript(item)))
      var levels: [Int] = []
      var turns = 0
      while conversation.end == nil {
        let verdict = conversation.take(right(conversation))
        #expect(verdict.isRight == true && (verdict.result == nil) == (turns % 2 == 1))
        levels.append(try #require(verdict.level))
        turns += 1
      }
      #expect(conversation.isRight && conversation.end == .finished)
      #expect(turns == 2 * conversation.script.userTexts.count)
      // Easy turns and one that needs thought stand in the same conversation.
      #expect(levels.contains(1) && levels.contains { ToolSuite.thinkingLevels.contains($0) })
      chains += levels.count { ToolSuite.thinkingLevels.contains($0) }
      #expect(item.reference.string == conversation.replies.last)
    }
    #expect(chains == 40)
  }

  private func conversation(_ texts: [String]) throws -> ToolConversation {
    ToolConversation(ToolScript(try texts.map { try #require(ToolRequest($0)) }))
  }

  @Test func aMistakeIsSeenAndCanBeMended() throws {
    var wrong = try conversation(["k=3", "k?"])
    #expect(wrong.take("set k 4") == .init(level: 1, isRight: false, result: "ok"))
    // It looks again and mends its call: the user is served all the same.
    #expect(wrong.take("set k 3") == .init(level: 2, isRight: false, result: "ok"))
    #expect(wrong.take(" done\n") == .init(level: 2, isRight: true, result: nil))
    _ = wrong.take("get k")
    #expect(wrong.take("3") == .init(level: 4, isRight: true, result: nil))
    #expect(wrong.isRight && wrong.end == .finished)

    var lazy = try conversation(["k=3"])
    #expect(lazy.take("done") == .init(level: 1, isRight: false, result: nil))
    #expect(lazy.end == .finished && !lazy.isRight, "it says so, but the store is empty")

    var false_ = try conversation(["k=3", "k?"])
    for turn in ["set k 3", "done", "get k", "4"] { _ = false_.take(turn) }
    #expect(false_.end == .finished && !false_.isRight)
  }

  @Test func hostileTurnsEndIt() throws {
    var endless = try conversation(["k=3"])
    for _ in 0..<ToolConversation.callsPerRequest { #expect(endless.take("get k").result == "none") }
    #expect(endless.end == .endlessCalls && !endless.isRight)
    let messages = endless.messages
    #expect(endless.take("done") == .init() && endless.messages == messages, "nothing goes on after the end")

    var malformed = try conversation(["k=3"])
    #expect(malformed.take("set k").result == ToolSession.error)
    // After an error no turn is known to be right; calling again works.
    #expect(malformed.take("set k 3") == .init(level: nil, isRight: nil, result: "ok"))
    _ = malformed.take("done")
    #expect(malformed.isRight)

    var silent = try conversation(["k=3"])
    #expect(silent.take(nil) == .init(level: 1, isRight: false, result: nil) && silent.end == .invalid)

    var crowded = try conversation(["k=3"])
    crowded.endForWantOfRoom()
    #expect(crowded.end == .noRoom && !crowded.isRight)
    var long = try conversation(["k=3"])
    _ = long.take(String(repeating: "x", count: 100_000))
    #expect(long.end == .finished && !long.isRight)
  }

  @Test func onlyItsOwnItemsAreScripts() throws {
    let item = try #require(ToolSuite.conversations(.validation, seed: 2, count: 1).first)
    #expect(ToolScript(item)?.userTexts == item.fields["requests"]?.array?.compactMap(\.string))
    var other = item
    other.source = "mine"
    #expect(ToolScript(other) == nil)
    var foreign = item
    foreign.fields["requests"] = ["what is love?"]
    #expect(ToolScript(foreign) == nil)
    #expect(try ToolScript(ToolSuite().items(.test, perCell: 1)[0]) == nil)
    #expect(Set(ToolSuite.conversations(.test, seed: 1, count: 60).map(\.id)).count == 60)
    #expect(ToolSuite.conversations(.test, seed: 1, count: 9) == ToolSuite.conversations(.test, seed: 1, count: 9))
  }
}
