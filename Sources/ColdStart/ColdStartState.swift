import Foundation
import Platform
import StepSRPO
import StrictJSON
import TensorCore

/// What a checkpoint within the cold start holds beside the policy: the step and the optimizer. The demonstrations are
/// a function of the step alone.
enum ColdStartState {
  private static let stateFile = "cold_start_state.json"

  /// Whether a checkpoint folder is one of a cold start.
  static func exists(in folder: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(stateFile)")
  }

  static func save(to folder: String, step: Int, optimizer: any Optimizer) throws {
    try optimizer.save(to: folder)
    let state: JSON = ["step": .int(step), "optimizer_steps": .int(optimizer.stepCount)]
    try OutputFile.write(state.text(), to: "\(folder)/\(stateFile)", atomically: false)
  }

  /// Gives the optimizer its state back.
  /// - Returns: the step.
  static func restore(from folder: String, optimizer: any Optimizer) throws -> Int {
    let state = try JSON.parse(utf8: try TrainerStateError.contents(of: stateFile, in: folder))
    guard let step = state["step"]?.int, let count = state["optimizer_steps"]?.int else {
      throw TrainerStateError.damaged(stateFile, in: folder, "not the state of a cold start")
    }
    try optimizer.restore(from: folder, stepCount: count)
    return step
  }
}

extension SupervisedTrainer {
  /// Writes policy and state into an empty folder.
  func save(to folder: String) throws {
    try policy.save(to: folder)
    try ColdStartState.save(to: folder, step: step, optimizer: optimizer)
  }

  /// Goes on from a checkpoint; the policy must be its model.
  func restore(from folder: String) throws { step = try ColdStartState.restore(from: folder, optimizer: optimizer) }
}
