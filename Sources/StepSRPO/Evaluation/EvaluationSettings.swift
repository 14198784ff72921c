import AutoThink
import LanguageModel
import StrictJSON

/// How an evaluation draws its responses. Everything here but ``workers`` and ``rows`` determines the result.
public struct EvaluationSettings: Sendable, Equatable {
  /// Who chooses the mode, and the budgets.
  public var control = ModeControl()
  /// Whether both modes are forced on every item beside the free responses.
  public var probes = false
  /// Responses per item (and per forced mode).
  public var samples = 1
  /// Sampling temperature; 0 is greedy.
  public var temperature = 0.0
  /// Nucleus mass.
  public var topP = 1.0
  /// The most tokens of a response.
  public var maxNewTokens = 192
  /// The most tokens after `<think_off>`, as in training; nil sets no limit.
  public var offBudget: Int?
  /// Seed of the draws.
  public var seed: UInt64 = 1
  /// Sampling threads; they never change a result.
  public var workers = 2
  /// Rows decoded together by one worker; they never change a result either.
  public var rows = 32

  /// Who reads the right answers again.
  public var audit = Audit()

  /// The defaults.
  public init() {}

  /// How tokens are drawn.
  public var sampling: SamplingOptions {
    SamplingOptions(
      temperature: temperature > 0 ? Float(temperature) : 1, topP: Float(topP), greedy: temperature == 0)
  }

  /// What determines the result, for a store: two evaluations with the same text are the same evaluation.
  public var identity: JSON {
    var object = JSONObject([
      ("mode", .string(control.choiceName)), ("samples", .int(samples)), ("temperature", .double(temperature)),
      ("top_p", .double(topP)), ("max_new_tokens", .int(maxNewTokens)), ("seed", .string(String(seed))),
    ])
    if probes { object["probes"] = true }
    object["off_budget"] = offBudget.map { .int($0) }
    object["think_budget"] = control.thinkBudget.map { .int($0) }
    if !audit.verifier.isEmpty { object["audit"] = .string(audit.verifier) }
    object["budget"] = control.budget.map { .int($0) }
    return .object(object)
  }
}
