import Foundation
import Testing

/// Signals that ask a run to stop: the step is finished, a checkpoint written, and the run can be resumed.
@Suite struct SignalTests {
  /// Starts a long run with no signal blocked, whatever the thread of the test blocks.
  private func start(_ tiny: TinyRun, _ name: String, ignoring ignored: String? = nil) throws -> Process {
    let ignore = ignored.map { "signal.signal(signal.\($0), signal.SIG_IGN); " } ?? ""
    let script =
      "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); \(ignore)os.execv(sys.argv[1], sys.argv[1:])"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", script, ProgramRunner.program, "run", tiny.config, "--name", name, "--set", "train.steps=100000",
      "--set", "checkpoint.every=2",
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let first = tiny.path(name) + "/checkpoints/step-000000"
    for _ in 0..<1200 where !FileManager.default.fileExists(atPath: first) && process.isRunning { usleep(50_000) }
    return process
  }

  @Test(arguments: [SIGHUP, SIGTERM, SIGINT]) func aRunStopsAndCanBeResumed(signal: Int32) throws {
    let tiny = try TinyRun(steps: 4)
    let process = try start(tiny, "a")
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 130)
    let status = try ProgramRunner.run(["query", tiny.path("a"), "SELECT status FROM runs", "--csv"])
    #expect(status.out == "status\nstopped\n")
    let resumed = try tiny.resume("a", "--set", "limits.wall_time_minutes=1e-9")
    #expect(resumed.code == 3 && resumed.error.contains("resuming \"a\" after step"), "\(resumed.error)")
  }

  /// `nohup` ignores the signal of a closed terminal, and that is left as it is.
  @Test func anIgnoredHangUpStaysIgnored() throws {
    let tiny = try TinyRun(steps: 4)
    let process = try start(tiny, "a", ignoring: "SIGHUP")
    kill(process.processIdentifier, SIGHUP)
    usleep(1_500_000)
    #expect(process.isRunning)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
  }
}
