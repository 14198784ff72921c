import CKernels

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019) and clipping by the global norm.
public final class AdamW {
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

  /// What a step did.
  public struct Outcome: Sendable, Equatable {
    /// The norm of all gradients together before clipping.
    public let gradientNorm: Double
    /// False when the norm was not finite: the parameters and the state are then untouched.
    public let applied: Bool
  }

  /// The constants; may be changed between steps.
  public var configuration: Configuration
  /// The parameters that are updated. Those without a gradient in a step stay as they are.
  public let parameters: [(name: String, tensor: Tensor)]
  /// The number of steps done.
  public private(set) var stepCount = 0

  private var first: [Tensor]
  private var second: [Tensor]
  private let pool: ThreadPool

  /// An optimiser with zero state.
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

  /// Forgets all gradients.
  public func zeroGrad() {
    for (_, tensor) in parameters { tensor.zeroGrad() }
  }

  /// The norm of all gradients together.
  public func gradientNorm() -> Double {
    let pieces = self.pieces
    let sums = Tensor([2 * max(1, pieces.count)], zeroed: false)
    let partial = UnsafeMutableRawPointer(sums.data).assumingMemoryBound(to: Double.self)
    pool.parallelFor(pieces.count) { index in
      let piece = pieces[index]
      guard let gradient = parameters[piece.parameter].tensor.grad else { return }
      partial[index] = ck_sum_squares(gradient.data + piece.range.lowerBound, piece.range.count)
    }
    var total = 0.0
    for index in pieces.indices { total += partial[index] }
    return total.squareRoot()
  }

  /// Updates the parameters from their gradients (which stay).
  @discardableResult
  public func step(learningRate: Double) -> Outcome {
    let norm = gradientNorm()
    guard norm.isFinite else { return Outcome(gradientNorm: norm, applied: false) }
    stepCount += 1
    let c = configuration
    let clip = c.maximumNorm.map { norm > Double($0) ? Float(Double($0) / norm) : 1 } ?? 1
    let correction1 = Float(1 / (1 - Self.power(Double(c.beta1), stepCount)))
    let correction2 = Float(1 / (1 - Self.power(Double(c.beta2), stepCount)))
    let pieces = self.pieces
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
    return Outcome(gradientNorm: norm, applied: true)
  }

  /// The mean and mean-square tensors, named `NAME.m` and `NAME.v`, in the order of the parameters. Not copied.
  public var state: [(name: String, tensor: Tensor)] {
    parameters.indices.flatMap { index in
      [("\(parameters[index].name).m", first[index]), ("\(parameters[index].name).v", second[index])]
    }
  }

  /// Restores an exported state.
  ///
  /// - Throws: ``AdamWStateError`` naming the tensor that is missing or has another size; nothing is changed then.
  public func restore(stepCount: Int, tensor: (String) throws -> Tensor?) throws {
    var restored: [Tensor] = []
    for (name, current) in state {
      guard let saved = try tensor(name) else { throw AdamWStateError.missing(name: name) }
      guard saved.count == current.count else {
        throw AdamWStateError.wrongSize(name: name, found: saved.shape, expected: current.shape)
      }
      restored.append(saved)
    }
    for (saved, (_, current)) in zip(restored, state) { current.copyElements(from: saved) }
    self.stepCount = max(0, stepCount)
  }

  /// Parameters with gradients, cut into pieces for the threads.
  private var pieces: [(parameter: Int, range: Range<Int>)] {
    var pieces: [(parameter: Int, range: Range<Int>)] = []
    for (index, (_, tensor)) in parameters.enumerated() where tensor.grad != nil {
      for start in stride(from: 0, to: tensor.count, by: 32_768) {
        pieces.append((index, start..<min(tensor.count, start + 32_768)))
      }
    }
    return pieces
  }

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

/// Why an optimiser's state could not be restored.
public enum AdamWStateError: Error, Equatable, CustomStringConvertible {
  /// A tensor is not there.
  case missing(name: String)
  /// A tensor has another shape than the parameter.
  case wrongSize(name: String, found: [Int], expected: [Int])

  /// What was found and what was expected.
  public var description: String {
    switch self {
    case .missing(let name):
      "the optimizer state has no tensor \"\(name)\": it belongs to another model; start a new run instead"
    case .wrongSize(let name, let found, let expected):
      "the optimizer state \"\(name)\" has shape \(found), expected \(expected): it belongs to another model"
    }
  }
}
