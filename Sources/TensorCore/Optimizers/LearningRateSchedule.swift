import Foundation

/// The learning rate as a function of the step.
public struct LearningRateSchedule: Sendable, Equatable {
  /// How the rate moves after the warm-up.
  public enum Shape: String, Sendable, CaseIterable {
    /// Stays at the peak.
    case constant
    /// Falls along a line towards the final rate, which the step after the last one would have.
    case linear
    /// Falls along half a cosine towards the final rate, which the step after the last one would have.
    case cosine
  }

  /// How the rate moves after the warm-up.
  public var shape: Shape
  /// The rate at the end of the warm-up.
  public var peak: Double
  /// Steps during which the rate climbs in a line; step 0 already gets peak / warmupSteps.
  public var warmupSteps: Int
  /// The number of steps of the run.
  public var totalSteps: Int
  /// The rate after `totalSteps` steps as a fraction of the peak; the last step, `totalSteps - 1`, stands just above
  /// it.
  public var finalFraction: Double

  /// A schedule; `totalSteps` does not matter for the constant shape.
  public init(
    _ shape: Shape = .constant, peak: Double, warmupSteps: Int = 0, totalSteps: Int = 0, finalFraction: Double = 0
  ) {
    self.shape = shape
    self.peak = peak
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
    self.finalFraction = finalFraction
  }

  /// The rate of `step`, counted from 0.
  public func rate(at step: Int) -> Double {
    if step < warmupSteps { return peak * Double(step + 1) / Double(warmupSteps) }
    let span = Double(max(1, totalSteps - warmupSteps))
    let progress = min(1, max(0, Double(step - warmupSteps) / span))
    switch shape {
    case .constant: return peak
    case .linear: return peak * (1 - (1 - finalFraction) * progress)
    case .cosine: return peak * (finalFraction + (1 - finalFraction) * (1 + cos(.pi * progress)) / 2)
    }
  }
}
