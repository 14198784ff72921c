import CKernels

/// What moves parameters along their gradients.
public protocol Optimizer: AnyObject {
  /// The parameters that are updated. Those without a gradient in a step stay as they are.
  var parameters: [(name: String, tensor: Tensor)] { get }
  /// The number of steps done.
  var stepCount: Int { get }
  /// The norm of all gradients together.
  func gradientNorm() -> Double
  /// Updates the parameters from their gradients (which stay).
  @discardableResult
  func step(learningRate: Double) -> OptimizerOutcome
  /// What a resume needs beside the parameters, by name, in the order of the parameters. Not copied.
  var state: [(name: String, tensor: Tensor)] { get }
  /// Restores an exported state.
  ///
  /// - Throws: ``OptimizerStateError`` naming the tensor that is missing or has another size; nothing is changed then.
  func restore(stepCount: Int, tensor: (String) throws -> Tensor?) throws
}

extension Optimizer {
  /// Forgets all gradients.
  public func zeroGrad() {
    for (_, tensor) in parameters { tensor.zeroGrad() }
  }

  /// Copies what `tensor` has saved under the names of `state` into it.
  func restoreState(_ tensor: (String) throws -> Tensor?) throws {
    let restored = try state.map { name, current in
      guard let saved = try tensor(name) else { throw OptimizerStateError.missing(name: name) }
      guard saved.count == current.count else {
        throw OptimizerStateError.wrongSize(name: name, found: saved.shape, expected: current.shape)
      }
      return saved
    }
    for (saved, (_, current)) in zip(restored, state) { current.copyElements(from: saved) }
  }
}

/// What a step did.
public struct OptimizerOutcome: Sendable, Equatable {
  /// The norm of all gradients together before clipping.
  public let gradientNorm: Double
  /// False when the norm was not finite: the parameters and the state are then untouched.
  public let applied: Bool
}

/// Why an optimizer's state could not be restored.
public enum OptimizerStateError: Error, Equatable, CustomStringConvertible {
  /// A tensor is not there.
  case missing(name: String)
  /// A tensor has another shape than the parameter.
  case wrongSize(name: String, found: [Int], expected: [Int])

  /// What was found and what was expected.
  public var description: String {
    switch self {
    case .missing(let name):
      "the optimizer state has no tensor \"\(name)\": it belongs to another model or another optimizer; start a new run "
        + "instead"
    case .wrongSize(let name, let found, let expected):
      "the optimizer state \"\(name)\" has shape \(found), expected \(expected): it belongs to another model"
    }
  }
}

/// Parameters with gradients, cut into pieces for the threads: by their sizes only, so that sums come out the same
/// whatever their number.
struct ParameterPieces {
  let parameters: [(name: String, tensor: Tensor)]
  let pieces: [(parameter: Int, range: Range<Int>)]

  init(_ parameters: [(name: String, tensor: Tensor)]) {
    self.parameters = parameters
    var pieces: [(parameter: Int, range: Range<Int>)] = []
    for (index, (_, tensor)) in parameters.enumerated() where tensor.grad != nil {
      for start in stride(from: 0, to: tensor.count, by: 32_768) {
        pieces.append((index, start..<min(tensor.count, start + 32_768)))
      }
    }
    self.pieces = pieces
  }

  /// The norm of all gradients together.
  func gradientNorm(_ pool: ThreadPool) -> Double {
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
}

/// The factor that brings a gradient of this norm down to `maximum`; 1 for one that is not longer.
func clipFactor(norm: Double, maximum: Float?) -> Float {
  maximum.map { norm > Double($0) ? Float(Double($0) / norm) : 1 } ?? 1
}
