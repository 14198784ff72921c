import Foundation
import StrictJSON
import Synchronization

/// What a user types: words for the policy, or a command for the chat.
enum ChatInput: Equatable {
  /// Words, with the mode asked for this turn alone (`/on what is 2+2`).
  case words(String, mode: ChatMode?)
  /// The mode from now on.
  case mode(ChatMode)
  /// Shows or hides rationale and thought.
  case thought
  /// Forgets the conversation.
  case reset
  case help
  case quit
  /// A command there is not, with the nearest one.
  case unknown(String, nearest: String?)
  case empty

  enum ChatMode: String, CaseIterable { case auto, on, off }

  static let helpText = """
    /on /off /auto      the mode from now on; with words behind it, for this turn alone
    /thought            show or hide rationale and thought
    /reset              forget the conversation
    /help  /quit        this text; leave (Ctrl-D too). Ctrl-C stops a reply

    """
  private static let commands = ["on", "off", "auto", "thought", "reset", "help", "quit"]

  init(_ line: String) {
    let text = line.trimmingCharacters(in: .whitespacesAndNewlines)
    guard text.hasPrefix("/") else {
      self = text.isEmpty ? .empty : .words(text, mode: nil)
      return
    }
    let parts = text.dropFirst().split(separator: " ", maxSplits: 1).map(String.init)
    let name = parts.first ?? ""
    if let mode = ChatMode(rawValue: name) {
      self = parts.count > 1 ? .words(parts[1], mode: mode) : .mode(mode)
      return
    }
    switch name {
    case "thought": self = .thought
    case "reset": self = .reset
    case "help": self = .help
    case "quit", "exit": self = .quit
    default:
      self = .unknown(
        "/\(name)", nearest: name.isEmpty ? nil : nearestName(to: name, in: Self.commands).map { "/\($0)" })
    }
  }
}

/// Lines typed at a terminal or piped in; Ctrl-C ends the wait for one.
struct ChatLines {
  enum Line: Equatable { case text(String), interrupted, end }

  private var buffer: [UInt8] = []
  private static let interrupts = Atomic<Int>(0)

  /// Takes over SIGINT: it stops a reply or clears the line, and no longer ends the program.
  init() {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in ChatLines.interrupts.add(1, ordering: .relaxed) }
    // Without SA_RESTART: a waiting read returns.
    action.sa_flags = 0
    sigaction(SIGINT, &action, nil)
  }

  /// Whether Ctrl-C was pressed since ``clearInterrupt()``.
  static var isInterrupted: Bool { interrupts.load(ordering: .relaxed) > 0 }
  static func clearInterrupt() { interrupts.store(0, ordering: .relaxed) }

  /// Waits for a line.
  mutating func next() -> Line {
    while true {
      if let end = buffer.firstIndex(of: 0x0A) {
        let line = String(decoding: buffer[..<end], as: UTF8.self)
        buffer.removeFirst(end + 1)
        return .text(line)
      }
      var chunk = [UInt8](repeating: 0, count: 4096)
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      if count < 0, errno == EINTR {
        buffer.removeAll()
        return .interrupted
      }
      guard count > 0 else {
        guard !buffer.isEmpty else { return .end }
        defer { buffer.removeAll() }
        return .text(String(decoding: buffer, as: UTF8.self))
      }
      buffer += chunk[..<count]
    }
  }
}
