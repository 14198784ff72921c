/// A response in parts, to be written as text or as tokens: cold-start data, oracles and tests are made of these.
public struct AutoThinkResponse: Sendable, Equatable {
  /// The judge rationale.
  public var judge: String
  /// The mode.
  public var mode: ThinkMode
  /// The thought. Ignored in off mode.
  public var think: String
  /// The answer.
  public var answer: String

  /// A response.
  public init(judge: String, mode: ThinkMode, think: String = "", answer: String) {
    self.judge = judge
    self.mode = mode
    self.think = think
    self.answer = answer
  }

  /// What stands between the tags.
  public enum Layout: Sendable, CaseIterable {
    /// Tags on lines of their own, as large models write them.
    case lines
    /// No character outside the segments: for byte-level models, where each would cost a token.
    case compact
  }

  /// The form of the report's Table 2 for the given mode, as text.
  public static func text(
    judge: String, mode: ThinkMode, think: String = "", answer: String, layout: Layout = .lines,
    startsInJudge: Bool = false
  ) -> String {
    AutoThinkResponse(judge: judge, mode: mode, think: think, answer: answer)
      .text(layout: layout, startsInJudge: startsInJudge)
  }

  /// This response as text. With `startsInJudge` the prefilled `<judge>` (and its line end) is left out.
  public func text(layout: Layout = .lines, startsInJudge: Bool = false) -> String {
    var text = ""
    for piece in pieces(layout: layout, startsInJudge: startsInJudge) {
      switch piece {
      case .tag(let tag): text += tag.rawValue
      case .text(let bytes): text += String(decoding: bytes, as: UTF8.self)
      case .end, .special: break
      }
    }
    return text
  }

  /// This response as tags and text, for tokenizers: a tag string *inside* a part stays text.
  ///
  /// No `.end` is added; the caller ends the turn as its template does.
  public func pieces(layout: Layout = .lines, startsInJudge: Bool = false) -> [Piece] {
    let line = layout == .lines ? "\n" : ""
    var pieces: [Piece] = []
    func add(_ tag: Tag) { pieces.append(.tag(tag)) }
    func add(_ text: String) { if !text.isEmpty { pieces.append(.text(Array(text.utf8))) } }
    if !startsInJudge {
      add(.judgeOpen)
      add(line)
    }
    add(judge + line)
    add(.judgeClose)
    add(line + line)
    add(mode == .on ? .thinkOn : .thinkOff)
    add(line)
    if mode == .on {
      add(.thinkOpen)
      add(line + think + line)
      add(.thinkClose)
      add(line)
    }
    add(.answerOpen)
    add(line + answer + line)
    add(.answerClose)
    return pieces
  }
}
