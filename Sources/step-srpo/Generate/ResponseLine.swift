import AutoThink
import LanguageModel
import StepSRPO
import StrictJSON

/// One response as a line of JSON.
enum ResponseLine {
  static func json(id: JSON, _ generation: Generation, _ policy: Policy, control: ModeControl) -> JSON {
    let truncated = generation.finish != .stop
    let response = policy.codec.parse(generation.tokens, truncated: truncated)
    var object = JSONObject([
      ("id", id), ("mode", response.gate.map { .string($0.rawValue) } ?? .null), ("valid", .bool(response.isValid)),
    ])
    if let reason = response.invalidReason { object["invalid_reason"] = .string(reason.rawValue) }
    object["judge"] = .string(PromptTemplate.trimmed(response.judge))
    object["think"] = response.think.map { .string(PromptTemplate.trimmed($0)) } ?? .null
    object["answer"] = response.answer.map { .string(PromptTemplate.trimmed($0)) } ?? .null
    object["text"] = .string(policy.codec.template.opening + policy.codec.text(generation.tokens))
    object["tokens"] = .int(generation.tokens.count)
    object["truncated"] = .bool(truncated)
    object["chosen_by"] = .string(control.choiceName)
    object["think_on_probability"] = Rollout.thinkOnProbability(generation).map { .double($0) } ?? .null
    return .object(object)
  }
}
