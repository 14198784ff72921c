import Foundation
import Platform

/// Unpacks with the system's `gzip`, which is on every Linux: no library to link for one optional format.
enum GzipFile {
  /// The most bytes that a file of `packed` bytes may unpack to: texts shrink to a fifth or a tenth, and a file that is
  /// a thousand times larger inside is made to fill memory.
  static func limit(packed: Int) -> Int { max(64 << 20, 100 * min(packed, 1 << 40)) }

  /// The unpacked bytes.
  ///
  /// - Parameter packed: the size of the file.
  /// - Throws: `TaskFileError` for a file that is no whole gzip, or too large inside.
  static func contents(of path: String, packed: Int) throws -> [UInt8] {
    let limit = limit(packed: packed)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do {
      let input = FileHandle(fileDescriptor: try InputFile.open(path), closeOnDealloc: true)
      process.standardInput = input
      try process.run()
    } catch {
      throw TaskFileError(
        file: path, found: "gzip data but no way to start gzip (\(error))",
        expected: "an installed gzip, or a plain file")
    }
    var bytes: [UInt8] = []
    while let piece = try output.fileHandleForReading.read(upToCount: 1 << 20), !piece.isEmpty {
      guard bytes.count + piece.count <= limit else {
        // A thread's blocked signals are its children's too; this one cannot be blocked.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        throw TaskFileError(
          file: path, found: "\(ByteCount.text(packed)) that unpack to more than \(ByteCount.text(limit))",
          expected: "at most 64 MiB or a hundred times the file; unpack it with gzip, if it is right")
      }
      bytes.append(contentsOf: piece)
    }
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw TaskFileError(
        file: path, found: "gzip data that gzip cannot unpack (exit status \(process.terminationStatus))",
        expected: "a whole gzip file and an installed gzip; fetch the file again")
    }
    return bytes
  }
}
