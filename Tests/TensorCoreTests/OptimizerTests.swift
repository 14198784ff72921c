import Foundation
import Testing

@testable import TensorCore

struct OptimizerTests {
  @Test("AdamW follows its formula in float64: moments, bias correction, decay on matrices only, clipping")
  func formula() {
    let configuration = AdamW.Configuration(
      beta1: 0.8, beta2: 0.9, epsilon: 1e-6, weightDecay: 0.1, maximumNorm: 0.5)
    for shape in [[3, 7], [21]] {
      let parameter = Tensor(shape, values: Input(shape, seed: 1).values.map { Float($0) }, requiresGrad: true)
      var p = parameter.values.map { Double($0) }
      var (m, v) = ([Double](repeating: 0, count: 21), [Double](repeating: 0, count: 21))
      let optimizer = AdamW(parameters: [("w", parameter)], configuration: configuration)
      for step in 1...5 {
        let gradient = Input(shape, seed: UInt64(10 + step), deviation: step == 3 ? 0.01 : 1).values
        parameter.setGrad(Tensor(shape, values: gradient.map { Float($0) }))
        let outcome = optimizer.step(learningRate: 0.02)
        let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(abs(outcome.gradientNorm - norm) < 1e-5 && outcome.applied)
        let clip = norm > 0.5 ? 0.5 / norm : 1
        for i in 0..<21 {
          let g = gradient[i] * clip
          m[i] = 0.8 * m[i] + 0.2 * g
          v[i] = 0.9 * v[i] + 0.1 * g * g
          let mHat = m[i] / (1 - pow(0.8, Double(step)))
          let vHat = v[i] / (1 - pow(0.9, Double(step)))
          let decay = shape.count == 2 ? 0.1 : 0
          p[i] -= 0.02 * (mHat / (vHat.squareRoot() + 1e-6) + decay * p[i])
        }
      }
      for (got, want) in zip(parameter.values, p) { #expect(abs(Double(got) - want) < 1e-5) }
    }
  }

  @Test("a non-finite gradient changes nothing and is reported")
  func nonFinite() {
    let parameter = Tensor([2, 2], values: [1, 2, 3, 4], requiresGrad: true)
    let optimizer = AdamW(parameters: [("w", parameter)])
    parameter.setGrad(Tensor([2, 2], values: [0, .nan, 1, 1]))
    let outcome = optimizer.step(learningRate: 1)
    #expect(!outcome.applied && !outcome.gradientNorm.isFinite)
    #expect(parameter.values == [1, 2, 3, 4] && optimizer.stepCount == 0)
  }

  @Test("an exported state continues bit for bit; a foreign one is refused")
  func state() throws {
    func fresh() -> (Tensor, AdamW) {
      let parameter = Tensor([2, 3], values: [1, 2, 3, 4, 5, 6], requiresGrad: true)
      return (parameter, AdamW(parameters: [("w", parameter)]))
    }
    func advance(_ parameter: Tensor, _ optimizer: AdamW, _ steps: Range<Int>) {
      for step in steps {
        parameter.setGrad(Tensor([2, 3], values: Input([2, 3], seed: UInt64(step)).values.map { Float($0) }))
        optimizer.step(learningRate: 0.1)
      }
    }
    let (whole, wholeOptimizer) = fresh()
    advance(whole, wholeOptimizer, 0..<6)
    let (first, firstOptimizer) = fresh()
    advance(first, firstOptimizer, 0..<3)
    let (second, secondOptimizer) = fresh()
    second.copyElements(from: first)
    let saved = Dictionary(uniqueKeysWithValues: firstOptimizer.state.map { ($0.name, $0.tensor.copy()) })
    try secondOptimizer.restore(stepCount: firstOptimizer.stepCount) { saved[$0] }
    advance(second, secondOptimizer, 3..<6)
    #expect(second.values == whole.values)
    #expect(throws: OptimizerStateError.missing(name: "w.m")) { try secondOptimizer.restore(stepCount: 1) { _ in nil } }
    #expect(throws: OptimizerStateError.wrongSize(name: "w.m", found: [5], expected: [2, 3])) {
      try secondOptimizer.restore(stepCount: 1) { _ in Tensor([5]) }
    }
  }

  @Test("schedules: warm-up, constant, linear, cosine, ends")
  func schedules() {
    let cosine = LearningRateSchedule(.cosine, peak: 1, warmupSteps: 4, totalSteps: 14, finalFraction: 0.1)
    #expect(cosine.rate(at: 0) == 0.25 && cosine.rate(at: 3) == 1 && cosine.rate(at: 4) == 1)
    #expect(abs(cosine.rate(at: 9) - 0.55) < 1e-12 && abs(cosine.rate(at: 14) - 0.1) < 1e-12)
    #expect(abs(cosine.rate(at: 1000) - 0.1) < 1e-12)
    let linear = LearningRateSchedule(.linear, peak: 2, totalSteps: 10)
    #expect(linear.rate(at: 0) == 2 && linear.rate(at: 5) == 1 && linear.rate(at: 10) == 0)
    #expect(LearningRateSchedule(peak: 3).rate(at: 99) == 3)
  }
}
