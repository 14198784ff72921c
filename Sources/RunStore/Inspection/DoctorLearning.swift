import Foundation
import StepSRPO

// MARK: - Responses

extension Doctor {
  func responseFindings() throws -> [Finding] {
    var findings: [Finding] = []
    if let share = try mean(.clippedRatio), share > 0.3 {
      findings.append(
        Finding(
          name: "truncated", severity: share > 0.9 ? .dead : .warning,
          evidence: "\(percent(share)) of the free responses were cut at their budget in \(scope)",
          advice: [
            "raise rollout.max_new_tokens (and rollout.off_budget for think-off)",
            "if the text repeats itself, the policy has not learnt to end: more cold_start.steps",
          ] + look(try example("r.truncated = 1"))))
    }
    guard let steps else { return findings }
    let range: [SQLiteValue] = [.int(steps.lowerBound), .int(steps.upperBound)]
    let counts = try reader.database.rows(
      """
      SELECT count(*), sum(gate IS NULL), sum(invalid_reason IS NOT NULL) FROM rollouts
      WHERE kind = 'free' AND step BETWEEN ? AND ?
      """, range
    ).first
    let total = Double(max(1, counts?[0].int ?? 1))
    let unparsable = Double(counts?[1].int ?? 0) / total
    let invalid = Double(counts?[2].int ?? 0) / total
    if unparsable > 0.2 {
      findings.append(
        Finding(
          name: "unparsable-gates", severity: unparsable > 0.9 ? .dead : .warning,
          evidence: "in \(percent(unparsable)) of the free responses no gate could be read, so nothing is learnt about "
            + "when to think",
          advice: [
            "more cold_start.steps, until cold_start/loss is flat",
            "algorithm.gate_form_weight: 0.1, where the gates were there and reinforcement lost them",
          ] + look(try example("r.gate IS NULL"))))
    } else if invalid > 0.3 {
      let reason = try reader.database.rows(
        """
        SELECT invalid_reason, count(*) FROM rollouts WHERE invalid_reason IS NOT NULL AND step BETWEEN ? AND ?
        GROUP BY 1 ORDER BY 2 DESC LIMIT 1
        """, range
      ).first?[0].string
      findings.append(
        Finding(
          name: "invalid-formats", severity: invalid > 0.9 ? .dead : .warning,
          evidence: "\(percent(invalid)) of the free responses break the format, most often: \(reason ?? "")",
          advice: (reason == "truncated" ? ["raise rollout.max_new_tokens or rollout.off_budget"] : [])
            + ["more cold_start.steps"] + look(try example("r.invalid_reason IS NOT NULL"))))
    }
    return findings
  }
}

// MARK: - Groups

extension Doctor {
  func groupFindings() throws -> [Finding] {
    var findings: [Finding] = []
    if let share = try mean(.fracRewardZeroStd), share > 0.8 {
      let accuracy = try mean(.accuracy)
      let which: String
      let advice: [String]
      switch accuracy {
      case .some(let accuracy) where accuracy > 0.9:
        which = "nearly all are right (accuracy \(percent(accuracy))): the queries are too easy"
        advice = ["harder queries (tasks.level_weights)", "resampling.enabled: true rests what is settled"]
      case .some(let accuracy) where accuracy < 0.1:
        which =
          "nearly all are wrong (accuracy \(percent(accuracy))): the queries are too hard, or the verifier is wrong"
        advice = [
          "easier queries (tasks.level_weights) or a longer cold start",
          "check the verifier on a right answer: step-srpo verify",
        ]
      default:
        which = "accuracy \(accuracy.map { percent($0) } ?? "unknown")"
        advice = ["raise rollout.temperature or rollout.free_rollouts"]
      }
      findings.append(
        Finding(
          name: "zero-variance-groups", severity: share > 0.97 ? .dead : .warning,
          evidence:
            "in \(percent(share)) of the groups all rewards are equal, so their answers teach nothing; \(which)",
          advice: advice))
    }
    // A gate that has learnt its queries takes one mode in each group and both over the batch: that is health.
    if let share = try mean(.singleModeGroupRatio), share > 0.9, let rate = try mean(.thinkOnRate),
      !(0.05...0.95).contains(rate)
    {
      let probes = try reader.config()["rollout"]?["minimum_per_mode"]?.int ?? 0
      let mode = rate > 0.5 ? "think-on" : "think-off"
      findings.append(
        Finding(
          name: "one-mode-groups", severity: probes == 0 ? .dead : .warning,
          evidence:
            "in \(percent(share)) of the groups the policy chose one mode only (think-on rate \(percent(rate))): "
            + "it nearly always takes \(mode)" + (probes == 0 ? ", and no probes are sampled" : ""),
          advice: probes == 0
            ? ["rollout.minimum_per_mode: 4 samples the other mode by force"]
            : [
              "look at mode/judge_accuracy: if it is high, one mode is right for these queries; mix in others",
              "raise algorithm.gate_loss_weight or algorithm.counterfactual_scale",
            ]))
    }
    if let share = try mean(.abstainRatio), share > 0.9 {
      findings.append(
        Finding(
          name: "no-judge-signal", severity: .warning,
          evidence: "\(percent(share)) of the groups abstain: a mode has no evidence or no rollout succeeds",
          advice: ["rollout.minimum_per_mode above 0", "easier queries (tasks.level_weights)"]))
    }
    if let share = try mean(.effectiveBatchRatio), share < 0.05 {
      findings.append(
        Finding(
          name: "no-gradient", severity: share == 0 ? .dead : .warning,
          evidence: "only \(percent(share)) of the groups carried a gradient in \(scope)",
          advice: ["see the findings above it: flat groups, abstentions or failed verdicts leave a group out"]))
    }
    if let share = try mean(.unscorableRatio), share > 0.3 {
      findings.append(
        Finding(
          name: "unscorable", severity: share > 0.9 ? .dead : .warning,
          evidence: "\(percent(share)) of the rollouts have no outcome, because their verdict failed or abstained",
          advice: [
            "step-srpo query \(name) \"SELECT verifier, verdict, failure, count(*) FROM verdicts GROUP BY 1, 2, 3\""
          ]
        ))
    }
    return findings
  }
}

// MARK: - The update

extension Doctor {
  func updateFindings() throws -> [Finding] {
    try learningRateFindings() + ratioFindings() + rangeFindings()
  }

  private func learningRateFindings() throws -> [Finding] {
    let rates = try values(.learningRate)
    guard !rates.isEmpty, rates.allSatisfy({ $0 == 0 }) else { return [] }
    return [
      Finding(
        name: "learning-rate-zero", severity: .dead,
        evidence: "the learning rate was 0 in \(scope): the policy does not move",
        advice: ["set train.learning_rate, and check train.warmup_steps and train.schedule against train.steps"])
    ]
  }

  private func ratioFindings() throws -> [Finding] {
    var findings: [Finding] = []
    if let worst = try values(.logpDifferenceMax).max(), worst > 0.01 {
      let mean = try mean(.logpDifferenceMean) ?? .nan
      findings.append(
        Finding(
          name: "sampler-trainer-mismatch", severity: mean > 0.05 ? .dead : .warning,
          evidence: "before any update the trainer's log-probs differ from the sampler's by up to "
            + "\(NumberText.short(worst)) nats (mean \(NumberText.short(mean))): the first ratio is "
            + "\(NumberText.short(exp(worst))) instead of 1",
          advice: [
            "check that the sampler has the trainer's weights, temperature and number format",
            "rollout.top_p below 1 changes the sampler's distribution but not the trainer's: set it to 1",
          ]))
    }
    let minibatches = try reader.config()["train"]?["minibatches"]?.int ?? 1
    if let steps, minibatches == 1 {
      let row = try reader.database.rows(
        "SELECT max(abs(ratio_max - 1)), max(abs(ratio_min - 1)) FROM segments WHERE step BETWEEN ? AND ?",
        [.int(steps.lowerBound), .int(steps.upperBound)]
      ).first
      let worst = max(row?[0].double ?? 0, row?[1].double ?? 0)
      if worst > 1e-6 {
        findings.append(
          Finding(
            name: "first-step-ratio", severity: .dead,
            evidence: "with one update per step every ratio pi / pi_old must be 1, but one is off by "
              + NumberText.short(worst),
            advice: ["the old log-probs are stale: report this with the run's folder"]))
      }
    }
    return findings
  }

  private func rangeFindings() throws -> [Finding] {
    var findings: [Finding] = []
    let all = try reader.series(Metric.entropy.name, stage: .train).map(\.value).filter(\.isFinite)
    let start = all.prefix(5)
    if let entropy = try mean(.entropy) {
      let first = start.reduce(0, +) / Double(max(1, start.count))
      if entropy < 0.005 {
        findings.append(
          Finding(
            name: "entropy-collapsed", severity: .warning,
            evidence:
              "the mean entropy is \(NumberText.short(entropy)) nats (\(NumberText.short(first)) at the start): "
              + "the policy has stopped exploring",
            advice: [
              "algorithm.entropy_bonus: 1e-3", "a smaller train.learning_rate", "a higher rollout.temperature",
            ]))
      } else if all.count > 10, entropy > 3 * max(first, 0.1), entropy > 1 {
        findings.append(
          Finding(
            name: "entropy-exploding", severity: .warning,
            evidence: "the mean entropy rose from \(NumberText.short(first)) to \(NumberText.short(entropy)) nats",
            advice: ["a smaller train.learning_rate or algorithm.entropy_bonus"]))
      }
    }
    if let kl = try values(.kl).max(), kl > 1 {
      findings.append(
        Finding(
          name: "kl-out-of-range", severity: kl > 10 ? .dead : .warning,
          evidence: "the divergence from the reference policy reached \(NumberText.short(kl)) nats per token",
          advice: ["a smaller train.learning_rate, or a heavier weight on the divergence"]))
    }
    let norms = try values(.gradNorm)
    if !norms.isEmpty, norms.allSatisfy({ $0 < 1e-8 }) {
      findings.append(
        Finding(
          name: "gradient-zero", severity: .dead, evidence: "the gradient's norm was 0 in \(scope)",
          advice: ["check the weights of the loss (algorithm.*_loss_weight)"]))
    }
    return findings
  }
}
