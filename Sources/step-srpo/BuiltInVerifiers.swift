import Foundation
import StepSRPO
import StrictJSON
import Verifiers

/// The one place where the verifiers a command can name are put together: the built-in ones and the plug-ins of a folder.
enum BuiltInVerifiers {
  /// What can be set about them, in a run's configuration or on the command line.
  struct Settings {
    /// The most sandboxed interpreters at once.
    var sandboxProcesses = 2
    /// The folder of plug-ins. The standard one may be missing.
    var plugins = standardFolder
    /// A classifier's file for rows with `"match": "classifier"`; empty for none.
    var classifier = ""

    static let standardFolder = VerificationSection().pluginsFolder

    init() {}

    /// What a run's configuration says.
    init(_ section: VerificationSection) {
      sandboxProcesses = section.sandboxProcesses
      plugins = section.pluginsFolder
      classifier = section.classifier
    }

    /// What the command line says with ``BuiltInVerifiers/pluginsOption`` and ``BuiltInVerifiers/classifierOption``,
    /// where the command takes them.
    init(_ arguments: ParsedArguments) {
      func value(_ name: String) -> String? {
        arguments.command.options.contains { $0.name == name } ? arguments.string(name) : nil
      }
      plugins = value("--plugins") ?? plugins
      classifier = value("--classifier") ?? classifier
    }
  }

  /// `--plugins DIR`.
  static let pluginsOption = CommandDescription.Option.value(
    "--plugins", "DIR", "the folder of plug-ins (default: \(Settings.standardFolder))")
  /// `--classifier FILE`.
  static let classifierOption = CommandDescription.Option.value(
    "--classifier", "FILE", "a classifier of `verifiers train`, for rows with \"match\": \"classifier\"")

  /// The built-in ones with one line about each.
  static let summaries = [
    "math": "mathematics by symbolic and numeric equivalence",
    "code": "Python programs by unit tests, run in a sandbox",
    "science": "multiple-choice answers by the submitted letter",
    "general": "free text: references, keywords, instructions, a classifier",
    "exact": "the answer to the letter: for answers of one spelling, and as an audit",
    "tool": "turns of a conversation with tools: the right call or reply",
  ]

  /// The registry the commands use.
  /// - Throws: `CommandFailure` with code 2 for a folder or a classifier file that cannot be read.
  static func registry(_ settings: Settings = Settings()) throws -> VerifierRegistry {
    var registry = VerifierRegistry([
      MathVerifier(),
      CodeVerifier(settings: CodeVerifier.Settings(maximumProcesses: settings.sandboxProcesses)),
      ScienceVerifier(), GeneralVerifier(classifier: try classifier(settings.classifier)),
      ToolVerifier(), ExactVerifier(),
    ])
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: settings.plugins, isDirectory: &isFolder)
    guard (exists && isFolder.boolValue) || (!exists && settings.plugins == Settings.standardFolder) else {
      throw CommandFailure(
        code: .usage,
        description:
          "the folder of plug-ins \"\(settings.plugins)\": found \(exists ? "a file" : "nothing"), expected a "
          + "folder with one subfolder for each plug-in (`step-srpo verifiers new NAME` makes one)")
    }
    registry.register(pluginsIn: URL(fileURLWithPath: settings.plugins, isDirectory: true))
    return registry
  }

  private static func classifier(_ path: String) throws -> NGramClassifier? {
    guard !path.isEmpty else { return nil }
    do { return try NGramClassifier(contentsOf: URL(fileURLWithPath: path)) } catch {
      throw CommandFailure(code: .usage, description: (error as? VerifierFailure)?.message ?? "\(path): \(error)")
    }
  }
}
