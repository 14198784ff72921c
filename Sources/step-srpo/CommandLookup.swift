import StrictJSON

/// From the first words of the command line to a command or a general help text.
extension StepSRPOCommand {
  /// The text for `help`, `help COMMAND`, `--version` and the like; nil when the words call a command.
  static func generalHelp(_ words: [String]) throws -> String? {
    guard let first = words.first else {
      throw UsageError(command: nil, message: "no command given. The commands are " + names.joined(separator: ", "))
    }
    switch first {
    case "--version", "-v": return "step-srpo \(version)\n"
    case "--help", "-h": return overview
    case "help":
      guard words.count > 1 else { return overview }
      return try command(Array(words.dropFirst())).command.description.help
    default: return nil
    }
  }

  /// The command the words begin with, and the words after its name. The longest name wins: `data primer`.
  static func command(_ words: [String]) throws -> (command: any Command.Type, rest: [String]) {
    for count in [2, 1] where words.count >= count {
      let name = words.prefix(count).joined(separator: " ")
      if let command = commands.first(where: { $0.description.name == name }) {
        return (command, Array(words.dropFirst(count)))
      }
    }
    let first = words[0]
    let family = names.filter { $0.hasPrefix(first + " ") }
    if !family.isEmpty {
      let found = words.count > 1 ? "unknown command \"\(first) \(words[1])\"" : "\"\(first)\" needs a second word"
      throw UsageError(command: nil, message: "\(found): expected " + family.joined(separator: ", "))
    }
    let hint = nearestName(to: first, in: names).map { "; did you mean \"\($0)\"?" } ?? ""
    throw UsageError(command: nil, message: "unknown command \"\(first)\"\(hint)")
  }

  static var names: [String] { commands.map { $0.description.name } }

  /// The list of commands.
  static var overview: String {
    """
    usage: step-srpo COMMAND [ARGUMENT]...

    Trains language models by Step-SRPO to decide when to think.

    commands:
    \(CommandDescription.list(commands.map { ($0.description.name, $0.description.summary) }))
    `step-srpo help COMMAND` shows what a command takes.
    Results go to standard output, notes to standard error. Exit codes: 0 success, 1 failure,
    2 bad usage or config, 3 a declared limit was crossed, 130 interrupted.

    """
  }
}
