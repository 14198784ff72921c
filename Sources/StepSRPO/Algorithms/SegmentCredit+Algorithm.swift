/// Step-SRPO, the default. The KAT-V1 report (arXiv 2507.08297) names it and fixes the format, the judge reward's and the
/// answer reward's meaning and the verifiers **[report]**; it gives no formula, so every formula is **[ours]**.
///
///     m*    = on iff p_on - p_off - delta > 0; abstain where a mode has no evidence or neither ever succeeds
///     J     A = R^J - mean over free rollouts, plus xi times Y's
///     g     R^J - mean, plus +-(1/2) tanh(Delta / kappa), balanced between the modes, on probes too
///     Y     A = w (r - mu_m) / (sigma_m + 0.1), w = 1 - eta (1 - R^J)
///     L     = L_Y / N_Y + lambda_J L_J / N_J + lambda_g L_g / N_g
extension SegmentCredit: Algorithm {
  /// What it is, in a line.
  public static let summary = "judge, gate and answer are credited apart; probes give evidence on both modes"
  /// Where its formulas come from.
  public static let source =
    "arXiv 2507.08297 [report] in words, formulas [ours]; clip bounds DAPO's, gate form CISPO's"
  /// The keys of the section `algorithm` it reads beside those of the loss.
  public static let keys: Set<String> = [
    "price_of_thinking", "all_fail", "history_weight", "judge_reward", "kappa", "eta", "credit", "answer_baseline",
    "judge_answer_share", "counterfactual_scale", "settled_probability", "deviation_floor",
  ]

  /// Sets the parts that differ from Step-SRPO's.
  public static func setDefaults(_ configuration: inout RunConfiguration) {}

  /// The algorithm a configuration describes; `longest` is the budget of a response in tokens.
  public init(_ section: AlgorithmSection, longest: Int) { self.init(section) }

  /// Rewards and advantages of one group.
  public func callAsFunction(_ rollouts: [JudgedRollout], of query: QueryHistory) -> GroupAdvantages {
    self(rollouts, history: query.successRates, requested: query.requestedMode)
  }
}
