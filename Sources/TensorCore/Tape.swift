import CKernels

/// Records operations and runs them backward.
///
/// Every operation is a method (in the files under `Ops`), its forward and backward side by side. One tape belongs to
/// one thread; two tapes that run at once must not share parameters that require gradients.
public final class Tape {
  /// Whether operations are recorded; false for evaluation.
  public let recording: Bool
  /// The threads that operations use.
  public let pool: ThreadPool

  private struct Node {
    let outputs: [Tensor]
    let backward: () -> Void
  }
  private var nodes: [Node] = []

  /// A tape; with `recording: false` operations only compute and keep nothing.
  public init(recording: Bool = true, pool: ThreadPool = .shared) {
    self.recording = recording
    self.pool = pool
  }

  /// The number of recorded operations.
  public var count: Int { nodes.count }

  /// Whether an operation on these inputs has to be recorded.
  func needsRecord(_ inputs: Tensor...) -> Bool { recording && inputs.contains { $0.requiresGrad } }

  /// Records an operation. `backward` runs only when one of the outputs has received a gradient.
  func record(_ outputs: Tensor..., backward: @escaping () -> Void) {
    for output in outputs { output.requiresGrad = true }
    nodes.append(Node(outputs: outputs, backward: backward))
  }

  /// Propagates gradients from several outputs at once and empties the tape.
  ///
  /// Each seed is an output with the gradient of the objective with respect to it (same number of elements).
  /// Gradients of tensors that no recorded operation made (parameters) are added to what they hold; those of
  /// intermediate results are released on the way.
  public func backward(_ seeds: [(Tensor, Tensor)]) {
    for (output, upstream) in seeds {
      precondition(output.count == upstream.count, "a seed of \(upstream.count) values for \(output.shape)")
      guard output.requiresGrad else { continue }
      let (slot, holdsValues) = output.gradientSlot()
      ck_scale(1, upstream.data, slot.data, slot.count, holdsValues ? 1 : 0)
    }
    while let node = nodes.popLast() {
      guard node.outputs.contains(where: { $0.grad != nil }) else { continue }
      node.backward()
      for output in node.outputs { output.zeroGrad() }
    }
  }

  /// Propagates the gradient 1 from a scalar.
  public func backward(_ scalar: Tensor) {
    precondition(scalar.count == 1, "backward without a seed needs a scalar, not \(scalar.shape)")
    backward([(scalar, Tensor(scalar.shape, values: [1]))])
  }

  /// Runs `body` without keeping its intermediate results and runs it again in the backward pass.
  ///
  /// Trades one more forward pass for the memory of the activations inside. The result is bit for bit the same.
  /// `inputs` are the tensors that `body` reads and that may require gradients, parameters included.
  public func recomputing(_ inputs: [Tensor], _ body: @escaping (Tape) -> Tensor) -> Tensor {
    guard recording, inputs.contains(where: { $0.requiresGrad }) else { return body(self) }
    let output = body(Tape(recording: false, pool: pool))
    let pool = self.pool
    record(output) { [unowned output] in
      guard let upstream = output.grad else { return }
      let inner = Tape(pool: pool)
      let again = body(inner)
      inner.backward([(again, upstream)])
    }
    return output
  }

  /// Cuts `count` elements into chunks of about `grain` for the pool.
  func forEachChunk(of count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    let step = max(1, grain)
    pool.parallelFor((count + step - 1) / step) { chunk in
      body(chunk * step..<min(count, (chunk + 1) * step))
    }
  }
}
