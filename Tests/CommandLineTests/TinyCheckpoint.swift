import AutoThink
import ColdStart
import Foundation
import StepSRPO
import Tasks

/// A checkpoint too small to know anything, taught by heart to answer `a?` at once with `one` and `b?` with a thought and
/// `two`: enough for commands to have valid responses in both modes.
enum TinyCheckpoint {
  /// Made once for all tests of the process.
  static let folder: String = {
    let folder = NSTemporaryDirectory() + "tiny-checkpoint-" + UUID().uuidString
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try policy().save(to: folder)
    } catch {
      fatalError("the checkpoint for tests cannot be made: \(error)")
    }
    return folder
  }()

  private static func policy() throws -> Policy {
    var section = ModelSection()
    (section.hiddenSize, section.layers, section.heads, section.keyValueHeads) = (32, 1, 2, 1)
    (section.feedForwardSize, section.maxPositions) = (48, 96)
    let policy = try Policy(section, seed: 1)
    var options = ColdStartSection()
    (options.steps, options.learningRate, options.warmupSteps) = (90, 2e-2, 5)
    func shown(_ prompt: String, _ response: AutoThinkResponse) -> Demonstration {
      Demonstration(item: TaskItem(id: prompt, prompt: prompt, domain: .math, verifier: "math"), response: response)
    }
    let lessons = [
      shown("a?", AutoThinkResponse(judge: "easy", mode: .off, answer: "one")),
      shown("b?", AutoThinkResponse(judge: "hard", mode: .on, think: "so", answer: "two")),
    ]
    _ = try SupervisedTrainer(policy: policy, options: options, train: TrainSection())
      .train(batch: { _ in lessons }, observe: { _ in .continue })
    return policy
  }
}
