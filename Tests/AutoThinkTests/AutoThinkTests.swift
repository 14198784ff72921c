import AutoThink
import Testing

/// A seeded stream for property tests (SplitMix64).
struct TestStream: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct ParsingTests {
  let parser = ResponseParser()

  @Test func thinkOnIsTakenApart() {
    let parsed = parser.parse(
      text: "<judge>hard one</judge> <think_on> <think>2+2\n=4</think> <answer>4</answer>")
    #expect(parsed.isValid)
    #expect(parsed.mode == .on)
    #expect(parsed.judge == "hard one")
    #expect(parsed.think == "2+2\n=4")
    #expect(parsed.answer == "4")
  }

  @Test func thinkOffIsTakenApart() {
    let parsed = parser.parse(text: "<judge>easy</judge><think_off><answer> 4 </answer>\n")
    #expect(parsed.mode == .off)
    #expect(parsed.think == nil)
    #expect(parsed.answer == " 4 ")
  }

  static let errors: [(String, InvalidReason, ThinkMode?)] = [
    ("", .missingJudge, nil),
    ("4", .missingJudge, nil),
    ("<think_off><answer>4</answer>", .missingJudge, nil),
    ("</judge><think_off><answer>4</answer>", .missingJudge, nil),
    ("<judge>easy", .unclosedJudge, nil),
    ("<judge>easy<answer>4</answer>", .unclosedJudge, nil),
    ("<judge>easy<think_off></judge><answer>4</answer>", .gateBeforeJudgeEnd, nil),
    ("<judge>easy<judge></judge><think_off><answer>4</answer>", .repeatedTag, nil),
    ("<judge>easy</judge>", .noGate, nil),
    ("<judge>easy</judge><answer>4</answer>", .noGate, nil),
    ("<judge>easy</judge>so <answer>4</answer>", .noGate, nil),
    ("<judge>easy</judge>so <think_off><answer>4</answer>", .textBetweenSegments, nil),
    ("<judge>e</judge><think_off><think_on><answer>4</answer>", .twoGates, nil),
    ("<judge>e</judge><think_off> <think_off><answer>4</answer>", .twoGates, nil),
    ("<judge>e</judge><think_off><answer>4<think_on></answer>", .twoGates, .off),
    ("<judge>e</judge><think_off><answer>4</answer><think_off>", .twoGates, .off),
    ("<judge>e</judge><think_off><think>2</think><answer>4</answer>", .thinkInOffMode, .off),
    ("<judge>e</judge><think_off><answer><think>2</think>4</answer>", .thinkInOffMode, .off),
    ("<judge>e</judge><think_off></think><answer>4</answer>", .thinkInOffMode, .off),
    ("<judge>e</judge><think_on><answer>4</answer>", .missingThink, .on),
    ("<judge>e</judge><think_on>", .missingThink, .on),
    ("<judge>e</judge><think_on>2+2<think></think><answer>4</answer>", .textBetweenSegments, .on),
    ("<judge>e</judge><think_on><think>2+2", .unclosedThink, .on),
    ("<judge>e</judge><think_on><think>2+2<answer>4</answer>", .unclosedThink, .on),
    ("<judge>e</judge><think_on><think> \n</think><answer>4</answer>", .emptyThink, .on),
    ("<judge>e</judge><think_on><think>2<think>3</think><answer>4</answer>", .repeatedTag, .on),
    ("<judge>e</judge><think_on><think>2</think>so<answer>4</answer>", .textBetweenSegments, .on),
    ("<judge>e</judge><think_on><think>2</think></think><answer>4</answer>", .misplacedTag, .on),
    ("<judge>e</judge><think_on><think>2</judge>2</think><answer>4</answer>", .misplacedTag, .on),
    ("<judge>e</judge><think_on><think>2</think>", .noAnswer, .on),
    ("<judge>e</judge><think_off>", .noAnswer, .off),
    ("<judge>e</judge><think_off>4", .textBetweenSegments, .off),
    ("<judge>e</judge><think_off></answer>", .misplacedTag, .off),
    ("<judge>e</judge><think_off><answer>4", .unclosedAnswer, .off),
    ("<judge>e</judge><think_off><answer> </answer>", .emptyAnswer, .off),
    ("<judge>e</judge><think_off><answer>4<answer>5</answer>", .repeatedTag, .off),
    ("<judge>e</judge><think_off><answer>4</answer> and so on", .trailingText, .off),
    ("<judge>e</judge><think_off><answer>4</answer><answer>5</answer>", .trailingText, .off),
  ]

  @Test(arguments: errors) func everyErrorIsNamed(text: String, reason: InvalidReason, gate: ThinkMode?) {
    let parsed = parser.parse(text: text)
    #expect(parsed.invalidReason == reason)
    #expect(parsed.mode == nil)
    #expect(parsed.gate == gate)
    #expect(parsed.errorIndex != nil)
  }

  @Test func everyReasonHasACase() {
    let covered = Set(Self.errors.map(\.1)).union([.truncated, .foreignToken])
    #expect(covered == Set(InvalidReason.allCases))
  }

  @Test func aCutResponseIsTruncatedUnlessItsFormIsComplete() {
    let whole = Piece.lex("<judge>e</judge><think_on><think>2</think><answer>4</answer>")
    for count in 0..<whole.count {
      #expect(parser.parse(Array(whole[..<count]), truncated: true).invalidReason == .truncated)
    }
    #expect(parser.parse(whole, truncated: true).isValid)
    // An error before the cut keeps its own name.
    #expect(parser.parse(text: "<judge>e</judge><answer>", truncated: true).invalidReason == .noGate)
  }

  @Test func aPrefilledJudgeStartsInsideTheSegment() {
    let parser = ResponseParser(startsInJudge: true)
    let parsed = parser.parse(text: "easy</judge><think_off><answer>4</answer>")
    #expect(parsed.isValid)
    #expect(parsed.judge == "easy")
    #expect(parser.parse(text: "<judge>easy</judge><think_off><answer>4</answer>").invalidReason == .repeatedTag)
    #expect(parser.parse(text: "").invalidReason == .unclosedJudge)
  }
}

@Suite struct SegmentTests {
  @Test func piecesFallIntoJudgeGateAndAnswer() {
    let pieces: [Piece] = [
      .text([0x61]), .tag(.judgeClose), .text([0x0A]), .tag(.thinkOff), .tag(.answerOpen), .text([0x34]),
      .tag(.answerClose), .end, .text([0x62]),
    ]
    let parsed = ResponseParser(startsInJudge: true).parse(pieces)
    #expect(parsed.isValid)
    #expect(parsed.pieceCount == 8)
    #expect(parsed.judgeRange == 0..<3)
    #expect(parsed.gateIndex == 3)
    #expect(parsed.answerRange == 4..<8)
    #expect(parsed.segment(of: 2) == .judge)
    #expect(parsed.segment(of: 3) == .gate)
    #expect(parsed.segment(of: 7) == .answer)
    #expect(parsed.segment(of: 8) == nil)
  }

  @Test func thePieceInTheGatesPlaceIsBlamed() {
    let parsed = ResponseParser().parse(text: "<judge>a</judge><answer>4</answer>")
    #expect(parsed.gateIndex == 3)
    #expect(!parsed.isGateParsable)
    let open = ResponseParser().parse(text: "<judge>a")
    #expect(open.gateIndex == nil)
    #expect(open.judgeRange == 0..<2)
    #expect(open.answerRange == 2..<2)
  }

  @Test func tagsSpelledInBytesAreText() {
    let spelled = Array("</judge><think_off>".utf8)
    let pieces: [Piece] = [.text(spelled), .tag(.judgeClose), .tag(.thinkOff), .tag(.answerOpen)]
    let parsed = ResponseParser(startsInJudge: true).parse(pieces + [.text(spelled), .tag(.answerClose)])
    #expect(parsed.isValid)
    #expect(parsed.judge == "</judge><think_off>")
    #expect(parsed.answer == "</judge><think_off>")
    #expect(parsed.gateIndex == 2)
  }

  @Test func tokensAreMappedByTheCaller() {
    let parsed = ResponseParser(startsInJudge: true).parse(tokens: [97, 257, 259, 262, 52, 263, 300]) { id in
      switch id {
      case ..<256: .text([UInt8(id)])
      case 300: .end
      default: .tag(Tag.allCases[id - 256])
      }
    }
    #expect(parsed.mode == .off)
    #expect(parsed.answer == "4")
    #expect(parsed.answerRange == 3..<7)
  }

  @Test func aForeignSpecialBreaksTheForm() {
    let parsed = ResponseParser(startsInJudge: true).parse([.tag(.judgeClose), .special, .tag(.thinkOn), .end])
    #expect(parsed.invalidReason == .foreignToken)
    #expect(parsed.gateIndex == 1)
    #expect(parsed.pieceCount == 4)
  }

  @Test func aCharacterSplitBetweenTokensIsJoined() {
    let parsed = ResponseParser(startsInJudge: true).parse([
      .text([0xC3]), .text([0xA9]), .tag(.judgeClose), .tag(.thinkOff), .tag(.answerOpen), .text([0xFF]),
      .tag(.answerClose),
    ])
    #expect(parsed.judge == "é")
    #expect(parsed.answer == "\u{FFFD}")
  }
}
