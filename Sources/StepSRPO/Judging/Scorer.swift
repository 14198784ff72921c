import Dispatch
import Foundation
import StrictJSON
import Synchronization
import Tasks
import Verifiers

/// A request for one verdict.
public struct ScoringRequest: Sendable {
  /// The verifier's name, or a weighted list of them as text; see `VerifierChoice`.
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

/// What one verifier did in one scoring pass. The parts of a weighted list are counted apart.
public struct VerifierUsage: Sendable, Equatable {
  /// Scores given, in the order of the requests.
  public var scores: [Double] = []
  /// Requests.
  public var requests = 0
  /// Failures of any kind.
  public var failures = 0
  /// Failures for want of time.
  public var timeouts = 0
  /// Requests of rows in which the verifier's weight is over 0; elsewhere it is a metric only.
  public var weightedRequests = 0
  /// Failures among these: the ones that leave a row without its verdict.
  public var weightedFailures = 0
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
  /// - Throws: `VerifierFailure`: `unavailable` for a name the registry lacks, `badRequest` for a list that is none.
  public func callAsFunction(
    _ requests: [ScoringRequest]
  ) throws -> (verdicts: [Verdict], usage: [String: VerifierUsage]) {
    let choices = try choices(of: requests)
    let batches = try batches(of: requests, choices)
    let results = Mutex([(verdicts: [Verdict], seconds: Double)?](repeating: nil, count: batches.count))
    let nextBatch = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: min(workers, max(1, batches.count))) { _ in
      while true {
        let index = nextBatch.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < batches.count else { return }
        let (verifier, members) = batches[index]
        let start = DispatchTime.now().uptimeNanoseconds
        let asked = members.map { requests[$0.request].request }
        let verdicts = Self.checked(verifier.verify(asked), of: verifier, members.count)
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
        results.withLock { $0[index] = (verdicts, seconds) }
      }
    }
    var answers = requests.indices.map { i in
      [Verdict](repeating: .abstain(reason: ""), count: choices[requests[i].verifier]?.parts.count ?? 0)
    }
    var usage: [String: VerifierUsage] = [:]
    for ((verifier, members), result) in zip(batches, results.withLock { $0 }) {
      guard let result else { continue }
      for (member, verdict) in zip(members, result.verdicts) {
        answers[member.request][member.part] = verdict
        usage[verifier.name, default: VerifierUsage()].add(
          verdict, seconds: result.seconds / Double(members.count), isWeighted: member.isWeighted)
      }
    }
    let verdicts = requests.indices.map { i in
      choices[requests[i].verifier]?.verdict(from: answers[i]) ?? .abstain(reason: "")
    }
    return (verdicts, usage)
  }

  /// One request to one part of its row's choice.
  private struct Member {
    let request: Int
    let part: Int
    let isWeighted: Bool
  }

  private func choices(of requests: [ScoringRequest]) throws -> [String: VerifierChoice] {
    var choices: [String: VerifierChoice] = [:]
    for request in requests where choices[request.verifier] == nil {
      choices[request.verifier] = try VerifierChoice(text: request.verifier)
    }
    return choices
  }

  private func batches(
    of requests: [ScoringRequest], _ choices: [String: VerifierChoice]
  ) throws -> [(verifier: any Verifier, members: [Member])] {
    var members: [String: [Member]] = [:]
    for (i, request) in requests.enumerated() {
      for (p, part) in (choices[request.verifier]?.parts ?? []).enumerated() {
        members[part.name, default: []].append(Member(request: i, part: p, isWeighted: part.weight > 0))
      }
    }
    var batches: [(verifier: any Verifier, members: [Member])] = []
    for (name, members) in members.sorted(by: { $0.key < $1.key }) {
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
  fileprivate mutating func add(_ verdict: Verdict, seconds time: Double, isWeighted: Bool) {
    requests += 1
    weightedRequests += isWeighted ? 1 : 0
    seconds.append(time)
    switch verdict {
    case .score(let score, _): scores.append(score)
    case .abstain: break
    case .failed(let failure):
      failures += 1
      weightedFailures += isWeighted ? 1 : 0
      timeouts += failure.kind == .timeout ? 1 : 0
      if firstFailure == nil { firstFailure = failure.description }
    }
  }
}
