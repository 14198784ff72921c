import AutoThink
import Dispatch
import LanguageModel
import RunStore
import StepSRPO
import Tasks

/// One checkpoint under evaluation: batches of items, each kept in the store before the next begins.
final class EvaluationSession {
  /// What one set gave.
  struct Outcome {
    let set: String
    let items: [EvaluatedItem]
    /// Seconds spent, those of earlier calls included.
    let seconds: Double
    /// Items whose prompt leaves no room for a response.
    let tooLong: Int
  }

  private let checkpoint: String
  private let policy: Policy
  private let weights: DecodingWeights
  private let digest: String
  private let store: EvaluationStore?
  private let evaluator: Evaluator
  private let fresh: Bool
  private let console: Console

  init(
    checkpoint: String, policy: Policy, weights: DecodingWeights, store: EvaluationStore?, evaluator: Evaluator,
    fresh: Bool, console: Console
  ) throws {
    self.checkpoint = checkpoint
    self.policy = policy
    self.weights = weights
    self.store = store
    self.evaluator = evaluator
    self.fresh = fresh
    self.console = console
    digest = store == nil ? "" : try CheckpointManifest.modelDigest(of: checkpoint)
  }

  /// Evaluates a set, beginning where an earlier call of the same evaluation ended.
  /// - Throws: `CommandFailure` with code 130 when interrupted; what is done is in the store.
  func run(_ set: EvaluationSet) throws -> Outcome {
    let evaluation = try store?.evaluation(
      checkpoint: checkpoint, weights: digest, set: set, settings: evaluator.settings, fresh: fresh)
    var done = try evaluation.flatMap { try store?.items(of: $0, set: set) } ?? [:]
    if !done.isEmpty { console.note("\(set.name): \(done.count) of \(set.items.count) items are done already") }
    var seconds = evaluation?.seconds ?? 0
    let open = set.items.indices.filter { done[$0] == nil }
    let todo = open.filter { evaluator.fits(set.items[$0], policy) }
    let tooLong = open.count - todo.count
    if tooLong > 0 {
      console.note(
        "\(set.name): \(tooLong) of \(set.items.count) prompts leave no room for a response in the model's "
          + "\(policy.model.configuration.maxPositions) positions and are left out")
    }
    // The first batch is small, later ones take some seconds each: little is lost when the program is stopped.
    var size = max(4, 2 * evaluator.settings.rows / max(1, requestsPerItem))
    var next = 0
    while next < todo.count {
      let places = todo[next..<min(todo.count, next + size)]
      let start = DispatchTime.now().uptimeNanoseconds
      let items: [EvaluatedItem]
      do {
        items = try evaluator.items(policy, weights, places.map { ($0, set.items[$0]) }) { Interrupt.wasRequested }
      } catch is CancellationError {
        throw interrupted(set, done.count)
      }
      let elapsed = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      seconds += elapsed
      if let evaluation { try store?.add(Array(zip(places, items)), to: evaluation, seconds: elapsed) }
      for (place, item) in zip(places, items) { done[place] = item }
      next += places.count
      size = max(4, min(4 * size, Int(10 * Double(places.count) / max(elapsed, 1e-3))))
      progress(set, done.count + tooLong)
      if Interrupt.wasRequested, next < todo.count { throw interrupted(set, done.count) }
    }
    if console.errorIsTerminal { console.noteRaw("\r\u{1B}[K") }
    return Outcome(
      set: set.name, items: done.sorted { $0.key < $1.key }.map(\.value), seconds: seconds, tooLong: tooLong)
  }

  private var requestsPerItem: Int { evaluator.settings.samples * (evaluator.settings.probes ? 3 : 1) }

  private func progress(_ set: EvaluationSet, _ count: Int) {
    guard console.errorIsTerminal else { return }
    console.noteRaw("\r\u{1B}[K\(set.name): \(count) of \(set.items.count) items")
  }

  private func interrupted(_ set: EvaluationSet, _ count: Int) -> CommandFailure {
    let rest = store == nil ? "nothing of it is kept" : "the same command continues there"
    return CommandFailure(
      code: .interrupted, description: "interrupted after \(count) of \(set.items.count) items of \(set.name); \(rest)")
  }
}
