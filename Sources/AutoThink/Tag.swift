/// The tags of the AutoThink response format (Table 2 of the KAT-V1 report). Each is a single vocabulary entry.
public enum Tag: String, Sendable, CaseIterable {
  case judgeOpen = "<judge>"
  case judgeClose = "</judge>"
  case thinkOn = "<think_on>"
  case thinkOff = "<think_off>"
  case thinkOpen = "<think>"
  case thinkClose = "</think>"
  case answerOpen = "<answer>"
  case answerClose = "</answer>"

  /// The mode a gate tag stands for; nil for the other tags.
  public var mode: ThinkMode? {
    switch self {
    case .thinkOn: .on
    case .thinkOff: .off
    default: nil
    }
  }
}
