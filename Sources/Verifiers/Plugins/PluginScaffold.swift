import Foundation
import Platform

/// Writes a new plug-in that works from the first moment: exact match in the language asked for.
public enum PluginScaffold {
  /// The languages there are templates for.
  public enum Language: String, Sendable, CaseIterable {
    case python, swift, sh
  }

  /// Writes the plug-in `name` into the folder of plug-ins `root`.
  ///
  /// - Returns: The new folder.
  /// - Throws: `VerifierFailure` (`badRequest`) when the name is no plain name or the folder exists.
  @discardableResult
  public static func create(name: String, language: Language, in root: URL) throws -> URL {
    guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
    else {
      throw VerifierFailure(.badRequest, "\"\(name)\" is no name for a verifier: letters, digits, '-' and '_' are")
    }
    let folder = root.appending(path: name)
    guard !FileManager.default.fileExists(atPath: folder.path) else {
      throw VerifierFailure(.badRequest, "\(folder.path) exists already; choose another name or delete it")
    }
    do {
      try OutputFile.makeFolder(folder.path)
      for (file, text) in files(name: name, language: language) {
        let url = folder.appending(path: file)
        try OutputFile.write(text, to: url.path)
        if file == "verifier.sh" {
          try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
        }
      }
    } catch { throw VerifierFailure(.badRequest, "cannot be written: \(FileError(path: folder.path, error))") }
    return folder
  }

  private static func files(name: String, language: Language) -> [(String, String)] {
    let (file, source, command, more) =
      switch language {
      case .python:
        (
          "verifier.py", PluginTemplates.python, #"["python3", "-s", "verifier.py"]"#,
          "\n  \"needs\": [\"python3\"],\n  \"install\": \"apt-get install -y python3\","
        )
      case .swift:
        (
          "verifier.swift", PluginTemplates.swift, #"["./verifier"]"#,
          "\n  \"build\": [\"swiftc\", \"-O\", \"-static-stdlib\", \"-o\", \"verifier\", \"verifier.swift\"],"
        )
      case .sh: ("verifier.sh", PluginTemplates.sh, #"["./verifier.sh"]"#, "")
      }
    let manifest = """
      {
        // Everything a verifier may say about itself; see verifiers/README.md.
        "name": "\(name)",
        "version": "1",  // change it whenever a verdict may change
        "description": "the answer is the reference, letter case and outer white space apart",
        "command": \(command),\(more)
        "timeout_s": 5,  // for one request; then the process is killed and started again
        "max_in_flight": 16,
        "network": false,
        "sandbox": true,
        "tests": "tests.jsonl"
      }

      """
    let tests = """
      {"prediction": "Paris", "reference": "paris", "expected": 1}
      {"prediction": " 42 \\n", "reference": "42", "expected": 1}
      {"prediction": "London", "reference": "Paris", "expected": 0}
      {"prediction": "Paris or London", "reference": "Paris", "expected": 0}
      {"prediction": "", "reference": "Paris", "expected": 0}
      {"prediction": "say \\"hi\\"", "reference": "say \\"hi\\"", "expected": 1}
      {"prediction": "anything", "reference": null, "expected": null}

      """
    return [
      (file, source.replacingOccurrences(of: "NAME", with: name)), ("verifier.json", manifest), ("tests.jsonl", tests),
    ]
  }
}
