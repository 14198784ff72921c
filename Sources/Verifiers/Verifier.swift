import StrictJSON

/// Scores model responses. Built-ins, Swift plug-ins and out-of-process plug-ins share this protocol.
///
/// A verifier is called from several threads at once and returns exactly one verdict per request, in order. It never
/// throws: whatever goes wrong inside it is a ``Verdict/failed(_:)``, so that no failure can be mistaken for a score.
public protocol Verifier: Sendable {
  /// The name a data row picks it by, for example `math`.
  var name: String { get }

  /// One verdict per request, in order. The same request always gets the same verdict.
  func verify(_ requests: [VerifyRequest]) -> [Verdict]

  /// A response to the row of `request` that must score 1, where the row says what is right; nil where it does not. The
  /// preflight asks for it. By default the first reference as text.
  func rightResponse(to request: VerifyRequest) -> String?

  /// Whether the row of `request` says what is right, so that garbage must never score. By default when it brings a
  /// reference, tests or keywords; false for constraints of form, which a text without sense may satisfy.
  func knowsRight(_ request: VerifyRequest) -> Bool
}

extension Verifier {
  /// The first reference, where it is a text or a number.
  public func rightResponse(to request: VerifyRequest) -> String? {
    switch request.references.first {
    case .string(let text)?: text
    case .number(let number)?: number.text
    default: nil
    }
  }

  /// Whether there is a reference, tests or keywords.
  public func knowsRight(_ request: VerifyRequest) -> Bool {
    !request.reference.isNull || ["tests", "keywords"].contains { !(request.fields[$0] ?? .null).isNull }
  }
}

/// A verifier that can show how it came to a verdict.
public protocol ExplainingVerifier: Verifier {
  /// What was read on both sides and what decided, as labelled lines for people.
  func working(_ request: VerifyRequest) -> [(label: String, text: String)]
}

/// One response to be judged, with what the data row knows about the right answer.
public struct VerifyRequest: Sendable, Equatable {
  /// The caller's name for this request; unique within a batch.
  public var id: String
  /// The prompt the model saw, where the caller has it. Guards against echoing use it.
  public var prompt: String
  /// The whole response, or only its answer segment; verifiers extract the answer themselves.
  public var response: String
  /// The row's reference: a string, a number, or a list meaning "any of these". Null where the tests decide.
  public var reference: JSON
  /// Every other column of the row, under its own name: `choices`, `tests`, `keywords`, `timeout_s`, …
  public var fields: JSONObject

  /// A request.
  public init(
    id: String, prompt: String = "", response: String, reference: JSON = .null, fields: JSONObject = JSONObject()
  ) {
    self.id = id
    self.prompt = prompt
    self.response = response
    self.reference = reference
    self.fields = fields
  }

  /// The acceptable references: the elements of a list, or the one value; empty when there is none.
  public var references: [JSON] {
    switch reference {
    case .null: []
    case .array(let values): values
    default: [reference]
    }
  }
}
