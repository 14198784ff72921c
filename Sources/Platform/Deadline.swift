/// A moment by which something must have happened, on the monotonic clock: setting the machine's clock neither brings
/// it nearer nor puts it off.
public struct Deadline: Sendable {
  private let instant: ContinuousClock.Instant

  /// The moment `seconds` from now; less than 0 is now, and more than thirty years are thirty.
  public init(after seconds: Double) {
    // Also what is no number at all is now.
    instant = .now + .seconds(seconds > 0 ? min(seconds, 1e9) : 0)
  }

  /// The seconds that are left, 0 once it has passed.
  public var secondsLeft: Double { max(0, (instant - .now) / .seconds(1)) }

  /// Whether it has passed.
  public var hasPassed: Bool { ContinuousClock.now >= instant }
}

/// How long something takes, on the monotonic clock.
public struct Stopwatch: Sendable {
  private let start = ContinuousClock.now

  /// Starts the watch.
  public init() {}

  /// The seconds since it was started.
  public var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
}
