import Foundation
import RunStore

/// Standard output for machine-readable results, standard error for everything meant for people.
final class Console {
  /// Whether standard output is a terminal.
  let outIsTerminal = isatty(STDOUT_FILENO) == 1
  /// Whether standard error is a terminal.
  let errorIsTerminal = isatty(STDERR_FILENO) == 1
  private var buffer: [UInt8] = []

  /// Whether colours may be used on standard output.
  var usesColour: Bool {
    let environment = ProcessInfo.processInfo.environment
    return outIsTerminal && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
  }

  /// Whether the locale can show Unicode.
  var usesUnicode: Bool {
    let environment = ProcessInfo.processInfo.environment
    let locale = [environment["LC_ALL"], environment["LC_CTYPE"], environment["LANG"]].compactMap { $0 }
    // Minimal machines set no locale at all, and their terminals are UTF-8 nevertheless.
    guard let first = locale.first(where: { !$0.isEmpty }) else { return true }
    let name = first.lowercased()
    return name.contains("utf-8") || name.contains("utf8")
  }

  /// The columns of the terminal: of standard output, of standard error, from `COLUMNS`, or 80.
  func columns() -> Int {
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      var size = winsize()
      if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    }
    return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }.map { max(20, $0) } ?? 80
  }

  /// Writes text to standard output: as it is to a file or a program, to a terminal without anything that it would act on but
  /// colours. Call ``flush()`` for it to appear at once.
  func out(_ text: String) {
    buffer.append(contentsOf: (outIsTerminal ? TerminalText.neutralisedPage(text) : text).utf8)
    if buffer.count >= 1 << 16 { flush() }
  }

  /// Writes what is still held back.
  func flush() {
    Self.writeAll(buffer, to: STDOUT_FILENO)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes a line to standard error. It may quote files, models and plug-ins: no escape sequence of theirs reaches a terminal.
  func note(_ text: String) {
    flush()
    Self.writeAll(Array((TerminalText.neutralised(text) + "\n").utf8), to: STDERR_FILENO)
  }

  /// Writes text to standard error as it is.
  func noteRaw(_ text: String) { Self.writeAll(Array(text.utf8), to: STDERR_FILENO) }

  static func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        // Nobody reads our results any more (`| head`): end as a program without a handler would. A lost terminal
        // must not end a run, so notes are dropped silently.
        if descriptor == STDOUT_FILENO {
          if errno != EPIPE { noteLostOutput() }
          exit(errno == EPIPE ? 141 : ExitCode.failure.rawValue)
        }
        return
      }
      done += count
    }
  }

  private static func noteLostOutput() {
    let reason = String(cString: strerror(errno))
    writeAll(Array("step-srpo: standard output cannot be written: \(reason)\n".utf8), to: STDERR_FILENO)
  }
}
