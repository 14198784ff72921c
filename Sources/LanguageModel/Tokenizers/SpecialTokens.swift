/// The control tokens this project gives a new vocabulary.
public enum SpecialTokens {
  /// Ends a document; pads.
  public static let endOfText = "<|endoftext|>"
  /// Opens a ChatML turn.
  public static let turnStart = "<|im_start|>"
  /// Closes a ChatML turn; a response ends here.
  public static let turnEnd = "<|im_end|>"
  /// The ChatML tokens, in order of id.
  public static let chat = [endOfText, turnStart, turnEnd]
  /// The tags of the AutoThink response format (report, Table 2), in order of id.
  public static let autoThink = [
    "<judge>", "</judge>", "<think_on>", "<think_off>", "<think>", "</think>", "<answer>", "</answer>",
  ]
}
