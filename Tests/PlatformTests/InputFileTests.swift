import Foundation
import Testing

@testable import Platform

/// What is read is a regular file, and nothing else is waited for.
@Suite final class InputFileTests {
  private let folder = NSTemporaryDirectory() + "platform-" + UUID().uuidString

  init() throws { try OutputFile.makeFolder(folder) }
  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func reason(_ path: String) -> String? {
    do throws(FileError) {
      _ = try InputFile.contents(of: path)
      return nil
    } catch { return error.reason }
  }

  @Test func readsWhatIsThere() throws {
    for size in [0, 1, 4095, 4096, 100_000] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 * 7) }
      try OutputFile.write(bytes, to: folder + "/file")
      #expect(try InputFile.contents(of: folder + "/file") == bytes)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
  }

  @Test func aFileOfTheKernelIsReadToItsEnd() throws {
    // It says that it has no bytes.
    #expect(try !InputFile.contents(of: "/proc/self/status").isEmpty)
  }

  @Test func theLimitHolds() throws {
    try OutputFile.write([1, 2, 3], to: folder + "/file")
    #expect(try InputFile.contents(of: folder + "/file", limit: 3).count == 3)
    #expect(throws: FileError(path: folder + "/file", reason: "is larger than 2 bytes")) {
      try InputFile.contents(of: folder + "/file", limit: 2)
    }
    #expect(throws: FileError.self) { try InputFile.contents(of: "/proc/self/status", limit: 10) }
  }

  /// A pipe that nobody writes into would be waited for; the test ends because it is not.
  @Test func whatIsNoFileIsRefusedAtOnce() throws {
    #expect(mkfifo(folder + "/pipe", 0o644) == 0)
    let watch = Stopwatch()
    #expect(reason(folder + "/pipe") == "is a named pipe, expected a regular file")
    #expect(reason(folder) == "is a folder, expected a regular file")
    #expect(reason("/dev/zero") == "is a device, expected a regular file")
    #expect(reason(folder + "/none") == "no such file or directory")
    symlink("pipe", folder + "/link")
    #expect(reason(folder + "/link") == "is a named pipe, expected a regular file")
    #expect(watch.seconds < 2)
    #expect(InputFile.irregularity(of: folder + "/none") == nil)
  }

  @Test func failuresAreInTheSystemsWords() throws {
    #expect(throws: FileError(path: "/proc/none", reason: "no such file or directory")) {
      try OutputFile.write("x", to: "/proc/none", atomically: false)
    }
    try OutputFile.write("x", to: folder + "/file")
    #expect(throws: FileError(path: folder + "/file", reason: "is no folder")) {
      try OutputFile.makeFolder(folder + "/file")
    }
    #expect(throws: FileError.self) { try OutputFile.makeFolder(folder + "/file/below") }
    try OutputFile.makeFolder(folder + "/a/b/c")
    try OutputFile.makeFolder(folder + "/a/b/c")
    do {
      try FileManager.default.removeItem(atPath: folder + "/none")
      Issue.record("there is nothing to remove")
    } catch {
      let named = FileError(path: "elsewhere", error)
      #expect(named.reason == "no such file or directory" && named.path == folder + "/none")
    }
  }

  @Test func aFullDiskLeavesNoHalfFile() {
    #expect(throws: FileError(path: "/dev/full", reason: "no space left on device")) {
      try OutputFile.write("x", to: "/dev/full", atomically: false)
    }
  }
}

@Suite struct DeadlineTests {
  @Test func deadlinesPass() {
    let deadline = Deadline(after: 0.05)
    #expect(!deadline.hasPassed && deadline.secondsLeft > 0 && deadline.secondsLeft <= 0.05)
    let watch = Stopwatch()
    while !deadline.hasPassed { usleep(1000) }
    #expect(deadline.secondsLeft == 0 && watch.seconds >= 0.04)
  }

  @Test(arguments: [0, -1, -Double.infinity, .nan, -1e300]) func whatIsNoTimeIsNow(seconds: Double) {
    #expect(Deadline(after: seconds).hasPassed && Deadline(after: seconds).secondsLeft == 0)
  }

  @Test(arguments: [1e300, .infinity, 1e19]) func whatIsFarIsFar(seconds: Double) {
    #expect(!Deadline(after: seconds).hasPassed && Deadline(after: seconds).secondsLeft > 1e8)
  }

  @Test func theMachineSaysWhatMemoryThereIs() throws {
    let limit = try #require(MachineMemory.limit)
    #expect(limit.bytes > 100 << 20 && !limit.holder.isEmpty)
    #expect(ByteCount.text(1000) == "1000 B" && ByteCount.text(3 << 29) == "1.5 GiB")
    #expect(ByteCount.text(.max) == "8.0 EiB")
  }
}
