import Foundation
import Testing

@testable import RunStore

@Suite struct CheckpointFolderTests {
  let folder = TemporaryFolder()
  var checkpoints: CheckpointFolder { CheckpointFolder(path: folder.path + "/checkpoints") }

  private func write(_ text: String, step: Int) throws {
    try checkpoints.write(step: step) { path in
      try FileManager.default.createDirectory(atPath: path + "/sub", withIntermediateDirectories: true)
      try text.write(toFile: path + "/sub/state.json", atomically: false, encoding: .utf8)
    }
  }

  private func text(step: Int) throws -> String {
    try String(
      contentsOfFile: checkpoints.path + "/" + CheckpointFolder.folderName(step) + "/sub/state.json", encoding: .utf8)
  }

  @Test func checkpointsAreFoundByStep() throws {
    #expect(try checkpoints.newest() == nil)
    for step in [100, 5, 1_234_567] { try write("\(step)", step: step) }
    #expect(try checkpoints.all().map(\.step) == [5, 100, 1_234_567])
    #expect(try checkpoints.newest()?.path == checkpoints.path + "/step-1234567")
    #expect(CheckpointFolder.folderName(100) == "step-000100")
    try FileManager.default.createDirectory(
      atPath: checkpoints.path + "/step-9999999999999999999999", withIntermediateDirectories: true)
    #expect(try checkpoints.all().count == 3)
  }

  @Test func aFailedWriteLeavesNothingAndKeepsTheOldOne() throws {
    struct Stop: Error {}
    try write("old", step: 1)
    #expect(throws: Stop.self) {
      try checkpoints.write(step: 1) { path in
        try "half".write(toFile: path + "/x", atomically: false, encoding: .utf8)
        throw Stop()
      }
    }
    #expect(try text(step: 1) == "old")
    #expect(try FileSystem.names(in: checkpoints.path) == ["step-000001"])
    try write("new", step: 1)
    #expect(try text(step: 1) == "new")
    #expect(try FileSystem.names(in: checkpoints.path) == ["step-000001"])
  }

  @Test func aFileThatCannotBeWrittenIsNamed() throws {
    let error = #expect(throws: RunStoreError.self) {
      try checkpoints.write(step: 1) { path in
        try "x".write(toFile: path + "/no/such/folder", atomically: false, encoding: .utf8)
      }
    }
    #expect(error?.description.contains("/no/such/folder: cannot be written: ") == true)
  }

  /// The states a killed process can leave: half written, and between the two renames of a replacement.
  @Test func whatAKilledWriteLeftIsRepaired() throws {
    try write("one", step: 1)
    try write("two", step: 2)
    try FileSystem.createDirectory(checkpoints.path + "/.writing-step-000003")
    try FileSystem.rename(checkpoints.path + "/step-000002", to: checkpoints.path + "/.replaced-step-000002")
    try FileSystem.createDirectory(checkpoints.path + "/.replaced-step-000001")
    #expect(try checkpoints.newest()?.step == 1)
    try checkpoints.repair()
    #expect(try FileSystem.names(in: checkpoints.path) == ["step-000001", "step-000002"])
    #expect(try text(step: 1) == "one")
    #expect(try text(step: 2) == "two")
  }

  @Test func retentionKeepsTheNewestAndTheProtected() throws {
    for step in 1...6 { try write("\(step)", step: step) }
    #expect(try checkpoints.prune(keepLast: 2, protecting: [3]) == [1, 2, 4])
    #expect(try checkpoints.all().map(\.step) == [3, 5, 6])
    #expect(try checkpoints.prune(keepLast: 0) == [3, 5])
    #expect(try checkpoints.all().map(\.step) == [6])
    try checkpoints.removeAll(after: 5)
    #expect(try checkpoints.all().isEmpty)
  }

  @Test func theColdStartKeepsItsNewestUntilItIsOver() throws {
    for step in [10, 20] { try checkpoints.writeColdStart(step: step) { _ in } }
    #expect(try FileSystem.names(in: checkpoints.path) == ["cold-start-000020"])
    #expect(try checkpoints.newestColdStart()?.step == 20 && checkpoints.newestColdStart()?.isColdStart == true)
    #expect(try checkpoints.newest() == nil)
    try write("first", step: 0)
    #expect(try FileSystem.names(in: checkpoints.path) == ["step-000000"])
    #expect(try checkpoints.newestColdStart() == nil)
  }
}
