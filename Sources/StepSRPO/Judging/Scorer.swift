import Dispatch
import Foundation
import StrictJSON
import Synchronization
import Tasks
import Verifiers

/// A request for one verdict.
public struct ScoringRequest: Sendable {
  /// The verifier's name.
  public var verifier: String
  /// What it is asked.
  public var request: VerifyRequest

  /// A request.
  public init(verifier: String, request: VerifyRequest) {
    self.verifier = verifier
    self.request = request
  }

  /// The request that scores `answer` as a response to `item`.
  public init(item: TaskItem, answer: String, id: String) {
    self.init(
      verifier: item.verifier,
      request: VerifyRequest(
        id: id, prompt: item.prompt, response: answer, reference: item.reference, fields: item.fields))
  }
}

/// What one verifier did in one scoring pass.
public struct VerifierUsage: Sendable, Equatable {
  /// Scores given, in the order of the requests.
  public var scores: [Double] = []
  /// Requests.
  public var requests = 0
  /// Failures of any kind.
  public var failures = 0
  /// Failures for want of time.
  public var timeouts = 0
  /// Seconds of each request; the time of a batch is shared evenly.
  public var seconds: [Double] = []
  /// The first failure, as evidence.
  public var firstFailure: String?
}

/// Runs verifiers over many requests on a few threads. Verdicts come back in the order of the requests, whatever the
/// number of threads.
public struct Scorer: Sendable {
  private let registry: VerifierRegistry
  private let workers: Int
  /// Small enough to keep all threads busy to the end, large enough that a verifier can batch.
  private static let batchSize = 8

  /// A scorer over the verifiers of `registry` on `workers` threads.
  public init(registry: VerifierRegistry, workers: Int) {
    self.registry = registry
    self.workers = max(1, workers)
  }

  /// One verdict per request, in order, and what each verifier did.
  /// - Throws: `VerifierFailure` (`unavailable`) for a name the registry lacks.
  public func callAsFunction(
    _ requests: [ScoringRequest]
  ) throws -> (verdicts: [Verdict], usage: [String: VerifierUsage]) {
    let batches = try batches(of: requests)
    let results = Mutex([(verdicts: [Verdict], seconds: Double)?](repeating: nil, count: batches.count))
    let nextBatch = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: min(workers, max(1, batches.count))) { _ in
      while true {
        let index = nextBatch.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < batches.count else { return }
        let (verifier, members) = batches[index]
        let start = DispatchTime.now().uptimeNanoseconds
        let verdicts = Self.checked(verifier.verify(members.map { requests[$0].request }), of: verifier, members.count)
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
        results.withLock { $0[index] = (verdicts, seconds) }
      }
    }
    var verdicts = [Verdict](repeating: .abstain(reason: ""), count: requests.count)
    var usage: [String: VerifierUsage] = [:]
    for ((verifier, members), result) in zip(batches, results.withLock { $0 }) {
      guard let result else { continue }
      for (member, verdict) in zip(members, result.verdicts) {
        verdicts[member] = verdict
        usage[verifier.name, default: VerifierUsage()].add(verdict, result.seconds / Double(members.count))
      }
    }
    return (verdicts, usage)
  }

  private func batches(of requests: [ScoringRequest]) throws -> [(verifier: any Verifier, members: [Int])] {
    var batches: [(verifier: any Verifier, members: [Int])] = []
    for (name, members) in Dictionary(grouping: requests.indices, by: { requests[$0].verifier }).sorted(by: {
      $0.key < $1.key
    }) {
      let verifier = try registry.verifier(named: name)
      for start in stride(from: 0, to: members.count, by: Self.batchSize) {
        batches.append((verifier, Array(members[start..<min(start + Self.batchSize, members.count)])))
      }
    }
    return batches
  }

  /// A verifier that breaks its contract is a failed verifier, not a crash and not a score.
  private static func checked(_ verdicts: [Verdict], of verifier: any Verifier, _ expected: Int) -> [Verdict] {
    guard verdicts.count == expected else {
      let message = "\(verifier.name) returned \(verdicts.count) verdicts for \(expected) requests"
      return Array(repeating: .failed(VerifierFailure(.badReply, message)), count: expected)
    }
    return verdicts.map { verdict in
      guard case .score(let score, _) = verdict, !(0...1).contains(score) else { return verdict }
      return .failed(VerifierFailure(.badReply, "\(verifier.name) returned the score \(score), expected 0...1"))
    }
  }
}

extension VerifierUsage {
  fileprivate mutating func add(_ verdict: Verdict, _ time: Double) {
    requests += 1
    seconds.append(time)
    switch verdict {
    case .score(let score, _): scores.append(score)
    case .abstain: break
    case .failed(let failure):
      failures += 1
      timeouts += failure.kind == .timeout ? 1 : 0
      if firstFailure == nil { firstFailure = failure.description }
    }
  }
}
