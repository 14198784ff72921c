import Foundation
import Testing

@testable import step_srpo

/// Help texts against `Golden/`. `STEP_SRPO_UPDATE_GOLDEN=1 swift test --filter HelpTests` writes them anew.
@Suite struct HelpTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
  static let names = StepSRPOCommand.commands.map { $0.description.name }

  private func check(_ text: String, _ file: String) throws {
    let url = Self.folder.appendingPathComponent(file)
    if ProcessInfo.processInfo.environment["STEP_SRPO_UPDATE_GOLDEN"] == "1" {
      try text.write(to: url, atomically: true, encoding: .utf8)
    }
    #expect(text == (try String(contentsOf: url, encoding: .utf8)), "\(file) differs")
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 && !$0.hasSuffix(" ") })
  }

  @Test(arguments: names) func helpOf(command name: String) throws {
    let words = name.split(separator: " ").map(String.init)
    let result = try ProgramRunner.run(words + ["--help"])
    #expect(result.code == 0 && result.error.isEmpty)
    try check(result.out, "help-" + name.replacing(" ", with: "-") + ".txt")
    #expect(try ProgramRunner.run(["help"] + words).out == result.out)
  }

  @Test func overview() throws {
    let result = try ProgramRunner.run(["help"])
    try check(result.out, "help.txt")
    #expect(try ProgramRunner.run(["--help"]).out == result.out)
    for name in Self.names { #expect(result.out.contains("\n  \(name) ")) }
  }

  @Test func thereIsNoHelpForWhatIsNot() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { $0.hasPrefix("help-") }
    #expect(files.sorted() == Self.names.map { "help-" + $0.replacing(" ", with: "-") + ".txt" }.sorted())
  }

  @Test func generalMistakes() throws {
    let none = try ProgramRunner.run([])
    #expect(none.code == 2 && none.out.isEmpty && none.error.contains("no command given"))
    let wrong = try ProgramRunner.run(["curvs", "x"])
    #expect(wrong.code == 2 && wrong.error.contains("unknown command \"curvs\"; did you mean \"curves\"?"))
    let half = try ProgramRunner.run(["verifiers", "lst"])
    #expect(half.code == 2 && half.error.contains("unknown command \"verifiers lst\": expected verifiers list"))
    #expect(try ProgramRunner.run(["--version"]).out == "step-srpo \(StepSRPOCommand.version)\n")
  }
}
