import AutoThink
import Foundation
import LanguageModel
import RunStore
import StepSRPO
import Tasks
import Testing

@Suite struct EvaluationStoreTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "evaluations-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private let set = EvaluationSet(
    name: "math",
    items: (0..<4).map { TaskItem(id: "m/\($0)", prompt: "\($0)+1?", domain: .math, verifier: "math", reference: "1") })

  private func item(_ place: Int, verdict: String = "score", forced: Bool = true) -> EvaluatedItem {
    func sample(_ mode: ThinkMode?, _ number: Int) -> EvaluatedSample {
      EvaluatedSample(
        forced: mode, sample: number, mode: mode ?? .off, gate: mode ?? .off, length: 7 + place, truncated: place == 1,
        invalidReason: nil, thinkOnProbability: 0.25, verdict: verdict, score: verdict == "score" ? 1 : nil,
        extracted: "1", reason: "é\u{0}", text: "<answer>1</answer>")
    }
    return EvaluatedItem(
      item: set.items[place], free: [sample(nil, 0), sample(nil, 1)],
      forced: forced ? [.on: [sample(.on, 0)], .off: [sample(.off, 0)]] : [:])
  }

  @Test func whatWasKeptComesBackAndTheRestIsOpen() throws {
    let path = folder + "/e.sqlite"
    let settings = EvaluationSettings()
    do {
      let store = try EvaluationStore(path: path)
      let evaluation = try store.evaluation(
        checkpoint: "c", weights: "w", set: set, settings: settings, fresh: false)
      try store.add([(2, item(2)), (0, item(0))], to: evaluation, seconds: 1.5)
    }
    let store = try EvaluationStore(path: path)
    let evaluation = try store.evaluation(
      checkpoint: "elsewhere", weights: "w", set: set, settings: settings, fresh: false)
    #expect(try store.items(of: evaluation, set: set) == [0: item(0), 2: item(2)])
    #expect(evaluation.seconds == 1.5)
    // Threads are no part of an evaluation; a seed, other weights and other items are.
    var threads = settings
    threads.workers = 7
    #expect(
      try store.evaluation(checkpoint: "c", weights: "w", set: set, settings: threads, fresh: false) == evaluation)
    var seed = settings
    seed.seed = 2
    let others = [
      try store.evaluation(checkpoint: "c", weights: "w", set: set, settings: seed, fresh: false),
      try store.evaluation(checkpoint: "c", weights: "v", set: set, settings: settings, fresh: false),
      try store.evaluation(
        checkpoint: "c", weights: "w", set: EvaluationSet(name: "math", items: Array(set.items.dropLast())),
        settings: settings, fresh: false),
    ]
    for other in others {
      #expect(other.number != evaluation.number)
      #expect(try store.items(of: other, set: set).isEmpty)
    }
    let fresh = try store.evaluation(checkpoint: "c", weights: "w", set: set, settings: settings, fresh: true)
    #expect(try store.items(of: fresh, set: set).isEmpty && fresh.seconds == 0)
  }

  @Test func itemsOnWhichAVerifierFailedAreDoneAgain() throws {
    let store = try EvaluationStore(path: folder + "/f.sqlite")
    let evaluation = try store.evaluation(
      checkpoint: "c", weights: "w", set: set, settings: EvaluationSettings(), fresh: false)
    try store.add([(0, item(0)), (1, item(1, verdict: "failed"))], to: evaluation, seconds: 1)
    #expect(try store.items(of: evaluation, set: set).keys.sorted() == [0])
    try store.add([(1, item(1))], to: evaluation, seconds: 1)
    #expect(try store.items(of: evaluation, set: set).keys.sorted() == [0, 1])
  }

  @Test func aDatabaseOfSomethingElseIsRefused() throws {
    let path = folder + "/other.sqlite"
    try SQLiteDatabase(path: path, access: .create).execute("CREATE TABLE x (y); PRAGMA user_version = 1")
    #expect(throws: RunStoreError.self) { try EvaluationStore(path: path) }
    try Data("text".utf8).write(to: URL(fileURLWithPath: folder + "/text"))
    #expect(throws: (any Error).self) { try EvaluationStore(path: folder + "/text") }
  }

  @Test func aRunsEvaluationsLieInItsFolder() throws {
    let run = folder + "/runs/a"
    try FileManager.default.createDirectory(
      atPath: run + "/checkpoints/step-000001", withIntermediateDirectories: true)
    #expect(
      EvaluationStore.defaultPath(checkpoint: run + "/checkpoints/step-000001")
        == run + "/checkpoints/step-000001/evaluations.sqlite")
    try Data().write(to: URL(fileURLWithPath: run + "/run.sqlite"))
    #expect(EvaluationStore.defaultPath(checkpoint: run + "/checkpoints/step-000001/") == run + "/evaluations.sqlite")
  }

  @Test func weightsAreToldApartByContent() throws {
    let path = folder + "/model.safetensors"
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
    let first = try CheckpointManifest.modelDigest(of: folder)
    #expect(try CheckpointManifest.modelDigest(of: folder) == first && first.count == 64)
    try Data([1, 2, 4]).write(to: URL(fileURLWithPath: path))
    #expect(try CheckpointManifest.modelDigest(of: folder) != first)
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/notes.txt"))
    let second = try CheckpointManifest.modelDigest(of: folder)
    try FileManager.default.removeItem(atPath: folder + "/notes.txt")
    #expect(try CheckpointManifest.modelDigest(of: folder) == second)
  }
}
