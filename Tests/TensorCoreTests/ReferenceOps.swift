import Foundation

@testable import TensorCore

/// The operations again in float64, as plainly as possible: what the kernels are tested against.
enum Reference {
  static func linear(_ x: [Double], _ w: [Double], _ b: [Double]?, k: Int) -> [Double] {
    let (t, n) = (x.count / k, w.count / k)
    var y = [Double](repeating: 0, count: t * n)
    for i in 0..<t {
      for j in 0..<n {
        var sum = b?[j] ?? 0
        for p in 0..<k { sum += x[i * k + p] * w[j * k + p] }
        y[i * n + j] = sum
      }
    }
    return y
  }

  static func rmsNorm(_ x: [Double], _ w: [Double], epsilon: Double) -> [Double] {
    let c = w.count
    var y = x
    for r in 0..<x.count / c {
      let square = (0..<c).reduce(0.0) { $0 + x[r * c + $1] * x[r * c + $1] }
      let inverse = 1 / (square / Double(c) + epsilon).squareRoot()
      for i in 0..<c { y[r * c + i] = x[r * c + i] * inverse * w[i] }
    }
    return y
  }

  static func rotary(_ x: [Double], positions: [Int32], heads: Int, dim: Int, theta: Double) -> [Double] {
    var y = x
    for (row, position) in positions.enumerated() {
      for head in 0..<heads {
        for i in 0..<dim / 2 {
          let angle = Double(position) * pow(theta, -2 * Double(i) / Double(dim))
          let a = row * heads * dim + head * dim + i
          let b = a + dim / 2
          y[a] = x[a] * cos(angle) - x[b] * sin(angle)
          y[b] = x[b] * cos(angle) + x[a] * sin(angle)
        }
      }
    }
    return y
  }

  static func swiGLU(_ g: [Double], _ u: [Double]) -> [Double] {
    zip(g, u).map { $0 / (1 + exp(-$0)) * $1 }
  }

  static func attention(
    _ q: [Double], _ k: [Double], _ v: [Double], rows: Int, segments: [AttentionSegment], dim: Int
  ) -> [Double] {
    let (qw, kw) = (q.count / rows, k.count / rows)
    let group = qw / kw
    var out = [Double](repeating: 0, count: q.count)
    for segment in segments {
      for row in segment.rows {
        let keys = Array(segment.prefix ?? 0..<0) + Array(segment.rows.lowerBound...row)
        for head in 0..<qw / dim {
          let qa = row * qw + head * dim
          let column = head / group * dim
          let scores = keys.map { key in
            (0..<dim).reduce(0.0) { $0 + q[qa + $1] * k[key * kw + column + $1] } / Double(dim).squareRoot()
          }
          let top = scores.max() ?? 0
          let weights = scores.map { exp($0 - top) }
          let total = weights.reduce(0, +)
          for (key, weight) in zip(keys, weights) {
            for i in 0..<dim { out[qa + i] += weight / total * v[key * kw + column + i] }
          }
        }
      }
    }
    return out
  }

  /// Log-probabilities of the targets, and entropies.
  static func logProbs(
    _ hidden: [Double], _ head: [Double], targets: [Int32], columns: Int, temperature: Double
  ) -> [[Double]] {
    let logits = linear(hidden, head, nil, k: columns).map { $0 / temperature }
    let v = head.count / columns
    var logProbs: [Double] = []
    var entropies: [Double] = []
    for (r, target) in targets.enumerated() {
      let z = logits[r * v..<(r + 1) * v]
      let top = z.max() ?? 0
      let lse = top + log(z.reduce(0) { $0 + exp($1 - top) })
      logProbs.append(z[r * v + Int(target)] - lse)
      entropies.append(-z.reduce(0) { $0 + exp($1 - lse) * ($1 - lse) })
    }
    return [logProbs, entropies]
  }
}
