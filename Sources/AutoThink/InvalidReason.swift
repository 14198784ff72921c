/// Why a response does not have the AutoThink form. A response is named after its *first* error.
///
/// The raw values are stored in runs and counted as metrics, so they do not change.
public enum InvalidReason: String, Sendable, CaseIterable, CustomStringConvertible {
  /// The response does not begin with `<judge>`.
  case missingJudge = "missing_judge"
  /// The judge segment is open when another segment begins or the response ends.
  case unclosedJudge = "unclosed_judge"
  /// A gate stands inside the judge segment.
  case gateBeforeJudgeEnd = "gate_before_judge_end"
  /// No gate follows `</judge>`.
  case noGate = "no_gate"
  /// A second gate.
  case twoGates = "two_gates"
  /// `<think>` or `</think>` after `<think_off>`.
  case thinkInOffMode = "think_in_off_mode"
  /// `<think_on>` without a `<think>` segment.
  case missingThink = "missing_think"
  /// The think segment is open when the answer begins or the response ends.
  case unclosedThink = "unclosed_think"
  /// A think segment of nothing but blanks: thinking in name only.
  case emptyThink = "empty_think"
  /// No `<answer>`.
  case noAnswer = "no_answer"
  /// The answer segment is open when the response ends.
  case unclosedAnswer = "unclosed_answer"
  /// An answer segment of nothing but blanks.
  case emptyAnswer = "empty_answer"
  /// Text outside every segment, before the answer.
  case textBetweenSegments = "text_between_segments"
  /// Text or a tag other than a gate after `</answer>`.
  case trailingText = "trailing_text"
  /// A tag that opens a segment a second time.
  case repeatedTag = "repeated_tag"
  /// A tag where the format has no place for it, and no other reason fits.
  case misplacedTag = "misplaced_tag"
  /// A special vocabulary entry that is no tag, for example a padding or turn token.
  case foreignToken = "foreign_token"
  /// The response was cut at its token limit before its form was complete.
  case truncated

  /// The reason in words.
  public var description: String {
    switch self {
    case .missingJudge: "the response does not begin with <judge>"
    case .unclosedJudge: "<judge> is not closed"
    case .gateBeforeJudgeEnd: "a gate stands before </judge>"
    case .noGate: "no <think_on> or <think_off> follows </judge>"
    case .twoGates: "there is a second gate"
    case .thinkInOffMode: "a think segment follows <think_off>"
    case .missingThink: "no <think> segment follows <think_on>"
    case .unclosedThink: "<think> is not closed"
    case .emptyThink: "the think segment is empty"
    case .noAnswer: "there is no <answer>"
    case .unclosedAnswer: "<answer> is not closed"
    case .emptyAnswer: "the answer segment is empty"
    case .textBetweenSegments: "text stands between the segments"
    case .trailingText: "something follows </answer>"
    case .repeatedTag: "a segment is opened twice"
    case .misplacedTag: "a tag stands in the wrong place"
    case .foreignToken: "a special token that is no tag stands in the response"
    case .truncated: "the response was cut at its token limit"
    }
  }
}
