import CKernels
import TensorCore
import Testing

@testable import LanguageModel

/// The vector kernel against the scalar one, on every instruction set this processor has.
@Suite struct PageAttentionTests {
  @Test(arguments: [(1, 4), (2, 32), (3, 64), (4, 16), (7, 64), (6, 24), (5, 80)])
  func kernelAgreesWithScalarCode(group: Int, dim: Int) {
    var stream = RandomStream(seed: 5, purpose: "page attention", query: group, sample: dim)
    let pageFloats = 2 * dim * 16 + 32  // the block does not start the page
    let slab = Tensor([16, pageFloats])
    slab.fillGaussian(&stream, deviation: 1)
    let queries = Tensor([group, dim])
    queries.fillGaussian(&stream, deviation: 1.5)
    let table: [UnsafePointer<Float>?] = [3, 0, 7, 1, 9, 2, 15, 4].map { UnsafePointer(slab.data + $0 * pageFloats) }
    let scores = Tensor([group, 8 * 16])
    let best = ck_best_level()
    defer { ck_use_level_on_this_thread(-1) }
    for (prefixCount, ownCount) in [(0, 1), (0, 16), (0, 37), (5, 1), (16, 3), (33, 70), (48, 80), (1, 2)] {
      var results: [[Float]] = []
      for level in [-1, 0, 1, 2] where level <= best {
        let out = Tensor([group, dim])
        if level >= 0 { ck_use_level_on_this_thread(Int32(level)) }
        let attend = level < 0 ? PageAttention.plain : PageAttention.attend
        table.withUnsafeBufferPointer { table in
          guard let base = table.baseAddress else { return }
          attend(
            queries.data, group, dim, base, 32, (prefixCount + 15) / 16, prefixCount, ownCount, scores.data, out.data)
        }
        results.append(out.values)
      }
      for values in results[1...] {
        for (a, b) in zip(values, results[0]) { #expect(abs(a - b) < 2e-5, "\(prefixCount) + \(ownCount)") }
      }
    }
  }
}
