import AutoThink
import StrictJSON

/// The domain of a query-verifier pair.
public enum Domain: String, Sendable, Codable, CaseIterable {
  case math, code, science, general
}

/// One query with what is needed to verify a response to it: a row of a task file.
public struct TaskItem: Sendable, Equatable {
  /// Unique within a data set.
  public var id: String
  /// The user's text. For a conversation, the text of the last user message.
  public var prompt: String
  /// The conversation the response continues, tool results included; empty where `prompt` alone is all of it.
  public var messages: [ChatMessage]
  /// The domain.
  public var domain: Domain
  /// The name of the verifier that scores responses, or a weighted list of them as text (see `VerifierChoice`).
  public var verifier: String
  /// The reference answer: a string, a number or a list of acceptable ones; null where tests decide.
  public var reference: JSON
  /// 0 (easiest) ... 1 (hardest), or nil when unknown.
  public var difficulty: Double?
  /// Where the row comes from, for example `primer/math/3` or `gsm8k`.
  public var source: String
  /// The mode the data asks for: of a demonstration, or because the user asks for it. Nil where the mode is free.
  public var mode: ThinkMode?
  /// All remaining columns (`tests`, `choices`, `keywords`, `extra`, unknown ones), handed to the verifier.
  public var fields: JSONObject

  /// An item.
  public init(
    id: String, prompt: String, messages: [ChatMessage] = [], domain: Domain, verifier: String,
    reference: JSON = .null, difficulty: Double? = nil, source: String = "", mode: ThinkMode? = nil,
    fields: JSONObject = JSONObject()
  ) {
    self.id = id
    self.prompt = prompt
    self.messages = messages
    self.domain = domain
    self.verifier = verifier
    self.reference = reference
    self.difficulty = difficulty
    self.source = source
    self.mode = mode
    self.fields = fields
  }

  /// What the model sees: the conversation, or the prompt as one user message.
  public var conversation: [ChatMessage] { messages.isEmpty ? [ChatMessage(.user, prompt)] : messages }
}
