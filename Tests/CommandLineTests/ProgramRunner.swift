import Foundation

/// Runs the built program as a user would.
struct ProgramRunner {
  struct Result {
    var code: Int32
    var out: String
    var error: String
    var lines: [Substring] { out.split(separator: "\n") }
  }

  /// The program lies in the build folder beside the test bundle.
  static let program: String = {
    let bundle = Bundle.allBundles.map(\.bundlePath).first { $0.hasSuffix(".xctest") }
    let start = bundle ?? CommandLine.arguments[0]
    var folder = URL(fileURLWithPath: start).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appendingPathComponent("step-srpo").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    return "step-srpo"
  }()

  /// Runs it with the given words and standard input.
  static func run(_ words: [String], input: String = "", folder: String? = nil) throws -> Result {
    try run(words, bytes: Array(input.utf8), folder: folder)
  }

  static func run(_ words: [String], bytes: [UInt8], folder: String? = nil) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = words
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    var environment = ProcessInfo.processInfo.environment
    environment["COLUMNS"] = "80"
    environment["LC_ALL"] = "C.UTF-8"
    process.environment = environment
    // Files rather than pipes: nothing can fill up and wait for us.
    let base = NSTemporaryDirectory() + "step-srpo-cli-" + UUID().uuidString
    let paths = [".in", ".out", ".err"].map { base + $0 }
    defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
    try Data(bytes).write(to: URL(fileURLWithPath: paths[0]))
    for path in paths[1...] { try Data().write(to: URL(fileURLWithPath: path)) }
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: paths[0]))
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: paths[1]))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: paths[2]))
    try process.run()
    process.waitUntilExit()
    func text(_ path: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
    return Result(code: process.terminationStatus, out: try text(paths[1]), error: try text(paths[2]))
  }
}
