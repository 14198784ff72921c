import CKernels

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019) and clipping by the global norm.
public final class AdamW: Optimizer {
  /// The constants of the method.
  public struct Configuration: Sendable, Equatable {
    /// Decay of the mean of gradients.
    public var beta1: Float
    /// Decay of the mean of squared gradients.
    public var beta2: Float
    /// Added to the root of the mean square.
    public var epsilon: Float
    /// Weight decay, applied to matrices only: norms and biases keep their size.
    public var weightDecay: Float
    /// The largest norm that the gradient of all parameters together may have; nil to leave it.
    public var maximumNorm: Float?

    /// The constants, with the usual values.
    public init(
      beta1: Float = 0.9, beta2: Float = 0.95, epsilon: Float = 1e-8, weightDecay: Float = 0, maximumNorm: Float? = 1
    ) {
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.maximumNorm = maximumNorm
    }
  }

  /// The constants; may be changed between steps.
  public var configuration: Configuration
  /// See ``Optimizer/parameters``.
  public let parameters: [(name: String, tensor: Tensor)]
  /// See ``Optimizer/stepCount``.
  public private(set) var stepCount = 0

  private var first: [Tensor]
  private var second: [Tensor]
  private let pool: ThreadPool

  /// An optimizer with zero state.
  public init(
    parameters: [(name: String, tensor: Tensor)], configuration: Configuration = Configuration(),
    pool: ThreadPool = .shared
  ) {
    self.parameters = parameters
    self.configuration = configuration
    self.pool = pool
    first = parameters.map { Tensor($0.tensor.shape) }
    second = parameters.map { Tensor($0.tensor.shape) }
  }

  /// See ``Optimizer/gradientNorm()``.
  public func gradientNorm() -> Double { ParameterPieces(parameters).gradientNorm(pool) }

  /// See ``Optimizer/step(learningRate:)``.
  @discardableResult
  public func step(learningRate: Double) -> OptimizerOutcome {
    let norm = gradientNorm()
    guard norm.isFinite else { return OptimizerOutcome(gradientNorm: norm, applied: false) }
    apply(learningRate: learningRate, clip: clipFactor(norm: norm, maximum: configuration.maximumNorm))
    return OptimizerOutcome(gradientNorm: norm, applied: true)
  }

  /// Updates the parameters from their gradients times `clip`.
  func apply(learningRate: Double, clip: Float) {
    stepCount += 1
    let c = configuration
    let correction1 = Float(1 / (1 - Self.power(Double(c.beta1), stepCount)))
    let correction2 = Float(1 / (1 - Self.power(Double(c.beta2), stepCount)))
    let pieces = ParameterPieces(parameters).pieces
    pool.parallelFor(pieces.count) { index in
      let (parameter, range) = pieces[index]
      let tensor = parameters[parameter].tensor
      guard let gradient = tensor.grad else { return }
      let at = range.lowerBound
      ck_adamw(
        tensor.data + at, gradient.data + at, first[parameter].data + at, second[parameter].data + at, range.count,
        Float(learningRate), c.beta1, c.beta2, c.epsilon, tensor.shape.count >= 2 ? c.weightDecay : 0, correction1,
        correction2, clip)
    }
  }

  /// The mean and mean-square tensors, named `NAME.m` and `NAME.v`.
  public var state: [(name: String, tensor: Tensor)] {
    parameters.indices.flatMap { index in
      [("\(parameters[index].name).m", first[index]), ("\(parameters[index].name).v", second[index])]
    }
  }

  /// See ``Optimizer/restore(stepCount:tensor:)``.
  public func restore(stepCount: Int, tensor: (String) throws -> Tensor?) throws {
    try restoreState(tensor)
    adopt(stepCount: stepCount)
  }

  /// Takes over a count of steps.
  func adopt(stepCount: Int) { self.stepCount = max(0, stepCount) }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}
