import Foundation

/// Forms of a Kullback-Leibler term between the policy and a reference, and where each may stand.
///
/// With d = log pi - log ref on a sampled token: k1 = d, k2 = d^2 / 2, k3 = e^-d - 1 + d (Schulman). As *values* all
/// three estimate KL(pi || ref). As *losses* they differ: the expected gradient of k1 is 0; k3's is that of the forward
/// KL(ref || pi); k2's and rho k3's are that of KL(pi || ref), which is what one wants. **[peer]**, verified in
/// `KLFormTests` on the vector pi = (.4,.3,.2,.1), ref = (.1,.2,.3,.4).
public enum KLForm: String, Sendable, ConfigurationChoice {
  /// No term and no reference policy.
  case none
  /// -beta sum of d, in the reward of the sequence: k1 where it belongs.
  case k1InReward = "k1-reward"
  /// beta d^2 / 2 in the loss.
  case k2
  /// beta k3 in the loss, outside the clip: what GRPO writes. Its gradient is the forward KL's.
  case k3
  /// beta rho k3 in the loss, the ratio differentiated too.
  case weightedK3 = "rho-k3"

  /// Whether the term stands in the loss.
  public var isInLoss: Bool { self == .k2 || self == .k3 || self == .weightedK3 }

  /// Value and derivative by log pi of the term on one token.
  ///
  /// - Parameters:
  ///   - difference: d = log pi - log ref.
  ///   - ratio: rho = pi / pi_old.
  func term(difference d: Double, ratio: Double) -> (value: Double, derivative: Double) {
    switch self {
    case .none, .k1InReward: (0, 0)
    case .k2: (d * d / 2, d)
    case .k3: (Self.k3(d), 1 - exp(-d))
    // d/dlog pi of rho k3 is rho k3 + rho (1 - e^-d) = rho d.
    case .weightedK3: (ratio * Self.k3(d), ratio * d)
    }
  }

  /// k3 of d = log pi - log ref for a token drawn from pi; never negative.
  static func k3(_ d: Double) -> Double { exp(-d) - 1 + d }
}
