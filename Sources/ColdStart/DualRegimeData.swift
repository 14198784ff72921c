import AutoThink
import StepSRPO
import StrictJSON
import Tasks
import TensorCore

/// Cold-start data in both regimes: think-on and think-off traces of a built-in suite's oracle.
///
/// The mode of a trace is the one its user asks for. Where nobody does, it is drawn by the level's share of think-on, the
/// mode prior of the report's starting point (about 90 % on overall); a small share of queries gets a random mode, 1 % in
/// the report. Beside them stand traces as in the report's stage 1, whose think-off mode is given from outside: answering
/// at once is learnt apart from choosing it.
public struct DualRegimeData: Sendable {
  private let suite: any TaskSuite
  private let options: ColdStartSection
  private let seed: UInt64

  /// Data from the training split of a suite.
  public init(suite: any TaskSuite, options: ColdStartSection, seed: Int) {
    self.suite = suite
    self.options = options
    self.seed = UInt64(seed)
  }

  /// The demonstrations of a step, counted from 1.
  public func batch(step: Int) -> [Demonstration] {
    (0..<options.batchSize).compactMap { demonstration(at: (step - 1) * options.batchSize + $0) }
  }

  /// The demonstration at a place of the endless stream.
  func demonstration(at index: Int) -> Demonstration? {
    let item = suite.item(.train, at: index)
    let stream = RandomStream(seed: seed, purpose: .coldStartMode, query: index)
    let level = max(item.fields["level"]?.int ?? 1, 1)
    let givenOff = options.givenOffShare(of: item.domain)
    let given = item.mode == nil && level <= givenOff.count && stream.uniform(at: 3) < givenOff[level - 1]
    let share =
      stream.uniform(at: 0) < options.randomModeShare
      ? 0.5 : options.thinkOnShare[min(level, options.thinkOnShare.count) - 1]
    let mode = item.mode ?? (given || stream.uniform(at: 1) >= share ? .off : .on)
    // The oracle knows every item of its suite; a foreign one cannot occur here.
    guard let response = try? suite.trace(item, mode: mode, variation: Int(stream.bits(at: 2) >> 2)) else {
      return nil
    }
    return Demonstration(item: item, response: response, modeIsGiven: given)
  }
}

extension RandomPurpose {
  /// The mode and wording of a cold-start trace.
  public static let coldStartMode: RandomPurpose = "cold-start mode"
}
