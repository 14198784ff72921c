/// Turns a response that is still being written into text by segment, for display while it comes.
///
/// It follows the tags leniently: text is passed on where it stands, valid form or not. Bytes of an unfinished UTF-8
/// character wait for the rest of it.
public struct SegmentStream: Sendable {
  /// Something to show.
  public enum Event: Sendable, Equatable {
    /// Text of the rationale.
    case judge(String)
    /// The gate.
    case mode(ThinkMode)
    /// Text of the thought.
    case thought(String)
    /// Text of the answer.
    case answer(String)
    /// Text outside every segment, blanks left out.
    case stray(String)
  }

  private enum Place { case outside, judge, thought, answer }
  private var place: Place
  private var waiting: [UInt8] = []
  /// Blanks at the beginning of a segment are layout, not text.
  private var isAtStart = true

  /// A stream; with `startsInJudge` the prompt ends in `<judge>`.
  public init(startsInJudge: Bool) { place = startsInJudge ? .judge : .outside }

  /// Takes the next piece; returns what can be shown now.
  public mutating func take(_ piece: Piece) -> [Event] {
    switch piece {
    case .text(let bytes):
      waiting += bytes
      return show(upTo: Self.completeCount(waiting))
    case .tag(let tag):
      var events = finish()
      isAtStart = true
      switch tag {
      case .judgeOpen: place = .judge
      case .thinkOpen: place = .thought
      case .answerOpen: place = .answer
      case .judgeClose, .thinkClose, .answerClose: place = .outside
      case .thinkOn, .thinkOff:
        place = .outside
        if let mode = tag.mode { events.append(.mode(mode)) }
      }
      return events
    case .end, .special: return finish()
    }
  }

  /// What still waits, an unfinished character as U+FFFD.
  public mutating func finish() -> [Event] { show(upTo: waiting.count) }

  private mutating func show(upTo count: Int) -> [Event] {
    guard count > 0 else { return [] }
    var bytes = waiting[..<count]
    waiting.removeFirst(count)
    if isAtStart {
      bytes = bytes.drop { $0.isBlank }
      guard !bytes.isEmpty else { return [] }
      isAtStart = false
    }
    let text = String(decoding: bytes, as: UTF8.self)
    switch place {
    case .judge: return [.judge(text)]
    case .thought: return [.thought(text)]
    case .answer: return [.answer(text)]
    case .outside: return text.allSatisfy(\.isWhitespace) ? [] : [.stray(text)]
    }
  }

  /// How many leading bytes are whole characters.
  private static func completeCount(_ bytes: [UInt8]) -> Int {
    // At most three bytes of an unfinished character stand at the end.
    for back in 1...3 where back <= bytes.count {
      let byte = bytes[bytes.count - back]
      if byte & 0xC0 == 0x80 { continue }
      let length =
        byte & 0x80 == 0 ? 1 : byte & 0xE0 == 0xC0 ? 2 : byte & 0xF0 == 0xE0 ? 3 : byte & 0xF8 == 0xF0 ? 4 : 1
      return length > back ? bytes.count - back : bytes.count
    }
    return bytes.count
  }
}
