/// One message of a conversation.
public struct ChatMessage: Sendable, Equatable {
  /// Who speaks.
  public enum Role: String, Sendable, CaseIterable {
    case system, user, assistant, tool
  }

  /// Who speaks.
  public var role: Role
  /// The text.
  public var content: String

  /// A message.
  public init(_ role: Role, _ content: String) {
    self.role = role
    self.content = content
  }
}

/// A part of a rendered prompt. Specials are vocabulary entries; the same characters inside `.text` must not become one.
public enum PromptPiece: Sendable, Equatable {
  /// A special entry by its name, for example `<|im_start|>` or `<judge>`.
  case special(String)
  /// Plain text.
  case text(String)
}

/// How a conversation becomes a prompt that ends where the response begins.
public struct PromptTemplate: Sendable, Equatable {
  /// The layouts.
  public enum Style: String, Sendable, CaseIterable {
    /// The released model's template **[peer]**: ChatML, the generation prompt ends with a prefilled `<judge>` and a line
    /// end, earlier assistant turns keep only the text of their answer segment.
    case chatML = "chatml"
    /// For tiny byte-level models: `<|im_start|>` prompt `<|im_end|>` `<judge>`, without role words and line ends.
    case compact
  }

  /// The token that opens a turn.
  public static let turnStart = "<|im_start|>"
  /// The token that ends a turn, and with it a response.
  public static let turnEnd = "<|im_end|>"

  /// The layout.
  public var style: Style

  /// A template.
  public init(_ style: Style) { self.style = style }

  /// Whether responses start inside the judge segment; both layouts prefill `<judge>`.
  public var prefillsJudge: Bool { true }
  /// The parser for responses to this template's prompts.
  public var parser: ResponseParser { ResponseParser(startsInJudge: prefillsJudge) }
  /// How responses to this template's prompts are laid out.
  public var layout: AutoThinkResponse.Layout { style == .chatML ? .lines : .compact }

  /// The prompt for one user message.
  public func prompt(_ user: String) -> [PromptPiece] { prompt([ChatMessage(.user, user)]) }

  /// The prompt for a conversation.
  public func prompt(_ messages: [ChatMessage]) -> [PromptPiece] {
    var pieces: [PromptPiece] = []
    for message in messages {
      let content = message.role == .assistant ? Self.answerText(of: message.content) : message.content
      pieces.append(.special(Self.turnStart))
      switch style {
      case .chatML:
        pieces.append(.text("\(message.role.rawValue)\n\(content)"))
        pieces.append(.special(Self.turnEnd))
        pieces.append(.text("\n"))
      case .compact:
        if !content.isEmpty { pieces.append(.text(content)) }
        pieces.append(.special(Self.turnEnd))
      }
    }
    if style == .chatML {
      pieces.append(.special(Self.turnStart))
      pieces.append(.text("assistant\n"))
    }
    pieces.append(.special(Tag.judgeOpen.rawValue))
    if style == .chatML { pieces.append(.text("\n")) }
    return pieces
  }

  /// The response that follows the prompt, ready to be tokenized, its end token included.
  public func response(_ response: AutoThinkResponse) -> [Piece] {
    response.pieces(layout: layout, startsInJudge: prefillsJudge) + [.end]
  }

  /// What of a response stands in the prompt already, as text.
  public var opening: String { prefillsJudge ? Tag.judgeOpen.rawValue + (layout == .lines ? "\n" : "") : "" }

  /// What closes an open rationale, up to where the gate stands.
  public var closingJudge: [Piece] { line + [.tag(.judgeClose)] + line + line }
  /// What closes an open thought and opens the answer.
  public var closingThink: [Piece] { line + [.tag(.thinkClose)] + line + [.tag(.answerOpen)] + line }
  /// What closes an open answer and ends the turn.
  public var closingAnswer: [Piece] { line + [.tag(.answerClose), .end] }
  private var line: [Piece] { layout == .lines ? [.text([0x0A])] : [] }

  /// The text of a rendered prompt, for people and for tokenizers that find specials themselves.
  public static func text(_ pieces: [PromptPiece]) -> String {
    pieces.map {
      switch $0 {
      case .special(let name): name
      case .text(let text): text
      }
    }.joined()
  }

  /// What of an assistant's turn is kept in later prompts **[peer]**: the text inside its last `<answer>`, without blanks
  /// around it; the whole content where there is no answer segment.
  public static func answerText(of content: String) -> String {
    let pieces = Piece.lex(content)
    guard let open = pieces.lastIndex(of: .tag(.answerOpen)) else { return content }
    var bytes: [UInt8] = []
    for piece in pieces[(open + 1)...] {
      if case .tag(.answerClose) = piece { break }
      switch piece {
      case .text(let text): bytes += text
      case .tag(let tag): bytes += Array(tag.rawValue.utf8)
      case .end, .special: break
      }
    }
    return trimmed(String(decoding: bytes, as: UTF8.self))
  }

  /// A text without blanks around it.
  public static func trimmed(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let start = bytes.firstIndex { !$0.isBlank } ?? bytes.count
    let end = (bytes.lastIndex { !$0.isBlank } ?? (start - 1)) + 1
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}
