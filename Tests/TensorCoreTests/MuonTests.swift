import Foundation
import Testing

@testable import TensorCore

struct MuonTests {
  @Test(
    "a matrix is made orthogonal: its singular values near 1, its directions kept",
    arguments: [[6, 20], [20, 6], [16, 16]])
  func orthogonal(shape: [Int]) {
    let (rows, columns) = (shape[0], shape[1])
    // With known singular values: reflections on both sides of a diagonal.
    let values = (0..<min(rows, columns)).map { pow(0.6, Double($0)) }
    let (left, right) = (reflection(rows, seed: 1), reflection(columns, seed: 2))
    func product(_ middle: [Double]) -> [Double] {
      (0..<rows * columns).map { at in
        middle.indices.reduce(0) { $0 + left[at / columns][$1] * middle[$1] * right[$1][at % columns] }
      }
    }
    let matrix = Tensor(shape, values: product(values).map { Float($0 * 37) })
    let made = Orthogonalization.approximate(matrix).values.map { Double($0) }
    // In the bases of the reflections it is diagonal again.
    for i in 0..<rows {
      for j in 0..<columns {
        let entry = (0..<rows * columns).reduce(0) { sum, at in
          sum + left[at / columns][i] * made[at] * right[j][at % columns]
        }
        if i == j, i < values.count, values[i] > 0.002 {
          #expect((0.65...1.25).contains(entry), "singular value \(values[i]) became \(entry)")
        } else if i != j {
          #expect(abs(entry) < 1e-3)
        }
      }
    }
    #expect(Orthogonalization.approximate(Tensor(shape)).values.allSatisfy { $0 == 0 })
  }

  @Test("a round of the quintic is its formula in float64")
  func formula() {
    let x = Input([3, 5], seed: 7).values
    var want = x.map { $0 / x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    for _ in 0..<5 {
      func outer(_ a: [Double], _ b: [Double], _ m: Int, _ n: Int, _ k: Int) -> [Double] {
        (0..<m * n).map { at in (0..<k).reduce(0) { $0 + a[at / n * k + $1] * b[$1 * n + at % n] } }
      }
      let transposed = (0..<15).map { want[$0 % 3 * 5 + $0 / 3] }
      let a = outer(want, transposed, 3, 3, 5)
      let square = outer(a, a, 3, 3, 3)
      let change = outer((0..<9).map { -4.7750 * a[$0] + 2.0315 * square[$0] }, want, 3, 5, 3)
      want = (0..<15).map { 3.4445 * want[$0] + change[$0] }
    }
    let got = Orthogonalization.approximate(Tensor([3, 5], values: x.map { Float($0) })).values
    for (a, b) in zip(got, want) { #expect(abs(Double(a) - b) < 1e-4) }
  }

  @Test("matrices of hidden layers follow orthogonal momentum, all else AdamW; one norm clips both")
  func update() {
    let names = ["hidden", "table", "norm"]
    let shapes = [[3, 4], [3, 4], [4]]
    func parameters() -> [(name: String, tensor: Tensor)] {
      zip(names, shapes).enumerated().map { place, pair in
        let values = Input(pair.1, seed: UInt64(place)).values.map { Float($0) }
        return (pair.0, Tensor(pair.1, values: values, requiresGrad: true))
      }
    }
    let constants = AdamW.Configuration(weightDecay: 0.1, maximumNorm: 0.5)
    let (mixed, plain) = (parameters(), parameters())
    let muon = Muon(parameters: mixed, orthogonal: { $0 == "hidden" }, momentum: 0.9, configuration: constants)
    let adamW = AdamW(parameters: plain, configuration: constants)
    var hidden = mixed[0].tensor.values
    var moment = [Float](repeating: 0, count: 12)
    for step in 0..<3 {
      let gradients = shapes.enumerated().map { Input($1, seed: UInt64(10 * step + $0 + 50)).values.map { Float($0) } }
      for place in 0..<3 {
        mixed[place].tensor.setGrad(Tensor(shapes[place], values: gradients[place]))
        plain[place].tensor.setGrad(Tensor(shapes[place], values: gradients[place]))
      }
      let (outcome, other) = (muon.step(learningRate: 0.01), adamW.step(learningRate: 0.01))
      #expect(outcome == other && outcome.applied)
      let clip = Float(0.5 / outcome.gradientNorm)
      #expect(clip < 1)
      moment = zip(moment, gradients[0]).map { 0.9 * $0 + 0.1 * clip * $1 }
      let direction = zip(moment, gradients[0]).map { 0.9 * $0 + 0.1 * clip * $1 }
      let made = Orthogonalization.approximate(Tensor([3, 4], values: direction)).values
      hidden = zip(hidden, made).map { (1 - 0.01 * 0.1) * $0 - 0.01 * 0.2 * 2 * $1 }
    }
    for (got, want) in zip(mixed[0].tensor.values, hidden) { #expect(abs(got - want) < 1e-5) }
    #expect(mixed[1].tensor.values == plain[1].tensor.values && mixed[2].tensor.values == plain[2].tensor.values)
    #expect(mixed[0].tensor.values != plain[0].tensor.values)
  }

  @Test("a non-finite gradient anywhere changes nothing")
  func nonFinite() {
    let hidden = Tensor([2, 2], values: [1, 2, 3, 4], requiresGrad: true)
    let norm = Tensor([2], values: [1, 1], requiresGrad: true)
    let muon = Muon(parameters: [("h", hidden), ("n", norm)], orthogonal: { $0 == "h" })
    hidden.setGrad(Tensor([2, 2], values: [1, 1, 1, 1]))
    norm.setGrad(Tensor([2], values: [.infinity, 1]))
    let outcome = muon.step(learningRate: 1)
    #expect(!outcome.applied && muon.stepCount == 0)
    #expect(hidden.values == [1, 2, 3, 4] && norm.values == [1, 1])
  }

  @Test("an exported state continues bit for bit, on any number of threads; AdamW's is refused")
  func state() throws {
    let shapes = [[40, 24], [24, 40], [24]]
    func fresh(_ pool: ThreadPool) -> ([Tensor], Muon) {
      let tensors = shapes.enumerated().map { place, shape in
        Tensor(shape, values: Input(shape, seed: UInt64(place)).values.map { Float($0) }, requiresGrad: true)
      }
      let named = tensors.enumerated().map { (name: "w\($0)", tensor: $1) }
      return (tensors, Muon(parameters: named, orthogonal: { _ in true }, pool: pool))
    }
    func advance(_ tensors: [Tensor], _ optimizer: Muon, _ steps: Range<Int>) {
      for step in steps {
        for (place, tensor) in tensors.enumerated() {
          let gradient = Input(tensor.shape, seed: UInt64(100 * step + place)).values.map { Float($0) }
          tensor.setGrad(Tensor(tensor.shape, values: gradient))
        }
        optimizer.step(learningRate: 0.1)
      }
    }
    let (whole, wholeOptimizer) = fresh(.serial)
    advance(whole, wholeOptimizer, 0..<6)
    let (first, firstOptimizer) = fresh(ThreadPool(threads: 3))
    advance(first, firstOptimizer, 0..<3)
    let (second, secondOptimizer) = fresh(.shared)
    for (to, from) in zip(second, first) { to.copyElements(from: from) }
    let saved = Dictionary(uniqueKeysWithValues: firstOptimizer.state.map { ($0.name, $0.tensor.copy()) })
    #expect(saved.keys.sorted() == ["w0.momentum", "w1.momentum", "w2.m", "w2.v"])
    try secondOptimizer.restore(stepCount: firstOptimizer.stepCount) { saved[$0] }
    advance(second, secondOptimizer, 3..<6)
    #expect(second.map(\.values) == whole.map(\.values) && secondOptimizer.stepCount == 6)
    #expect(throws: OptimizerStateError.missing(name: "w0.momentum")) {
      try secondOptimizer.restore(stepCount: 1) { $0.hasSuffix("momentum") ? nil : saved[$0] }
    }
  }

  /// The rows of I - 2 v v^T / v^T v, an orthogonal matrix.
  private func reflection(_ size: Int, seed: UInt64) -> [[Double]] {
    let v = Input([size], seed: seed).values
    let square = v.reduce(0) { $0 + $1 * $1 }
    return (0..<size).map { i in (0..<size).map { (i == $0 ? 1 : 0) - 2 * v[i] * v[$0] / square } }
  }
}
