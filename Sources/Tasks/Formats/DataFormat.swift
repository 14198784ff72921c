import StrictJSON

/// The published data formats that can be read by name.
public enum DataFormat: String, Sendable, CaseIterable {
  /// This project's own task files.
  case task
  /// GSM8K: `question`, `answer` ending in `#### 18`.
  case gsm8k
  /// MATH and MATH-500: `problem`, `answer` or a boxed answer in `solution`, `level`.
  case math
  /// AIME and AMC: `problem` (or `question`), `answer`.
  case competition
  /// OlympiadBench: `question`, `final_answer` (a list), `unit`.
  case olympiadBench = "olympiadbench"
  /// SVAMP: `Body`, `Question`, `Answer`.
  case svamp
  /// CMATH: `question`, `golden`, `grade`.
  case cmath
  /// Conversations with an `answer`, such as MGSM: `messages`, `answer`.
  case mgsm
  /// AQuA: `question`, `options` like `A)5`, `correct`.
  case aqua
  /// HumanEval: `prompt`, `entry_point`, `test` with `check(candidate)`.
  case humanEval = "humaneval"
  /// MBPP: `text`, `test_list`, `test_setup_code`.
  case mbpp
  /// Stdin/stdout problems: `content`, `test` (a JSON text of inputs and outputs).
  case codeContests = "code_contests"
  /// ARC and OpenBookQA: `question`, `choices` (texts and labels), `answerKey`.
  case arc
  /// MMLU: `question`, `choices`, `answer` (an index from 0 or a letter).
  case mmlu
  /// CommonsenseQA: `question` with `stem` and `choices`, `answerKey`.
  case commonsenseQA = "commonsenseqa"
  /// BIG-Bench Hard: `input`, `target`.
  case bbh
  /// DROP as simple-evals keeps it: `context`, `ref_text` with alternatives between bars.
  case drop
  /// IFEval: `prompt`, `instruction_id_list`, `kwargs`.
  case ifeval
  /// StrategyQA as BIG-bench keeps it: `input`, `target_scores`.
  case strategyQA = "strategyqa"
  /// Short exact answers, such as last letters and coin flips: `question`, `answer`.
  case exact
  /// reasoning-gym: `question`, `answer`, `scoring`.
  case reasoningGym = "reasoning_gym"
  /// verl: `prompt` (messages), `reward_model.ground_truth`, `ability`, `data_source`.
  case verl
  /// TRL: `prompt` (a text or messages), `solution`.
  case trl
  /// Demonstrations in chat form, with or without tools: `messages` that hold the assistant's turns.
  case messages
  /// MultiPL-E: `language`, `prompt`, `test`. Its rows are named, not run: they are in other languages than Python.
  case multiPL = "multipl_e"

  /// The format of a name.
  /// - Throws: `TaskFileError` with the known names and the nearest one.
  public static func named(_ name: String) throws -> DataFormat {
    let aliases: [String: DataFormat] = [
      "math500": .math, "aime": .competition, "aime24": .competition, "aime25": .competition, "amc": .competition,
      "amc23": .competition, "openbookqa": .arc, "arc_easy": .arc, "arc_challenge": .arc, "mmlu_stem": .mmlu,
      "mgsm_zh": .mgsm, "symbolic": .exact, "coin_flip": .exact,
      "last_letters": .exact, "livecodebench": .codeContests, "math_500": .math, "humaneval_swift": .multiPL,
    ]
    if let format = DataFormat(rawValue: name) ?? aliases[name] { return format }
    let names = allCases.map(\.rawValue) + aliases.keys.sorted()
    let hint = nearestName(to: name, in: names).map { "; did you mean \"\($0)\"?" } ?? ""
    throw TaskFileError(
      file: "data format", found: "\"\(name)\"", expected: "one of \(names.joined(separator: ", "))\(hint)")
  }

  /// Turns a row into its items; `source` names the data set in ids.
  func items(_ row: Row, source: String) throws(RowError) -> [TaskItem] {
    if self == .messages { return try messageItems(row, source) }
    return [try item(row, source: source)]
  }

  private func item(_ row: Row, source: String) throws(RowError) -> TaskItem {
    switch self {
    case .task: try TaskItem(row: row.object, defaultID: "\(source)/\(row.line)")
    case .gsm8k: try gsm8kItem(row, source)
    case .math: try mathItem(row, source)
    case .competition: try competitionItem(row, source)
    case .olympiadBench: try olympiadItem(row, source)
    case .svamp: try svampItem(row, source)
    case .cmath: try cmathItem(row, source)
    case .mgsm: try conversationItem(row, source)
    case .aqua: try aquaItem(row, source)
    case .humanEval: try humanEvalItem(row, source)
    case .mbpp: try mbppItem(row, source)
    case .codeContests: try codeContestsItem(row, source)
    case .arc: try arcItem(row, source)
    case .mmlu: try mmluItem(row, source)
    case .commonsenseQA: try commonsenseItem(row, source)
    case .bbh: try bbhItem(row, source)
    case .drop: try dropItem(row, source)
    case .ifeval: try ifevalItem(row, source)
    case .strategyQA: try strategyItem(row, source)
    case .exact: try exactItem(row, source)
    case .reasoningGym: try reasoningGymItem(row, source)
    case .verl: try verlItem(row, source)
    case .trl: try trlItem(row, source)
    case .multiPL: try multiPLItem(row, source)
    case .messages: throw RowError("messages", found: "several turns", expected: "one item")
    }
  }
}
