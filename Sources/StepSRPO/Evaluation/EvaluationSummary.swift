import AutoThink
import StrictJSON

/// The figures of one held-out set, as `eval` prints and `eval --json` writes them.
public struct EvaluationSummary: Sendable {
  private let results: EvaluationResults
  private let samples: [EvaluatedSample]

  /// The figures of `results`.
  public init(_ results: EvaluationResults) {
    self.results = results
    samples = results.items.flatMap(\.free)
  }

  /// Items.
  public var count: Int { results.items.count }
  /// Mean over items of the mean score of their responses.
  public var accuracy: Double? { results.accuracy }
  /// Its interval: Wilson with one response an item and yes/no scores, bootstrap otherwise.
  public var accuracyInterval: ConfidenceInterval? {
    ConfidenceInterval(ofMean: results.items.compactMap { $0.free.meanScore })
  }
  /// The same where a right answer that the audit refuses counts as wrong; nil without an audit.
  public var auditedAccuracy: Double? { results.auditedAccuracy }
  /// Share of think-on among valid responses.
  public var thinkOnRate: Double? { results.thinkOnRate }
  /// Its interval.
  public var thinkOnInterval: ConfidenceInterval? {
    ConfidenceInterval(
      ofMean: results.items.compactMap { $0.free.flatMap(\.modes).map { $0 == .on ? 1.0 : 0 }.meanIfAny })
  }
  /// Mean tokens of a response.
  public var meanLength: Double? { samples.map { Double($0.length) }.meanIfAny }
  /// Its interval, by bootstrap.
  public var lengthInterval: ConfidenceInterval? {
    ConfidenceInterval(bootstrapping: results.items.compactMap { $0.free.map { Double($0.length) }.meanIfAny })
  }
  /// Mean tokens of the valid responses in a mode.
  public func meanLength(in mode: ThinkMode) -> Double? {
    samples.filter { $0.mode == mode }.map { Double($0.length) }.meanIfAny
  }
  /// Mean score of the valid responses in a mode: of the items the policy chose it for, so not comparable between modes.
  public func accuracy(in mode: ThinkMode) -> Double? { samples.filter { $0.mode == mode }.meanScore }
  /// What each verifier did on the valid responses: the ones of invalid form are asked of nobody.
  public var verifiers: [(name: String, usage: Usage)] {
    var usage: [String: Usage] = [:]
    for item in results.items {
      for sample in item.free {
        guard let verdict = sample.verdict else { continue }
        usage[item.item.verifier, default: Usage()].add(verdict, reason: sample.reason)
      }
    }
    return usage.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Verdicts of one verifier, or of one weighted list of them.
  public struct Usage: Sendable, Equatable {
    /// Responses it was asked about.
    public var requests = 0
    /// Those it left without a score because nothing can be said.
    public var abstentions = 0
    /// Those it left without a score because it failed.
    public var failures = 0
    /// Why it failed first.
    public var firstFailure: String?
    /// Those with a score.
    public var scores: Int { requests - abstentions - failures }

    mutating func add(_ verdict: String, reason: String?) {
      requests += 1
      abstentions += verdict == "abstain" ? 1 : 0
      guard verdict == "failed" else { return }
      failures += 1
      firstFailure = firstFailure ?? reason
    }
  }

  /// Share of responses without the form.
  public var invalidRate: Double? { share { $0.invalidReason != nil } }
  /// Share of responses cut at their limit.
  public var truncatedRate: Double? { share(\.truncated) }
  /// Share of responses without a score although their form is valid.
  public var unscoredRate: Double? { share { $0.score == nil } }
  /// Responses whose verifier failed.
  public var failures: Int { samples.count { $0.verdict == "failed" } }

  private func share(_ holds: (EvaluatedSample) -> Bool) -> Double? { samples.map { holds($0) ? 1 : 0 }.meanIfAny }

  /// The share of items whose data asks for a mode and whose response has it, with the number of such items.
  public var obeyed: (count: Int, share: Double)? {
    let asked = results.items.filter { $0.item.mode != nil }
    let kept = asked.flatMap { item in item.free.map { $0.mode == item.item.mode ? 1.0 : 0 } }
    return kept.meanIfAny.map { (asked.count, $0) }
  }

  /// The k of pass@k and maj@k: powers of two below the number of responses an item, and that number.
  public var ks: [Int] {
    let most = results.items.map { $0.free.count }.min() ?? 0
    guard most > 1 else { return [] }
    return sequence(first: 1) { $0 * 2 }.prefix { $0 < most } + [most]
  }

  /// pass@k: the chance that one of k responses is right, 1 - C(n - c, k) / C(n, k) per item (Chen et al. 2021). Items with
  /// fewer than k scored responses are left out; nil where none is left.
  public func pass(at k: Int) -> Double? {
    results.items.compactMap { item -> Double? in
      let scores = item.free.compactMap(\.score)
      guard scores.count >= k, k > 0 else { return nil }
      let wrong = scores.count { $0 < 1 }
      guard wrong >= k else { return 1 }
      var missing = 1.0
      for i in 0..<k { missing *= Double(wrong - i) / Double(scores.count - i) }
      return 1 - missing
    }.meanIfAny
  }

  /// maj@k: whether the answer most of the first k responses give is right. Answers are told apart as the verifier read
  /// them; of equally frequent ones the earliest counts. Responses without an answer do not vote; an item on which nobody
  /// votes is wrong, and one without any score is left out.
  public func majority(at k: Int) -> Double? {
    results.items.compactMap { item -> Double? in
      let first = item.free.prefix(k)
      guard first.count == k, first.contains(where: { $0.score != nil }) else { return nil }
      var votes: [(answer: String, count: Int, score: Double?)] = []
      for sample in first where sample.mode != nil {
        guard let answer = sample.extracted else { continue }
        if let place = votes.firstIndex(where: { $0.answer == answer }) {
          votes[place].count += 1
        } else {
          votes.append((answer, 1, sample.score))
        }
      }
      guard let most = votes.map(\.count).max() else { return 0 }
      return votes.first { $0.count == most }.flatMap(\.score)
    }.meanIfAny
  }

  /// The object of one data set in `eval --json`. What is a mean over nothing is absent.
  public func json(seconds: Double) -> JSONObject {
    var object = Self.cell(results.cell())
    func add(_ key: String, _ value: Double?) { object[key] = value.map { .double($0) } }
    func add(_ key: String, _ interval: ConfidenceInterval?) {
      object[key] = interval.map {
        ["low": .double($0.low), "high": .double($0.high), "level": 0.95, "method": .string($0.method.rawValue)]
      }
    }
    add("audit_disagreement", results.auditDisagreement)
    add("invalid_rate", invalidRate)
    add("truncated_rate", truncatedRate)
    add("unscored_rate", unscoredRate)
    add("accuracy_interval", accuracyInterval)
    add("think_on_interval", thinkOnInterval)
    add("mean_length_interval", lengthInterval)
    for mode in ThinkMode.allCases {
      add("mean_length_\(mode.rawValue)", meanLength(in: mode))
      add("accuracy_\(mode.rawValue)", accuracy(in: mode))
    }
    if failures > 0 { object["failures"] = .int(failures) }
    object["verifiers"] = .object(JSONObject(verifiers.map { ($0.name, $0.usage.json) }))
    if let conversations = ConversationSummary(results.items) { object["conversations"] = conversations.json }
    if let obeyed { object["obeyed"] = ["n": .int(obeyed.count), "rate": .double(obeyed.share)] }
    for k in ks {
      add("pass@\(k)", pass(at: k))
      add("maj@\(k)", majority(at: k))
    }
    add("seconds", seconds)
    object["by_difficulty"] = .object(
      JSONObject(results.difficulties().map { ($0, .object(Self.cell(results.cell(difficulty: $0)))) }))
    return object
  }

  private static func cell(_ cell: EvaluationCell) -> JSONObject {
    var object = JSONObject([("n", .int(cell.count))])
    object["accuracy"] = cell.accuracy.map { .double($0) }
    object["audited_accuracy"] = cell.auditedAccuracy.map { .double($0) }
    object["think_on_rate"] = cell.thinkOnRate.map { .double($0) }
    object["mean_length"] = cell.meanLength.map { .double($0) }
    return object
  }
}

extension EvaluationSummary.Usage {
  fileprivate var json: JSON {
    var object = JSONObject([
      ("requests", .int(requests)), ("scores", .int(scores)), ("abstentions", .int(abstentions)),
      ("failures", .int(failures)),
    ])
    object["first_failure"] = firstFailure.map { .string($0) }
    return .object(object)
  }
}
