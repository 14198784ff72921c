import Foundation
import Testing

@testable import RunStore

@Suite struct RunFolderTests {
  let folder = TemporaryFolder()

  @Test func anExistingOrImpossibleNameIsRefused() throws {
    let run = try RunFolder.create("first", in: folder.path + "/deep/runs")
    #expect(throws: RunStoreError.exists(name: "first", path: run.path)) {
      try RunFolder.create("first", in: folder.path + "/deep/runs")
    }
    #expect(RunFolder.freeName("first", in: folder.path + "/deep/runs") == "first-2")
    for name in ["", ".hidden", "-x", "a/b", "a b", "ä", String(repeating: "x", count: 101)] {
      #expect(throws: RunStoreError.badName(name)) { try RunFolder.create(name, in: folder.path) }
    }
    try "".write(toFile: folder.path + "/file", atomically: true, encoding: .utf8)
    let error = #expect(throws: RunStoreError.self) { try RunFolder.create("x", in: folder.path + "/file") }
    #expect(error?.description.contains(folder.path + "/file") == true)
  }

  @Test func runsAreFoundByNameOrPath() throws {
    let recorder = try RunFixture.newRecorder("quickstart", in: folder)
    #expect(try RunFolder.open("quickstart", in: folder.path) == recorder.folder)
    #expect(try RunFolder.open(folder.path + "/quickstart/").databasePath == recorder.folder.databasePath)
    #expect(throws: RunStoreError.notFound(name: "quikstart", folder: folder.path, nearest: "quickstart")) {
      try RunFolder.open("quikstart", in: folder.path)
    }
    #expect(throws: RunStoreError.self) { try RunFolder.open("..", in: folder.path) }
    #expect(try RunFolder.all(in: folder.path).map(\.name) == ["quickstart"])
    #expect(try RunFolder.all(in: folder.path + "/none") == [])
  }

  @Test func onlyOneProcessRunsARun() throws {
    var recorder: RunRecorder? = try RunFixture.newRecorder("one", in: folder)
    let run = try #require(recorder?.folder)
    #expect(run.isRunning)
    let error = #expect(throws: RunStoreError.self) { try RunRecorder(resuming: run) }
    #expect(error == .locked(name: "one", process: "process \(getpid())"))
    #expect(try RunSummary(run).state == "running")
    recorder = nil
    #expect(!run.isRunning)
    #expect(try RunSummary(run).state == "interrupted")
    recorder = try RunRecorder(resuming: run)
    try recorder?.setStatus(.completed)
    #expect(try RunSummary(run).state == "completed")
  }

  /// A lock that looks stale is deleted by habit; the run is no less taken.
  @Test func deletingTheLockFileFreesNothing() throws {
    let run = try RunFolder.create("run", in: folder.path)
    let lock = try run.lock()
    try FileManager.default.removeItem(atPath: run.lockPath)
    #expect(run.isRunning)
    #expect(throws: RunStoreError.self) { try run.lock() }
    withExtendedLifetime(lock) {}
  }

  /// The step that is added follows the last one, or somebody else has written in between.
  @Test func aStepOfAnotherProcessIsSeen() throws {
    let recorder = try RunFixture.newRecorder("run", in: folder)
    _ = try recorder.observe(.step(RunFixture.step(1)))
    try recorder.database.execute("INSERT INTO steps (step, groups, rollouts) VALUES (2, 0, 0)")
    #expect(
      throws: RunStoreError.foreignStep(path: recorder.folder.databasePath, lastStep: 2, expected: 1)
    ) { try recorder.observe(.step(RunFixture.step(2))) }
  }
}
