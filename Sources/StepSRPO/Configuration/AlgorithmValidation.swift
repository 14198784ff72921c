extension RunConfiguration {
  /// Parts of the algorithm that do not go together.
  func checkAlgorithm(_ error: (String, String) -> ConfigurationError) throws {
    func require(_ holds: Bool, _ key: String, _ found: some Any, _ expected: String) throws {
      guard holds else { throw error("algorithm.\(key)", "found \(found), expected \(expected)") }
    }
    try require(
      algorithm.gateChoice == .vocabulary || algorithm.gateClip == .cispo, "gate_choice", algorithm.gateChoice.rawValue,
      "\"vocabulary\" with gate_clip \"\(algorithm.gateClip.rawValue)\": a choice between the modes takes \"cispo\"")
    try require(
      algorithm.gateFormWeight == 0 || algorithm.gateChoice == .modes, "gate_form_weight", algorithm.gateFormWeight,
      "0 with gate_choice \"vocabulary\", which holds the gates' probability itself")
    try require(
      algorithm.kl != .k1InReward || algorithm.preset.keys.contains("reward_wrong"), "kl", algorithm.kl.rawValue,
      "a form that stands in the loss (k2, k3, rho-k3): \(algorithm.preset.rawValue) has no reward of a sequence to "
        + "put it in")
    try require(
      algorithm.forcedGate != .half || rollout.forcedPerMode > 0, "forced_gate", "half",
      "\"silent\" or \"policy\", or else rollout.forced_per_mode above 0: only then is a gate drawn half and half")
    try require(
      algorithm.forcedGate != .half || rollout.minimumPerMode <= rollout.forcedPerMode, "forced_gate", "half",
      "rollout.minimum_per_mode of at most forced_per_mode: topped-up modes are not drawn half and half")
  }
}
