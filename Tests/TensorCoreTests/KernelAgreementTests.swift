import CKernels
import Foundation
import Testing

@testable import TensorCore

/// The fast kernels against the plain ones, for every instruction set that this processor has. The instruction set is
/// chosen for the test's own thread, so everything here runs on that thread.
struct KernelAgreementTests {
  static var levels: [Int32] { Array(0...ck_best_level()) }

  private func atEachLevel(_ body: (Int32) -> Void) {
    for level in Self.levels {
      ck_use_level_on_this_thread(level)
      body(level)
    }
    ck_use_level_on_this_thread(-1)
  }

  private func expectClose(_ got: [Float], _ want: [Float], _ tolerance: Float, _ name: String) {
    #expect(got.count == want.count)
    let worst = zip(got, want).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= tolerance, "\(name): differs by \(worst)")
    #expect(got.allSatisfy { $0.isFinite }, "\(name)")
  }

  private func random(_ shape: [Int], _ seed: UInt64) -> Tensor {
    Tensor(shape, values: Input(shape, seed: seed).values.map { Float($0) })
  }

  @Test("our products agree with OpenBLAS for odd shapes, plain and accumulating")
  func products() {
    let shapes = [(1, 1, 1), (5, 7, 3), (13, 33, 29), (25, 64, 300), (100, 31, 40), (3, 70, 0), (130, 97, 5)]
    atEachLevel { level in
      for (m, n, k) in shapes {
        for (transA, transB) in [(false, false), (false, true), (true, false)] {
          for accumulate in [false, true] {
            let (a, b) = (random([m, k], 1), random([k, n], 2))
            let (own, blas) = (random([m, n], 3), random([m, n], 3))
            let (lda, ldb) = (transA ? m : max(1, k), transB ? max(1, k) : n)
            if transA {
              Matmul.columns(
                m: m, n: n, k: k, a.data, lda: lda, b.data, ldb: ldb, own.data, ldc: n, accumulate: accumulate,
                pool: .serial)
            } else {
              Matmul.rows(
                transB: transB, m: m, n: n, k: k, a.data, lda: lda, b.data, ldb: ldb, own.data, ldc: n,
                accumulate: accumulate, pool: .serial)
            }
            Matmul.openBLAS(
              transA: transA, transB: transB, m: m, n: n, k: k, a.data, lda: lda, b.data, ldb: ldb, blas.data, ldc: n,
              accumulate: accumulate)
            expectClose(own.values, blas.values, 1e-4, "level \(level) \(m) x \(n) x \(k) \(transA) \(transB)")
          }
        }
      }
    }
  }

  @Test("a product summed over slices of k agrees with OpenBLAS")
  func slices() {
    let (m, n, k) = (5, 6, 2500)
    let (a, b, own, blas) = (random([k, m], 1), random([k, n], 2), random([m, n], 3), random([m, n], 3))
    Matmul.columns(
      m: m, n: n, k: k, a.data, lda: m, b.data, ldb: n, own.data, ldc: n, accumulate: true, pool: .serial)
    Matmul.openBLAS(
      transA: true, transB: false, m: m, n: n, k: k, a.data, lda: m, b.data, ldb: n, blas.data, ldc: n,
      accumulate: true)
    expectClose(own.values, blas.values, 5e-4, "slices")
  }

  @Test("a row of a packed product does not depend on the other rows, bit for bit")
  func batchInvariance() {
    atEachLevel { level in
      for (n, k) in [(70, 33), (32, 600), (129, 16)] {
        let (weight, x) = (random([n, k], 4), random([30, k], 5))
        let packed = PackedMatrix(weight, pool: .serial)
        let whole = Tensor([30, n])
        packed.multiply(x.data, rows: 30, into: whole.data)
        for (first, rows) in [(0, 1), (7, 2), (11, 3), (3, 4), (20, 5), (1, 8), (0, 13), (2, 28)] {
          let part = Tensor([rows, n])
          packed.multiply(x.data + first * k, rows: rows, into: part.data)
          #expect(part.values == Array(whole.values[first * n..<(first + rows) * n]), "level \(level) rows \(rows)")
        }
        // Weights of 16 bits: the product with the rounded weights, and as independent of the batch.
        var halves = [UInt16](repeating: 0, count: weight.count)
        ck_f32_to_bf16(weight.data, &halves, weight.count)
        let rounded = Tensor(weight.shape)
        ck_bf16_to_f32(halves, rounded.data, weight.count)
        let (exact, half) = (Tensor([30, n]), Tensor([30, n]))
        PackedMatrix(rounded, pool: .serial).multiply(x.data, rows: 30, into: exact.data)
        let small = PackedMatrix(weight, storage: .bf16, pool: .serial)
        small.multiply(x.data, rows: 30, into: half.data)
        #expect(half.values == exact.values && small.byteCount * 2 == packed.byteCount)
        let one = Tensor([1, n])
        small.multiply(x.data + 9 * k, rows: 1, into: one.data)
        #expect(one.values == Array(half.values[9 * n..<10 * n]))
        // The trainer's product of the same numbers is the same number.
        let trained = Tensor([30, n])
        Matmul.rows(
          transB: true, m: 30, n: n, k: k, x.data, lda: k, weight.data, ldb: k, trained.data, ldc: n,
          accumulate: false, pool: .serial)
        #expect(trained.values == whole.values)
      }
    }
  }

  @Test("attention by blocks agrees with attention by rows, forward and backward")
  func attention() {
    let segments: [AttentionSegment] = [
      .init(rows: 0..<37), .init(rows: 37..<90, prefix: 0..<37), .init(rows: 90..<91, prefix: 0..<20),
      .init(rows: 91..<160),
    ]
    atEachLevel { level in
      for (group, keyHeads, dim) in [(1, 1, 8), (2, 2, 32), (3, 1, 40)] {
        let q = random([160, group * keyHeads * dim], 6)
        let (k, v) = (random([160, keyHeads * dim], 7), random([160, keyHeads * dim], 8))
        let upstream = random(q.shape, 9)
        var results: [[[Float]]] = []
        for plain in [true, false] {
          let (out, lse) = (Tensor(q.shape), Tensor([160, group * keyHeads]))
          let (dq, dk, dv) = (random(q.shape, 10), Tensor(k.shape), Tensor(v.shape))
          let plan = AttentionPlan(segments: segments, rows: 160)
          let geometry = AttentionGeometry(
            q: q, k: k, v: v, out: out, lse: lse, dim: dim, group: group, maximumKeys: plan.maximumKeys, plain: plain)
          for head in 0..<keyHeads {
            for block in plan.queryBlocks { geometry.forward(block, keyHead: head) }
            for segment in segments {
              geometry.backward(
                segment, keyHead: head, out: out, dout: upstream, dq: dq, accumulate: head == 1, dk: dk, dv: dv)
            }
          }
          results.append([out, lse, dq, dk, dv].map(\.values))
        }
        for (name, (plain, fast)) in zip(["out", "lse", "dq", "dk", "dv"], zip(results[0], results[1])) {
          expectClose(fast, plain, 5e-5, "level \(level) dim \(dim) \(name)")
        }
      }
    }
  }

  @Test("exp and softmax at every level: accuracy, tails, extremes")
  func exponential() {
    let x: [Float] = [-200, -87.5, -87, -50, -1, -0.0, 0, 1e-7, 0.5, 1, 3, 20, 80, 87, -3, 2, 7.25, -0.125, 5]
    atEachLevel { level in
      let (from, to) = (Tensor([x.count], values: x), Tensor([x.count]))
      Kernel.exp(from.data, into: to.data, count: x.count)
      for (value, got) in zip(x, to.values) {
        let want = value < -87 ? 0 : Float(Foundation.exp(Double(value)))
        #expect(abs(got - want) <= 3e-7 * want, "level \(level): exp(\(value)) = \(got), expected \(want)")
      }
      let lse = Kernel.softmax(from.data, into: to.data, count: x.count, scale: 0.1)
      #expect(abs(to.values.reduce(0, +) - 1) < 1e-6)
      #expect(abs(Double(lse) - 8.7 - 0.4167) < 1)
      from[3] = .nan
      Kernel.exp(from.data, into: to.data, count: x.count)
      #expect(to[3].isNaN, "level \(level): a NaN must not be hidden")
    }
  }

  @Test("16-bit formats: known values, ties to even, infinities, NaN, subnormals")
  func halves() {
    let values: [Float] = [0, -0.0, 1, -2.5, 3.14159, 1e38, .infinity, -.infinity, 1.0039063, 1.0117188, 65504, 6e-8]
    let source = Tensor([values.count], values: values)
    var bits = [UInt16](repeating: 0, count: values.count)
    let back = Tensor([values.count])
    ck_f32_to_bf16(source.data, &bits, values.count)
    #expect(bits[2] == 0x3f80 && bits[8] == 0x3f80 && bits[9] == 0x3f82)  // halfway cases round to even
    ck_bf16_to_f32(bits, back.data, values.count)
    for (got, want) in zip(back.values, values) where want.isFinite { #expect(abs(got - want) <= abs(want) / 256) }
    #expect(back[6] == .infinity && back[7] == -.infinity)
    source[0] = .nan
    ck_f32_to_bf16(source.data, &bits, 1)
    ck_bf16_to_f32(bits, back.data, 1)
    #expect(back[0].isNaN)
    for pattern in UInt16.min...UInt16.max where pattern % 97 == 0 || pattern < 64 {
      var half = pattern
      ck_f16_to_f32(&half, back.data, 1)
      let want = Self.value(ofHalf: pattern)
      #expect(back[0] == want || (back[0].isNaN && want.isNaN), "half \(pattern): \(back[0]), expected \(want)")
    }
  }

  /// The number a half stands for, in doubles: the conversion of `Float16` itself depends on whether the thread treats
  /// subnormal numbers as zero, and other tests may have set that.
  private static func value(ofHalf pattern: UInt16) -> Float {
    let exponent = Int(pattern >> 10) & 31
    let mantissa = Double(pattern & 1023)
    let sign: Double = pattern & 0x8000 == 0 ? 1 : -1
    if exponent == 31 { return mantissa == 0 ? Float(sign) * .infinity : .nan }
    if exponent == 0 { return Float(sign * mantissa * 0x1p-24) }
    return Float(sign * Double(sign: .plus, exponent: exponent - 15, significand: 1 + mantissa / 1024))
  }
}
