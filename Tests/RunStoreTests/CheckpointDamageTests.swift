import Foundation
import LanguageModel
import StepSRPO
import Testing

@testable import RunStore

/// A checkpoint that is not as it was written is named, and the newest whole one before it is offered.
@Suite struct CheckpointDamageTests {
  let folder = TemporaryFolder()
  var checkpoints: CheckpointFolder { CheckpointFolder(path: folder.path + "/checkpoints") }

  init() throws {
    for step in [2, 4, 6] {
      try checkpoints.write(step: step) { path in
        try FileManager.default.createDirectory(atPath: path + "/reference", withIntermediateDirectories: true)
        for name in ["model.safetensors", "optimizer.safetensors", "trainer_state.json", "reference/model.safetensors"]
        {
          try Data((0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ step) }).write(
            to: URL(fileURLWithPath: path + "/" + name))
        }
      }
    }
  }

  private func file(_ step: Int, _ name: String) -> URL {
    URL(fileURLWithPath: "\(checkpoints.path)/\(CheckpointFolder.folderName(step))/\(name)")
  }

  private func change(_ step: Int, _ name: String, _ body: (inout Data) -> Void) throws {
    var data = try Data(contentsOf: file(step, name))
    body(&data)
    try data.write(to: file(step, name))
  }

  @Test func aWholeOneIsTaken() throws {
    #expect(try checkpoints.resumable()?.step == 6)
    #expect(try checkpoints.resumable(at: 4)?.step == 4)
    #expect(throws: RunStoreError.noCheckpoint(path: checkpoints.path, step: 5, found: [2, 4, 6])) {
      try checkpoints.resumable(at: 5)
    }
  }

  static let names = [
    "model.safetensors", "optimizer.safetensors", "trainer_state.json", "reference/model.safetensors",
  ]
  static let damages: [(name: String, change: @Sendable (inout Data) -> Void)] = [
    ("one bit", { $0[667] ^= 1 }), ("a sign", { $0[3] ^= 0x80 }),
    ("two signs", { data in for place in [3, 11] { data[place] ^= 0x80 } }),
    ("zeros", { $0 = Data(count: $0.count) }), ("cut", { $0.removeLast(10) }), ("longer", { $0.append(0) }),
    ("empty", { $0 = Data() }),
  ]

  @Test(arguments: names) func everyDamageOfEveryFileIsNamed(name: String) throws {
    let whole = try Data(contentsOf: file(6, name))
    for damage in Self.damages {
      try change(6, name, damage.change)
      let error = #expect(throws: RunStoreError.self, "\(damage.name)") { try checkpoints.resumable() }
      guard case .damagedCheckpoint(let reason, let newest)? = error else {
        Issue.record("\(damage.name): \(String(describing: error))")
        continue
      }
      #expect(reason.contains("step-000006/\(name)") && newest == 4, "\(damage.name): \(reason)")
      try whole.write(to: file(6, name))
    }
    try FileManager.default.removeItem(at: file(6, name))
    #expect(throws: RunStoreError.self) { try checkpoints.resumable() }
    try whole.write(to: file(6, name))
    #expect(try checkpoints.resumable()?.step == 6)
  }

  @Test func weightsOfAnotherStepAreNotTaken() throws {
    try Data(contentsOf: file(4, "model.safetensors")).write(to: file(6, "model.safetensors"))
    #expect(throws: RunStoreError.self) { try checkpoints.resumable() }
  }

  @Test func aWholeFolderOfAnotherStepIsNotTaken() throws {
    let newest = file(6, "").path
    try FileManager.default.removeItem(atPath: newest)
    try FileManager.default.copyItem(atPath: file(4, "").path, toPath: newest)
    let error = #expect(throws: RunStoreError.self) { try checkpoints.resumable() }
    #expect("\(error!)".contains("\"step\" is 4, expected 6"))
  }

  @Test func damagedOnesAreSteppedOver() throws {
    for step in [4, 6] { try change(step, "optimizer.safetensors") { $0[0] ^= 1 } }
    let error = #expect(throws: RunStoreError.self) { try checkpoints.resumable() }
    #expect("\(error!)".contains("--from 2"))
    try change(2, "optimizer.safetensors") { $0[0] ^= 1 }
    let last = #expect(throws: RunStoreError.self) { try checkpoints.resumable() }
    #expect("\(last!)".contains("There is no whole checkpoint before it"))
  }

  @Test func aDamagedManifestIsNamed() throws {
    try change(6, "manifest.json") { $0.removeLast(20) }
    let error = #expect(throws: RunStoreError.self) { try checkpoints.resumable() }
    #expect("\(error!)".contains("step-000006/manifest.json"))
  }

  /// Checkpoints of a program that wrote no manifest are taken as they are.
  @Test func withoutAManifestNothingIsCompared() throws {
    try FileManager.default.removeItem(at: file(6, "manifest.json"))
    try change(6, "model.safetensors") { $0[0] ^= 1 }
    #expect(try checkpoints.resumable()?.step == 6)
  }

  /// A checkpoint of another run is whole too, but not the one that was recorded.
  @Test func theRecordKnowsItsCheckpoint() throws {
    let recorder = try RunFixture.newRecorder("run", in: folder)
    let run = recorder.folder
    for step in 1...2 {
      _ = try recorder.observe(.step(RunFixture.step(step)))
      try CheckpointFolder(of: run).write(step: step) { path in
        try Data("run \(step)".utf8).write(to: URL(fileURLWithPath: path + "/model.safetensors"))
      }
      _ = try recorder.observe(.checkpoint(step: step, seconds: 1))
    }
    try recorder.setStatus(.stopped)
    let database = recorder.database
    let recorded = try database.rows("SELECT digest FROM checkpoints ORDER BY step").map { $0[0].string?.count }
    #expect(recorded == [64, 64])
    try CheckpointFolder(of: run).write(step: 2) { path in
      try Data("other".utf8).write(to: URL(fileURLWithPath: path + "/model.safetensors"))
    }
    let copy = folder.path + "/copy"
    try FileManager.default.copyItem(atPath: run.path, toPath: copy)
    let other = try RunFolder.open(copy + "/")
    let error = #expect(throws: RunStoreError.self) { try RunRecorder.resume(other) }
    #expect("\(error!)".contains("not the one that this run recorded at step 2"))
    // Going back to the one before is possible, and leaves no later one.
    let (resumed, checkpoint) = try RunRecorder.resume(other, from: 1)
    #expect(checkpoint?.step == 1)
    #expect(try CheckpointFolder(of: other).all().map(\.step) == [1])
    #expect(try RunReader(resumed.folder).lastStep() == 1)
  }
}
