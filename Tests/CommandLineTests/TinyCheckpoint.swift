import AutoThink
import ColdStart
import Foundation
import StepSRPO
import Tasks

/// A checkpoint too small to know anything, taught by heart to answer `a?` at once with `one` and `b?` with a thought and
/// `two`: enough for commands to have valid responses in both modes.
enum TinyCheckpoint {
  /// Made once for all tests of the process.
  static let folder = made([
    shown("a?", AutoThinkResponse(judge: "easy", mode: .off, answer: "one")),
    shown("b?", AutoThinkResponse(judge: "hard", mode: .on, think: "so", answer: "two")),
  ])

  /// Another that calls the store of the suite `tools`: `c?` sets a key and says so, `d?` asks it again and again.
  static let caller: String = {
    func call(_ user: String, _ turns: [(String, String)], _ answer: String) -> Demonstration {
      var demonstration = shown(user, AutoThinkResponse(judge: "call", mode: .off, answer: answer))
      demonstration.item.messages = [ChatMessage(.user, user)]
      for (reply, result) in turns {
        demonstration.item.messages += [ChatMessage(.assistant, reply), ChatMessage(.tool, result)]
      }
      return demonstration
    }
    return made(
      [call("c?", [], "set k 7"), call("c?", [("set k 7", "ok")], "done")]
        + (0..<4).map { call("d?", Array(repeating: ("get z", "none"), count: $0), "get z") }, steps: 140)
  }()

  private static func made(_ lessons: [Demonstration], steps: Int = 90) -> String {
    let folder = NSTemporaryDirectory() + "tiny-checkpoint-" + UUID().uuidString
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try policy(lessons, steps: steps).save(to: folder)
    } catch {
      fatalError("the checkpoint for tests cannot be made: \(error)")
    }
    return folder
  }

  private static func shown(_ prompt: String, _ response: AutoThinkResponse) -> Demonstration {
    Demonstration(item: TaskItem(id: prompt, prompt: prompt, domain: .math, verifier: "math"), response: response)
  }

  private static func policy(_ lessons: [Demonstration], steps: Int) throws -> Policy {
    var section = ModelSection()
    (section.hiddenSize, section.layers, section.heads, section.keyValueHeads) = (32, 1, 2, 1)
    (section.feedForwardSize, section.maxPositions) = (48, 96)
    let policy = try Policy(section, seed: 1)
    var options = ColdStartSection()
    (options.steps, options.learningRate, options.warmupSteps) = (steps, 2e-2, 5)
    _ = try SupervisedTrainer(policy: policy, options: options, train: TrainSection())
      .train(batch: { _ in lessons }, observe: { _ in .continue })
    return policy
  }
}
