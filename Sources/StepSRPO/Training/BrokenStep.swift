import AutoThink
import StrictJSON

/// A step whose loss or gradient is no finite number. The run stops with exit code 3; the batch is part of the error, so
/// that whoever catches it can keep it.
public struct BrokenStep: Error, Sendable, CustomStringConvertible {
  /// `cold start` or `training`.
  public let stage: String
  /// The step, from 1.
  public let step: Int
  /// What was not finite.
  public let cause: UpdateError
  /// Everything the update was made from.
  public let batch: JSON

  /// A broken step.
  public init(stage: String, step: Int, cause: UpdateError, batch: JSON) {
    self.stage = stage
    self.step = step
    self.cause = cause
    self.batch = batch
  }

  /// What happened.
  public var description: String { "\(stage) step \(step): \(cause)" }

  /// A reinforcement step that broke on `groups`.
  init(step: Int, cause: UpdateError, groups: [JudgedGroup]) {
    self.init(
      stage: "training", step: step, cause: cause,
      batch: ["step": .int(step), "groups": .array(groups.map(Self.json))])
  }

  private static func json(_ judged: JudgedGroup) -> JSON {
    let rollouts = judged.group.rollouts.enumerated().map { i, rollout -> JSON in
      let advantages = judged.result.advantages[i]
      return [
        "sample": .int(rollout.sample), "kind": .string(rollout.kind.rawValue), "text": .string(rollout.text),
        "tokens": .array(rollout.tokens.map { .int(Int($0)) }),
        "segments": .array(
          rollout.tokens.indices.map { index in
            rollout.response.segment(of: index).map { .string($0.rawValue) } ?? .null
          }),
        "sampler_log_probs": .array(rollout.logProbs.map { .double(Double($0)) }),
        "outcome": judged.outcomes[i].map { .double($0) } ?? .null,
        "advantages": [
          "judge": .double(advantages.judge), "gate": .double(advantages.gate), "answer": .double(advantages.answer),
        ],
      ]
    }
    return [
      "query": .string(judged.group.item.id), "prompt": .string(judged.group.item.prompt),
      "prompt_tokens": .array(judged.group.prompt.map { .int(Int($0)) }),
      "contributes": .bool(judged.result.contributes), "rollouts": .array(rollouts),
    ]
  }
}
