import AutoThink
import StrictJSON

/// The built-in suite: procedural query-verifier pairs in four domains at six levels.
///
/// A query is a chain of keyed steps over a small state, so each step is a lookup and the number of steps is the
/// difficulty: levels 1 and 2 have one step (from the small and the large part of the table), level 3 has two small ones,
/// levels 4, 5 and 6 have three, five and seven of any kind. A small network can look up one step at once; a long chain it
/// follows reliably only in writing.
///
/// Items are a function of (seed, split, domain, level, index). A split owns the items whose *content* hashes into it, so
/// train, validation and test are disjoint under every seed. Chains of three and more steps are held out in every wording;
/// of shorter ones only a few dozen exist, they are held out as texts.
public struct Primer: Sendable {
  /// The levels, easiest first.
  public static let levels = Array(1...6)

  /// The part of the suite in use.
  public let options: PrimerOptions
  private let cells: [(domain: Domain, level: Int, weight: Double)]

  /// The suite.
  /// - Throws: `PrimerError.badOptions`.
  public init(_ options: PrimerOptions = PrimerOptions()) throws {
    self.options = options
    cells = try options.cells()
  }

  /// The difficulty of a level, in 0...1.
  public static func difficulty(level: Int) -> Double { Double(10 + 16 * (level - 1)) / 100 }

  /// The steps of a level.
  static func tables(level: Int) -> [PrimerTable] {
    switch level {
    case ...1: [.easy]
    case 2: [.hard]
    case 3: [.easy, .easy]
    case 4: [.any, .any, .any]
    case 5: [PrimerTable](repeating: .any, count: 5)
    default: [PrimerTable](repeating: .any, count: 7)
    }
  }

  /// One item of a cell. Small cells repeat contents under different indices; ``items(_:_:level:count:)`` does not.
  public func item(_ split: TaskSplit, _ domain: Domain, level: Int, index: Int) -> TaskItem {
    let level = min(max(level, 1), Self.levels.count)
    var stream = KeyedStream(
      UInt64(bitPattern: Int64(options.seed)), KeyedStream.hash("\(split.rawValue) \(domain.rawValue)"),
      UInt64(level), UInt64(bitPattern: Int64(index)))
    while true {
      let query = Self.draw(domain, level: level, &stream)
      // Every split owns at least a tenth of each cell, so this ends after a few draws.
      guard Self.split(of: query) == split, let final = query.states?.last else { continue }
      return Self.item(query, final: final, level: level, id: "\(options.seed)/\(split.rawValue)/\(index)")
    }
  }

  /// The first `count` different items of a cell.
  /// - Throws: `PrimerError.exhausted` when the cell has fewer.
  public func items(_ split: TaskSplit, _ domain: Domain, level: Int, count: Int) throws -> [TaskItem] {
    var items: [TaskItem] = []
    var seen: Set<String> = []
    var index = 0
    var lastNew = 0
    while items.count < count {
      let item = item(split, domain, level: level, index: index)
      if seen.insert(item.prompt).inserted {
        items.append(item)
        lastNew = index
      } else if index - lastNew > 1000 + 10 * items.count {
        throw PrimerError.exhausted(split: split, domain: domain, level: level, found: items.count, wanted: count)
      }
      index += 1
    }
    return items
  }

  /// `count` different items of a split in a mixed order, shared among the cells by weight: a training pool.
  /// - Throws: `PrimerError.exhausted`.
  public func items(_ split: TaskSplit, count: Int) throws -> [TaskItem] {
    let total = cells.reduce(0) { $0 + $1.weight }
    var items: [TaskItem] = []
    var due = 0.0
    for cell in cells {
      due += Double(max(0, count)) * cell.weight / total
      let share = Int((due + 1e-9).rounded()) - items.count
      items += try self.items(split, cell.domain, level: cell.level, count: share)
    }
    var stream = KeyedStream(UInt64(bitPattern: Int64(options.seed)), KeyedStream.hash("order \(split.rawValue)"))
    return stream.shuffled(items)
  }

  /// `perCell` different items of every cell, cell by cell: an evaluation set.
  /// - Throws: `PrimerError.exhausted`.
  public func items(_ split: TaskSplit, perCell: Int) throws -> [TaskItem] {
    try cells.flatMap { try items(split, $0.domain, level: $0.level, count: perCell) }
  }

  /// The item at a place of an endless stream whose cells come by weight: cold-start data.
  public func item(_ split: TaskSplit, at index: Int) -> TaskItem {
    let key = KeyedStream.hash("cell \(split.rawValue)")
    var stream = KeyedStream(UInt64(bitPattern: Int64(options.seed)), key, UInt64(bitPattern: Int64(index)))
    var left = stream.unit() * cells.reduce(0) { $0 + $1.weight }
    let cell = cells.first { cell in
      left -= cell.weight
      return left < 0
    }
    let chosen = cell ?? cells[cells.count - 1]
    return item(split, chosen.domain, level: chosen.level, index: index)
  }

  /// The split an item belongs to, by its content alone.
  /// - Throws: `PrimerError.foreignItem`.
  public static func split(of item: TaskItem) throws -> TaskSplit {
    guard let query = PrimerQuery(item) else { throw PrimerError.foreignItem(id: item.id, prompt: item.prompt) }
    return split(of: query)
  }

  /// Seven tenths train, one validates, two test.
  static func split(of query: PrimerQuery) -> TaskSplit {
    switch KeyedStream.hash(query.content) % 10 {
    case 0, 1: .test
    case 2: .validation
    default: .train
    }
  }

  private static func draw(_ domain: Domain, level: Int, _ stream: inout KeyedStream) -> PrimerQuery {
    let rules = domain.primerRules
    let name = stream.pick(rules.names)
    let start = rules.start(&stream)
    var steps: [String] = []
    var state = start
    for table in tables(level: level) {
      let step = rules.step(table, from: state, &stream)
      steps.append(step)
      state = rules.next(state, step) ?? state
    }
    return PrimerQuery(domain: domain, name: name, start: start, steps: steps, options: rules.options)
  }

  private static func item(_ query: PrimerQuery, final: String, level: Int, id: String) -> TaskItem {
    let source = "primer/\(query.domain.rawValue)/\(level)"
    return TaskItem(
      id: "\(source)/\(id)", prompt: query.prompt, domain: query.domain, verifier: query.rules.verifier,
      reference: query.rules.reference(query, final: final), difficulty: difficulty(level: level), source: source,
      fields: JSONObject(query.rules.fields(query, final: final) + [("level", .int(level))]))
  }
}
