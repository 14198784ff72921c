import CKernels
import Testing

@testable import TensorCore

/// Weights stored as 8-bit integers, at every instruction set of this processor.
struct ByteWeightTests {
  /// The integers and scales that `ck_pack_int8` documents, as float32 weights.
  private func rounded(_ weight: Tensor) -> Tensor {
    let result = Tensor(weight.shape)
    let k = weight.columns
    for row in 0..<weight.rows {
      let values = (0..<k).map { weight[row * k + $0] }
      let largest = values.reduce(0) { max($0, abs($1)) }
      let inverse = largest > 0 ? 127 / largest : 0
      for (p, value) in values.enumerated() {
        result[row * k + p] = (value * inverse).rounded(.toNearestOrEven) * (largest / 127)
      }
    }
    return result
  }

  @Test("a product with 8-bit weights is the product with the rounded weights, bit for bit, in any company")
  func products() {
    for level in 0...ck_best_level() {
      ck_use_level_on_this_thread(level)
      for (n, k) in [(70, 33), (32, 600), (129, 16), (1, 5)] {
        let weight = Tensor([n, k], values: Input([n, k], seed: 4).values.map { Float($0) })
        for p in 0..<k { weight[p] = 0 }  // a row without a scale
        let x = Tensor([60, k], values: Input([60, k], seed: 5).values.map { Float($0) })
        let packed = PackedMatrix(weight, storage: .int8, pool: .serial)
        let (found, wanted) = (Tensor([60, n]), Tensor([60, n]))
        packed.multiply(x.data, rows: 60, into: found.data)
        PackedMatrix(rounded(weight), pool: .serial).multiply(x.data, rows: 60, into: wanted.data)
        #expect(found.values == wanted.values, "level \(level), \(n) x \(k)")
        #expect(found.values.contains { $0 != 0 } || n == 1)
        packed.multiply(x.data, rows: 60, into: found.data, accumulate: true)
        for (a, b) in zip(found.values, wanted.values) { #expect(abs(a - 2 * b) < 1e-3) }
        for (first, rows) in [(0, 1), (7, 2), (11, 3), (3, 13)] {
          let part = Tensor([rows, n])
          packed.multiply(x.data + first * k, rows: rows, into: part.data)
          #expect(part.values == Array(wanted.values[first * n..<(first + rows) * n]))
        }
      }
    }
    ck_use_level_on_this_thread(-1)
  }

  @Test("8-bit weights take a quarter of the memory and a scale for each row")
  func size() {
    let weight = Tensor([64, 100])
    #expect(PackedMatrix(weight, storage: .int8).byteCount == 64 * 100 + 64 * 4)
    #expect(PackedMatrix(weight).byteCount == 4 * 64 * 100)
  }
}
