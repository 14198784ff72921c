import AutoThink
import Foundation

/// Sees a mode collapse coming: always-think or never-think, whatever the query. **[ours]**
///
/// Over a window of steps every difficulty leans to a mode: the one its gate is pushed to (the sign of
/// `mode/advantage_gap`) or, without pressure, the one it is in. When all lean to the same mode, and for some the
/// evidence says otherwise or there is none, nothing holds the gate back any more, although the think-on rate may not
/// have moved yet. Where thinking pays (or does not pay) everywhere, all leaning one way is learning, not collapse.
public struct CollapseMonitor: Codable, Sendable, Equatable {
  /// A collapse ahead.
  public struct Alarm: Sendable, Equatable {
    /// The mode all difficulties lean to.
    public var mode: ThinkMode
    /// Mean pressure on the gate over the window: advantage for think-on minus for think-off.
    public var pressure: Double
    /// Mean probability of think-on over the window.
    public var thinkOn: Double
    /// The difficulties that lean against their evidence, or without any.
    public var against: [String]
    /// Steps of the window.
    public var window: Int

    /// What is seen and what it means.
    public var text: String {
      let name = mode == .on ? "always-think" : "never-think"
      return
        "mode collapse ahead (\(name)): over the last \(window) steps every difficulty leans to think-\(mode.rawValue) "
        + "(pressure \(String(format: "%+.3f", pressure)), pi(think_on) \(String(format: "%.2f", thinkOn))), "
        + "without or against the evidence at \(against.joined(separator: ", ")). "
        + "See mode/advantage_gap and mode/accuracy_on, mode/accuracy_off by difficulty"
    }
  }

  /// Sums of one step and difficulty.
  struct Cell: Codable, Sendable, Equatable {
    var gap = QuerySampler.Tally()
    var thinkOn = QuerySampler.Tally()
    /// Groups in which some response was right and thinking was worth its price, or was not.
    var betterOn = 0
    var betterOff = 0
  }

  private var steps: [[String: Cell]] = []
  private var standing: String?

  /// Pressures below this are none.
  private static let still = 0.02
  /// The mean pressure from which an alarm is worth raising.
  private static let loud = 0.05

  /// A monitor that has seen nothing.
  public init() {}

  /// Takes a step in; returns an alarm when one begins, once for as long as it lasts.
  ///
  /// - Parameter price: the run's price of thinking, in accuracy, by which it judges evidence.
  mutating func observe(_ groups: [JudgedGroup], price: Double, window: Int) -> Alarm? {
    var cells: [String: Cell] = [:]
    for group in groups { cells[group.group.item.difficultyLabel, default: Cell()].add(group, price: price) }
    steps.append(cells)
    if steps.count > window { steps.removeFirst(steps.count - window) }
    guard steps.count == window else { return nil }
    let alarm = self.alarm
    defer { standing = alarm?.mode.rawValue }
    return alarm?.mode.rawValue == standing ? nil : alarm
  }

  /// What the window shows now.
  private var alarm: Alarm? {
    let cells = steps.reduce(into: [String: Cell]()) { sum, step in
      for (name, cell) in step { sum[name, default: Cell()].merge(cell) }
    }
    let leans = cells.compactMapValues(Self.lean)
    guard let mode = leans.values.first, leans.values.allSatisfy({ $0 == mode }),
      let pressure = Self.mean(cells.values.map(\.gap)), let thinkOn = Self.mean(cells.values.map(\.thinkOn)),
      mode == .on ? pressure > Self.loud : pressure < -Self.loud
    else { return nil }
    let against = leans.keys.filter { cells[$0].map { $0.contradicts(mode) } ?? false }
    guard !against.isEmpty else { return nil }
    return Alarm(
      mode: mode, pressure: pressure, thinkOn: thinkOn,
      against: against.sorted { ($0.count, $0) < ($1.count, $1) }, window: steps.count)
  }

  private static func lean(_ cell: Cell) -> ThinkMode? {
    if let gap = cell.gap.mean, abs(gap) > still { return gap > 0 ? .on : .off }
    return cell.thinkOn.mean.map { $0 > 0.5 ? .on : .off }
  }

  private static func mean(_ tallies: [QuerySampler.Tally]) -> Double? {
    let count = tallies.reduce(0) { $0 + $1.count }
    // In a fixed order: dictionaries have none, and sums of floating-point numbers depend on it.
    return count > 0 ? tallies.map(\.sum).sorted().reduce(0, +) / Double(count) : nil
  }
}

extension CollapseMonitor.Cell {
  mutating func add(_ group: JudgedGroup, price: Double) {
    if let pressure = group.advantageGap {
      gap.sum += pressure
      gap.count += 1
    }
    for probability in group.group.rollouts.compactMap(\.thinkOnProbability) {
      thinkOn.sum += probability
      thinkOn.count += 1
    }
    let evidence = group.result.evidence
    guard let on = evidence.accuracyOn, let off = evidence.accuracyOff, max(on, off) > 0 else { return }
    if on > off + price { betterOn += 1 } else { betterOff += 1 }
  }

  mutating func merge(_ other: Self) {
    gap.sum += other.gap.sum
    gap.count += other.gap.count
    thinkOn.sum += other.thinkOn.sum
    thinkOn.count += other.thinkOn.count
    betterOn += other.betterOn
    betterOff += other.betterOff
  }

  /// Whether the evidence is for the other mode, or there is none at all.
  func contradicts(_ mode: ThinkMode) -> Bool {
    if betterOn + betterOff == 0 { return gap.count > 0 }
    return mode == .on ? betterOff > betterOn : betterOn > betterOff
  }
}

extension JudgedGroup {
  /// Mean gate advantage of think-on minus that of think-off; nil unless the group has both.
  var advantageGap: Double? {
    func mean(_ mode: ThinkMode) -> Double? {
      group.rollouts.indices.filter { group.rollouts[$0].response.mode == mode }
        .map { result.advantages[$0].gate }.meanIfAny
    }
    guard let on = mean(.on), let off = mean(.off) else { return nil }
    return on - off
  }
}
