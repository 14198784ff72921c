/// What a command takes; its help text is made from this.
struct CommandDescription: Sendable {
  /// `curves`, or `data primer` for a command of two words.
  var name: String
  /// One line for the list of commands.
  var summary: String
  /// What it takes without a name, in order.
  var positionals: [Positional] = []
  /// What it takes by name.
  var options: [Option] = []
  /// Anything more a user should know; shown under the options as it is.
  var notes: String = ""

  /// A value known by its place.
  struct Positional: Sendable {
    var name: String
    var help: String
    var isRequired = true
    /// Only for the last one: takes all that follow.
    var isRepeated = false
  }

  /// A value or a switch known by its name.
  struct Option: Sendable {
    /// With its dashes: `--metric`.
    var name: String
    /// What stands for the value in the help; nil for a switch.
    var value: String?
    var help: String
    var isRepeated = false
    /// Whether one name takes all words up to the next option: `--data a.jsonl b.jsonl`.
    var takesMany = false
    /// The only values it takes; empty for any.
    var choices: [String] = []

    /// `--name VALUE`.
    static func value(
      _ name: String, _ value: String, _ help: String, isRepeated: Bool = false, choices: [String] = []
    ) -> Option {
      Option(name: name, value: value, help: help, isRepeated: isRepeated, choices: choices)
    }

    /// `--name VALUE...`.
    static func many(_ name: String, _ value: String, _ help: String) -> Option {
      Option(name: name, value: value, help: help, isRepeated: true, takesMany: true)
    }

    /// `--name`.
    static func flag(_ name: String, _ help: String) -> Option { Option(name: name, value: nil, help: help) }
  }

  /// `--runs DIR`, which all commands on runs share.
  static let runsOption = Option.value("--runs", "DIR", "the folder that holds the runs (default: runs)")

  /// The first line of the help.
  var usage: String {
    var words = ["step-srpo", name]
    for positional in positionals {
      let word = positional.isRepeated ? "\(positional.name)..." : positional.name
      words.append(positional.isRequired ? word : "[\(word)]")
    }
    for option in options {
      let word = option.value.map { "\(option.name) \($0)" } ?? option.name
      words.append(option.takesMany ? "[\(word)...]" : option.isRepeated ? "[\(word)]..." : "[\(word)]")
    }
    return words.joined(separator: " ")
  }

  /// The whole help text, ending in a newline.
  var help: String {
    var text = Self.wrapped("usage: " + usage, indent: 7) + "\n\n" + summary + "\n"
    let arguments = positionals.map { ($0.name, $0.help) }
    if !arguments.isEmpty { text += "\narguments:\n" + Self.list(arguments) }
    let named = options.map { option -> (String, String) in
      let choices = option.choices.isEmpty ? "" : " (\(option.choices.joined(separator: ", ")))"
      return (option.value.map { "\(option.name) \($0)" } ?? option.name, option.help + choices)
    }
    text += "\noptions:\n" + Self.list(named + [("--help", "this text")])
    if !notes.isEmpty { text += "\n" + notes + "\n" }
    return text
  }

  static func list(_ entries: [(String, String)]) -> String {
    let width = min(24, entries.map { $0.0.count }.max() ?? 0)
    return entries.map { name, help in
      let padding = String(repeating: " ", count: max(0, width - name.count))
      return Self.wrapped("  \(name)\(padding)  \(help)", indent: width + 4) + "\n"
    }.joined()
  }

  /// Breaks a line between words at 100 columns; its own indentation stays, following lines get `indent`.
  static func wrapped(_ text: String, indent: Int) -> String {
    guard text.count > 100 else { return text }
    var lines: [String] = []
    var line = String(text.prefix { $0 == " " })
    var isEmpty = true
    for word in text.split(separator: " ", omittingEmptySubsequences: false).drop(while: \.isEmpty) {
      if !isEmpty, line.count + 1 + word.count > 100 {
        lines.append(line)
        line = String(repeating: " ", count: indent) + word
      } else {
        line += isEmpty ? String(word) : " " + word
      }
      isEmpty = false
    }
    return (lines + [line]).joined(separator: "\n")
  }
}
