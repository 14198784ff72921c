import Foundation

/// How a checkpoint stretched its rotary frequencies beyond the context it was first trained on.
public enum RopeScaling: Sendable, Equatable {
  /// Plain frequencies.
  case none
  /// Positions divided by `factor`.
  case linear(factor: Double)
  /// Llama 3.1: long wavelengths divided by `factor`, short ones kept, a ramp between.
  case llama3(factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double, originalMaxPositions: Int)
}

extension ModelConfiguration {
  /// Angle per position of each rotated pair, `headDimension / 2` values, largest first.
  ///
  /// Formulas as in the published model code (peer): `theta^(-2i/d)`, then the scaling.
  public var rotaryFrequencies: [Double] {
    (0..<headDimension / 2).map { i in
      let frequency = pow(ropeTheta, -2 * Double(i) / Double(headDimension))
      switch ropeScaling {
      case .none: return frequency
      case .linear(let factor): return frequency / factor
      case .llama3(let factor, let low, let high, let original):
        let wavelength = 2 * Double.pi / frequency
        if wavelength > Double(original) / low { return frequency / factor }
        if wavelength < Double(original) / high { return frequency }
        let smooth = (Double(original) / wavelength - low) / (high - low)
        return (1 - smooth) * frequency / factor + smooth * frequency
      }
    }
  }
}
