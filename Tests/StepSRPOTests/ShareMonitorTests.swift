import Foundation
import LanguageModel
import Testing

@testable import StepSRPO

@Suite struct ShareMonitorTests {
  private let fixture = TrainerTests()

  private func limits(truncated: Double = 1, invalid: Double = 1, window: Int) -> LimitsSection {
    var limits = LimitsSection()
    (limits.truncated, limits.invalidFormats, limits.window) = (truncated, invalid, window)
    return limits
  }

  private func observe(
    _ monitor: inout ShareMonitor, _ step: Int, truncated: Double, invalid: Double = 0, _ limits: LimitsSection
  ) -> RunLimitError? {
    monitor.observe([.clippedRatio: truncated, .invalidRate: invalid], step: step, limits: limits)
  }

  @Test func sharesMustStandAboveTheLimitForAWindow() {
    let limits = limits(truncated: 0.5, window: 3)
    var monitor = ShareMonitor()
    for (place, share) in [0.4, 1, 0.1].enumerated() {
      #expect(observe(&monitor, place + 1, truncated: share, limits) == nil)
    }
    guard
      case .share(4, "truncated", "completions/clipped_ratio", let found, 0.5, 3)? = observe(
        &monitor, 4, truncated: 0.7, limits)
    else {
      Issue.record("no limit was crossed")
      return
    }
    #expect(abs(found - 0.6) < 1e-12)
    // Whoever goes on has seen it: the window begins anew.
    #expect(monitor == ShareMonitor())
    #expect(observe(&monitor, 5, truncated: 1, limits) == nil)
  }

  @Test func aLimitOfOneNeverStops() {
    var monitor = ShareMonitor()
    #expect(observe(&monitor, 1, truncated: 1, invalid: 1, limits(window: 1)) == nil && monitor == ShareMonitor())
  }

  @Test func aStoredMonitorGoesOn() throws {
    let limits = limits(invalid: 0.25, window: 4)
    var monitor = ShareMonitor()
    for step in 1...3 { #expect(observe(&monitor, step, truncated: 0, invalid: 0.5, limits) == nil) }
    monitor = try JSONDecoder().decode(ShareMonitor.self, from: JSONEncoder().encode(monitor))
    #expect(observe(&monitor, 4, truncated: 0, invalid: 0.5, limits) != nil)
  }

  /// A shorter window than the one before counts the newest steps only.
  @Test func theWindowMayChangeInBetween() {
    var monitor = ShareMonitor()
    for step in 1...5 { _ = observe(&monitor, step, truncated: step < 4 ? 1 : 0, limits(truncated: 0.9, window: 9)) }
    #expect(observe(&monitor, 6, truncated: 1, limits(truncated: 0.6, window: 2)) == nil)
    #expect(observe(&monitor, 7, truncated: 1, limits(truncated: 0.6, window: 2)) != nil)
  }

  /// Trains until the share of malformed responses ends it, stopping and resuming every `pause` steps.
  private func tripStep(_ configuration: RunConfiguration, pausingEvery pause: Int?, root: String) throws -> Int? {
    let keeper = FolderKeeper(root)
    var policy = try fixture.policy(configuration)
    var from: String?
    var step = 0
    while true {
      let recorder = Recorder(stopAfter: pause.map { step + $0 })
      let trainer = try fixture.trainer(configuration, policy, recorder, keeper: keeper, resuming: from)
      do {
        guard case .stopped(let at) = try trainer.train() else { return nil }
        step = at
        from = keeper.path(at)
        policy = try Policy(folder: keeper.path(at))
      } catch RunLimitError.share(let at, _, _, _, _, _) {
        return at
      }
    }
  }

  /// What a run remembers of its shares is in its checkpoints: one that is resumed every two steps ends where the whole
  /// one does, and the last step is watched as any other.
  @Test(arguments: [4, 6]) func aRunThatIsResumedOftenEndsAtTheSameStep(window: Int) throws {
    let root = NSTemporaryDirectory() + "shares-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    var configuration = fixture.configuration()
    (configuration.limits.window, configuration.limits.invalidFormats) = (window, 0)
    configuration.train.learningRate = 1e-9
    let whole = try tripStep(configuration, pausingEvery: nil, root: root + "/whole")
    #expect(whole == window, "some responses of such a policy are always malformed")
    #expect(try tripStep(configuration, pausingEvery: 2, root: root + "/parts") == whole)
    #expect(try tripStep(configuration, pausingEvery: 1, root: root + "/steps") == whole)
  }

  /// A checkpoint from before shares were remembered can be resumed.
  @Test func anOlderStateRemembersNone() throws {
    var state = TrainerState(sampler: QuerySampler(count: 3, seed: 1))
    state.step = 7
    var object = try #require(
      JSONSerialization.jsonObject(with: JSONEncoder().encode(state)) as? [String: Any])
    object["shares"] = nil
    let old = try JSONDecoder().decode(TrainerState.self, from: JSONSerialization.data(withJSONObject: object))
    #expect(old == state)
  }
}
