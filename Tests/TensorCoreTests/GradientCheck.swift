import Testing

@testable import TensorCore

/// One input of an operation under test: its shape and its elements in double.
struct Input {
  let shape: [Int]
  let values: [Double]

  /// Normal numbers, as float32 holds them.
  init(_ shape: [Int], seed: UInt64, deviation: Double = 1) {
    self.shape = shape
    var stream = RandomStream(seed: seed, purpose: "test input")
    values = (0..<shape.reduce(1, *)).map { _ in Double(Float(stream.nextGaussian() * deviation)) }
  }
}

/// Compares an operation with a float64 reference: its outputs, and its gradients with central differences of the
/// reference, for the objective sum(output * fixed random numbers).
func checkGradient(
  _ name: String, inputs: [Input], tolerance: Double = 2e-5,
  reference: ([[Double]]) -> [[Double]], operation: (Tape, [Tensor]) -> [Tensor],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let tensors = inputs.map { Tensor($0.shape, values: $0.values.map { Float($0) }, requiresGrad: true) }
  let tape = Tape()
  let outputs = operation(tape, tensors)
  let expected = reference(inputs.map(\.values))
  var upstream: [[Double]] = []
  for (index, (output, expected)) in zip(outputs, expected).enumerated() {
    #expect(output.count == expected.count, "\(name)", sourceLocation: sourceLocation)
    let scale = expected.map { abs($0) }.max() ?? 1
    for (i, (got, want)) in zip(output.values, expected).enumerated()
    where abs(Double(got) - want) > tolerance * (1 + scale) {
      Issue.record("\(name): output \(index)[\(i)] is \(got), expected \(want)", sourceLocation: sourceLocation)
    }
    upstream.append(Input(output.shape, seed: 77 + UInt64(index)).values)
  }
  // Twice, with half the seed each: a second pass must add to the gradients of the first.
  tape.backward(zip(outputs, upstream).map { ($0, Tensor($0.shape, values: $1.map { Float($0) * 0.5 })) })
  #expect(tape.count == 0)
  let second = Tape()
  let again = operation(second, tensors)
  second.backward(zip(again, upstream).map { ($0, Tensor($0.shape, values: $1.map { Float($0) * 0.5 })) })

  func objective(_ values: [[Double]]) -> Double {
    zip(reference(values), upstream).reduce(0) { $0 + zip($1.0, $1.1).reduce(0) { $0 + $1.0 * $1.1 } }
  }
  let h = 1e-5
  for (index, tensor) in tensors.enumerated() {
    guard let gradient = tensor.grad?.values else {
      Issue.record("\(name): input \(index) has no gradient", sourceLocation: sourceLocation)
      continue
    }
    var values = inputs.map(\.values)
    let numeric = values[index].indices.map { i -> Double in
      let middle = values[index][i]
      values[index][i] = middle + h
      let high = objective(values)
      values[index][i] = middle - h
      let low = objective(values)
      values[index][i] = middle
      return (high - low) / (2 * h)
    }
    let scale = numeric.map { abs($0) }.max() ?? 1
    for (i, (got, want)) in zip(gradient, numeric).enumerated()
    where !(abs(Double(got) - want) <= tolerance * (1 + scale)) {
      Issue.record(
        "\(name): gradient \(index)[\(i)] is \(got), central difference \(want)", sourceLocation: sourceLocation)
    }
  }
}
