import StepSRPO
import StrictJSON

/// A command line that does not fit its command. The text names what was found, what was expected and the nearest
/// spelling.
struct UsageError: Error, CustomStringConvertible {
  /// The command, where it is known; its help is worth naming then.
  var command: String?
  var message: String

  var description: String {
    message + "\n" + "See `step-srpo \(command.map { $0 + " --help" } ?? "help")`."
  }
}

/// The values of a command line, checked against the command's description.
struct ParsedArguments {
  let command: CommandDescription
  private(set) var positionals: [String] = []
  private(set) var wantsHelp = false
  private var values: [String: [String]] = [:]
  private var flags: Set<String> = []

  /// Reads the words after the command's name. `--name=value` and `--name value` are the same; `--` ends the options.
  init(_ words: [String], for command: CommandDescription) throws {
    self.command = command
    var rest = words[...]
    var onlyPositionals = false
    while let word = rest.popFirst() {
      if word == "--", !onlyPositionals {
        onlyPositionals = true
      } else if onlyPositionals || word == "-" || !word.hasPrefix("-") {
        positionals.append(word)
      } else if word == "--help" || word == "-h" {
        wantsHelp = true
      } else {
        try option(word, &rest)
      }
    }
    if !wantsHelp { try checkPositionals() }
  }

  private mutating func option(_ word: String, _ rest: inout ArraySlice<String>) throws {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let option = command.options.first(where: { $0.name == parts[0] }) else {
      let names = command.options.map(\.name) + ["--help"]
      let hint = nearestName(to: parts[0], in: names).map { "; did you mean \($0)?" } ?? ""
      throw usage("unknown option \(parts[0])\(hint)")
    }
    guard let placeholder = option.value else {
      guard parts.count == 1 else { throw usage("\(option.name) takes no value, found \"\(parts[1])\"") }
      flags.insert(option.name)
      return
    }
    guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
      throw usage("\(option.name) needs a value: \(option.name) \(placeholder)")
    }
    if parts.count == 1, let other = declaredOption(value) {
      throw usage(
        "\(option.name) needs a value: \(option.name) \(placeholder), found the option \(other); where that is the "
          + "value, write \(option.name)=\(value)")
    }
    if !option.choices.isEmpty, !option.choices.contains(value) {
      let hint = nearestName(to: value, in: option.choices).map { "; did you mean \"\($0)\"?" } ?? ""
      throw usage(
        "\(option.name): found \"\(value)\", expected \(option.choices.joined(separator: ", "))\(hint)")
    }
    if !option.isRepeated, values[option.name] != nil { throw usage("\(option.name) is given twice") }
    values[option.name, default: []].append(value)
    while option.takesMany, let next = rest.first, next == "-" || !next.hasPrefix("-") {
      values[option.name, default: []].append(next)
      rest.removeFirst()
    }
  }

  /// The option that a word names; nil for a word that is none of this command's.
  private func declaredOption(_ word: String) -> String? {
    let name = word.prefix { $0 != "=" }
    return (command.options.map(\.name) + ["--help", "-h"]).first { $0 == name }
  }

  private func checkPositionals() throws {
    let required = command.positionals.filter(\.isRequired).count
    if positionals.count < required {
      throw usage("missing \(command.positionals[positionals.count].name): \(command.usage)")
    }
    if positionals.count > command.positionals.count, command.positionals.last?.isRepeated != true {
      throw usage("unexpected \"\(positionals[command.positionals.count])\": \(command.usage)")
    }
  }

  func usage(_ message: String) -> UsageError { UsageError(command: command.name, message: message) }

  /// Whether a switch is set.
  func flag(_ name: String) -> Bool { flags.contains(declared(name)) }

  /// The value of an option; nil when it is not given.
  func string(_ name: String) -> String? { values[declared(name)]?.last }

  /// All values of a repeated option in order.
  func strings(_ name: String) -> [String] { values[declared(name)] ?? [] }

  /// The value of an option as a whole number within `range`.
  func int(_ name: String, in range: ClosedRange<Int> = 0...Int.max) throws -> Int? {
    guard let text = string(name) else { return nil }
    guard let value = Int(text), range.contains(value) else {
      let bounds =
        range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      throw usage("\(name): found \"\(text)\", expected a whole number, \(bounds)")
    }
    return value
  }

  /// The value of an option as a number within the range of a configuration's key.
  func number(_ name: String, like key: String) throws -> Double? {
    guard let text = string(name), let known = RunConfiguration.numbers.first(where: { $0.key == key }) else {
      return nil
    }
    guard let value = Double(text), known.range.contains(JSONNumber(text: text)) else {
      throw usage("\(name): found \"\(text)\", expected \(known.expectation)")
    }
    return value
  }

  /// The value of an option as a finite number.
  func double(_ name: String) throws -> Double? {
    guard let text = string(name) else { return nil }
    guard let value = Double(text), value.isFinite else {
      throw usage("\(name): found \"\(text)\", expected a number")
    }
    return value
  }

  /// Asking for an option the command does not declare is an error of the command's author.
  private func declared(_ name: String) -> String {
    precondition(command.options.contains { $0.name == name }, "\(command.name) does not declare \(name)")
    return name
  }
}
