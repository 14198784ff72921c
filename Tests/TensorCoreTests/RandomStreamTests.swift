import CKernels
import Testing

@testable import TensorCore

struct RandomStreamTests {
  @Test("Philox 4x32-10 gives its authors' known answers")
  func knownAnswers() {
    // The published vectors of Random123, words joined in pairs, the lower word first.
    let zero = ck_philox(0, 0, 0)
    #expect(zero.low == 0xe169_c58d_6627_e8d5 && zero.high == 0x9b00_dbd8_bc57_ac4c)
    let ones = ck_philox(.max, .max, .max)
    #expect(ones.low == 0x41c8_3b0e_408f_276d && ones.high == 0x6d54_51fd_a20b_c7c6)
    let pi = ck_philox(0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e, 0x299f_31d0_a409_3822)
    #expect(pi.low == 0x94fd_cceb_d16c_fe09 && pi.high == 0x2412_6ea1_5001_e420)
  }

  @Test("A number depends on its coordinates only, and on each of them")
  func coordinates() {
    let stream = RandomStream(seed: 1, purpose: .sampling, step: 2, query: 3, sample: 4)
    var turn = stream
    #expect((0..<5).map { _ in turn.next() } == (0..<5).map { stream.bits(at: UInt64($0)) })
    let others = [
      RandomStream(seed: 2, purpose: .sampling, step: 2, query: 3, sample: 4),
      RandomStream(seed: 1, purpose: .shuffling, step: 2, query: 3, sample: 4),
      RandomStream(seed: 1, purpose: .sampling, step: 3, query: 2, sample: 4),
      RandomStream(seed: 1, purpose: .sampling, step: 2, query: 4, sample: 3),
      RandomStream(seed: 1, purpose: .sampling, step: 2, query: -3, sample: 4),
    ]
    #expect(Set(others.map { $0.bits(at: 7) } + [stream.bits(at: 7)]).count == 6)
  }

  @Test("Uniform and normal numbers have their moments, indices are in range and fair")
  func moments() {
    var stream = RandomStream(seed: 9, purpose: .initialization)
    let n = 20_000
    let uniform = (0..<n).map { stream.uniform(at: $0) }
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(uniform.reduce(0, +) / Double(n) - 0.5) < 0.01)
    let normal = (0..<n).map { _ in stream.nextGaussian() }
    let tensor = Tensor([9])
    var again = RandomStream(seed: 9, purpose: .initialization)
    tensor.fillGaussian(&again, deviation: 2)
    #expect(zip(tensor.values, normal).allSatisfy { abs(Double($0) - 2 * $1) < 1e-6 })
    #expect(abs(again.nextGaussian() - normal[9]) == 0)
    #expect(abs(normal.reduce(0, +) / Double(n)) < 0.03)
    #expect(abs(normal.reduce(0) { $0 + $1 * $1 } / Double(n) - 1) < 0.05)
    var counts = [0, 0, 0]
    for _ in 0..<3000 { counts[stream.nextIndex(below: 3)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 1000) < 120 })
    #expect(stream.shuffled(Array(0..<50)).sorted() == Array(0..<50))
    #expect(stream.shuffled(Array(0..<50)) != Array(0..<50))
  }
}
