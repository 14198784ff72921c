import AutoThink
import Testing

@Suite struct SegmentStreamTests {
  /// The text of each segment, whatever pieces it came in.
  private func joined(_ events: [SegmentStream.Event]) -> [String] {
    var parts: [(String, String)] = []
    for event in events {
      let (name, text): (String, String) =
        switch event {
        case .judge(let text): ("judge", text)
        case .mode(let mode): ("mode", mode.rawValue)
        case .thought(let text): ("thought", text)
        case .answer(let text): ("answer", text)
        case .stray(let text): ("stray", text)
        }
      if parts.last?.0 == name { parts[parts.count - 1].1 += text } else { parts.append((name, text)) }
    }
    return parts.map { "\($0.0):\($0.1)" }
  }

  @Test(arguments: AutoThinkResponse.Layout.allCases) func aResponseByByte(_ layout: AutoThinkResponse.Layout) {
    let response = AutoThinkResponse(judge: "schön", mode: .on, think: "a 🦆\nb", answer: "日本 <think> x")
    let pieces = response.pieces(layout: layout, startsInJudge: true)
    let expected = ["judge:schön", "mode:on", "thought:a 🦆\nb", "answer:日本 <think> x"]
    func run(_ pieces: [Piece]) -> [String] {
      var stream = SegmentStream(startsInJudge: true)
      return joined(pieces.flatMap { stream.take($0) } + stream.finish())
    }
    let bytes = pieces.flatMap { piece -> [Piece] in
      if case .text(let text) = piece { text.map { .text([$0]) } } else { [piece] }
    }
    // A line end before a closing tag is layout that has been shown before the tag could say so.
    func trimmed(_ parts: [String]) -> [String] { parts.map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 } }
    #expect(trimmed(run(pieces)) == expected)
    #expect(trimmed(run(bytes)) == expected)
  }

  @Test func unfinishedCharactersWaitAndEndAsReplacements() {
    var stream = SegmentStream(startsInJudge: true)
    #expect(stream.take(.text([0xF0, 0x9F])).isEmpty)
    #expect(stream.take(.text([0xA6, 0x86])) == [.judge("🦆")])
    #expect(stream.take(.text([0xE6])).isEmpty)
    #expect(stream.finish() == [.judge("\u{FFFD}")])
    var hostile = SegmentStream(startsInJudge: false)
    #expect(hostile.take(.text([0x80, 0x80, 0xFF, 0xC0])).isEmpty == false)
    #expect(hostile.take(.tag(.answerClose)).isEmpty == false)
    #expect(hostile.take(.tag(.answerOpen)).isEmpty && hostile.take(.special).isEmpty)
  }

  @Test func budgetsLeaveEveryPartItsShare() {
    for layout in [PromptTemplate(.chatML), PromptTemplate(.compact)] {
      let closing = BudgetShares.Closing(
        judge: layout.closingJudge.count, think: layout.closingThink.count, answer: layout.closingAnswer.count)
      for budget in [0, BudgetShares.least(closing: closing), 64, 100, 1000] {
        let shares = BudgetShares(budget: budget, closing: closing)
        // Rationale, gate, <think> with a line end each, at least one token of thought.
        #expect(shares.judgeEnd + closing.judge + 4 < shares.thinkEnd, "\(budget)")
        #expect(shares.thinkEnd + closing.think + 8 <= shares.answerEnd)
        #expect(shares.answerEnd + closing.answer == max(budget, BudgetShares.least(closing: closing)))
      }
    }
  }
}
