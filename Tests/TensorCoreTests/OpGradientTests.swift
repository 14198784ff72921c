import Testing

@testable import TensorCore

struct OpGradientTests {
  @Test("linear with and without bias")
  func linear() {
    for (t, k, n) in [(1, 3, 2), (5, 17, 9), (20, 33, 37)] {
      let inputs = [Input([t, k], seed: 1), Input([n, k], seed: 2), Input([n], seed: 3)]
      checkGradient("linear \(t) \(k) \(n)", inputs: inputs) {
        [Reference.linear($0[0], $0[1], $0[2], k: k)]
      } operation: {
        [$0.linear($1[0], $1[1], bias: $1[2])]
      }
      checkGradient("linear without bias", inputs: Array(inputs.prefix(2))) {
        [Reference.linear($0[0], $0[1], nil, k: k)]
      } operation: {
        [$0.linear($1[0], $1[1])]
      }
    }
  }

  @Test("embedding and gather, with repeated rows")
  func embedding() {
    let ids: [Int32] = [3, 0, 3, 3, 1]
    checkGradient("embedding", inputs: [Input([5, 70], seed: 4)]) { values in
      [ids.flatMap { values[0][Int($0) * 70..<Int($0) * 70 + 70] }]
    } operation: {
      [$0.embedding($1[0], ids)]
    }
  }

  @Test("rmsNorm over rows and over heads")
  func rmsNorm() {
    for (rows, heads, width) in [(3, 1, 5), (4, 1, 48), (3, 2, 20)] {
      let inputs = [Input([rows, heads * width], seed: 5), Input([width], seed: 6)]
      checkGradient("rmsNorm \(heads) x \(width)", inputs: inputs) {
        [Reference.rmsNorm($0[0], $0[1], epsilon: 1e-3)]
      } operation: {
        [$0.rmsNorm($1[0], $1[1], epsilon: 1e-3)]
      }
    }
  }

  @Test("rotary, halves rotated, any positions")
  func rotary() {
    for dim in [6, 32, 40] {
      let positions: [Int32] = [0, 7, 3]
      let table = RotaryTable(headDimension: dim, theta: 100, positions: 8)
      checkGradient("rotary \(dim)", inputs: [Input([3, 2 * dim], seed: 7)]) {
        [Reference.rotary($0[0], positions: positions, heads: 2, dim: dim, theta: 100)]
      } operation: {
        [$0.rotary($1[0], positions: positions, table: table)]
      }
    }
  }

  @Test("swiGLU, sum, add, scale, multiply")
  func elementwise() {
    let inputs = [Input([3, 19], seed: 8, deviation: 3), Input([3, 19], seed: 9)]
    checkGradient("swiGLU", inputs: inputs) {
      [Reference.swiGLU($0[0], $0[1])]
    } operation: {
      [$0.swiGLU($1[0], $1[1])]
    }
    checkGradient("add, scale, multiply", inputs: inputs) { values in
      [zip(values[0], values[1]).map { ($0 + $1) * -1.5 * $0 }]
    } operation: { tape, x in
      [tape.multiply(tape.scale(tape.add(x[0], x[1]), -1.5), x[0])]
    }
    checkGradient("add of one tensor to itself", inputs: [inputs[0]]) { values in
      [values[0].map { $0 * 2 }]
    } operation: { tape, x in
      [tape.add(x[0], x[0])]
    }
    checkGradient("sum", inputs: [inputs[0]]) {
      [[$0[0].reduce(0, +)]]
    } operation: {
      [$0.sum($1[0])]
    }
  }

  @Test("causal attention: packed, grouped, with shared prefixes")
  func attention() {
    let cases: [(segments: [AttentionSegment], rows: Int, q: Int, k: Int, dim: Int)] = [
      ([.init(rows: 0..<6)], 6, 1, 1, 4),
      ([.init(rows: 0..<3), .init(rows: 3..<9)], 9, 4, 2, 6),
      ([.init(rows: 0..<4), .init(rows: 4..<7, prefix: 0..<4), .init(rows: 7..<12, prefix: 0..<4)], 12, 2, 1, 16),
      ([.init(rows: 5..<8, prefix: 0..<3), .init(rows: 0..<3), .init(rows: 8..<9, prefix: 1..<3)], 10, 2, 2, 8),
    ]
    for (segments, rows, q, k, dim) in cases {
      let inputs = [
        Input([rows, q * dim], seed: 10), Input([rows, k * dim], seed: 11), Input([rows, k * dim], seed: 12),
      ]
      checkGradient("attention \(segments)", inputs: inputs) {
        [Reference.attention($0[0], $0[1], $0[2], rows: rows, segments: segments, dim: dim)]
      } operation: {
        [$0.causalAttention($1[0], $1[1], $1[2], segments: segments, headDimension: dim)]
      }
    }
  }

  @Test("tokenLogProbs: log-probability and entropy, any temperature")
  func tokenLogProbs() {
    for (rows, columns, vocabulary, temperature) in [(1, 3, 2, 1.0), (7, 12, 37, 0.7), (3, 4, 16, 2.0)] {
      let targets = (0..<rows).map { Int32($0 * 5 % vocabulary) }
      let inputs = [Input([rows, columns], seed: 13), Input([vocabulary, columns], seed: 14)]
      checkGradient("tokenLogProbs", inputs: inputs) {
        Reference.logProbs($0[0], $0[1], targets: targets, columns: columns, temperature: temperature)
      } operation: {
        let (logProb, entropy) = $0.tokenLogProbs(
          hidden: $1[0], head: $1[1], targets: targets, temperature: Float(temperature))
        return [logProb, entropy]
      }
    }
  }

  @Test("a block of several operations, kept and recomputed, gives the same bits")
  func recomputing() {
    let x = Input([6, 16], seed: 20)
    let w = Input([16, 16], seed: 21)
    var gradients: [[Float]] = []
    for recompute in [false, true] {
      let input = Tensor(x.shape, values: x.values.map { Float($0) }, requiresGrad: true)
      let weight = Tensor(w.shape, values: w.values.map { Float($0) }, requiresGrad: true)
      let tape = Tape()
      func block(_ tape: Tape) -> Tensor {
        let hidden = tape.linear(input, weight)
        return tape.add(tape.swiGLU(hidden, input), input)
      }
      let output = recompute ? tape.recomputing([input, weight], block) : block(tape)
      tape.backward(tape.sum(output))
      gradients.append((input.grad?.values ?? []) + (weight.grad?.values ?? []))
    }
    #expect(gradients[0].count == 6 * 16 + 16 * 16)
    #expect(gradients[0] == gradients[1])
  }

  @Test("nothing is recorded for frozen inputs or an evaluation tape")
  func recordsOnlyWhatIsNeeded() {
    let x = Tensor([2, 3], values: [1, 2, 3, 4, 5, 6])
    let w = Tensor([3, 3], values: [Float](repeating: 0.5, count: 9), requiresGrad: true)
    let frozen = Tape()
    _ = frozen.add(x, x)
    #expect(frozen.count == 0)
    let evaluation = Tape(recording: false)
    #expect(!evaluation.linear(x, w).requiresGrad)
    #expect(evaluation.count == 0)
  }
}
