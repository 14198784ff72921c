/// All metrics. Add one here before recording it.
public enum MetricRegistry {
  /// The table, in the order documentation lists it.
  public static let definitions: [MetricDefinition] = training + mode + verifiers + evaluation + time

  /// The definition a recorded name belongs to, braces and qualifiers resolved; nil for an unknown name.
  public static func definition(of name: String) -> MetricDefinition? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return definitions.first { matches(parts, $0.name.split(separator: "/"), exactly: true) }
      ?? definitions.first { matches(parts, $0.name.split(separator: "/"), exactly: false) }
  }

  /// A qualified name has two parts more than its definition: domain and difficulty.
  private static func matches(_ parts: [Substring], _ pattern: [Substring], exactly: Bool) -> Bool {
    guard parts.count == pattern.count + (exactly ? 0 : 2) else { return false }
    return zip(parts, pattern).allSatisfy { $1.hasPrefix("{") || $0 == $1 }
  }

  static let training = [
    define("loss", "1", "tokens of each segment", "Training loss of the step, all segments weighted as configured."),
    define("reward", "1", "scored rollouts", "Mean answer reward R^A of free and probe rollouts."),
    define("reward_std", "1", "groups", "Mean over groups of the standard deviation of the reward."),
    define("frac_reward_zero_std", "ratio", "groups", "Share of groups in which all rewards are equal."),
    define("completions/mean_length", "tokens", "free rollouts", "Mean tokens of a response."),
    define("completions/clipped_ratio", "ratio", "free rollouts", "Share of responses cut at their budget."),
    define("clip_ratio/low_mean", "ratio", "answer tokens", "Share of tokens held back by the lower clip bound."),
    define("clip_ratio/high_mean", "ratio", "answer tokens", "Share of tokens held back by the upper clip bound."),
    define("clip_ratio/judge", "ratio", "judge tokens", "Share of judge tokens held by either clip bound."),
    define("clip_ratio/gate", "ratio", "gate tokens", "Share of gate tokens held by either clip bound."),
    define("clip_ratio/answer", "ratio", "answer tokens", "Share of answer tokens held by either clip bound."),
    define("kl", "nats", "sampled tokens", "Mean k3 estimate between the policy and the reference policy."),
    define("entropy", "nats", "scored tokens", "Mean entropy of the next-token distribution."),
    define("grad_norm", "1", "steps", "Global norm of the gradient before clipping."),
    define("learning_rate", "1", "steps", "Learning rate of the step."),
    define("num_tokens", "tokens", "run", "Sampled tokens since the start of the run."),
    define("accuracy", "ratio", "scored free rollouts", "Share of free rollouts whose answer is right."),
    define("effective_batch_ratio", "ratio", "groups", "Share of sampled groups that carried a gradient."),
    define(
      "sampling/logp_difference/mean", "nats", "scored tokens", "Mean |log-prob of the sampler - of the trainer|."),
    define(
      "sampling/logp_difference/max", "nats", "scored tokens", "Largest |log-prob of the sampler - of the trainer|."),
    define("sampling/k3", "nats", "scored tokens", "Mean k3 between sampler and trainer."),
    define("sampling/rounds", "1", "steps", "Rounds of sampling; above 1 under dynamic sampling only."),
    define(
      "router/auxiliary_loss", "1", "passes",
      "Load-balancing loss of a mixture of experts, unweighted; even use gives the number of experts per token."),
    define("cold_start/loss", "nats", "response tokens or segments", "Cross-entropy of the supervised stage."),
  ]

  static let mode = [
    define("mode/think_on_rate", "ratio", "valid free rollouts", "Share of think-on among modes the policy chose."),
    define("mode/invalid_rate", "ratio", "free rollouts", "Share of responses that break the format."),
    define("mode/accuracy_on", "ratio", "scored think-on rollouts, probes included", "p_on averaged over rollouts."),
    define("mode/accuracy_off", "ratio", "scored think-off rollouts, probes included", "p_off averaged over rollouts."),
    define("mode/length_on", "tokens", "think-on rollouts", "Mean tokens of a think-on response."),
    define("mode/length_off", "tokens", "think-off rollouts", "Mean tokens of a think-off response."),
    define("mode/judge_reward", "1", "free rollouts", "Mean judge reward R^J."),
    define(
      "mode/judge_accuracy", "ratio", "free rollouts of groups with evidence", "Share that chose the right mode m*."),
    define(
      "mode/advantage_gap", "1", "groups", "Mean pressure on the gate: advantage for think-on minus for think-off."),
    define("mode/gate_entropy", "nats", "free rollouts", "Mean entropy of the choice between the two gate tokens."),
    define("mode/single_mode_group_ratio", "ratio", "groups", "Share of groups whose free rollouts chose one mode."),
    define("mode/abstain_ratio", "ratio", "groups", "Share of groups without a judge signal."),
    define(
      "mode/think_on_probability", "ratio", "rollouts", "Mean probability of think-on at the gate, forced or not."),
    define("mode/degenerate_ratio", "ratio", "groups", "Share of groups left out of the step."),
    define("mode/length_judge", "tokens", "rollouts with a gate", "Mean tokens of the judge rationale."),
    define(
      "mode/length_answer_on", "tokens", "think-on rollouts", "Mean tokens after the gate: thought, answer and end."),
    define("mode/length_answer_off", "tokens", "think-off rollouts", "Mean tokens after the gate: answer and end."),
  ]

  static let verifiers = [
    define("rewards/{verifier}/mean", "1", "verdicts with a score", "Mean score of one verifier."),
    define("verifier/{verifier}/error_ratio", "ratio", "requests", "Share of requests the verifier failed on."),
    define("verifier/{verifier}/timeout_ratio", "ratio", "requests", "Share of requests that ran out of time."),
    define("verifier/{verifier}/seconds_p50", "s", "requests", "Median time of a request, batch time shared evenly."),
    define("verifier/{verifier}/seconds_p99", "s", "requests", "99th percentile of the time of a request."),
    define(
      "verifier/{verifier}/new_form_ratio", "ratio", "right answers of up to 200 bytes",
      "Share of right answers that are neither a reference nor of a form that was written in the first 10 steps."),
    define(
      "audit/disagreement", "ratio", "rewarded rollouts the audit scored",
      "Share of rewarded rollouts that the audit, a verifier that is never trained on, refuses."),
    define(
      "audit/unscorable_ratio", "ratio", "rollouts the audit was asked about",
      "Share of them that the audit gave no score (abstained or failed)."),
    define("unscorable_ratio", "ratio", "rollouts", "Share of rollouts without a score (abstained or failed)."),
  ]

  static let evaluation = [
    define(
      "eval/{dataset}/accuracy", "ratio", "scored items",
      "Accuracy on a held-out set; responses are drawn at `evaluation.temperature` (0 is greedy)."),
    define(
      "eval/{dataset}/audited_accuracy", "ratio", "scored items",
      "Accuracy on a held-out set where a right answer that the audit refuses counts as wrong."),
    define(
      "eval/{dataset}/audit_disagreement", "ratio", "right answers the audit scored",
      "Share of the right answers on a held-out set that the audit refuses."),
    define("eval/{dataset}/think_on_rate", "ratio", "valid responses", "Share of think-on on a held-out set."),
    define("eval/{dataset}/mean_length", "tokens", "items", "Mean tokens of a response on a held-out set."),
    define("eval/{dataset}/invalid_rate", "ratio", "items", "Share of responses that break the format."),
  ]

  static let time = [
    define("time/step", "s", "step", "Wall time of the whole step."),
    define("time/generate", "s", "step", "Wall time of sampling."),
    define("time/score", "s", "step", "Wall time of verification."),
    define("time/train", "s", "step", "Wall time of the policy update."),
    define("time/checkpoint", "s", "step", "Wall time of writing a checkpoint."),
  ]

  private static func define(_ name: String, _ unit: String, _ denominator: String, _ meaning: String)
    -> MetricDefinition
  {
    MetricDefinition(name: name, unit: unit, denominator: denominator, meaning: meaning)
  }
}
