import CKernels

/// Muon (Jordan et al., 2024): the matrices of hidden layers follow their momentum made orthogonal, which moves every
/// direction of a matrix alike; all other parameters follow AdamW.
///
///     M <- mu M + (1 - mu) G        U = mu M + (1 - mu) G      (Nesterov)
///     W <- (1 - rate decay) W - rate 0.2 sqrt(max(rows, columns)) orthogonal(U)
///
/// The factor gives an update the root mean square of AdamW's, so that one learning rate and one weight decay serve both
/// (Liu et al., 2025, arXiv 2502.16982). It keeps one moment of a matrix where AdamW keeps two.
public final class Muon: Optimizer {
  /// See ``Optimizer/parameters``.
  public let parameters: [(name: String, tensor: Tensor)]
  /// See ``Optimizer/stepCount``.
  public var stepCount: Int { others.stepCount }

  private let matrices: [(name: String, tensor: Tensor)]
  private let moments: [Tensor]
  private let others: AdamW
  private let momentum: Float
  private let pool: ThreadPool

  /// An optimizer with zero state.
  ///
  /// - Parameters:
  ///   - orthogonal: whether the parameter of a name is the matrix of a hidden layer. Embeddings and heads are not:
  ///     their rows are the units that learn.
  ///   - momentum: mu.
  ///   - configuration: AdamW's constants; weight decay and the largest norm are everybody's.
  public init(
    parameters: [(name: String, tensor: Tensor)], orthogonal: (String) -> Bool, momentum: Float = 0.95,
    configuration: AdamW.Configuration = AdamW.Configuration(), pool: ThreadPool = .shared
  ) {
    self.parameters = parameters
    self.momentum = momentum
    self.pool = pool
    matrices = parameters.filter { $0.tensor.shape.count == 2 && orthogonal($0.name) }
    moments = matrices.map { Tensor($0.tensor.shape) }
    let names = Set(matrices.map(\.name))
    others = AdamW(parameters: parameters.filter { !names.contains($0.name) }, configuration: configuration, pool: pool)
  }

  /// See ``Optimizer/gradientNorm()``.
  public func gradientNorm() -> Double { ParameterPieces(parameters).gradientNorm(pool) }

  /// See ``Optimizer/step(learningRate:)``.
  @discardableResult
  public func step(learningRate: Double) -> OptimizerOutcome {
    let norm = gradientNorm()
    guard norm.isFinite else { return OptimizerOutcome(gradientNorm: norm, applied: false) }
    let clip = clipFactor(norm: norm, maximum: others.configuration.maximumNorm)
    // A matrix is one thread's work from end to end: no number depends on how many there are.
    pool.parallelFor(matrices.count) { update($0, learningRate: Float(learningRate), clip: clip) }
    others.apply(learningRate: learningRate, clip: clip)
    return OptimizerOutcome(gradientNorm: norm, applied: true)
  }

  private func update(_ index: Int, learningRate: Float, clip: Float) {
    let weight = matrices[index].tensor
    guard let gradient = weight.grad else { return }
    let (w, g, m) = (weight.data, gradient.data, moments[index].data)
    let direction = Tensor(weight.shape, zeroed: false)
    let d = direction.data
    let fresh = (1 - momentum) * clip
    for i in 0..<weight.count {
      m[i] = momentum * m[i] + fresh * g[i]
      d[i] = momentum * m[i] + fresh * g[i]
    }
    let step = Orthogonalization.approximate(direction, pool: .serial)
    let s = step.data
    let keep = 1 - learningRate * others.configuration.weightDecay
    let size = learningRate * 0.2 * Float(max(weight.rows, weight.columns)).squareRoot()
    for i in 0..<weight.count { w[i] = keep * w[i] - size * s[i] }
  }

  /// The momentum of the matrices, named `NAME.momentum`, and AdamW's state of the others.
  public var state: [(name: String, tensor: Tensor)] {
    zip(matrices, moments).map { ("\($0.name).momentum", $1) } + others.state
  }

  /// See ``Optimizer/restore(stepCount:tensor:)``.
  public func restore(stepCount: Int, tensor: (String) throws -> Tensor?) throws {
    try restoreState(tensor)
    others.adopt(stepCount: stepCount)
  }
}
