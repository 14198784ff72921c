import Dispatch
import StrictJSON
import Synchronization
import Verifiers

/// Mathematical answers against references: what a rollout's score costs.
struct MathBench {
  /// How much to do; `batch` is the number of checks.
  let size: BenchSize

  /// A mixture of what models write: integers, fractions, decimals, roots, expressions, right and wrong.
  static func request(_ index: Int) -> VerifyRequest {
    let n = index / 6 + 2
    let (prediction, reference): (String, String) =
      switch index % 6 {
      case 0: ("So the answer is \\boxed{\(n)}.", "\(n)")
      case 1: ("\\boxed{\\frac{\(n)}{\(2 * n)}}", "0.5")
      case 2: ("Therefore $x = \\boxed{\(n).25}$", "\\frac{\(4 * n + 1)}{4}")
      case 3: ("\\boxed{\(n)\\sqrt{2}}", "\\sqrt{\(2 * n * n)}")
      case 4: ("\\boxed{(x+\(n))^2}", "x^2+\(2 * n)x+\(n * n)")
      default: ("It must be \(n + 1).", "\(n)")
      }
    return VerifyRequest(id: "\(index)", response: prediction, reference: .string(reference))
  }

  /// Checks the whole batch, its slices shared among the threads.
  func run() throws -> Measurement {
    let requests = (0..<size.batch).map(Self.request)
    let verifier = MathVerifier()
    let failure = Mutex<VerifierFailure?>(nil)
    let slice = 64
    let laps = Measurement.laps(size.repetitions) { _ in
      let next = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: size.threads) { _ in
        while true {
          let start = next.wrappingAdd(slice, ordering: .relaxed).oldValue
          guard start < requests.count else { return }
          let verdicts = verifier.verify(Array(requests[start..<min(requests.count, start + slice)]))
          if let failed = verdicts.lazy.compactMap(\.failure).first { failure.withLock { $0 = failed } }
        }
      }
    }
    // A verifier that fails fast must not look fast.
    if let failed = failure.withLock({ $0 }) { throw failed }
    return Measurement(workload: "verify", tokens: size.batch, operations: nil, threads: size.threads, laps: laps)
  }
}
