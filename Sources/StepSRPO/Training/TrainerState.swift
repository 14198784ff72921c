import Foundation
import StrictJSON
import Tasks
import TensorCore

/// A checkpoint that cannot be continued.
public struct TrainerStateError: Error, Sendable, Equatable, CustomStringConvertible {
  /// File, what was found and what was expected.
  public let description: String

  /// An error.
  public init(description: String) { self.description = description }
}

/// Everything a resume needs beside the weights and the optimizer's moments. Random numbers are functions of their
/// coordinates, so no generator state is among it.
public struct TrainerState: Codable, Sendable, Equatable {
  /// Reinforcement steps done.
  public var step = 0
  /// Optimizer steps done.
  public var optimizerSteps = 0
  /// Tokens sampled so far.
  public var sampledTokens = 0
  /// The order of queries and what is remembered of them.
  public var sampler: QuerySampler
  /// The last steps' pressure on the gate.
  public var collapse = CollapseMonitor()
  /// The forms of right answers; nil in the checkpoints of a program that did not watch them.
  public var forms: AnswerForms? = AnswerForms()

  /// The state before the first step.
  public init(sampler: QuerySampler) { self.sampler = sampler }

  private static let stateFile = "trainer_state.json"

  func save(to folder: String, optimizer: any Optimizer) throws {
    try optimizer.save(to: folder)
    var state = self
    state.optimizerSteps = optimizer.stepCount
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try encoder.encode(state).write(to: URL(fileURLWithPath: "\(folder)/\(Self.stateFile)"))
  }

  /// The state a trainer begins with: that of `folder`, a checkpoint whose optimizer it restores too, or a new one.
  static func first(
    of configuration: RunConfiguration, queries: [TaskItem], resuming folder: String?, optimizer: any Optimizer
  ) throws -> TrainerState {
    guard let folder else { return TrainerState(sampler: QuerySampler(queries, configuration: configuration)) }
    var state = try restore(from: folder, optimizer: optimizer, queries: queries.count)
    state.sampler.adopt(configuration)
    return state
  }

  /// The number of queries a checkpoint's state remembers; nil where the folder has no readable state.
  public static func queryCount(in folder: String) -> Int? {
    FileManager.default.contents(atPath: "\(folder)/\(stateFile)")
      .flatMap { try? JSONDecoder().decode(TrainerState.self, from: $0) }?.sampler.history.count
  }

  static func restore(from folder: String, optimizer: any Optimizer, queries: Int) throws -> TrainerState {
    let path = "\(folder)/\(stateFile)"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TrainerStateError(description: "\(path): no such file; the folder is no checkpoint of a run")
    }
    let state: TrainerState
    do {
      state = try JSONDecoder().decode(TrainerState.self, from: data)
    } catch {
      throw TrainerStateError(description: "\(path): not a trainer state: \(error)")
    }
    guard state.sampler.history.count == queries else {
      throw TrainerStateError(
        description: "\(path): found the history of \(state.sampler.history.count) queries, expected \(queries): "
          + "the training data has changed since")
    }
    try optimizer.restore(from: folder, stepCount: state.optimizerSteps)
    return state
  }
}
