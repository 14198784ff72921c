/// Running text wrapped for the terminal.
public enum ParagraphText {
  /// Lines of at most `columns`, each ending in a newline; `first` opens the first line, `indent` all others. Text of
  /// a model or a file is neutralised.
  public static func wrapped(_ text: String, columns: Int, indent: String, first: String? = nil) -> String {
    let safe = TerminalText.neutralised(text, keepingNewlines: false)
    var lines: [String] = []
    var line = first ?? indent
    var isEmpty = true
    for word in safe.split(separator: " ") {
      if !isEmpty, TerminalText.width(line) + 1 + TerminalText.width(String(word)) > max(30, columns) {
        lines.append(line)
        line = indent
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return (lines + [line]).map { $0 + "\n" }.joined()
  }
}
