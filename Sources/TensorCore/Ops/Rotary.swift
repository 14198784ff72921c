import CKernels
import Foundation

/// Cosines and sines of the rotary position embedding.
public final class RotaryTable: Sendable {
  /// The width of a head; even.
  public let headDimension: Int
  /// The positions 0..<positions are tabulated.
  public let positions: Int
  /// [positions, headDimension / 2]
  public let cosine: Tensor
  /// [positions, headDimension / 2]
  public let sine: Tensor

  /// Angles position * theta^(-2 i / headDimension), i < headDimension / 2.
  public convenience init(headDimension: Int, theta: Double, positions: Int) {
    let frequencies = (0..<headDimension / 2).map { pow(theta, -2 * Double($0) / Double(headDimension)) }
    self.init(frequencies: frequencies, positions: positions)
  }

  /// Angles position * frequencies[i], for scaled variants; cosine and sine are multiplied by `magnitude`.
  public init(frequencies: [Double], positions: Int, magnitude: Double = 1) {
    headDimension = frequencies.count * 2
    self.positions = positions
    cosine = Tensor([positions, frequencies.count], zeroed: false)
    sine = Tensor([positions, frequencies.count], zeroed: false)
    for p in 0..<positions {
      for (i, f) in frequencies.enumerated() {
        cosine.data[p * frequencies.count + i] = Float(cos(Double(p) * f) * magnitude)
        sine.data[p * frequencies.count + i] = Float(sin(Double(p) * f) * magnitude)
      }
    }
  }
}

extension Tape {
  /// Rotates each head of x[T, heads * dim] by its row's position; the two halves of a head are the real and
  /// imaginary parts (Hugging Face's `rotate_half`). Each position must lie in the table.
  public func rotary(_ x: Tensor, positions: [Int32], table: RotaryTable) -> Tensor {
    let (t, dim) = (x.rows, table.headDimension)
    precondition(positions.count == t && x.columns % dim == 0, "rotary: \(x.shape), \(positions.count) positions")
    precondition(
      positions.allSatisfy { $0 >= 0 && Int($0) < table.positions }, "rotary: a position outside the table")
    let heads = x.columns / dim
    let grain = Self.rowGrain(columns: x.columns)
    func rotate(_ from: Tensor, _ to: Tensor, sign: Float, accumulate: Bool) {
      positions.withUnsafeBufferPointer { positions in
        let start = positions.baseAddress
        forEachChunk(of: t, grain: grain) { part in
          guard let start else { return }
          let at = part.lowerBound * heads * dim
          ck_rotary(
            from.data + at, to.data + at, table.cosine.data, table.sine.data, start + part.lowerBound, part.count,
            heads, dim, sign, accumulate ? 1 : 0)
        }
      }
    }
    let y = Tensor(x.shape, zeroed: false)
    rotate(x, y, sign: 1, accumulate: false)
    guard needsRecord(x) else { return y }
    record(y) { [unowned y] in
      guard let dy = y.grad else { return }
      let (dx, adds) = x.gradientSlot()
      rotate(dy, dx, sign: -1, accumulate: adds)
    }
    return y
  }
}
