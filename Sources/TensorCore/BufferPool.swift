import Synchronization

/// Memory of freed tensors, kept for the next tensor of the same size class.
///
/// A training step allocates the same activations again and again; fresh pages from the system cost a page fault
/// each (6-20 % of a step), so freed blocks are kept up to ``keptBytesLimit``.
public enum BufferPool {
  /// The most bytes that are kept for reuse; more are returned to the system.
  public static let keptBytesLimit = 4 << 30

  private struct State {
    var free: [Int: [UInt]] = [:]
    var keptBytes = 0
    var liveBytes = 0
    var peakBytes = 0
  }
  private static let state = Mutex(State())

  /// Bytes held by live tensors and kept blocks together, and the highest value that sum has had.
  public static var usage: (liveBytes: Int, keptBytes: Int, peakBytes: Int) {
    state.withLock { ($0.liveBytes, $0.keptBytes, $0.peakBytes) }
  }

  /// Returns every kept block to the system.
  public static func trim() {
    let blocks = state.withLock { state in
      let blocks = state.free.values.flatMap { $0 }
      state.free.removeAll()
      state.keptBytes = 0
      return blocks
    }
    for address in blocks { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
  }

  /// The block size for a request: the next of four steps per power of two, so that at most a fifth is wasted.
  static func blockBytes(_ bytes: Int) -> Int {
    guard bytes > 256 else { return 256 }
    let step = 1 << (Int.bitWidth - (bytes - 1).leadingZeroBitCount - 3)
    return (bytes + step - 1) / step * step
  }

  static func allocate(floats: Int) -> UnsafeMutablePointer<Float> {
    let size = blockBytes(max(floats, 1) * 4)
    let reused: UInt? = state.withLock { state in
      state.liveBytes += size
      guard let address = state.free[size]?.popLast() else {
        state.peakBytes = max(state.peakBytes, state.liveBytes + state.keptBytes)
        return nil
      }
      state.keptBytes -= size
      return address
    }
    let raw =
      reused.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
      ?? UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    return raw.assumingMemoryBound(to: Float.self)
  }

  static func release(_ pointer: UnsafeMutablePointer<Float>, floats: Int) {
    let size = blockBytes(max(floats, 1) * 4)
    let kept = state.withLock { state in
      state.liveBytes -= size
      guard state.keptBytes + size <= keptBytesLimit else { return false }
      state.keptBytes += size
      state.free[size, default: []].append(UInt(bitPattern: pointer))
      return true
    }
    if !kept { UnsafeMutableRawPointer(pointer).deallocate() }
  }
}
