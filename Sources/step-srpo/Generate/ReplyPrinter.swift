import AutoThink
import RunStore

/// Writes a reply as it comes: the mode in brackets, rationale and thought dimmed or left out, the answer plain.
struct ReplyPrinter {
  /// Whether rationale and thought are shown.
  var showsThought: Bool
  /// Whether escape sequences may be used.
  let colour: Bool
  /// Takes text for the terminal.
  let write: (String) -> Void

  private enum Part { case none, judge, thought, answer, stray }
  private var part = Part.none
  private var isAtLineStart = true

  init(showsThought: Bool, colour: Bool, write: @escaping (String) -> Void) {
    self.showsThought = showsThought
    self.colour = colour
    self.write = write
  }

  /// Shows what has come.
  mutating func show(_ event: SegmentStream.Event) {
    switch event {
    case .judge(let text): if showsThought { put(text, .judge, label: "judge    ", code: "2") }
    case .thought(let text): if showsThought { put(text, .thought, label: "thought  ", code: "2") }
    case .stray(let text): if showsThought { put(text, .stray, label: "(outside) ", code: "2;31") }
    case .mode(let mode):
      startLine()
      write(styled("[think-\(mode.rawValue)]", mode == .on ? "33" : "36"))
      write(showsThought ? "\n" : " ")
      isAtLineStart = showsThought
    case .answer(let text): put(text, .answer, label: "", code: nil)
    }
  }

  /// Ends the reply with a remark.
  mutating func finish(_ remark: String) {
    startLine()
    if !remark.isEmpty { write(styled(remark, "2") + "\n") }
    part = .none
    isAtLineStart = true
  }

  private mutating func put(_ text: String, _ next: Part, label: String, code: String?) {
    // Model text is neutralised: no escape sequence of it reaches the terminal.
    let safe = TerminalText.neutralised(text)
    if part != next {
      if part != .none, next != .answer || showsThought { startLine() }
      part = next
      if !label.isEmpty { write(styled(label, "2;1")) }
    }
    write(code.map { styled(safe, $0) } ?? safe)
    isAtLineStart = safe.hasSuffix("\n")
  }

  private mutating func startLine() {
    if !isAtLineStart { write("\n") }
    isAtLineStart = true
  }

  private func styled(_ text: String, _ code: String) -> String {
    colour && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
