import AutoThink
import Testing

/// The parser against arbitrary input, with the grammar written a second time as a regular expression.
@Suite struct ParserPropertyTests {
  /// One character a piece, so that the form of a whole response becomes a regular expression.
  func letter(_ piece: Piece) -> Character {
    switch piece {
    case .tag(.judgeOpen): "J"
    case .tag(.judgeClose): "j"
    case .tag(.thinkOn): "O"
    case .tag(.thinkOff): "F"
    case .tag(.thinkOpen): "T"
    case .tag(.thinkClose): "t"
    case .tag(.answerOpen): "A"
    case .tag(.answerClose): "a"
    case .text: piece.isBlank ? "_" : "x"
    case .end: "."
    case .special: "!"
    }
  }

  func isValid(_ pieces: [Piece], startsInJudge: Bool) -> Bool {
    let word = String(pieces.prefix { $0 != .end }.map(letter))
    let tail = /[_x]*j_*(O_*T_*x[_x]*t_*|F_*)A_*x[_x]*a_*/
    if startsInJudge { return word.wholeMatch(of: tail) != nil }
    guard let start = word.firstIndex(where: { $0 != "_" }), word[start] == "J" else { return false }
    return word[word.index(after: start)...].wholeMatch(of: tail) != nil
  }

  func check(_ pieces: [Piece], startsInJudge: Bool) {
    let parser = ResponseParser(startsInJudge: startsInJudge)
    let parsed = parser.parse(pieces)
    #expect(parsed.isValid == isValid(pieces, startsInJudge: startsInJudge), "\(String(pieces.map(letter)))")
    #expect((parsed.invalidReason == nil) == (parsed.errorIndex == nil))
    #expect(parsed.pieceCount <= pieces.count)
    // The segments cover every piece once, in order.
    let order: [CreditSegment] = [.judge, .gate, .answer]
    let segments = (0..<parsed.pieceCount).compactMap { parsed.segment(of: $0) }
    #expect(segments.count == parsed.pieceCount)
    #expect(zip(segments, segments.dropFirst()).allSatisfy { order.firstIndex(of: $0)! <= order.firstIndex(of: $1)! })
    #expect(segments.filter { $0 == .gate }.count <= 1)
    if parsed.isValid, let gate = parsed.gateIndex {
      #expect(pieces[gate] == .tag(parsed.mode == .on ? .thinkOn : .thinkOff))
      #expect(parsed.answer?.isEmpty == false)
      #expect((parsed.think != nil) == (parsed.mode == .on))
    }
    if let gate = parsed.gate, let index = parsed.gateIndex {
      #expect(pieces[index] == .tag(gate == .on ? .thinkOn : .thinkOff))
    }
  }

  @Test func arbitrarySequencesOfTags() {
    var stream = TestStream(state: 1)
    let others: [Piece] = [.text([0x78]), .text([0x20]), .text([]), .end, .special]
    let alphabet = Tag.allCases.map { Piece.tag($0) } + others
    for _ in 0..<3000 {
      let count = Int.random(in: 0...9, using: &stream)
      check(
        (0..<count).map { _ in alphabet.randomElement(using: &stream)! }, startsInJudge: Bool.random(using: &stream))
    }
  }

  /// Valid responses with up to two pieces removed, doubled or replaced: the neighbourhood where parsers go wrong.
  @Test func damagedResponses() {
    var stream = TestStream(state: 2)
    let alphabet = Tag.allCases.map { Piece.tag($0) } + [.text([0x78]), .text([0x20]), .end, .special]
    for round in 0..<3000 {
      let mode: ThinkMode = round % 2 == 0 ? .on : .off
      let startsInJudge = Bool.random(using: &stream)
      let layout: AutoThinkResponse.Layout = round % 3 == 0 ? .lines : .compact
      var pieces = AutoThinkResponse(judge: "j", mode: mode, think: "t", answer: "a")
        .pieces(layout: layout, startsInJudge: startsInJudge)
      for _ in 0..<Int.random(in: 0...2, using: &stream) where !pieces.isEmpty {
        let index = Int.random(in: 0..<pieces.count, using: &stream)
        switch Int.random(in: 0...2, using: &stream) {
        case 0: pieces.remove(at: index)
        case 1: pieces.insert(pieces[index], at: index)
        default: pieces[index] = alphabet.randomElement(using: &stream)!
        }
      }
      check(pieces, startsInJudge: startsInJudge)
    }
  }

  @Test func arbitraryBytes() {
    var stream = TestStream(state: 3)
    let fragments =
      Tag.allCases.map { Array($0.rawValue.utf8) } + [Array("<thi".utf8), Array("<".utf8), Array(">".utf8)]
    for _ in 0..<1500 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...12, using: &stream) {
        if Bool.random(using: &stream) {
          bytes += fragments.randomElement(using: &stream)!
        } else {
          bytes += (0..<3).map { _ in UInt8.random(in: 0...255, using: &stream) }
        }
      }
      let pieces = Piece.lex(bytes)
      // Lexing loses nothing and leaves no tag inside a text piece.
      var joined: [UInt8] = []
      for piece in pieces {
        switch piece {
        case .tag(let tag): joined += Array(tag.rawValue.utf8)
        case .text(let text):
          joined += text
          #expect(Piece.lex(text) == [piece])
        default: Issue.record("lexing made \(piece)")
        }
      }
      #expect(joined == bytes)
      check(pieces, startsInJudge: Bool.random(using: &stream))
    }
  }

  @Test func whatIsWrittenIsReadBack() {
    var stream = TestStream(state: 4)
    for _ in 0..<500 {
      let words = (0..<3).map { _ in
        String((0..<Int.random(in: 1...8, using: &stream)).map { _ in "ab<>/ é\n7".randomElement(using: &stream)! })
          + "."
      }
      let mode: ThinkMode = Bool.random(using: &stream) ? .on : .off
      let response = AutoThinkResponse(judge: words[0], mode: mode, think: words[1], answer: words[2])
      for layout in AutoThinkResponse.Layout.allCases {
        for startsInJudge in [false, true] {
          let parsed = ResponseParser(startsInJudge: startsInJudge)
            .parse(text: response.text(layout: layout, startsInJudge: startsInJudge))
          #expect(parsed.mode == mode)
          let line = layout == .lines ? "\n" : ""
          #expect(parsed.answer == line + words[2] + line)
          #expect(parsed.think == (mode == .on ? line + words[1] + line : nil))
          #expect(parsed.judge == (startsInJudge ? "" : line) + words[0] + line)
        }
      }
    }
  }
}
