import Foundation
import Testing

@testable import RunStore

@Suite struct RunFolderTests {
  let folder = TemporaryFolder()

  @Test func anExistingOrImpossibleNameIsRefused() throws {
    let runs = folder.path + "/deep/runs"
    let run = try RunFolder.create("first", in: runs) { _ in }.folder
    #expect(throws: RunStoreError.exists(name: "first", path: run.path)) {
      try RunFolder.create("first", in: runs) { _ in Issue.record("filled for nothing") }
    }
    #expect(RunFolder.freeName("first", in: runs) == "first-2")
    for name in ["", ".hidden", "-x", "a/b", "a b", "ä", String(repeating: "x", count: 101)] {
      #expect(throws: RunStoreError.badName(name)) { try RunFolder.create(name, in: folder.path) { _ in } }
    }
    try "".write(toFile: folder.path + "/file", atomically: true, encoding: .utf8)
    let error = #expect(throws: RunStoreError.self) { try RunFolder.create("x", in: folder.path + "/file") { _ in } }
    #expect(error?.description.contains(folder.path + "/file") == true)
  }

  /// Until it is filled a folder has no name that anybody meets; what fails leaves nothing.
  @Test func aRunHasItsNameWhenItIsWhole() throws {
    struct Failure: Error {}
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path) }
    let (run, lock) = try RunFolder.create("whole", in: folder.path) { draft in
      #expect(try RunFolder.all(in: folder.path).isEmpty && names().allSatisfy { $0.hasPrefix(".") })
      #expect(draft.name == "whole" && draft.isRunning)
      try Data("x".utf8).write(to: URL(fileURLWithPath: draft.databasePath))
    }
    #expect(run.path == folder.path + "/whole" && run.isRunning, "the lock moves with the folder")
    withExtendedLifetime(lock) {}
    #expect(throws: Failure.self) { try RunFolder.create("half", in: folder.path) { _ in throw Failure() } }
    let full = SQLiteError(code: 13, message: "database or disk is full", path: "p")
    let error = #expect(throws: RunStoreError.self) {
      try RunFolder.create("full", in: folder.path) { _ in throw full }
    }
    #expect(error?.description.contains("no run \"full\" was made") == true)
    #expect(error?.description.contains("start it again") == true && error?.description.contains("resume") == false)
    #expect(try names() == ["whole"])
  }

  /// Two processes that want one name: the one that is whole first has it.
  @Test func aNameThatIsTakenInBetweenIsRefused() throws {
    let error = #expect(throws: RunStoreError.self) {
      try RunFolder.create("one", in: folder.path) { _ in _ = try RunFixture.newRecorder("one", in: folder) }
    }
    #expect(error == .exists(name: "one", path: folder.path + "/one"))
    #expect(try RunFolder.all(in: folder.path).map(\.name) == ["one"])
  }

  /// What a kill leaves is cleared by the next start, but not what another process is filling now.
  @Test func abandonedDraftsAreCleared() throws {
    func draft(_ name: String, age: Double) throws -> String {
      let path = "\(folder.path)/.starting-\(name)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      let date = Date(timeIntervalSinceNow: -age)
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
      return path
    }
    let (old, young) = (try draft("a-1", age: 3600), try draft("b-2", age: 1))
    _ = try RunFixture.newRecorder("next", in: folder)
    #expect(!FileManager.default.fileExists(atPath: old) && FileManager.default.fileExists(atPath: young))
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
    let (run, lock) = try RunFolder.create("run", in: folder.path) { _ in }
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
