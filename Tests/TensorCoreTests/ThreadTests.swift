import Foundation
import Synchronization
import Testing

@testable import TensorCore

struct ThreadTests {
  @Test("every chunk runs exactly once, also when loops nest or come from several threads at once")
  func chunks() {
    let pool = ThreadPool(threads: 4)
    for count in [0, 1, 2, 3, 100, 1000] {
      let runs = (0..<count).map { _ in Counter() }
      pool.parallelFor(count) { runs[$0].value.wrappingAdd(1, ordering: .relaxed) }
      #expect(runs.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
    }
    let nested = Counter()
    pool.parallelFor(10) { _ in
      pool.parallelFor(10) { _ in nested.value.wrappingAdd(1, ordering: .relaxed) }
    }
    #expect(nested.value.load(ordering: .relaxed) == 100)
    let shared = Counter()
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<200 { pool.parallelFor(7) { _ in shared.value.wrappingAdd(1, ordering: .relaxed) } }
    }
    #expect(shared.value.load(ordering: .relaxed) == 4 * 200 * 7)
    pool.stop()
    let after = Counter()
    pool.parallelFor(5) { _ in after.value.wrappingAdd(1, ordering: .relaxed) }
    #expect(after.value.load(ordering: .relaxed) == 5)
  }

  private final class Counter: Sendable { let value = Atomic<Int>(0) }

  @Test("a training step gives the same bits with 1, 2 and 4 threads")
  func threadCountDoesNotMatter() {
    var results: [[[Float]]] = []
    for threads in [1, 2, 4] {
      results.append(TinyModel.train(pool: ThreadPool(threads: threads), steps: 2))
    }
    #expect(results[0].count > 8)
    #expect(results[0].allSatisfy { $0.allSatisfy { $0.isFinite } })
    #expect(results[1] == results[0])
    #expect(results[2] == results[0])
  }
}

/// One transformer layer with every op, trained for some steps.
enum TinyModel {
  static func train(pool: ThreadPool, steps: Int) -> [[Float]] {
    let (width, dim, vocabulary, rows) = (32, 16, 40, 300)
    var parameters: [(name: String, tensor: Tensor)] = []
    func parameter(_ name: String, _ shape: [Int]) -> Tensor {
      var stream = RandomStream(seed: 5, purpose: .initialization, query: parameters.count)
      let tensor = Tensor(shape, requiresGrad: true)
      tensor.fillGaussian(&stream, deviation: 0.2)
      parameters.append((name, tensor))
      return tensor
    }
    let embedding = parameter("embedding", [vocabulary, width])
    let norm = parameter("norm", [width])
    let (q, k) = (parameter("q", [32, width]), parameter("k", [dim, width]))
    let (v, bias) = (parameter("v", [dim, width]), parameter("bias", [dim]))
    let (o, gate) = (parameter("o", [width, 32]), parameter("gate", [48, width]))
    let (up, down) = (parameter("up", [48, width]), parameter("down", [width, 48]))
    let ids = (0..<rows).map { Int32($0 * 7 % vocabulary) }
    let segments: [AttentionSegment] = [
      .init(rows: 0..<60), .init(rows: 60..<150, prefix: 0..<60), .init(rows: 150..<300),
    ]
    let table = RotaryTable(headDimension: dim, theta: 1000, positions: rows)
    let optimizer = AdamW(parameters: parameters, pool: pool)
    let seed = Tensor([rows], values: [Float](repeating: -1 / Float(rows), count: rows))
    var losses: [Float] = []
    for _ in 0..<steps {
      let tape = Tape(pool: pool)
      let positions = ids.indices.map { Int32($0) }
      let x = tape.embedding(embedding, ids)
      let h = tape.rmsNorm(x, norm, epsilon: 1e-5)
      let query = tape.rotary(tape.linear(h, q), positions: positions, table: table)
      let key = tape.rotary(tape.linear(h, k), positions: positions, table: table)
      let value = tape.linear(h, v, bias: bias)
      let mixed = tape.causalAttention(query, key, value, segments: segments, headDimension: dim)
      let y = tape.add(x, tape.linear(mixed, o))
      let z = tape.add(y, tape.linear(tape.swiGLU(tape.linear(y, gate), tape.linear(y, up)), down))
      let (logProb, entropy) = tape.tokenLogProbs(hidden: z, head: embedding, targets: ids, temperature: 0.9)
      losses.append(-logProb.values.reduce(0, +) / Float(rows))
      tape.backward([(logProb, seed), (entropy, seed)])
      optimizer.step(learningRate: 0.01)
      optimizer.zeroGrad()
    }
    return [losses] + parameters.map(\.tensor.values)
  }
}
