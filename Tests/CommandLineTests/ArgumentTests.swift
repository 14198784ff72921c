import Testing

@testable import step_srpo

@Suite struct ArgumentTests {
  let command = CommandDescription(
    name: "paint", summary: "Paints.",
    positionals: [
      CommandDescription.Positional(name: "WALL", help: "what to paint"),
      CommandDescription.Positional(name: "MORE", help: "more walls", isRequired: false, isRepeated: true),
    ],
    options: [
      .value("--colour", "NAME", "the colour", choices: ["red", "blue"]),
      .value("--coat", "N", "a coat", isRepeated: true), .flag("--dry", "do nothing"),
    ])

  private func parse(_ words: String...) throws -> ParsedArguments { try ParsedArguments(words, for: command) }

  @Test func valuesAndSwitches() throws {
    let arguments = try parse("north", "--colour=red", "--coat", "1", "--coat=2", "--dry", "--", "--east")
    #expect(arguments.positionals == ["north", "--east"])
    #expect(arguments.string("--colour") == "red")
    #expect(arguments.strings("--coat") == ["1", "2"])
    #expect(arguments.flag("--dry"))
    #expect(try arguments.int("--coat") == 2)
    #expect(try parse("north").int("--coat") == nil)
    #expect(try parse("--help").wantsHelp)
    #expect(try parse("-").positionals == ["-"])
  }

  @Test(arguments: [
    (["x", "--color", "red"], "unknown option --color; did you mean --colour?"),
    (["x", "--colour", "bleu"], "--colour: found \"bleu\", expected red, blue; did you mean \"blue\"?"),
    (["x", "--colour"], "--colour needs a value: --colour NAME"),
    (["x", "--colour=red", "--colour=blue"], "--colour is given twice"),
    (
      ["x", "--coat", "--dry"],
      "--coat needs a value: --coat N, found the option --dry; where that is the value, write --coat=--dry"
    ),
    (
      ["x", "--coat", "--colour=red"],
      "--coat needs a value: --coat N, found the option --colour; where that is the value, write --coat=--colour=red"
    ),
    (
      ["x", "--coat", "--help"],
      "--coat needs a value: --coat N, found the option --help; where that is the value, write --coat=--help"
    ),
    (["x", "--dry=yes"], "--dry takes no value, found \"yes\""),
    ([], "missing WALL: step-srpo paint WALL [MORE...] [--colour NAME] [--coat N]... [--dry]"),
    (["x", "-z"], "unknown option -z"),
  ]) func mistakesAreNamed(words: [String], message: String) {
    let error = #expect(throws: UsageError.self) { try ParsedArguments(words, for: command) }
    #expect(error?.message == message)
  }

  /// With an equals sign, and where it is none of the command's options, a value may look like one.
  @Test func valuesMayLookLikeOptions() throws {
    #expect(try parse("x", "--coat=--dry").strings("--coat") == ["--dry"])
    #expect(try parse("x", "--coat=--coat", "--coat", "--thick").strings("--coat") == ["--coat", "--thick"])
    #expect(try parse("x", "--coat", "-1", "--coat", "-", "--coat", "--").strings("--coat") == ["-1", "-", "--"])
    #expect(try !parse("x", "--coat=--dry").flag("--dry"))
  }

  @Test func numbersAreChecked() throws {
    let arguments = try parse("x", "--coat", "-3")
    let error = #expect(throws: UsageError.self) { try arguments.int("--coat", in: 1...9) }
    #expect(error?.message == "--coat: found \"-3\", expected a whole number, 1 to 9")
    #expect(try arguments.double("--coat") == -3)
    #expect(throws: UsageError.self) { try parse("x", "--coat", "nan").double("--coat") }
  }

  @Test func aSuperfluousWordIsNamed() {
    let runs = #expect(throws: UsageError.self) { try ParsedArguments(["x"], for: RunsCommand.description) }
    #expect(runs?.message.hasPrefix("unexpected \"x\": step-srpo runs") == true)
  }

  @Test func helpIsMadeFromTheDescription() {
    #expect(
      command.help == """
        usage: step-srpo paint WALL [MORE...] [--colour NAME] [--coat N]... [--dry]

        Paints.

        arguments:
          WALL  what to paint
          MORE  more walls

        options:
          --colour NAME  the colour (red, blue)
          --coat N       a coat
          --dry          do nothing
          --help         this text

        """)
  }
}
