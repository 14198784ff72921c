import StrictJSON

/// Which columns of a foreign file are which: the way to read a data set without a format of its own.
///
/// Columns are named as in the file; a dotted path reaches into nested objects (`reward_model.ground_truth`). Columns that
/// are not named here are kept in ``TaskItem/fields`` under their own names.
public struct ColumnMapping: Sendable, Equatable {
  /// The column of the query: a text, or a conversation whose last user message is taken.
  public var prompt: String
  /// The column of the reference answer; nil where tests or checks decide.
  public var reference: String?
  /// The column of the id; nil takes the line number.
  public var id: String?
  /// The column of a difficulty from 0 to 1.
  public var difficulty: String?
  /// The domain of every row.
  public var domain: Domain
  /// The verifier of every row; nil takes the domain's own.
  public var verifier: String?
  /// New names for further columns, for example `["options": "choices"]`.
  public var renamed: [String: String]

  /// A mapping.
  public init(
    prompt: String, reference: String?, domain: Domain, id: String? = nil, difficulty: String? = nil,
    verifier: String? = nil, renamed: [String: String] = [:]
  ) {
    self.prompt = prompt
    self.reference = reference
    self.id = id
    self.difficulty = difficulty
    self.domain = domain
    self.verifier = verifier
    self.renamed = renamed
  }

  /// A mapping from `prompt=question,reference=answer,domain=math`.
  ///
  /// The keys are `prompt`, `reference`, `domain`, `id`, `difficulty` and `verifier`; any other key takes a column over
  /// under a new name, for example `choices=options`.
  /// - Throws: `TaskFileError` naming the part that is wrong.
  public init(parsing text: String) throws {
    func bad(_ found: String, _ expected: String) -> TaskFileError {
      TaskFileError(file: "column mapping", found: found, expected: expected)
    }
    var columns: [String: String] = [:]
    var renamed: [String: String] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1).map(\.trimmed)
      guard pair.count == 2, !pair[0].isEmpty, !pair[1].isEmpty else {
        throw bad("\"\(part)\"", "parts like prompt=question, with commas between them")
      }
      if ["prompt", "reference", "domain", "id", "difficulty", "verifier"].contains(pair[0]) {
        guard columns.updateValue(pair[1], forKey: pair[0]) == nil else { throw bad("two \(pair[0])", "one") }
      } else {
        renamed[pair[1]] = pair[0]
      }
    }
    guard let prompt = columns["prompt"] else { throw bad("no prompt=…", "the column of the query") }
    let names = Domain.allCases.map(\.rawValue)
    guard let domain = columns["domain"].flatMap(Domain.init) else {
      let hint = columns["domain"].flatMap { nearestName(to: $0, in: names) }.map { "; did you mean \"\($0)\"?" } ?? ""
      throw bad(
        columns["domain"].map { "domain=\($0)" } ?? "no domain=…",
        "domain= one of \(names.joined(separator: ", "))\(hint)")
    }
    self.init(
      prompt: prompt, reference: columns["reference"], domain: domain, id: columns["id"],
      difficulty: columns["difficulty"], verifier: columns["verifier"], renamed: renamed)
  }

  func item(_ row: Row, source: String) throws(RowError) -> TaskItem {
    let (text, messages) =
      row.value(prompt)?.array == nil ? (try row.text(prompt), []) : try row.conversation(prompt)
    var answer = JSON.null
    if let reference {
      guard let value = row.value(reference) else {
        throw RowError(reference, found: "nothing", expected: "the reference answer")
      }
      answer = value
    }
    var level: Double?
    if let difficulty, let value = row.value(difficulty) {
      guard let number = value.double, (0...1).contains(number) else {
        throw RowError(difficulty, found: value.text(), expected: "a number from 0 (easiest) to 1 (hardest)")
      }
      level = number
    }
    let used = [prompt, reference, id, difficulty].compactMap { $0 }
    let kept = row.object.pairs.filter { !used.contains($0.key) }.map { (renamed[$0.key] ?? $0.key, $0.value) }
    return TaskItem(
      id: try id.map { name throws(RowError) in try row.scalar(name) } ?? "\(source)/\(row.line)", prompt: text,
      messages: messages,
      domain: domain, verifier: verifier ?? domain.rawValue, reference: answer, difficulty: level, source: source,
      fields: JSONObject(kept))
  }
}
