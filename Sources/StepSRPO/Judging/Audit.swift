import StrictJSON
import Tasks
import TensorCore
import Verifiers

/// A second, stricter verifier that reads a sample of what was rewarded. It is never trained on: what it says changes no
/// outcome and no gradient, so a policy that has found a way to be paid cannot find a way around it. **[ours]**
public struct Audit: Sendable, Equatable {
  /// The verifier's name; empty where only rows name one, in their column `audit`.
  public var verifier: String
  /// The share of rewarded responses that are read, 0...1.
  public var share: Double

  /// An audit.
  public init(verifier: String = "", share: Double = 1) {
    self.verifier = verifier
    self.share = share
  }

  /// What a run's configuration says.
  public init(_ section: VerificationSection) { self.init(verifier: section.audit, share: section.auditShare) }

  /// From this score on a response counts as rewarded, and as accepted by the audit.
  static let threshold = 0.5

  /// Who audits the responses to `item`: the row's own word, else the run's; nil for nobody, and where it would be the
  /// verifier itself.
  public func verifier(of item: TaskItem) -> String? {
    let name = item.fields["audit"]?.string ?? verifier
    return name.isEmpty || name == item.verifier ? nil : name
  }

  /// What the verdict on a response to `item` gives its auditor to read; nil where the response was not rewarded or there is
  /// no auditor.
  func request(_ verdict: Verdict?, on answer: String, to item: TaskItem, id: String) -> ScoringRequest? {
    guard let score = verdict?.score, score >= Self.threshold, let name = verifier(of: item) else { return nil }
    var request = ScoringRequest(item: item, answer: answer, id: id)
    request.verifier = name
    return request
  }

  /// Whether a rollout is in the sample: a function of its coordinates alone.
  func reads(seed: UInt64, step: Int, query: Int, sample: Int) -> Bool {
    guard share < 1 else { return true }
    var stream = RandomStream(seed: seed, purpose: .audit, step: step, query: query, sample: sample)
    return stream.nextUniform() < share
  }

  /// The share of read responses that the auditor refuses; nil where it has read none.
  ///
  /// - Parameter pairs: what verifier and auditor said of each response.
  public static func disagreement(_ pairs: [(verdict: Verdict?, audit: Verdict?)]) -> Double? {
    pairs.compactMap { verdict, audit -> Double? in
      guard let score = verdict?.score, score >= threshold, let audited = audit?.score else { return nil }
      return audited < threshold ? 1 : 0
    }.meanIfAny
  }
}

extension RandomPurpose {
  /// Which rewarded rollouts an audit reads.
  static let audit: RandomPurpose = "audit"
}
