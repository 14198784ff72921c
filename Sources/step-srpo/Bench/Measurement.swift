import Foundation
import StepSRPO
import StrictJSON

/// What a workload did in its timed repetitions.
struct Measurement {
  /// rollout, train, step, load or verify.
  var workload: String
  /// Tokens of one repetition, checks for `verify`; nil where there are none.
  var tokens: Int?
  /// Floating-point operations of one repetition; nil where the work is no arithmetic.
  var operations: Double?
  /// Threads.
  var threads: Int
  /// Wall and processor seconds of each repetition.
  var laps: [(wall: Double, processor: Double)]

  /// The median wall time.
  var seconds: Double { Self.median(laps.map(\.wall)) }
  /// The median of processor seconds over all threads: what a repetition costs whoever else uses the machine.
  var processorSeconds: Double { Self.median(laps.map(\.processor)) }

  /// Does the work once to warm up, then `repetitions` times under the clock.
  static func laps(_ repetitions: Int, _ work: (_ repetition: Int) throws -> Void) rethrows -> [(
    wall: Double, processor: Double
  )] {
    try work(0)
    var laps: [(wall: Double, processor: Double)] = []
    for repetition in 1...max(1, repetitions) {
      let (wall, processor) = (seconds(of: CLOCK_MONOTONIC), seconds(of: CLOCK_PROCESS_CPUTIME_ID))
      try work(repetition)
      laps.append((seconds(of: CLOCK_MONOTONIC) - wall, seconds(of: CLOCK_PROCESS_CPUTIME_ID) - processor))
    }
    return laps
  }

  /// The one line of output.
  var json: JSON {
    func rate(_ amount: Double?) -> JSON { amount.map { .double($0 / max(seconds, 1e-9)) } ?? .null }
    return [
      "workload": .string(workload), "tokens": tokens.map { .int($0) } ?? .null, "seconds": .double(seconds),
      "tokens_per_s": rate(tokens.map(Double.init)), "gflops": rate(operations.map { $0 / 1e9 }),
      "threads": .int(threads), "peak_rss_bytes": Self.peakResidentBytes().map { .int($0) } ?? .null,
    ]
  }

  /// The most memory this process has had resident, in bytes, as the kernel counts it.
  static func peakResidentBytes() -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }.map { $0 * 1024 }
  }

  static func median(_ values: [Double]) -> Double { values.quantile(0.5) ?? 0 }

  private static func seconds(of clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
