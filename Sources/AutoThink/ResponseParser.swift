/// Parses responses of the AutoThink format (Table 2 of the report):
///
///     <judge>…</judge> <think_on> <think>…</think> <answer>…</answer>
///     <judge>…</judge> <think_off> <answer>…</answer>
///
/// Blanks may stand between the parts and nothing else may. Any input is parsed, none traps; what is wrong is named by
/// an ``InvalidReason``.
public struct ResponseParser: Sendable, Equatable {
  /// Whether the prompt ends with a prefilled `<judge>`, so that the response starts inside the judge segment.
  public var startsInJudge: Bool

  /// A parser for responses to prompts that do (`startsInJudge`) or do not end with `<judge>`.
  public init(startsInJudge: Bool = false) { self.startsInJudge = startsInJudge }

  /// Parses a response given as pieces.
  ///
  /// - Parameters:
  ///   - pieces: One piece a token, or the result of ``Piece/lex(_:)``. Pieces after the first `.end` are ignored.
  ///   - truncated: Whether generation stopped at its limit and not at an end token; an incomplete form is then named
  ///     ``InvalidReason/truncated``. A complete one is valid all the same.
  public func parse(_ pieces: [Piece], truncated: Bool = false) -> ParsedResponse {
    var machine = ParserState(place: startsInJudge ? .judge : .start)
    var count = 0
    for (index, piece) in pieces.enumerated() {
      count = index + 1
      if piece == .end { break }
      if machine.result.invalidReason == nil { machine.take(piece, at: index, of: pieces) }
    }
    return machine.finish(pieceCount: count, truncated: truncated)
  }

  /// Parses token ids; `piece` tells what each id stands for. Indices of the result are indices into `tokens`.
  public func parse(tokens: [Int], truncated: Bool = false, piece: (Int) -> Piece) -> ParsedResponse {
    parse(tokens.map(piece), truncated: truncated)
  }

  /// Parses a text, taking every tag string for the tag.
  public func parse(text: String, truncated: Bool = false) -> ParsedResponse {
    parse(Piece.lex(text), truncated: truncated)
  }
}

/// The automaton behind ``ResponseParser``.
struct ParserState {
  /// Where in the form the next piece stands.
  enum Place { case start, judge, gate, afterGate, think, afterThink, answer, done }

  var place: Place
  var result = ParsedResponse()

  init(place: Place) { self.place = place }

  mutating func take(_ piece: Piece, at index: Int, of pieces: [Piece]) {
    switch piece {
    case .text(let bytes): takeText(bytes, isBlank: piece.isBlank, at: index, of: pieces)
    case .tag(let tag): takeTag(tag, at: index)
    case .special: fail(.foreignToken, at: index)
    case .end: break
    }
  }

  private mutating func takeText(_ bytes: [UInt8], isBlank: Bool, at index: Int, of pieces: [Piece]) {
    switch place {
    case .judge: result.judgeBytes += bytes
    case .think: result.thinkBytes?.append(contentsOf: bytes)
    case .answer: result.answerBytes?.append(contentsOf: bytes)
    case _ where isBlank: break
    case .start: fail(.missingJudge, at: index)
    case .gate: fail(nextTag(after: index, in: pieces)?.mode == nil ? .noGate : .textBetweenSegments, at: index)
    case .afterGate, .afterThink: fail(.textBetweenSegments, at: index)
    case .done: fail(.trailingText, at: index)
    }
  }

  private mutating func takeTag(_ tag: Tag, at index: Int) {
    if tag.mode != nil, place != .start, place != .judge, place != .gate {
      // Two gates in a row leave the mode open; a gate deep inside the response does not undo the first one.
      if place == .afterGate { result.gate = nil }
      return fail(.twoGates, at: index)
    }
    switch (place, tag) {
    case (.start, .judgeOpen): place = .judge
    case (.start, _): fail(.missingJudge, at: index)

    case (.judge, .judgeClose): place = .gate
    case (.judge, .thinkOn), (.judge, .thinkOff): fail(.gateBeforeJudgeEnd, at: index)
    case (.judge, .judgeOpen): fail(.repeatedTag, at: index)
    case (.judge, _): fail(.unclosedJudge, at: index)

    case (.gate, .thinkOn), (.gate, .thinkOff):
      result.gate = tag.mode
      result.gateIndex = index
      place = .afterGate
    case (.gate, _): fail(.noGate, at: index)

    case (.afterGate, .thinkOpen) where result.gate == .on: open(\.thinkBytes, as: .think)
    case (.afterGate, .answerOpen) where result.gate == .off: open(\.answerBytes, as: .answer)
    case (.afterGate, .answerOpen): fail(.missingThink, at: index)

    case (.think, .thinkClose): close(result.thinkBytes, or: .emptyThink, next: .afterThink, at: index)
    case (.think, .answerOpen), (.think, .answerClose): fail(.unclosedThink, at: index)

    case (.afterThink, .answerOpen): open(\.answerBytes, as: .answer)
    case (.answer, .answerClose): close(result.answerBytes, or: .emptyAnswer, next: .done, at: index)

    case (.done, _): fail(.trailingText, at: index)
    case (_, .thinkOpen), (_, .thinkClose):
      if result.gate == .off { return fail(.thinkInOffMode, at: index) }
      fail(tag == .thinkOpen && place != .afterGate ? .repeatedTag : .misplacedTag, at: index)
    case (.answer, .answerOpen), (_, .judgeOpen): fail(.repeatedTag, at: index)
    default: fail(.misplacedTag, at: index)
    }
  }

  private mutating func open(_ bytes: WritableKeyPath<ParsedResponse, [UInt8]?>, as next: Place) {
    result[keyPath: bytes] = []
    place = next
  }

  private mutating func close(_ bytes: [UInt8]?, or reason: InvalidReason, next: Place, at index: Int) {
    if let bytes, bytes.allSatisfy(\.isBlank) { return fail(reason, at: index) }
    place = next
  }

  private mutating func fail(_ reason: InvalidReason, at index: Int) {
    result.invalidReason = reason
    result.errorIndex = index
    if result.gateIndex == nil { result.gateIndex = index }
  }

  private func nextTag(after index: Int, in pieces: [Piece]) -> Tag? {
    for piece in pieces[(index + 1)...] {
      switch piece {
      case .tag(let tag): return tag
      case .end: return nil
      case .text, .special: continue
      }
    }
    return nil
  }

  /// The result once every piece has been taken: an open form is an error of its own.
  consuming func finish(pieceCount: Int, truncated: Bool) -> ParsedResponse {
    result.pieceCount = pieceCount
    if result.invalidReason == nil, place != .done {
      result.errorIndex = pieceCount
      result.invalidReason = truncated ? .truncated : reasonAtEnd
    }
    return result
  }

  private var reasonAtEnd: InvalidReason {
    switch place {
    case .start: .missingJudge
    case .judge: .unclosedJudge
    case .gate: .noGate
    case .afterGate: result.gate == .on ? .missingThink : .noAnswer
    case .think: .unclosedThink
    case .afterThink, .done: .noAnswer
    case .answer: .unclosedAnswer
    }
  }
}
