import Verifiers

/// The one place where the built-in verifiers are put together.
enum BuiltInVerifiers {
  /// A built-in with one line about it.
  struct Entry {
    var verifier: any Verifier
    var summary: String
  }

  /// All of them, by name.
  ///
  /// - Parameter sandboxProcesses: the most sandboxed interpreters at once.
  static func entries(sandboxProcesses: Int = 2) -> [Entry] {
    [
      Entry(verifier: MathVerifier(), summary: "mathematics by symbolic and numeric equivalence"),
      Entry(
        verifier: CodeVerifier(settings: CodeVerifier.Settings(maximumProcesses: sandboxProcesses)),
        summary: "Python programs by unit tests, run in a sandbox"),
      Entry(verifier: ScienceVerifier(), summary: "multiple-choice answers by the submitted letter"),
      Entry(verifier: GeneralVerifier(), summary: "free text by overlap with references and keywords"),
    ]
  }

  /// The registry the commands use.
  static func registry(sandboxProcesses: Int = 2) -> VerifierRegistry {
    VerifierRegistry(entries(sandboxProcesses: sandboxProcesses).map(\.verifier))
  }
}
