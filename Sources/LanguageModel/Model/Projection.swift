import TensorCore

/// One linear layer as a forward pass sees it: weight, bias, and the adapter's update where there is one.
struct Projection {
  let weight: WeightMatrix
  var bias: Tensor?
  var update: LowRankUpdate?

  /// x[T,in] -> [T,out]
  func callAsFunction(_ x: Tensor, _ tape: Tape) -> Tensor {
    tape.linear(x, weight, bias: bias, update: update)
  }

  /// The weight where it is a float32 tensor.
  var parameter: Tensor? {
    guard case .f32(let tensor) = weight else { return nil }
    return tensor
  }

  /// The weight with its update in float32: the tensor itself where there is nothing to add or to widen.
  var merged: Tensor { update?.merged(into: weight.float32) ?? weight.float32 }
}
