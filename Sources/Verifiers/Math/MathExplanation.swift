/// Why two answers are equal or not, for people: what was read, both normal forms and the deciding rule.
public struct MathExplanation: Sendable, Equatable {
  /// One side of the comparison.
  public struct Side: Sendable, Equatable {
    /// The text the answer was read from.
    public let text: String
    /// The rule that found the answer in a response; nil for a reference.
    public let rule: MathExtractionRule?
    /// The normal form, or nil when the text could not be read.
    public let normalForm: String?
    /// Why the text could not be read, or nil.
    public let problem: String?
  }

  /// The answer of the response.
  public let prediction: Side
  /// The reference.
  public let reference: Side
  /// Whether they are equal; nil when the reference could not be read.
  public let isEqual: Bool?
  /// How that was decided; nil when one side could not be read.
  public let method: MathMethod?
  /// What differed, or why there was nothing to compare; empty when the sides are equal.
  public let difference: String

  /// The explanation as lines of text.
  public var text: String {
    var lines: [String] = []
    for (label, side) in [("prediction", prediction), ("reference ", reference)] {
      let rule = side.rule.map { " (rule \($0.rawValue))" } ?? ""
      lines.append("\(label)  \(side.text)\(rule)")
      lines.append("  normal form  \(side.normalForm ?? "none: \(side.problem ?? "not read")")")
    }
    let verdict = isEqual.map { $0 ? "equal" : "different" } ?? "failed"
    lines.append("verdict     \(verdict)\(method.map { ", decided by \($0.rawValue) comparison" } ?? "")")
    if !difference.isEmpty { lines.append("  because      \(difference)") }
    return lines.joined(separator: "\n")
  }
}

extension MathVerifier: ExplainingVerifier {
  /// Both normal forms and the deciding rule: for the reference that matches, or else for the first.
  public func working(_ request: VerifyRequest) -> [(label: String, text: String)] {
    let response = String(decoding: answerPart(of: request), as: UTF8.self)
    let explanations = request.references.map { reference in
      MathVerifier.explain(
        prediction: response, reference: reference.string ?? reference.text(), options: options)
    }
    guard let shown = explanations.first(where: { $0.isEqual == true }) ?? explanations.first else { return [] }
    func form(_ side: MathExplanation.Side) -> String {
      side.normalForm ?? "none: \(side.problem ?? "not read")"
    }
    return [
      ("found by", shown.prediction.rule?.rawValue ?? "no rule"), ("read as", form(shown.prediction)),
      ("against", form(shown.reference)), ("decided by", shown.method.map { "\($0.rawValue) comparison" } ?? "nothing"),
    ]
  }

  /// Explains a comparison: `prediction` is a whole response or a bare answer, `reference` a gold answer.
  public static func explain(
    prediction: String, reference: String, options: Options = Options()
  ) -> MathExplanation {
    let budget = MathBudget.standard
    let bytes = Array(prediction.utf8)
    var answer: MathExpression?
    var text = prediction
    var rule: MathExtractionRule?
    var problem: String?
    var found: [UInt8] = []
    do throws(MathExtractor.NoAnswer) {
      var extractor = MathExtractor(takesLastNumber: options.takesLastNumber, budget: budget)
      if case .success(let gold) = readReference(Array(reference.utf8), budget) {
        extractor.expectsWords = gold.isWords
      }
      let finding = try extractor.find(in: bytes)
      text = String(decoding: finding.bytes, as: UTF8.self)
      rule = finding.rule
      do throws(MathSyntaxError) {
        answer = try MathVerifier.read(finding, extractor)
        found = finding.bytes
      } catch {
        problem = error.reason
      }
    } catch {
      problem = error.reason
    }
    let predicted = MathExplanation.Side(
      text: text, rule: rule, normalForm: answer.map { describe($0, budget) }, problem: problem)
    switch readReference(Array(reference.utf8), budget) {
    case .failure(let failure):
      let gold = MathExplanation.Side(text: reference, rule: nil, normalForm: nil, problem: failure.message)
      return MathExplanation(
        prediction: predicted, reference: gold, isEqual: nil, method: nil, difference: failure.message)
    case .success(let reading):
      let gold = MathExplanation.Side(
        text: reference, rule: nil, normalForm: describe(reading, budget), problem: nil)
      guard let answer else {
        return MathExplanation(
          prediction: predicted, reference: gold, isEqual: false, method: nil,
          difference: problem ?? "the answer cannot be read")
      }
      let outcome = judge(answer, found, against: reading, budget)
      return MathExplanation(
        prediction: predicted, reference: gold, isEqual: outcome.isSame, method: outcome.method,
        difference: outcome.difference)
    }
  }

  private static func describe(_ expression: MathExpression, _ budget: MathBudget) -> String {
    MathPreparation.prepare(expression, budget).normalText(budget)
  }
}

extension MathExpression {
  /// The canonical text of an answer: normal forms in their structure.
  func normalText(_ budget: MathBudget) -> String {
    func joined(_ parts: [MathExpression]) -> String {
      parts.map { $0.normalText(budget) }.joined(separator: ", ")
    }
    switch self {
    case .list(let parts): return "unordered " + joined(parts)
    case .set(let parts): return "{\(joined(parts))}"
    case .tuple(let parts, _): return "(\(joined(parts)))"
    case .interval(let left, let right, let closedLeft, let closedRight):
      return "\(closedLeft ? "[" : "(")\(joined([left, right]))\(closedRight ? "]" : ")")"
    case .setOperation(let operation, let left, let right):
      return "\(left.normalText(budget)) \(operation.rawValue) \(right.normalText(budget))"
    case .relation(let first, let steps):
      return steps.reduce(first.normalText(budget)) { "\($0) \($1.relation.rawValue) \($1.right.normalText(budget))" }
    case .matrix(let rows): return "[\(rows.map { "[\(joined($0))]" }.joined(separator: ", "))]"
    case .ratio(let parts): return parts.map { $0.normalText(budget) }.joined(separator: " : ")
    case .text(let words): return "words \"\(words)\""
    case .based(let digits, let base, _): return "\(digits) in base \(base)"
    case .constant(.emptySet): return "the empty set"
    case .constant(.reals): return "the real numbers"
    default:
      var builder = NormalFormBuilder(budget: budget)
      return builder.form(of: self)?.text ?? "a formula beyond the budget of the normal form"
    }
  }
}
